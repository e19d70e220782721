package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"handrail/internal/store"
	"handrail/internal/store/sqlstore"
	"handrail/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		st, err := Open(t.Context(), t.TempDir(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		return st
	})
}

func TestReopen(t *testing.T) {
	dir := t.TempDir()
	st, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.CreateDraft(t.Context(), storetest.NewDraft("d1")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("a second process: %v; want ErrInUse", err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	st, err = Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.Draft(t.Context(), "d1"); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(filepath.Join(dir, FileName))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	st, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	st.Close()
	db, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	_, err = Open(t.Context(), dir, Options{})
	if e, ok := errors.AsType[*sqlstore.NewerSchemaError](err); !ok || e.Have != 99999 {
		t.Errorf("err = %v; want NewerSchemaError", err)
	}
}

func TestNetworkFileSystemsAreRefused(t *testing.T) {
	if _, ok := errors.AsType[*NetworkError](judge("/mnt", unix.NFS_SUPER_MAGIC)); !ok {
		t.Error("NFS was accepted")
	}
	if err := judge("/mnt", unix.EXT4_SUPER_MAGIC); err != nil {
		t.Error(err)
	}
}

// TestDeletedTextLeavesTheDisk looks for it in the database and in its log.
func TestDeletedTextLeavesTheDisk(t *testing.T) {
	dir := t.TempDir()
	st, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	canary := bytes.Repeat([]byte("CANARY-IN-THE-COAL-MINE "), 500)
	d := storetest.NewDraft("d1")
	d.Sealed = canary
	if err := st.CreateDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if !onDisk(t, dir, canary[:24]) {
		t.Fatal("the test looks in the wrong place")
	}
	if err := st.DeleteDraft(t.Context(), "d1"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); onDisk(t, dir, canary[:24]); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the text of a deleted draft is still on the disk")
		}
	}
}

func onDisk(t *testing.T, dir string, text []byte) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err == nil && bytes.Contains(b, text) {
			return true
		}
	}
	return false
}

// TestReadersCannotWrite: the pool for reading refuses.
func TestReadersCannotWrite(t *testing.T) {
	dir := t.TempDir()
	st, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	st.Close()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), "query_only(ON)"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`DELETE FROM draft`); err == nil {
		t.Error("a reader wrote")
	}
}

// TestFullQueueRefuses: nobody waits without end.
func TestFullQueueRefuses(t *testing.T) {
	st, err := Open(t.Context(), t.TempDir(), Options{Queue: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	errs := make(chan error, 200)
	for range cap(errs) {
		go func() { errs <- st.Check(context.Background()) }()
	}
	busy := 0
	for range cap(errs) {
		switch err := <-errs; {
		case errors.Is(err, store.ErrBusy):
			busy++
		case err != nil:
			t.Error(err)
		}
	}
	if busy == 0 {
		t.Error("200 writes fit into a queue of one")
	}
}

func BenchmarkSend(b *testing.B) {
	st, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	b.SetParallelism(32)
	var n = make(chan int)
	go func() {
		for i := 10000000; ; i++ {
			n <- i
		}
	}()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := <-n
			d := storetest.NewDraft(string(rune('a'+i%26)) + time.Duration(i).String())
			d.Sealed = make([]byte, 1024)
			if err := st.CreateDraft(b.Context(), d); err != nil {
				b.Fatal(err)
			}
			s := storetest.NewSending(d, time.Duration(i).String(), time.Unix(1e9, 0))
			s.Case.Sealed = make([]byte, 1500)
			if _, err := st.Send(b.Context(), s); err != nil {
				b.Fatal(err)
			}
		}
	})
}
