package watch

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDebounceJoinsABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := make(chan string)
		out := Debounce(in, 50*time.Millisecond)
		for _, p := range []string{"b.md", "a.md", "b.md"} {
			in <- p
			time.Sleep(10 * time.Millisecond)
		}
		if got, want := <-out, (Batch{"a.md", "b.md"}); !slices.Equal(got, want) {
			t.Errorf("batch = %v, want %v", got, want)
		}
		in <- "c.md"
		time.Sleep(60 * time.Millisecond)
		in <- "d.md" // the receiver was busy: the batch grows
		time.Sleep(60 * time.Millisecond)
		if got, want := <-out, (Batch{"c.md", "d.md"}); !slices.Equal(got, want) {
			t.Errorf("batch = %v, want %v", got, want)
		}
		in <- "last.md"
		close(in)
		if got, want := <-out, (Batch{"last.md"}); !slices.Equal(got, want) {
			t.Errorf("batch = %v, want %v", got, want)
		}
		if _, open := <-out; open {
			t.Error("the channel stays open after the input closed")
		}
	})
}

func TestWatchSeesNewFoldersAndReplacedFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.md")
	os.WriteFile(file, []byte("1"), 0o644)
	os.Mkdir(filepath.Join(dir, "public"), 0o755)
	ctx, cancel := context.WithCancel(t.Context())
	skip := func(p string) bool { return filepath.Base(p) == "public" }
	batches, err := Watch(ctx, []string{dir}, skip, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	// next waits for a batch that names a path ending in suffix.
	next := func(suffix string) {
		t.Helper()
		deadline := time.After(10 * time.Second)
		for {
			select {
			case b := <-batches:
				for _, p := range b {
					if strings.Contains(p, "public") || strings.HasSuffix(p, "~") {
						t.Errorf("reported %s", p)
					}
				}
				if slices.ContainsFunc(b, func(p string) bool { return strings.HasSuffix(p, suffix) }) {
					return
				}
			case <-deadline:
				t.Fatalf("no batch for %s", suffix)
			}
		}
	}
	tmp := filepath.Join(dir, "tmp")
	os.WriteFile(filepath.Join(dir, "public", "x.html"), nil, 0o644)
	os.WriteFile(filepath.Join(dir, "a.md~"), nil, 0o644)
	os.WriteFile(tmp, []byte("2"), 0o644)
	os.Rename(tmp, file) // as editors save
	next("a.md")
	sub := filepath.Join(dir, "new", "deep")
	os.MkdirAll(sub, 0o755)
	next("new")
	for range 100 { // the folder is watched a moment after it is made
		os.WriteFile(filepath.Join(sub, "b.md"), []byte("x"), 0o644)
		select {
		case b := <-batches:
			if slices.ContainsFunc(b, func(p string) bool { return strings.HasSuffix(p, "b.md") }) {
				cancel()
			}
		case <-time.After(100 * time.Millisecond):
		}
		if ctx.Err() != nil {
			break
		}
	}
	if ctx.Err() == nil {
		t.Error("a file in a new folder was not seen")
	}
	cancel()
	for range batches { // closed in the end
	}
}
