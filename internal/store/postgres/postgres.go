// Package postgres keeps the store in PostgreSQL, for several instances of
// the server on one database. It refuses a database that acknowledges what it
// has not yet written to its disk.
package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"handrail/internal/store/sqlstore"
)

// Options say how a database is opened.
type Options struct {
	OnBroken func(error)   // called once when the database cannot be trusted any more: end the process
	Queue    int           // writes that may wait; 0 means 1024
	Patience time.Duration // how long the database may be away; 0 means 15 s

	// Unsafe takes a database that does not wait for its disk. It exists so
	// that tests can open one.
	Unsafe bool
}

// How long a statement may wait for a row that another instance holds, and
// take in all; an instance that hangs inside a transaction loses it.
var limits = map[string]string{
	"lock_timeout":                        "5s",
	"statement_timeout":                   "15s",
	"idle_in_transaction_session_timeout": "30s",
	"client_encoding":                     "UTF8",
	"timezone":                            "UTC",
	"application_name":                    "handraild",
}

const tables = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
	AND tablename NOT IN ('goose_db_version', 'instance', 'heartbeat') ORDER BY tablename`

// words puts migrations written for SQLite into PostgreSQL's words.
var words = strings.NewReplacer(" BLOB ", " BYTEA ", " INTEGER ", " BIGINT ", ") WITHOUT ROWID;", ");")

// Open connects to the database at url and brings its schema up to date.
func Open(ctx context.Context, url string, o Options) (*sqlstore.Store, error) {
	if o.Patience == 0 {
		o.Patience = 15 * time.Second
	}
	conf, err := config(url)
	if err != nil {
		return nil, err
	}
	check := func(ctx context.Context, conn *pgx.Conn) error { return refuseUnsafe(ctx, conn) }
	if o.Unsafe {
		check = func(context.Context, *pgx.Conn) error { return nil }
	}
	write := stdlib.OpenDB(*conf, stdlib.OptionAfterConnect(check))
	write.SetMaxOpenConns(1)
	version, instance, err := prepare(ctx, write)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database on %s: %w", conf.Host, err), write.Close())
	}
	conf = conf.Copy() // the writer connects again with its own
	conf.RuntimeParams["default_transaction_read_only"] = "on"
	read := stdlib.OpenDB(*conf)
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	read.SetConnMaxIdleTime(5 * time.Minute)
	w := &watch{off: o.Unsafe}
	return sqlstore.New(sqlstore.Options{
		Write: write, Read: read, Schema: version, Queue: o.Queue, OnBroken: o.OnBroken,
		Dialect: sqlstore.Dialect{
			Begin: "BEGIN ISOLATION LEVEL READ COMMITTED", SkipLocked: "FOR UPDATE OF %s SKIP LOCKED", Classify: classify,
			Snapshot: []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SET LOCAL statement_timeout = 0"}, Tables: tables,
			IdleAfter: time.Second, Maintain: w.maintain, Commit: commit, Patience: o.Patience,
			Mark: &sqlstore.Mark{
				Instance: instance,
				Leave:    `UPDATE instance SET mark = $2, seen = $3 WHERE id = $1`,
				Look:     `SELECT mark FROM instance WHERE id = $1 FOR UPDATE`,
			},
		},
	}), nil
}

// config reads a URL or a string of key=value pairs. Its errors name no
// password.
func config(url string) (*pgx.ConnConfig, error) {
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("this is no address of a PostgreSQL database; write postgres://user@host/name")
	}
	for k, v := range limits {
		conf.RuntimeParams[k] = v
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = 5 * time.Second
	}
	dialer := &net.Dialer{Timeout: conf.ConnectTimeout, Control: userTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4}}
	conf.DialFunc = dialer.DialContext
	return conf, nil
}

// prepare brings the schema up to date, one instance at a time, and enters
// this one.
func prepare(ctx context.Context, db *sql.DB) (version int, instance string, err error) {
	if err := db.PingContext(ctx); err != nil {
		return 0, "", err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(lockID))
	if err != nil {
		return 0, "", err
	}
	// The locker holds a connection of its own beside the one that migrates.
	db.SetMaxOpenConns(2)
	defer db.SetMaxOpenConns(1)
	version, err = sqlstore.Migrate(ctx, db, goose.DialectPostgres, words, goose.WithSessionLocker(locker))
	if err != nil {
		return 0, "", err
	}
	instance = rand.Text()
	_, err = db.ExecContext(ctx, `INSERT INTO instance (id, mark, seen) VALUES ($1, $2, $3)`, instance, []byte{}, time.Now().UnixMilli())
	if err != nil {
		return 0, "", err
	}
	// Rows of instances that ended long ago say nothing any more.
	_, err = db.ExecContext(ctx, `DELETE FROM instance WHERE seen < $1`, time.Now().AddDate(0, 0, -30).UnixMilli())
	return version, instance, err
}

// lockID is what instances agree on while one of them migrates: “handrail” in
// bytes.
const lockID = 0x68616e647261696c

// commit commits. PostgreSQL answers COMMIT of a transaction that had failed
// with ROLLBACK, and no error.
func commit(conn *sql.Conn) error {
	return conn.Raw(func(driver any) error {
		tag, err := driver.(*stdlib.Conn).Conn().Exec(context.Background(), "COMMIT")
		if err == nil && tag.String() != "COMMIT" {
			err = fmt.Errorf("the database answered the commit with %s", tag)
		}
		return err
	})
}

// watch sees to it that the promise of the database is not taken back while
// the server runs.
type watch struct {
	off  bool
	last time.Time
}

func (w *watch) maintain(conn *sql.Conn, idle, _ bool) error {
	if w.off || !idle && time.Since(w.last) < 10*time.Second {
		return nil
	}
	w.last = time.Now()
	return conn.Raw(func(driver any) error {
		return refuseUnsafe(context.Background(), driver.(*stdlib.Conn).Conn())
	})
}
