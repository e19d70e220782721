package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"handrail/internal/store"
	"handrail/internal/store/sqlite"
	"handrail/internal/store/sqlstore"
	"handrail/internal/store/storetest"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string) *sqlstore.Store {
	t.Helper()
	st, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// send makes a case and returns it.
func send(t *testing.T, st store.Store, i int) *store.Case {
	t.Helper()
	d := storetest.NewDraft(fmt.Sprint("d", i))
	if err := st.CreateDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c, err := st.Send(t.Context(), storetest.NewSending(d, fmt.Sprint(10000000+i), now))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type setup struct {
	dir   string
	st    *sqlstore.Store
	maker *Maker
	key   *age.X25519Identity
}

func newSetup(t *testing.T) *setup {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	x := &setup{dir: t.TempDir(), key: key}
	x.st = open(t, filepath.Join(x.dir, "data"))
	x.maker = &Maker{Store: x.st, Files: filepath.Join(x.dir, "data", "files"), Folder: filepath.Join(x.dir, "backups"),
		Recipients: []age.Recipient{key.Recipient()}, Keep: 30 * 24 * time.Hour}
	return x
}

func (x *setup) restore(t *testing.T, name string, stones []store.Tombstone) (*sqlstore.Store, End, int, error) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dir := t.TempDir()
	st := open(t, dir)
	r := &Restorer{Store: st, Files: filepath.Join(dir, "files"), Keys: x.key}
	end, buried, err := r.Restore(t.Context(), f, stones)
	return st, end, buried, err
}

// TestRoundTrip: everything comes back, but what was deleted since.
func TestRoundTrip(t *testing.T) {
	x := newSetup(t)
	var cases []*store.Case
	for i := range 20 {
		cases = append(cases, send(t, x.st, i))
	}
	if err := os.MkdirAll(filepath.Join(x.maker.Files, "d1"), 0o700); err != nil {
		t.Fatal(err)
	}
	photo := bytes.Repeat([]byte{0, 1, 255}, 100000)
	if err := os.WriteFile(filepath.Join(x.maker.Files, "d1", "photo"), photo, 0o600); err != nil {
		t.Fatal(err)
	}
	name, made, err := x.maker.Make(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	if made.Files != 1 || made.Rows != 80 {
		t.Errorf("copied %+v; want 80 rows, 1 file", made)
	}
	stones := filepath.Join(x.dir, "data", StonesFile)
	g := &Graveyard{Store: x.st, Name: stones}
	if err := g.DeleteCase(t.Context(), store.Tombstone{Reference: cases[3].Reference, Deleted: now, Why: "asked"}); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Undo(t.Context(), storetest.NewUndoing(storetest.NewDraft("d4"), now.Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	list, err := ReadStones(stones)
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v; want two", list, err)
	}
	back, end, buried, err := x.restore(t, name, list)
	if err != nil {
		t.Fatal(err)
	}
	if end != made || buried != 2 {
		t.Errorf("%+v came back, %d were deleted again; want %+v, 2", end, buried, made)
	}
	for i, c := range cases {
		got, err := back.Case(t.Context(), c.Reference)
		if i == 3 || i == 4 {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("what was deleted came back: %v", err)
			}
			continue
		}
		if diff := cmp.Diff(c, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if jobs, err := back.Jobs(t.Context(), c.Reference); err != nil || len(jobs) != 2 {
			t.Errorf("%d jobs, %v", len(jobs), err)
		}
	}
	if err := back.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSealed: the copy shows nothing of what it holds.
func TestSealed(t *testing.T) {
	x := newSetup(t)
	send(t, x.st, 1)
	name, _, err := x.maker.Make(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"10000001", "housing", "sealed answers", "tables/"} {
		if bytes.Contains(b, []byte(canary)) {
			t.Errorf("%q can be read in the backup", canary)
		}
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	x.maker.Recipients = nil
	if _, _, err := x.maker.Make(t.Context(), now); err == nil {
		t.Error("a backup that nobody can open was made")
	}
}

// TestCut: a copy that ends early, or was changed, restores nothing.
func TestCut(t *testing.T) {
	x := newSetup(t)
	for i := range 300 {
		send(t, x.st, i)
	}
	name, _, err := x.maker.Make(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{10, len(whole) / 2, len(whole) - 70000, len(whole) - 1, -1} {
		damaged := bytes.Clone(whole)
		if n < 0 {
			damaged[len(damaged)/2] ^= 1
		} else {
			damaged = damaged[:n]
		}
		part := filepath.Join(t.TempDir(), "part")
		if err := os.WriteFile(part, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		st, _, _, err := x.restore(t, part, nil)
		if err == nil {
			t.Errorf("a backup cut at %d of %d was restored", n, len(whole))
		}
		if s, err := st.Stats(t.Context()); err != nil || s.Cases+s.Drafts > 0 {
			t.Errorf("cut at %d: %d cases came back", n, s.Cases)
		}
	}
}

func TestNotOverSomething(t *testing.T) {
	x := newSetup(t)
	send(t, x.st, 1)
	name, _, err := x.maker.Make(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, _, err = (&Restorer{Store: x.st, Keys: x.key}).Restore(t.Context(), f, nil)
	if !errors.Is(err, sqlstore.ErrNotEmpty) {
		t.Errorf("err = %v; want ErrNotEmpty", err)
	}
}

func TestExpiry(t *testing.T) {
	x := newSetup(t)
	var names []string
	for _, days := range []int{0, 10, 31, 41} {
		name, _, err := x.maker.Make(t.Context(), now.AddDate(0, 0, days))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	other := filepath.Join(x.maker.Folder, "handrail-notes.tar.age")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := x.maker.expire(now.AddDate(0, 0, 41)); err != nil {
		t.Fatal(err)
	}
	for i, name := range append(names, other) {
		_, err := os.Stat(name)
		if gone := os.IsNotExist(err); gone != (i < 2) {
			t.Errorf("%s gone: %t", filepath.Base(name), gone)
		}
	}
}

// TestTornStone: a line that a power cut has torn is no harm, now or later.
func TestTornStone(t *testing.T) {
	x := newSetup(t)
	g := &Graveyard{Store: x.st, Name: filepath.Join(x.dir, StonesFile)}
	stone := func(i int) store.Tombstone {
		return store.Tombstone{Reference: send(t, x.st, i).Reference, Deleted: now, Why: "x"}
	}
	if err := g.DeleteCase(t.Context(), stone(1)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(g.Name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, `{"Reference":"9`)
	f.Close()
	if all, err := ReadStones(g.Name); err != nil || len(all) != 1 {
		t.Errorf("%v, %v; want one", all, err)
	}
	if err := g.DeleteCase(t.Context(), stone(2)); err != nil {
		t.Fatal(err)
	}
	if all, err := ReadStones(g.Name); err != nil || len(all) != 2 {
		t.Errorf("%v, %v; want two", all, err)
	}
}
