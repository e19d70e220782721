package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// A Report is what can be seen of a database without changing it.
type Report struct {
	Exists               bool
	Schema               int // of the file
	Cases, Drafts, Waits int
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
