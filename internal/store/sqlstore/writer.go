package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"handrail/internal/store"
)

// A writer is the only one that writes: it takes what waits in its queue,
// does it all in one transaction, and answers after the commit. So one fsync
// serves many callers (group commit).
//
// Its rules: statements run on its own context, since cancelling one may roll
// back the whole transaction and let later rows commit alone; where a row is
// bad each has a savepoint, so that none takes the others with it; a failed
// commit fails all and discards the connection; after an I/O error nothing is
// written any more.
type writer struct {
	db       *sql.DB
	dialect  Dialect
	queue    chan *op
	closing  chan struct{}
	finished chan struct{}
	close    sync.Once
	sending  sync.RWMutex // held for reading while something is queued
	closed   bool

	tx       *tx      // of the connection in use; nil when there is none
	mark     [16]byte // of the transaction in flight
	broken   atomic.Pointer[error]
	onBroken func(error)

	batches, rows, largest atomic.Int64
}

const (
	maxBatch = 256
	maxTries = 5
)

// An op is one caller's write.
type op struct {
	ctx  context.Context
	do   func(*tx) error
	err  error
	done chan struct{}

	tries int // how often another instance was in the way
}

func newWriter(db *sql.DB, d Dialect, queue int, onBroken func(error)) *writer {
	w := &writer{db: db, dialect: d, queue: make(chan *op, queue), closing: make(chan struct{}),
		finished: make(chan struct{}), onBroken: onBroken}
	go w.run()
	return w
}

// write has do carried out in a transaction and returns when that is on the
// disk. When ctx ends first the outcome is not known.
func (w *writer) write(ctx context.Context, do func(*tx) error) error {
	o := &op{ctx: ctx, do: do, done: make(chan struct{})}
	if err := w.enqueue(o); err != nil {
		return err
	}
	select {
	case <-o.done:
		return o.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) enqueue(o *op) error {
	w.sending.RLock()
	defer w.sending.RUnlock()
	switch {
	case w.closed:
		return store.ErrClosed
	case w.broken.Load() != nil:
		return fmt.Errorf("%w: %w", store.ErrBroken, *w.broken.Load())
	}
	select {
	case w.queue <- o:
		return nil
	default:
		return store.ErrBusy
	}
}

func (w *writer) run() {
	defer close(w.finished)
	defer w.discard()
	idle := time.NewTimer(w.dialect.IdleAfter)
	defer idle.Stop()
	for {
		select {
		case o := <-w.queue:
			w.batch(w.gather(o))
			w.maintain(false)
			idle.Reset(w.dialect.IdleAfter)
		case <-idle.C:
			w.maintain(true)
			idle.Reset(5 * w.dialect.IdleAfter) // a reader may have been in the way
		case <-w.closing:
			for len(w.queue) > 0 {
				w.batch(w.gather(<-w.queue))
			}
			w.maintain(true)
			return
		}
	}
}

// gather takes what else waits, leaving out callers who have gone.
func (w *writer) gather(first *op) []*op {
	ops := make([]*op, 0, len(w.queue)+1)
	for o := first; ; {
		if err := o.ctx.Err(); err != nil {
			o.finish(err)
		} else {
			ops = append(ops, o)
		}
		if len(ops) == maxBatch {
			return ops
		}
		select {
		case o = <-w.queue:
		default:
			return ops
		}
	}
}

func (o *op) finish(err error) {
	o.err = err
	close(o.done)
}

// batch carries out ops in one transaction and answers them.
func (w *writer) batch(ops []*op) {
	if len(ops) == 0 {
		return
	}
	errs := make([]error, len(ops))
	err := w.surely(ops, errs)
	if err != nil {
		w.discard()
		err = w.judge(err)
	}
	w.batches.Add(1)
	w.rows.Add(int64(len(ops)))
	w.largest.Store(max(w.largest.Load(), int64(len(ops))))
	for i, o := range ops {
		if err == nil {
			w.answer(o, errs[i])
			continue
		}
		o.finish(err)
	}
}

// answer finishes an op, or tries it once more, by itself, when another
// instance was in its way.
func (w *writer) answer(o *op, err error) {
	if err == nil || w.dialect.Classify(err) != Again {
		o.finish(err)
		return
	}
	if o.tries++; o.tries > maxTries {
		o.finish(fmt.Errorf("%w: %w", store.ErrBusy, err))
		return
	}
	w.batch([]*op{o})
}

// commit returns an error when nothing of ops was stored, or nobody knows;
// what a single row ran into goes to errs.
func (w *writer) commit(ops []*op, errs []error) error {
	if p := w.broken.Load(); p != nil {
		return *p
	}
	t, err := w.begin()
	if err != nil {
		return err
	}
	// Most batches have no bad row, and savepoints cost as much as a statement
	// each. The first bad row has all of it undone and done again with them.
	bad, err := w.carryOut(t, ops, errs, false)
	if err != nil {
		return err
	}
	if bad {
		if err := t.run("ROLLBACK"); err != nil || len(ops) == 1 {
			return err
		}
		if t, err = w.begin(); err != nil {
			return err
		}
		if _, err := w.carryOut(t, ops, errs, true); err != nil {
			return err
		}
	}
	if w.dialect.Commit == nil {
		return t.run("COMMIT")
	}
	if err := w.dialect.Commit(t.conn); err != nil {
		return &commitError{err}
	}
	return nil
}

// carryOut does ops: to the first bad row, or, with savepoints, all but the
// bad rows. fatal means that the transaction is lost.
func (w *writer) carryOut(t *tx, ops []*op, errs []error, savepoints bool) (bad bool, fatal error) {
	for i, o := range ops {
		if savepoints {
			errs[i], fatal = w.guarded(t, o)
		} else {
			errs[i], fatal = w.row(t, o)
		}
		if bad = bad || errs[i] != nil; fatal != nil || bad && !savepoints {
			return bad, fatal
		}
	}
	return bad, nil
}

// row carries out one op. fatal means that the transaction is lost.
func (w *writer) row(t *tx, o *op) (err, fatal error) {
	err = t.do(o)
	if class := w.dialect.Classify(err); class == Full || class == Broken || class == Lost {
		return nil, err
	}
	return err, nil
}

// guarded carries out one op, and undoes it when it is bad.
func (w *writer) guarded(t *tx, o *op) (err, fatal error) {
	if fatal := t.run("SAVEPOINT row"); fatal != nil {
		return nil, fatal
	}
	if err, fatal = w.row(t, o); fatal != nil {
		return nil, fatal
	}
	if err != nil {
		if fatal := t.run("ROLLBACK TO SAVEPOINT row"); fatal != nil {
			return nil, errors.Join(fatal, err)
		}
	}
	return err, t.run("RELEASE SAVEPOINT row")
}

func (w *writer) begin() (*tx, error) {
	if w.tx == nil {
		conn, err := w.db.Conn(context.Background())
		if err != nil {
			return nil, err
		}
		w.tx = &tx{conn: conn, stmts: map[string]*sql.Stmt{}, dialect: w.dialect}
	}
	if err := w.tx.run(w.dialect.Begin); err != nil {
		return nil, err
	}
	return w.tx, w.leaveMark()
}

// discard gives the connection up, and with it a transaction in flight.
func (w *writer) discard() {
	if w.tx == nil {
		return
	}
	w.tx.close()
	w.tx = nil
}

// judge puts an error of the database into the store's words. After an I/O
// error the kernel may have dropped what it could not write and say nothing
// the next time, so that a retry would lie.
func (w *writer) judge(err error) error {
	switch w.dialect.Classify(err) {
	case Full:
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	case Broken:
		if w.broken.CompareAndSwap(nil, &err) && w.onBroken != nil {
			w.onBroken(err)
		}
		return fmt.Errorf("%w: %w", store.ErrBroken, err)
	case Again:
		return fmt.Errorf("%w: %w", store.ErrBusy, err)
	case Lost:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return fmt.Errorf("write to the database: %w", err)
}

func (w *writer) maintain(idle bool) {
	if w.dialect.Maintain == nil || w.broken.Load() != nil || w.tx == nil {
		return
	}
	erase := w.tx.erase
	w.tx.erase = false
	if err := w.dialect.Maintain(w.tx.conn, idle, erase); err != nil {
		w.discard()
		_ = w.judge(err) // remembered there when it matters
	}
}

// stop refuses new writes, finishes those that wait, and returns.
func (w *writer) stop() {
	w.close.Do(func() {
		w.sending.Lock()
		w.closed = true
		w.sending.Unlock()
		close(w.closing)
	})
	<-w.finished
}
