// Package sqlstore is the store over database/sql: the queries, held once
// for both databases, and the writer that commits in groups. The packages
// sqlite and postgres open, migrate and tune.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"handrail/internal/store"
)

// A Class says what an error of the driver means for the writer.
type Class uint8

// The classes of errors.
const (
	Other  Class = iota
	Full         // the disk is full: nothing was written, go on
	Broken       // nobody knows what is on the disk: stop
	Again        // another instance was in the way of this row
	Lost         // the connection is gone, and with it the transaction, unless it was at its commit
)

// A Dialect is what differs between the databases.
type Dialect struct {
	Begin      string // starts a transaction that will write
	SkipLocked string // takes rows of the table %s that nobody else works on; ends a query
	Classify   func(error) Class
	IdleAfter  time.Duration
	// Maintain runs in the writer between transactions: idle when nothing
	// waited for IdleAfter, erase when rows were deleted for good.
	Maintain func(conn *sql.Conn, idle, erase bool) error

	// Together reads drafts that are asked for at the same time in one
	// transaction.
	Together bool

	// For copies: Snapshot begins to read everything as of one moment, Tables
	// lists the tables that are copied.
	Snapshot []string
	Tables   string

	// Where a database is on the other side of a connection: Commit commits
	// and fails unless it was one; Mark is how a transaction is recognised
	// whose answer was lost; Patience is how long the database may be away.
	Commit   func(conn *sql.Conn) error
	Mark     *Mark
	Patience time.Duration
}

func (d *Dialect) skipLocked(table string) string {
	if d.SkipLocked == "" {
		return ""
	}
	return fmt.Sprintf(d.SkipLocked, table)
}

// Options say how a store is opened.
type Options struct {
	Write, Read *sql.DB
	Dialect     Dialect
	Schema      int          // version of the schema
	Queue       int          // writes that may wait; 0 means 1024
	OnBroken    func(error)  // called once, before the failed writes are answered
	Closing     func() error // releases what Open took; may be nil
}

// A Store implements [store.Store].
type Store struct {
	w        *writer
	read     *sql.DB
	together *reader // nil where every read is by itself
	opt      Options
	mu       sync.Mutex
	stmts    map[string]*sql.Stmt
	closed   bool

	cards, slots, links tally
}

var _ store.Store = (*Store)(nil)

// New starts the writer of a database that is open and migrated.
func New(o Options) *Store {
	if o.Queue == 0 {
		o.Queue = 1024
	}
	s := &Store{w: newWriter(o.Write, o.Dialect, o.Queue, o.OnBroken), read: o.Read, opt: o, stmts: map[string]*sql.Stmt{}}
	s.cards.table, s.slots.table, s.links.table = "progress_card", "progress_slot", "progress_link"
	if o.Dialect.Together {
		s.together = newReader(o.Read)
	}
	return s
}

// Close finishes what waits and closes the databases.
func (s *Store) Close() error {
	s.w.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.together != nil {
		s.together.stop()
	}
	err := errors.Join(s.read.Close(), s.opt.Write.Close())
	if s.opt.Closing != nil {
		err = errors.Join(err, s.opt.Closing())
	}
	return err
}

// stmt prepares a read once.
func (s *Store) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, store.ErrClosed
	}
	if st := s.stmts[query]; st != nil {
		return st, nil
	}
	st, err := s.read.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	s.stmts[query] = st
	return st, nil
}

// again repeats a read whose connection was lost.
func (s *Store) again(ctx context.Context, read func() error) error {
	err := read()
	for i := 0; i < 5 && err != nil && s.opt.Dialect.Classify(err) == Lost; i++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(i) * 200 * time.Millisecond):
		}
		err = read()
	}
	if err != nil && s.opt.Dialect.Classify(err) == Lost {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return err
}

func (s *Store) queryRow(ctx context.Context, query string, args []any, dest ...any) error {
	return s.again(ctx, func() error {
		st, err := s.stmt(ctx, query)
		if err != nil {
			return err
		}
		return notFound(st.QueryRowContext(ctx, args...).Scan(dest...))
	})
}

func (s *Store) query(ctx context.Context, query string, args ...any) (rows *sql.Rows, err error) {
	err = s.again(ctx, func() error {
		st, err := s.stmt(ctx, query)
		if err != nil {
			return err
		}
		rows, err = st.QueryContext(ctx, args...)
		return err
	})
	return rows, err
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// ms is how times are kept; the zero time is 0.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMS(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// bytes is never nil: the columns are NOT NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
