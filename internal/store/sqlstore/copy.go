package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"handrail/internal/store"
)

// A Row is one row of any table, for copies: values are int64, string, []byte
// or nil.
type Row struct {
	Table   string
	Columns []string
	Values  []any
}

// ErrNotEmpty: a copy is read only into a database that holds nothing.
var ErrNotEmpty = errors.New("the database holds drafts or cases already")

// Dump hands every row to emit, all as they were at one moment.
func (s *Store) Dump(ctx context.Context, emit func(Row) error) error {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, begin := range s.opt.Dialect.Snapshot {
		if _, err := conn.ExecContext(ctx, begin); err != nil {
			return fmt.Errorf("begin to copy: %w", err)
		}
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	rows, err := conn.QueryContext(ctx, s.opt.Dialect.Tables)
	if err != nil {
		return err
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, table := range tables {
		rows, err := conn.QueryContext(ctx, "SELECT * FROM "+table)
		if err != nil {
			return err
		}
		if err := dumpTable(rows, table, emit); err != nil {
			return fmt.Errorf("copy %s: %w", table, err)
		}
	}
	return nil
}

func dumpTable(rows interface {
	Columns() ([]string, error)
	Next() bool
	Scan(...any) error
	Err() error
	Close() error
}, table string, emit func(Row) error) error {
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		r := Row{Table: table, Columns: columns, Values: make([]any, len(columns))}
		to := make([]any, len(columns))
		for i := range to {
			to[i] = &r.Values[i]
		}
		if err := errors.Join(rows.Scan(to...), emit(r)); err != nil {
			return err
		}
	}
	return rows.Err()
}

var identifier = regexp.MustCompile(`^[a-z][a-z_]*$`)

// Load stores the rows that next returns until [io.EOF]: all or none, and only
// into an empty database.
func (s *Store) Load(ctx context.Context, next func() (Row, error)) error {
	begun := false
	return s.w.write(ctx, func(t *tx) error {
		if begun { // after a lost connection: rows cannot be had twice
			return store.ErrUnavailable
		}
		begun = true
		var n int
		if err := t.queryRow(`SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM draft)`, nil, &n); err != nil {
			return err
		}
		if n > 0 {
			return ErrNotEmpty
		}
		// The server may have archived today's forms already.
		if _, err := t.exec(`DELETE FROM definition`); err != nil {
			return err
		}
		for {
			r, err := next()
			if err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			if err := load(t, r); err != nil {
				return fmt.Errorf("restore a row of %q: %w", r.Table, err)
			}
		}
	})
}

func load(t *tx, r Row) error {
	marks := make([]string, len(r.Columns))
	for i, c := range append(r.Columns[:len(r.Columns):len(r.Columns)], r.Table) {
		if !identifier.MatchString(c) {
			return fmt.Errorf("%q is no name", c)
		}
		if i < len(marks) {
			marks[i] = fmt.Sprintf("$%d", i+1)
		}
	}
	_, err := t.exec("INSERT INTO "+r.Table+" ("+strings.Join(r.Columns, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", r.Values...)
	return err
}

// Schema is the version of the database's schema.
func (s *Store) Schema() int { return s.opt.Schema }

// Bury deletes again what was deleted after a copy was made.
func (s *Store) Bury(ctx context.Context, stones []store.Tombstone) (n int, err error) {
	for _, stone := range stones {
		switch err := s.DeleteCase(ctx, stone); {
		case err == nil:
			n++
		case !errors.Is(err, store.ErrNotFound):
			return n, err
		}
		if err := s.w.write(ctx, func(t *tx) error {
			_, err := t.exec(insertTombstone, stone.Reference, ms(stone.Deleted), clean(stone.Why))
			return err
		}); err != nil {
			return n, err
		}
	}
	return n, nil
}
