package sqlite

import (
	"context"
	"database/sql"
	"os"
	"time"
)

// How large the log may grow: checkpoints wait for a quiet moment, since each
// costs several fsyncs, but not for ever.
const (
	worthwhile = 64 << 10
	tooLarge   = 64 << 20
	// eraseWithin is how long deleted text may stay in the log of a database
	// that never comes to rest.
	eraseWithin = 30 * time.Second
)

// A checkpoint moves what is in the log into the database. In quiet moments
// the writer does it; under load most of it is done beside the writer, over a
// connection of its own, and the writer only finishes it: nobody waits for
// 64 MB to be copied.
type checkpoint struct {
	wal     string
	beside  *sql.DB
	going   chan error // the end of what is done beside; nil when nothing is
	batches int
	erase   time.Time // since when something deleted stands in the log
	tried   time.Time
}

func (c *checkpoint) maintain(conn *sql.Conn, idle, erase bool) error {
	c.batches++
	now := time.Now()
	if erase && c.erase.IsZero() {
		c.erase = now
	}
	erase = !c.erase.IsZero()
	going, finished, err := c.wait(idle)
	switch {
	case going || err != nil:
		return err
	case finished:
	case idle && (erase || c.size() > worthwhile):
	case erase && now.Sub(c.erase) > eraseWithin && now.Sub(c.tried) > time.Second:
	case c.batches%64 == 0 && c.size() > tooLarge:
		c.going = make(chan error, 1)
		go func(going chan<- error) {
			_, err := c.beside.Exec("PRAGMA wal_checkpoint(PASSIVE)")
			going <- err
		}(c.going)
		return nil
	default:
		return nil
	}
	// TRUNCATE also removes deleted text from the log. Readers may keep it
	// from finishing; then it is tried again.
	c.tried = now
	var busy, logged, moved int
	err = conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &moved)
	if err == nil && busy == 0 {
		c.erase = time.Time{}
	}
	return err
}

// wait looks whether what is done beside the writer is over; where nothing
// else is to be done it waits. An error of it ends everything, as one of the
// writer does: the log must not be forgotten.
func (c *checkpoint) wait(idle bool) (going, finished bool, err error) {
	if c.going == nil {
		return false, false, nil
	}
	if idle {
		err = <-c.going
	} else {
		select {
		case err = <-c.going:
		default:
			return true, false, nil
		}
	}
	c.going = nil
	return false, true, err
}

func (c *checkpoint) size() int64 {
	info, err := os.Stat(c.wal)
	if err != nil {
		return 0
	}
	return info.Size()
}
