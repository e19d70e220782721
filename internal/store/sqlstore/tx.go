package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"runtime/debug"
)

// A tx is the writer's connection inside a transaction. It prepares each
// statement once.
type tx struct {
	conn    *sql.Conn
	stmts   map[string]*sql.Stmt
	dialect Dialect
	erase   bool // what was deleted has to leave the log of the database too
}

// do carries out an op; a panic in it is its own error, not everybody's.
func (t *tx) do(o *op) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return o.do(t)
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s := t.stmts[query]; s != nil {
		return s, nil
	}
	s, err := t.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	t.stmts[query] = s
	return s, nil
}

func (t *tx) run(query string) error {
	_, err := t.exec(query)
	return err
}

// exec returns the number of rows that changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	s, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

// queryRow scans the only row of a query, or returns sql.ErrNoRows.
func (t *tx) queryRow(query string, args []any, dest ...any) error {
	s, err := t.stmt(query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(context.Background(), args...).Scan(dest...)
}

// close ends the connection itself, not only its use: a transaction in flight
// is rolled back by the database.
func (t *tx) close() {
	for _, s := range t.stmts {
		s.Close()
	}
	drop(t.conn)
}

// drop has database/sql end a connection.
func drop(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	conn.Close()
}
