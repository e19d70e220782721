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

// A checkpoint moves what is in the log into the database.
type checkpoint struct {
	wal     string
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
	switch {
	case idle && (erase || c.size() > worthwhile):
	case erase && now.Sub(c.erase) > eraseWithin && now.Sub(c.tried) > time.Second:
	case c.batches%64 == 0 && c.size() > tooLarge:
	default:
		return nil
	}
	// TRUNCATE also removes deleted text from the log. Readers may keep it
	// from finishing; then it is tried again.
	c.tried = now
	var busy, logged, moved int
	err := conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &moved)
	if err == nil && busy == 0 {
		c.erase = time.Time{}
	}
	return err
}

func (c *checkpoint) size() int64 {
	info, err := os.Stat(c.wal)
	if err != nil {
		return 0
	}
	return info.Size()
}
