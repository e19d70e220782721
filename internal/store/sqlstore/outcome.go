package sqlstore

import (
	"context"
	"crypto/rand"
	"errors"
	"time"
)

// A Mark lets the writer find out what became of a transaction whose answer
// was lost with the connection: each transaction leaves a random number in the
// row of its instance, and the next connection looks whether it is there.
type Mark struct {
	Instance string // id of this process's row, which exists
	Leave    string // sets the mark: instance, mark, time
	Look     string // returns the mark of an instance once no transaction holds its row
}

// A commitError is what a commit ended with: it may have taken place.
type commitError struct{ err error }

func (e *commitError) Error() string { return e.err.Error() }
func (e *commitError) Unwrap() error { return e.err }

// surely has ops stored once, although connections break: a transaction that
// was lost before its commit is done again; one that was lost at its commit is
// looked for first. It gives up when the database stays away.
func (w *writer) surely(ops []*op, errs []error) error {
	err := w.commit(ops, errs)
	deadline := time.Now().Add(w.dialect.Patience)
	unknown := false
	for wait := 20 * time.Millisecond; err != nil && w.dialect.Classify(err) == Lost; wait = min(2*wait, time.Second) {
		w.discard()
		var at *commitError
		unknown = unknown || errors.As(err, &at)
		if time.Now().After(deadline) {
			return err
		}
		w.pause(wait)
		if unknown {
			there, lookErr := w.committed()
			if lookErr != nil {
				err = lookErr
				continue
			}
			if there {
				return nil
			}
			unknown = false
		}
		err = w.commit(ops, errs)
	}
	return err
}

// pause waits for the database, but not long when the store is being closed.
func (w *writer) pause(d time.Duration) {
	select {
	case <-w.closing:
		time.Sleep(min(d, 100*time.Millisecond))
	case <-time.After(d):
	}
}

// leaveMark marks the transaction that has just begun.
func (w *writer) leaveMark() error {
	m := w.dialect.Mark
	if m == nil {
		return nil
	}
	rand.Read(w.mark[:])
	n, err := w.tx.exec(m.Leave, m.Instance, w.mark[:], time.Now().UnixMilli())
	if err == nil && n == 0 {
		return errors.New("the row of this instance is gone from the database")
	}
	return err
}

// committed says whether the transaction with the last mark took place.
func (w *writer) committed() (bool, error) {
	conn, err := w.db.Conn(context.Background())
	if err != nil {
		return false, err
	}
	defer conn.Close()
	var found []byte
	err = conn.QueryRowContext(context.Background(), w.dialect.Mark.Look, w.dialect.Mark.Instance).Scan(&found)
	return string(found) == string(w.mark[:]), err
}
