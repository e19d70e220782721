//go:build linux

package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
	"handrail/internal/store/sqlite/migrations"
	"handrail/internal/upload"

	"filippo.io/age"
)

func strace(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	return need(t, "strace")
}

// TestKillMigration kills the server at one write after the other while it
// brings a database of the first release up to date: what was in it is there
// afterwards, and the schema is whole.
func TestKillMigration(t *testing.T) {
	tracer := strace(t)
	site, old := newSite(t)
	firstRelease(t, old)
	killed := 0
	for i := range rounds(4) {
		n := 1 + i*i
		data := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(data, os.DirFS(old)); err != nil {
			t.Fatal(err)
		}
		inject := fmt.Sprintf("inject=pwrite64,fsync,fdatasync:signal=KILL:when=%d", n)
		p, ok := start(t, site, data, tracer, "-f", "-o", os.DevNull, "-e", "trace=pwrite64,fsync,fdatasync", "-e", inject)
		if ok { // over before the nth write of any thread
			p.stop(t, syscall.SIGKILL)
		} else {
			killed++
		}
		st := reopen(t, data)
		d, err := st.Draft(t.Context(), "old-draft")
		c, err2 := st.Case(t.Context(), "48213907")
		if err != nil || err2 != nil || string(d.Sealed) != "answers" || string(c.Sealed) != "sealed" {
			t.Errorf("killed at write %d: draft %v, case %v", n, err, err2)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
		if r, err := sqlite.Look(t.Context(), data); err != nil || r.Cases != 1 {
			t.Errorf("killed at write %d: %+v, %v", n, r, err)
		}
	}
	if killed == 0 {
		t.Error("the server was never killed: the test shows nothing")
	}
	t.Logf("killed %d times", killed)
}

// firstRelease makes a database as the first migration left it.
func firstRelease(t *testing.T, data string) {
	t.Helper()
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	first, err := migrations.FS.ReadFile("00001_start.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(data, sqlite.FileName)+"?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, db, fstest.MapFS{"00001_start.sql": {Data: first}}, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO draft VALUES ('old-draft', 'heating', 'v', 'en', 'care', 'you', 'open', 1, x'01', x'02', x'03', 'age1x', CAST('answers' AS BLOB), '', 1, 2, 9999999999999)`,
		`INSERT INTO cases VALUES ('48213907', x'04', 'd', 'heating', 'v', 'housing', 'en', 'care', 'received', '', 1, 1, 1, x'05', x'06', 'age1x', CAST('sealed' AS BLOB))`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// reopen opens the database of a server that was killed.
func reopen(t *testing.T, data string) store.Store {
	t.Helper()
	for i := 0; ; i++ {
		st, err := sqlite.Open(t.Context(), data, sqlite.Options{})
		if err == nil {
			return st
		}
		if i == 50 { // killed, and not quite gone
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// TestKillCheckpoint kills the server while it copies the log into the
// database, which is slowed down for that.
func TestKillCheckpoint(t *testing.T) {
	tracer := strace(t)
	site, data := newSite(t)
	receipts := map[string]string{}
	for i := range rounds(2) {
		trace := filepath.Join(t.TempDir(), "trace")
		p, ok := start(t, site, data, tracer, "-f", "-y", "-o", trace, "-P", filepath.Join(data, sqlite.FileName),
			"-e", "trace=pwrite64", "-e", "inject=pwrite64:delay_enter=20000")
		if !ok {
			t.Fatal(p.stderr)
		}
		began := count(t, trace)
		stop := make(chan struct{})
		time.AfterFunc(700*time.Millisecond, func() { close(stop) })
		for d, r := range load(t, p, 6, stop) {
			receipts[d] = r
		}
		n := 1 + rand.IntN(12)
		for deadline := time.Now().Add(20 * time.Second); count(t, trace) < began+n; time.Sleep(2 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("round %d: no checkpoint of %d pages", i, n)
			}
		}
		p.stop(t, syscall.SIGKILL)
	}
	verify(t, data, receipts)
	t.Logf("%d acknowledged, all there", len(receipts))
}

// count counts the writes in a trace.
func count(t *testing.T, trace string) int {
	t.Helper()
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "pwrite64(")
}

// An uploader hands in forms with a file until something breaks.
type uploader struct {
	person   *servertest.Person
	receipts map[string][32]byte // by reference: hash of the file
}

func (u *uploader) run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		if !u.once() {
			return
		}
	}
}

// once hands in one form; false when the server is gone.
func (u *uploader) once() bool {
	p := u.person
	p.Cookies = map[string]*http.Cookie{}
	p.Post("/f/heating/", "form", "heating")
	for p.Code == http.StatusOK && p.Title() != "step papers" {
		p.Submit("name", "王秀英", "heated", "yes")
	}
	if p.Code != http.StatusOK {
		return false
	}
	file := append([]byte("%PDF-1.7 "), make([]byte, 20000+rand.IntN(200000))...)
	for i := 9; i+8 < len(file); i += 8 {
		copy(file[i:], fmt.Sprintf("%08x", rand.Uint32()))
	}
	if p.Upload([]servertest.File{{Key: "bill", Name: "bill.pdf", Data: file}}, "rooms", "2"); p.Code != http.StatusOK || p.Title() != "check" {
		return false
	}
	if p.Submit(); p.Code != http.StatusOK || p.Title() != "sent" {
		return false
	}
	u.receipts[p.Text("reference")] = sha256.Sum256(file)
	return true
}

// handIn has clients hand in files and returns what was acknowledged.
func handIn(t *testing.T, p *process, clients int, stop <-chan struct{}) map[string][32]byte {
	t.Helper()
	var mu sync.Mutex
	all := map[string][32]byte{}
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			u := &uploader{servertest.NewPerson(t, p.remote()), map[string][32]byte{}}
			u.run(stop)
			mu.Lock()
			defer mu.Unlock()
			for r, h := range u.receipts {
				all[r] = h
			}
		})
	}
	wg.Wait()
	return all
}

// verifyFiles opens each case with the department's key, and its file with
// the key in it: the file is the one that was handed in. It returns what is
// wrong.
func verifyFiles(t *testing.T, data, keys string, receipts map[string][32]byte) (wrong []string) {
	t.Helper()
	st, err := sqlite.Open(t.Context(), data, sqlite.Options{})
	for i := 0; err != nil && i < 50; i++ {
		time.Sleep(100 * time.Millisecond)
		st, err = sqlite.Open(t.Context(), data, sqlite.Options{})
	}
	if err != nil {
		return []string{err.Error()}
	}
	defer st.Close()
	files, err := upload.Open(filepath.Join(data, "files"), upload.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	demo, err := readDemoKeys(filepath.Join(keys, "demo-keys.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for reference, want := range receipts {
		c, err := st.Case(t.Context(), reference)
		if err == nil {
			err = verifyFile(c, files, demo["housing"][0], want)
		}
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("acknowledged %s: %v", reference, err))
		}
	}
	return wrong
}

func verifyFile(c *store.Case, files *upload.Dir, key age.Identity, want [32]byte) error {
	plain, err := seal.Open(c.Sealed, key)
	if err != nil {
		return err
	}
	var b server.Bundle
	if err := json.Unmarshal(plain, &b); err != nil {
		return err
	}
	a, err := forms.ParseAnswers(b.Answers)
	if err != nil {
		return err
	}
	list := a.Files["bill"]
	if len(list) != 1 {
		return fmt.Errorf("%d files", len(list))
	}
	id, err := age.ParseX25519Identity(b.Keys[list[0].ID])
	if err != nil {
		return err
	}
	r, err := files.Read(c.Draft, list[0].ID, id)
	if err != nil {
		return err
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if sum := sha256.Sum256(got); err != nil || !bytes.Equal(sum[:], want[:]) {
		return fmt.Errorf("%d bytes of another file, %w", len(got), err)
	}
	return nil
}

// TestKillUpload kills the server while people hand in files: each receipt's
// file can be opened afterwards.
func TestKillUpload(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	dir := t.TempDir()
	site, data := filepath.Join(dir, "public"), filepath.Join(dir, "data")
	servertest.WriteSite(t, site, servertest.Papers())
	receipts := map[string][32]byte{}
	for i := range rounds(2) {
		p, ok := start(t, site, data)
		if !ok {
			t.Fatalf("round %d: the server does not start\n%s", i, p.stderr)
		}
		done := make(chan map[string][32]byte)
		go func() { done <- handIn(t, p, 8, nil) }()
		time.Sleep(time.Duration(700+rand.IntN(700)) * time.Millisecond)
		p.stop(t, syscall.SIGKILL)
		for r, h := range <-done {
			receipts[r] = h
		}
	}
	for _, w := range verifyFiles(t, data, data, receipts) {
		t.Error(w)
	}
	if len(receipts) == 0 {
		t.Error("nothing was acknowledged")
	}
	t.Logf("%d acknowledged with their files, all there", len(receipts))
}
