package server_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"handrail/internal/backup"
	"handrail/internal/outbox"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// TestRetire: a case goes when its time is over, counted from when its
// department had it; so do drafts and what was withdrawn. Rows, files and jobs
// go, and a tombstone stays.
func TestRetire(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	stones := filepath.Join(x.dir, backup.StonesFile)
	x.store = &backup.Graveyard{Store: x.store, Name: stones, Files: filepath.Join(x.dir, "files")}
	x.restart(t, papers())
	send := func() (p *servertest.Person, c *store.Case) {
		t.Helper()
		p = atPapers(t, x)
		p.Upload(bill("bill.pdf", []byte("%PDF-1.7 the bill")), "rooms", "2", "do", "next").Want(200, "check")
		x.clock.Add(time.Minute)
		p.Submit().Want(200, "sent")
		c, err := x.store.Case(t.Context(), p.Text("reference"))
		if err != nil {
			t.Fatal(err)
		}
		return p, c
	}
	retire := func(want int) {
		t.Helper()
		if err := x.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		n, err := x.Retire(t.Context())
		if err != nil || n != want {
			t.Fatalf("%d cases went, %v; want %d", n, err, want)
		}
	}
	_, had := send()
	_, never := send()
	undone, withdrawn := send()
	undone.Submit().Want(200, "undone")
	atPapers(t, x).Upload(bill("draft.pdf", []byte("%PDF-1.7 a draft")), "rooms", "2", "do", "next")
	if n := onDisk(t, x); n != 4 {
		t.Fatalf("%d files", n)
	}

	// The folder of the department was away for ten days.
	x.clock.Add(10 * 24 * time.Hour)
	jobs, err := x.store.ClaimJobs(t.Context(), x.clock.Now(), time.Minute, 10)
	if err != nil || len(jobs) != 2 {
		t.Fatalf("%v, %v", jobs, err)
	}
	for _, j := range jobs {
		if j.Kind == outbox.Deliver && j.Reference == had.Reference {
			if err := x.store.FinishJob(t.Context(), j.ID, x.clock.Now(), true); err != nil {
				t.Fatal(err)
			}
		}
	}
	retire(0)
	if err := x.SweepFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	x.clock.Add(21 * 24 * time.Hour)
	retire(1) // what was withdrawn
	if _, err := x.store.Case(t.Context(), withdrawn.Reference); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("withdrawn: %v", err)
	}
	x.clock.Add((365-21)*24*time.Hour - time.Second)
	retire(0) // 375 days after it was sent, not yet 365 after it was delivered
	x.clock.Add(time.Second)
	retire(1)
	retire(0)
	if _, err := x.store.Case(t.Context(), had.Reference); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("kept for its time: %v", err)
	}
	if jobs, err := x.store.Jobs(t.Context(), had.Reference); err != nil || len(jobs) > 0 {
		t.Errorf("jobs %v, %v", jobs, err)
	}
	if _, err := os.Stat(filepath.Join(x.dir, "files", had.Draft)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its files: %v", err)
	}
	if _, err := os.Stat(filepath.Join(x.dir, "files", never.Draft)); err != nil {
		t.Errorf("files of a case that its department never had: %v", err)
	}
	for wait := 0; holds(t, x, had.Sealed[:64], []byte(had.Draft)); wait++ { // the log is emptied when it is quiet
		if wait > 100 {
			t.Fatal("the database still holds what was deleted")
		}
		time.Sleep(50 * time.Millisecond)
	}
	all, err := backup.ReadStones(stones)
	var why []string
	for _, s := range all {
		if s.Reference == had.Reference {
			why = append(why, s.Why)
		}
	}
	if err != nil || len(why) != 1 || why[0] != "retention" {
		t.Errorf("tombstones %v, %v", all, err)
	}

	// Drafts, with their files: the next sweep finds folders that are old.
	old := time.Now().Add(-48 * time.Hour)
	folders, _ := filepath.Glob(filepath.Join(x.dir, "files", "*"))
	for _, f := range folders {
		if err := os.Chtimes(f, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.SweepFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := onDisk(t, x); n != 1 {
		t.Errorf("%d files; only those of the case that was never delivered are wanted", n)
	}
}

// TestRetireSentAgain: a case that was taken back and sent again keeps its
// files when the one before it is forgotten.
func TestRetireSentAgain(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	x.store = &backup.Graveyard{Store: x.store, Name: filepath.Join(x.dir, backup.StonesFile), Files: filepath.Join(x.dir, "files")}
	x.restart(t, papers())
	p := atPapers(t, x)
	p.Upload(bill("bill.pdf", []byte("%PDF-1.7 the bill")), "rooms", "2", "do", "next")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent").Submit().Want(200, "undone")
	p.Get(p.Path[:len(p.Path)-len("undo")]+"check").Submit().Want(200, "sent")
	x.clock.Add(31 * 24 * time.Hour)
	if err := x.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := x.Retire(t.Context()); n != 1 || err != nil {
		t.Errorf("%d cases went, %v", n, err)
	}
	if n := onDisk(t, x); n != 1 {
		t.Errorf("%d files of a case that stands", n)
	}
}

// holds reports whether something stands in the database or its log.
func holds(t *testing.T, x *rig, what ...[]byte) bool {
	t.Helper()
	for _, name := range []string{"handrail.db", "handrail.db-wal"} {
		b, err := os.ReadFile(filepath.Join(x.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range what {
			if bytes.Contains(b, w) {
				return true
			}
		}
	}
	return false
}
