package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func site(kv ...string) []File {
	var files []File
	for i := 0; i < len(kv); i += 2 {
		files = append(files, File{Path: kv[i], Data: []byte(kv[i+1])})
	}
	return files
}

var opts = Options{Origin: "handrail test", Now: "2026-11-24T00:00:00+08:00"}

// tree reads what a visitor or the next build would find: every file but the
// private ones.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(p, private) || p == ManifestName {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		got[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func want(files []File) map[string]string {
	m := map[string]string{}
	for _, f := range files {
		m[f.Path] = string(f.Data)
	}
	return m
}

// publish is a whole publish, as a build does it.
func publish(dir string, files []File, o Options) (Stats, error) {
	w, err := Open(dir, o)
	if err != nil {
		return Stats{}, err
	}
	defer w.unlock() // all that is done for a killed process
	for _, f := range files {
		if err := w.Add(f); err != nil {
			w.Close()
			return Stats{}, err
		}
	}
	st, err := w.Commit()
	w.Close()
	return st, err
}

func mustPublish(t *testing.T, dir string, files []File) Stats {
	t.Helper()
	st, err := publish(dir, files, opts)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

var (
	first  = site("index.html", "home", "a/index.html", "a", "b/index.html", "b", "c", "file")
	second = site("index.html", "home", "a/index.html", "A2", "c/d.html", "c is a folder now", "e/f/g.html", "new")
)

func TestOnlyChangedFilesAreWritten(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, first)
	kept := filepath.Join(dir, "index.html")
	before, _ := os.Stat(kept)
	st := mustPublish(t, dir, second)
	after, _ := os.Stat(kept)
	if !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("an unchanged file was written again")
	}
	if diff := cmp.Diff(want(second), tree(t, dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	if st.Written != 3 || st.Unchanged != 1 || st.Deleted != 2 {
		t.Errorf("stats = %+v; want 3 written, 1 unchanged, 2 deleted", st)
	}
	if _, err := os.Stat(filepath.Join(dir, "b")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder that a deletion left empty is still there")
	}
	if st := mustPublish(t, dir, second); st.Written != 0 || st.Deleted != 0 {
		t.Errorf("publishing the same again: %+v; want nothing to do", st)
	}
}

func TestALostFileIsWrittenAgain(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, first)
	os.Remove(filepath.Join(dir, "a", "index.html"))
	os.WriteFile(filepath.Join(dir, "index.html"), nil, 0o644)
	if st := mustPublish(t, dir, first); st.Written != 2 {
		t.Errorf("written = %d; want 2", st.Written)
	}
	if diff := cmp.Diff(want(first), tree(t, dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

type crash string

// TestInterruptedAtEveryStep kills a publish at each of its steps, then at
// each step of the recovery, and demands the old site or the new one.
func TestInterruptedAtEveryStep(t *testing.T) {
	interrupted := func(dir string, files []File, at int) (finished bool, where string) {
		defer func() {
			if c, ok := recover().(crash); ok {
				where = string(c)
			}
		}()
		n, o := 0, opts
		o.step = func(s string) {
			if n++; n == at {
				panic(crash(s))
			}
		}
		if _, err := publish(dir, files, o); err != nil {
			t.Fatal(err)
		}
		return true, ""
	}
	oldTree, newTree := want(first), want(second)
	for at := 1; ; at++ {
		dir := t.TempDir()
		mustPublish(t, dir, first)
		done, where := interrupted(dir, second, at)
		if done {
			if at < 8 {
				t.Fatalf("only %d steps seen", at)
			}
			return
		}
		for again := 1; again < 4; again++ { // a second interruption, while recovering
			interrupted(dir, second, again)
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		err = recoverStage(root, func(string) {})
		root.Close()
		if err != nil {
			t.Fatalf("step %d (%s): recovery: %v", at, where, err)
		}
		got := tree(t, dir)
		if !maps.Equal(got, oldTree) && !maps.Equal(got, newTree) {
			t.Errorf("step %d (%s): a mixture:\n%s", at, where, cmp.Diff(newTree, got))
		}
		mustPublish(t, dir, second)
		if diff := cmp.Diff(newTree, tree(t, dir)); diff != "" {
			t.Errorf("step %d (%s): the next publish (-want +got):\n%s", at, where, diff)
		}
	}
}

func TestFailureLeavesTheOldSite(t *testing.T) {
	for name, files := range map[string][]File{
		"climbs out":   site("../x", "y"),
		"absolute":     site("/etc/x", "y"),
		"backslash":    site(`a\..\x`, "y"),
		"private":      site(".handrail/stage/journal", "y"),
		"two as one":   site("x", "1", "x", "2"),
		"manifest":     site("manifest.json", "y"),
		"not a folder": site("x", "a file", "x/y", "below it"),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			mustPublish(t, dir, first)
			if _, err := publish(dir, files, opts); err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(want(first), tree(t, dir)); diff != "" {
				t.Errorf("folder (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForeignFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	thesis := filepath.Join(dir, "thesis.txt")
	os.WriteFile(thesis, []byte("mine"), 0o644)
	_, err := publish(dir, first, opts)
	if !errors.Is(err, ErrForeign) {
		t.Fatalf("err = %v; want ErrForeign", err)
	}
	o := opts
	o.Force = true
	if _, err := publish(dir, first, o); err != nil {
		t.Fatal(err)
	}
	mustPublish(t, dir, second)
	if data, _ := os.ReadFile(thesis); string(data) != "mine" {
		t.Error("a file that no manifest names was touched")
	}
	os.WriteFile(filepath.Join(dir, "b.txt"), []byte("mine too"), 0o644)
	if _, err := publish(dir, append(site("b.txt", "ours"), second...), opts); !errors.Is(err, ErrForeign) {
		t.Errorf("writing over a person's file: err = %v; want ErrForeign", err)
	}
}

func TestObstaclesStopAPublishBeforeItsCommit(t *testing.T) {
	for name, put := range map[string]func(dir string){
		"a file where a folder is needed": func(dir string) { os.WriteFile(filepath.Join(dir, "e"), []byte("mine"), 0o644) },
		"a folder where a file is needed": func(dir string) {
			os.MkdirAll(filepath.Join(dir, "e/f/g.html"), 0o755)
			os.WriteFile(filepath.Join(dir, "e/f/g.html/mine"), nil, 0o644)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			mustPublish(t, dir, first)
			put(dir)
			before := tree(t, dir)
			if _, err := publish(dir, second, opts); !errors.Is(err, ErrForeign) {
				t.Fatalf("err = %v; want ErrForeign", err)
			}
			if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
				t.Errorf("folder (-want +got):\n%s", diff)
			}
			os.RemoveAll(filepath.Join(dir, "e"))
			mustPublish(t, dir, second)
		})
	}
}

func TestHeldPagesKeepTheirAssets(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, site("a.html", "old", "assets/old.css", "css", "assets/both.js", "js"))
	w, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, f := range site("a.html", "broken", "assets/new.css", "css", "assets/both.js", "js") {
		if err := w.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if !w.Hold("a.html") {
		t.Fatal("the page that was published is not found")
	}
	w.HoldAssets("assets")
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"a.html": "old", "assets/old.css": "css", "assets/new.css": "css", "assets/both.js": "js"}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
}

func TestTheTrackedReadmeStays(t *testing.T) {
	dir := t.TempDir()
	readme := filepath.Join(dir, Readme)
	os.WriteFile(readme, []byte("tracked"), 0o644)
	mustPublish(t, dir, first)
	mustPublish(t, dir, second)
	if data, _ := os.ReadFile(readme); string(data) != "tracked" {
		t.Errorf("README.md = %q", data)
	}
}

func TestASymlinkCannotLeadOut(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	mustPublish(t, dir, first)
	if err := os.Symlink(outside, filepath.Join(dir, "e")); err != nil {
		t.Skip(err)
	}
	if _, err := publish(dir, second, opts); err == nil {
		t.Error("wrote through a link that leaves the folder")
	}
	if entries, _ := os.ReadDir(outside); len(entries) != 0 {
		t.Errorf("outside the folder: %v", entries)
	}
}

func TestSameInputSameManifest(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	mustPublish(t, a, first)
	mustPublish(t, a, second)
	mustPublish(t, b, second)
	x, _ := os.ReadFile(filepath.Join(a, ManifestName))
	y, _ := os.ReadFile(filepath.Join(b, ManifestName))
	if len(x) == 0 || string(x) != string(y) {
		t.Errorf("manifests differ:\n%s\n%s", x, y)
	}
}

func TestHoldAndAbort(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, dir, first)
	w, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(File{Path: "new.html", Data: []byte("n")}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, opts); err == nil {
		t.Error("a second build may publish into the same folder at the same time")
	}
	w.Close() // no commit
	if diff := cmp.Diff(want(first), tree(t, dir)); diff != "" {
		t.Errorf("after an abort (-want +got):\n%s", diff)
	}
	w, err = Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Add(File{Path: "a/index.html", Data: []byte("broken")}); err != nil {
		t.Fatal(err)
	}
	if !w.Hold("a/index.html") {
		t.Error("the published version is not found")
	}
	if w.Hold("never.html") {
		t.Error("a page that was never published is found")
	}
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"a/index.html": "a"}, tree(t, dir)); diff != "" {
		t.Errorf("after holding one file (-want +got):\n%s", diff)
	}
}

func BenchmarkPublishUnchanged(b *testing.B) {
	var files []File
	for i := range 2000 {
		files = append(files, File{Path: fmt.Sprintf("s%d/p%d/index.html", i%20, i), Data: make([]byte, 8000)})
	}
	dir := b.TempDir()
	if _, err := publish(dir, files, opts); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := publish(dir, files, opts); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLinksInsideTheFolderAreFollowed moves a file through a folder that is a
// link to another one in the output.
func TestLinksInsideTheFolderAreFollowed(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, err := range []error{root.MkdirAll(stageDir, 0o755), root.Mkdir("real", 0o755), root.Symlink("real", "link"),
		root.Symlink(t.TempDir(), "out"), root.WriteFile(stageDir+"/0", []byte("x"), 0o644), root.WriteFile(stageDir+"/1", []byte("y"), 0o644)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := newPlacer(root)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if err := p.move("0", "link/a/b.html"); err != nil {
		t.Error(err)
	}
	if data, err := root.ReadFile("real/a/b.html"); string(data) != "x" {
		t.Errorf("real/a/b.html = %q, %v", data, err)
	}
	if err := p.move("1", "out/b.html"); err == nil {
		t.Error("a file was moved out of the folder")
	}
}
