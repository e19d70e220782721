package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"handrail/internal/store/sqlstore"
)

// A Report is what can be seen of a database without changing it.
type Report struct {
	Exists               bool
	Schema               int // of the file
	Cases, Drafts, Waits int
}

// Proved lists the recipients whose holders have shown that they open. Nothing
// is changed.
func Proved(ctx context.Context, dir string) (map[string]bool, error) {
	all := map[string]bool{}
	file := filepath.Join(dir, FileName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	db, err := sql.Open("sqlite", dsn(file, "query_only(ON)"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT recipient FROM proof WHERE proved > 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var recipient string
		if err := rows.Scan(&recipient); err != nil {
			return nil, err
		}
		all[recipient] = true
	}
	return all, rows.Err()
}

// Due counts the cases that have been kept for longer than their form says,
// and those that no department is known to have for longer than patience. keep
// reads from a definition how many days that is. Nothing is changed.
func Due(ctx context.Context, dir string, now time.Time, patience time.Duration, keep func(definition []byte) (int, error)) (due, unclaimed int, err error) {
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), "query_only(ON)"))
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT count(*) FROM cases WHERE delivered = 0 AND state NOT IN ('held', 'withdrawn') AND held_until <= $1`,
		now.Add(-patience).UnixMilli()).Scan(&unclaimed)
	if err != nil {
		return 0, 0, err
	}
	rows, err := db.QueryContext(ctx, `SELECT version, body FROM definition`)
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	before := map[string]int64{}
	for rows.Next() {
		var version string
		var body []byte
		if err := rows.Scan(&version, &body); err != nil {
			return 0, 0, err
		}
		days, err := keep(body)
		if err != nil {
			return 0, 0, err
		}
		before[version] = now.AddDate(0, 0, -days).UnixMilli()
	}
	for version, at := range before {
		n := 0
		if err := db.QueryRowContext(ctx, `SELECT count(*)`+sqlstore.RetiredWhere, version, at).Scan(&n); err != nil {
			return 0, 0, err
		}
		due += n
	}
	return due, unclaimed, rows.Err()
}

// Look reads a database, also one that a server has open. It changes nothing.
func Look(ctx context.Context, dir string) (Report, error) {
	var r Report
	if err := refuseNetwork(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	file := filepath.Join(dir, FileName)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return r, nil
	} else if err != nil {
		return r, err
	}
	r.Exists = true
	db, err := sql.Open("sqlite", dsn(file, "query_only(ON)"))
	if err != nil {
		return r, err
	}
	defer db.Close()
	var integrity string
	err = errors.Join(
		db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&r.Schema),
		db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM draft WHERE state = 'open'),
			(SELECT count(*) FROM job WHERE state = 'waiting')`).Scan(&r.Cases, &r.Drafts, &r.Waits),
		db.QueryRowContext(ctx, `PRAGMA quick_check`).Scan(&integrity),
	)
	if err == nil && integrity != "ok" {
		err = errors.New("the database is damaged: " + integrity)
	}
	return r, err
}
