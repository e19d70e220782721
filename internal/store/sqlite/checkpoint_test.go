package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"
)

// TestEraseWithoutRest: what was deleted leaves the log also when there is
// always something to write.
func TestEraseWithoutRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), FileName)
	db, err := sql.Open("sqlite", dsn(file, "journal_mode(WAL)", "wal_autocheckpoint(0)"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "CREATE TABLE t (x); INSERT INTO t VALUES ('secret')"); err != nil {
		t.Fatal(err)
	}
	c := &checkpoint{wal: file + "-wal"}
	busy := func(erase bool) int64 {
		if err := c.maintain(conn, false, erase); err != nil {
			t.Fatal(err)
		}
		return c.size()
	}
	if busy(true) == 0 || busy(false) == 0 {
		t.Error("a checkpoint for every deletion costs too much")
	}
	c.erase = c.erase.Add(-2 * eraseWithin)
	c.tried = time.Time{}
	if n := busy(false); n != 0 {
		t.Errorf("%d bytes are still in the log", n)
	}
	if !c.erase.IsZero() {
		t.Error("nothing was noted")
	}
}
