// Package sqlite keeps the store in one SQLite file: in WAL mode, fsynced at
// every commit, written by one connection and read by several.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite" // registers "sqlite"
	lib "modernc.org/sqlite/lib"

	"handrail/internal/store/sqlstore"
)

// FileName is the database inside the data folder.
const FileName = "handrail.db"

// Options say how a database is opened.
type Options struct {
	OnBroken func(error) // called once when the disk failed: end the process
	Queue    int         // writes that may wait; 0 means 1024

	// Unsafe commits without waiting for the disk. It exists so that tests of
	// durability can show that they would notice.
	Unsafe bool
}

const tables = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
	AND name NOT IN ('goose_db_version', 'instance', 'heartbeat') ORDER BY name`

// Open opens the database in dir, which it creates, and brings its schema up
// to date. Only one process can have it open.
func Open(ctx context.Context, dir string, o Options) (*sqlstore.Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if err := refuseNetwork(dir); err != nil {
		return nil, err
	}
	unlock, err := lock(dir)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, filepath.Join(dir, FileName), o, unlock)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	return s, nil
}

func open(ctx context.Context, file string, o Options, unlock func() error) (*sqlstore.Store, error) {
	if err := private(file); err != nil {
		return nil, err
	}
	synchronous := "FULL"
	if o.Unsafe {
		synchronous = "NORMAL"
	}
	// On pages of 8 kB a draft lies whole. The writer keeps its pages; readers
	// forget theirs with every write.
	write, err := sql.Open("sqlite", dsn(file, "page_size(8192)", "journal_mode(WAL)", "cache_size(-16000)", "synchronous("+synchronous+")", "wal_autocheckpoint(0)",
		"secure_delete(ON)", "journal_size_limit(1048576)"))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	version, err := prepare(ctx, write)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", file, err), write.Close())
	}
	read, err := sql.Open("sqlite", dsn(file, "query_only(ON)", "cache_size(-2000)"))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	return sqlstore.New(sqlstore.Options{
		Write: write, Read: read, Schema: version, Queue: o.Queue, OnBroken: o.OnBroken, Closing: unlock,
		Dialect: sqlstore.Dialect{Begin: "BEGIN IMMEDIATE", Together: true, Classify: classify, IdleAfter: time.Second,
			Snapshot: []string{"BEGIN"}, Tables: tables,
			Maintain: (&checkpoint{wal: file + "-wal", beside: read}).maintain},
	}), nil
}

func dsn(file string, pragmas ...string) string {
	q := url.Values{"_pragma": append([]string{"busy_timeout(10000)", "foreign_keys(ON)", "temp_store(MEMORY)",
		"fullfsync(ON)", "checkpoint_fullfsync(ON)"}, pragmas...)}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: q.Encode()}).String()
}

// private makes the file before SQLite does, readable by its owner only; the
// log beside it takes its mode from it.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// prepare checks the file and brings its schema up to date.
func prepare(ctx context.Context, db *sql.DB) (version int, err error) {
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return 0, err
	}
	if mode != "wal" {
		return 0, fmt.Errorf("the file system does not allow write-ahead logging (mode %s)", mode)
	}
	// What a crashed process left in the log may have been read from memory
	// and never reached the disk, if its last fsync failed. Copying it into
	// the database writes and syncs it again, before anything is built on it.
	if _, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return 0, err
	}
	return sqlstore.Migrate(ctx, db, goose.DialectSQLite3, nil)
}

// classify tells what an error means for everything that comes after it.
func classify(err error) sqlstore.Class {
	var e *driver.Error
	if !errors.As(err, &e) {
		return sqlstore.Other
	}
	switch code := e.Code(); code & 0xff {
	case lib.SQLITE_FULL:
		return sqlstore.Full
	case lib.SQLITE_IOERR:
		if code == lib.SQLITE_IOERR_SHMSIZE { // no room for the index of the log, which holds no data
			return sqlstore.Full
		}
		return sqlstore.Broken
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return sqlstore.Broken
	}
	return sqlstore.Other
}
