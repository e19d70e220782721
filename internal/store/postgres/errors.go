package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"handrail/internal/store/sqlstore"
)

// An UnsafeError says that the database acknowledges what a power cut can
// still take.
type UnsafeError struct{ Setting, Value string }

func (e *UnsafeError) Error() string {
	return fmt.Sprintf("the database has %s = %s: what it acknowledges can be lost in a power cut; set %s = on",
		e.Setting, e.Value, e.Setting)
}

// refuseUnsafe looks at the settings that a promise rests on. With
// full_page_writes off a torn page cannot be mended.
func refuseUnsafe(ctx context.Context, conn *pgx.Conn) error {
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		var value string
		if err := conn.QueryRow(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return fmt.Errorf("read the setting %s: %w", name, err)
		}
		if value == "off" {
			return &UnsafeError{name, value}
		}
	}
	return nil
}

// classify tells what an error means for everything that comes after it.
// Codes: https://www.postgresql.org/docs/15/errcodes-appendix.html
func classify(err error) sqlstore.Class {
	if err == nil {
		return sqlstore.Other
	}
	if _, ok := errors.AsType[*UnsafeError](err); ok {
		return sqlstore.Broken
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return class(e.Code)
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return sqlstore.Lost
	}
	for _, lost := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, driver.ErrBadConn, sql.ErrConnDone, context.DeadlineExceeded} {
		if errors.Is(err, lost) {
			return sqlstore.Lost
		}
	}
	if pgconn.SafeToRetry(err) { // the connection was closed before
		return sqlstore.Lost
	}
	return sqlstore.Other
}

func class(code string) sqlstore.Class {
	switch code {
	case "40001", "40P01", "55P03", "57014": // serialization, deadlock, lock_timeout, statement_timeout
		return sqlstore.Again
	case "53100": // disk_full
		return sqlstore.Full
	case "XX001", "XX002": // data_corrupted, index_corrupted
		return sqlstore.Broken
	// idle_in_transaction_session_timeout; a standby took over; too many
	// connections; shut down, crashed, starting
	case "25P03", "25006", "53300", "57P01", "57P02", "57P03", "57P05":
		return sqlstore.Lost
	}
	if code[:min(2, len(code))] == "08" { // connection_exception
		return sqlstore.Lost
	}
	return sqlstore.Other
}
