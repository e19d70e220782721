package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"handrail/internal/store"
)

// A reader reads drafts that are asked for at the same time in one
// transaction. SQLite locks several bytes for each, and forgets every page it
// has read whenever something was written meanwhile: under load that costs
// more than reading.
type reader struct {
	db       *sql.DB
	asks     chan *ask
	closing  chan struct{}
	finished chan struct{}

	conn *sql.Conn // nil until it is needed
	stmt *sql.Stmt
}

// An ask is one caller's question for a draft.
type ask struct {
	ctx  context.Context
	id   string
	d    *store.Draft
	err  error
	done chan struct{}
}

// maxTogether bounds how old a snapshot gets.
const maxTogether = 64

func newReader(db *sql.DB) *reader {
	r := &reader{db: db, asks: make(chan *ask, maxTogether), closing: make(chan struct{}), finished: make(chan struct{})}
	go r.run()
	return r
}

// draft reads a draft as it is after the call began.
func (r *reader) draft(ctx context.Context, id string) (*store.Draft, error) {
	a := &ask{ctx: ctx, id: id, done: make(chan struct{})}
	select {
	case r.asks <- a:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.closing:
		return nil, store.ErrClosed
	}
	select {
	case <-a.done:
		return a.d, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.finished:
		return nil, store.ErrClosed
	}
}

func (r *reader) run() {
	defer close(r.finished)
	defer r.discard()
	for {
		select {
		case a := <-r.asks:
			r.answer(r.gather(a))
		case <-r.closing:
			return
		}
	}
}

// gather takes what else waits: all of it was asked before the transaction
// begins, so none gets an answer that is older than its question.
func (r *reader) gather(first *ask) []*ask {
	all := []*ask{first}
	for len(all) < maxTogether {
		select {
		case a := <-r.asks:
			all = append(all, a)
		default:
			return all
		}
	}
	return all
}

func (r *reader) answer(all []*ask) {
	err := r.begin(len(all) > 1)
	for _, a := range all {
		switch {
		case err != nil:
			a.err = err
		case a.ctx.Err() != nil:
			a.err = a.ctx.Err()
		default:
			a.d, a.err = scanDraft(r.stmt.QueryRowContext(context.Background(), a.id))
			if a.err != nil && !errors.Is(a.err, store.ErrNotFound) {
				err = a.err
			}
		}
		close(a.done)
	}
	if err == nil && len(all) > 1 {
		_, err = r.conn.ExecContext(context.Background(), "COMMIT")
	}
	if err != nil { // the next one begins anew
		r.discard()
	}
}

func (r *reader) begin(together bool) (err error) {
	if r.conn == nil {
		if r.conn, err = r.db.Conn(context.Background()); err != nil {
			return err
		}
		if r.stmt, err = r.conn.PrepareContext(context.Background(), selectDraft); err != nil {
			return err
		}
	}
	if together {
		_, err = r.conn.ExecContext(context.Background(), "BEGIN")
	}
	return err
}

func (r *reader) discard() {
	if r.stmt != nil {
		r.stmt.Close()
	}
	if r.conn != nil {
		drop(r.conn)
	}
	r.conn, r.stmt = nil, nil
}

func (r *reader) stop() {
	close(r.closing)
	<-r.finished
}
