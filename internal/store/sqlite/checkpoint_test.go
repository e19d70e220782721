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

// TestCheckpointBeside: a log that has grown under load is emptied, though
// there is always something to write, and nothing of it is lost.
func TestCheckpointBeside(t *testing.T) {
	file := filepath.Join(t.TempDir(), FileName)
	open := func() *sql.DB {
		db, err := sql.Open("sqlite", dsn(file, "journal_mode(WAL)", "wal_autocheckpoint(0)"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	conn, err := open().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := &checkpoint{wal: file + "-wal", beside: open(), batches: 63}
	run := func(statement string) {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run("CREATE TABLE t (x)")
	for range 70 {
		run("INSERT INTO t VALUES (zeroblob(1000000))")
	}
	if err := c.maintain(conn, false, false); err != nil || c.going == nil {
		t.Fatalf("%v; a log of %d bytes was left alone", err, c.size())
	}
	n := 70
	for deadline := time.Now().Add(20 * time.Second); c.going != nil; n++ {
		run("INSERT INTO t VALUES (1)")
		if err := c.maintain(conn, false, false); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(deadline) {
			t.Fatal("it does not end")
		}
	}
	var got int
	if err := conn.QueryRowContext(t.Context(), "SELECT count(*) FROM t").Scan(&got); err != nil || got != n || c.size() > 1<<20 {
		t.Errorf("%d rows of %d, %d bytes in the log, %v", got, n, c.size(), err)
	}
}
