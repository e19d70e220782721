package sqlite

import (
	"context"
	"database/sql"
	"os"
)

// How large the log may grow: checkpoints wait for a quiet moment, since each
// costs several fsyncs, but not for ever.
const (
	worthwhile = 64 << 10
	tooLarge   = 64 << 20
)

// A checkpoint moves what is in the log into the database.
type checkpoint struct {
	wal     string
	batches int
	erase   bool // something deleted still stands in the log
}

func (c *checkpoint) maintain(conn *sql.Conn, idle, erase bool) error {
	c.batches++
	c.erase = c.erase || erase
	switch {
	case idle && (c.erase || c.size() > worthwhile):
	case c.batches%64 == 0 && c.size() > tooLarge:
	default:
		return nil
	}
	// TRUNCATE also removes deleted text from the log. Readers may keep it
	// from finishing; then it is tried again.
	var busy, logged, moved int
	err := conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &moved)
	if err == nil && busy == 0 {
		c.erase = false
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
