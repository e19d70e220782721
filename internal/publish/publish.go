// Package publish writes the finished pages into the output folder, and
// nothing outside it. It is the last stage of a build.
//
// Publishing is all or nothing. Changed files are written under
// .handrail/stage/ in the output folder and synced, then a journal is synced:
// that is the commit point. Only then are they renamed into place. The next
// publish rolls a complete journal forward and drops an incomplete one, so the
// folder holds the old site or the new one, never a mixture.
package publish

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A File is one file of the new site.
type File struct {
	Path    string // slash-separated, relative to the output folder
	Data    []byte
	Sources []string // what it was made from, for the manifest; may be empty
}

// Options say how to publish.
type Options struct {
	Force  bool   // take over a folder that Handrail did not write
	Gate   string // "closed", "report" or "off", recorded in the manifest
	Now    string // the build's clock, RFC 3339, recorded in the manifest
	Origin string // tool name and version, recorded in the manifest

	step func(string) // tests interrupt a publish here
}

// Stats say what a publish did.
type Stats struct {
	Written, Unchanged, Deleted int
	Bytes                       int64 // of the files written
}

// ErrForeign is wrapped by Publish when the output folder holds files that no
// manifest of ours names.
var ErrForeign = errors.New("the folder is not empty and was not written by handrail")

const (
	private  = ".handrail"
	stageDir = private + "/stage"
	journal  = stageDir + "/journal"
	// Readme is the one file that may lie in an output folder without being
	// ours: it is kept in git, never published and never removed.
	Readme = "README.md"
)

// A Writer collects the files of one publish. Add may be called from several
// goroutines; what was added is in place only after Commit.
type Writer struct {
	root, stage *os.Root
	folder      *os.File // of stage
	opt         Options
	unlock      func()
	old         *Manifest
	before      map[string]Entry // files of old, by path
	carried     string

	mu      sync.Mutex
	entries []Entry
	staged  []move
	next    int // name of the next staged file
	stats   Stats
}

// Open prepares to publish into dir: it refuses a person's own folder, finishes
// or drops a publish that was interrupted, and keeps other builds out until
// Close.
func Open(dir string, o Options) (*Writer, error) {
	if o.step == nil {
		o.step = func(string) {}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("output folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("output folder: %w", err)
	}
	w := &Writer{root: root, opt: o, before: map[string]Entry{}, unlock: func() {}}
	ready := false
	defer func() {
		if !ready {
			w.unlock()
			root.Close()
		}
	}()
	if err := w.begin(); err != nil {
		return nil, fmt.Errorf("output folder %s: %w", dir, err)
	}
	ready = true
	return w, nil
}

func (w *Writer) begin() error {
	if err := refuseForeign(w.root, w.opt.Force); err != nil {
		return err
	}
	unlock, err := lock(w.root)
	if err != nil {
		return err
	}
	w.unlock = unlock
	if err := recoverStage(w.root, w.opt.step); err != nil {
		return fmt.Errorf("finish the interrupted publish: %w", err)
	}
	if w.old, err = readManifest(w.root.FS()); err != nil && !errors.Is(err, fs.ErrNotExist) && !w.opt.Force {
		return err
	}
	if w.old != nil {
		for _, e := range w.old.Files {
			w.before[e.Path] = e
		}
	}
	if err := w.root.MkdirAll(stageDir, 0o755); err != nil {
		return err
	}
	if w.stage, err = w.root.OpenRoot(stageDir); err != nil {
		return err
	}
	if w.folder, err = w.stage.Open("."); err != nil {
		w.stage.Close()
	}
	return err
}

// Close ends the publish. What was not committed is dropped, and the folder
// stays as it was.
func (w *Writer) Close() error {
	w.folder.Close()
	w.stage.Close()
	if _, err := w.root.Lstat(journal); err != nil { // no commit is under way
		w.root.RemoveAll(stageDir)
	}
	w.unlock()
	return w.root.Close()
}

// Add takes one file of the new site: it is written to the stage unless the
// folder holds the same already. The data is not kept.
func (w *Writer) Add(f File) error {
	if err := checkPath(f.Path); err != nil {
		return err
	}
	sum := sha256.Sum256(f.Data)
	e := Entry{f.Path, hex.EncodeToString(sum[:]), int64(len(f.Data)), f.Sources}
	was, known := w.before[f.Path]
	if known && was.SHA256 == e.SHA256 && sizeOf(w.root, e.Path) == e.Size {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.entries = append(w.entries, e)
		w.stats.Unchanged++
		return nil
	}
	// Without a manifest of ours the folder was empty but for hidden files.
	if !known && !w.opt.Force && (w.old != nil || f.Path[0] == '.') {
		if info, err := w.root.Lstat(f.Path); err == nil && !info.IsDir() {
			return fmt.Errorf("%w: %q is in the way", ErrForeign, f.Path)
		}
	}
	w.mu.Lock()
	name := strconv.Itoa(w.next)
	w.next++
	w.entries = append(w.entries, e)
	w.staged = append(w.staged, move{name, f.Path})
	w.stats.Written++
	w.stats.Bytes += e.Size
	w.mu.Unlock()
	if err := writeStaged(w.stage, w.folder, name, f.Data); err != nil {
		return fmt.Errorf("write %s: %w", f.Path, err)
	}
	return nil
}

// Hold takes back a file that was added and leaves its last published version
// in its place. Without one the path is left out. It reports whether there was
// one, and is called after every Add has returned.
func (w *Writer) Hold(path string) bool {
	w.takeBack(path)
	e, ok := w.before[path]
	if !ok || sizeOf(w.root, path) != e.Size {
		return false
	}
	w.entries = append(w.entries, e)
	return true
}

// HoldAs is Hold for a version that was published elsewhere; nil when there is
// none.
func (w *Writer) HoldAs(path string, data []byte) error {
	w.takeBack(path)
	if data == nil {
		return nil
	}
	return w.Add(File{Path: path, Data: data})
}

func (w *Writer) takeBack(path string) {
	w.entries = slices.DeleteFunc(w.entries, func(e Entry) bool { return e.Path == path })
	w.staged = slices.DeleteFunc(w.staged, func(m move) bool { return m.To == path })
}

// Has reports whether a file was added.
func (w *Writer) Has(path string) bool {
	return slices.ContainsFunc(w.entries, func(e Entry) bool { return e.Path == path })
}

// HoldAssets lets what lies below a folder of the last publish stay where the
// new one does not bring it: held pages name it.
func (w *Writer) HoldAssets(dir string) {
	have := make(map[string]bool, len(w.entries))
	for _, e := range w.entries {
		have[e.Path] = true
	}
	for p, e := range w.before {
		if strings.HasPrefix(p, dir+"/") && !have[p] {
			w.entries = append(w.entries, e)
		}
	}
}

// SetClock records the clock of the build in the manifest.
func (w *Writer) SetClock(now string) { w.opt.Now = now }

// SetCarried records in the manifest what the build took from the site that
// was published before.
func (w *Writer) SetCarried(hash string) { w.carried = hash }

// Commit puts every added file in place and deletes what the previous
// manifest names and the new one does not.
func (w *Writer) Commit() (Stats, error) {
	next := &Manifest{Format: manifestFormat, Tool: w.opt.Origin, Now: w.opt.Now, Gate: cmp.Or(w.opt.Gate, "closed"), Carried: w.carried, Files: w.entries}
	slices.SortFunc(next.Files, func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) })
	if err := checkClashes(next.Files); err != nil {
		return Stats{}, err
	}
	j := journalFile{Moves: w.staged}
	slices.SortFunc(j.Moves, func(a, b move) int { return cmp.Compare(a.To, b.To) })
	for _, e := range next.Files {
		delete(w.before, e.Path)
	}
	j.Deletes = slices.Sorted(maps.Keys(w.before))
	w.stats.Deleted = len(j.Deletes)
	data := next.encode()
	if w.old != nil && len(j.Moves)+len(j.Deletes) == 0 && string(w.old.encode()) == string(data) {
		return w.stats, nil
	}
	w.opt.step("stage")
	if err := w.stage.WriteFile("manifest", data, 0o644); err != nil {
		return Stats{}, fmt.Errorf("write %s: %w", ManifestName, err)
	}
	j.Moves = append(j.Moves, move{"manifest", ManifestName}) // last: it is true only when all else is in place
	if err := w.obstacles(j); err != nil {
		return Stats{}, err
	}
	if err := syncAll(w.stage, j.Moves); err != nil {
		return Stats{}, err
	}
	w.opt.step("journal")
	if err := writeJournal(w.root, j); err != nil {
		return Stats{}, fmt.Errorf("write the journal: %w", err)
	}
	if err := rollForward(w.root, j, w.opt.step); err != nil {
		return Stats{}, fmt.Errorf("publish: %w", err)
	}
	return w.stats, nil
}

// obstacles finds, before the commit point, what somebody else put where the
// moves of j need a folder, or a folder of theirs where they need a file: a
// committed publish that meets one could never be finished.
func (w *Writer) obstacles(j journalFile) error {
	goes := make(map[string]bool, len(j.Deletes))
	for _, p := range j.Deletes {
		goes[p] = true
	}
	seen := map[string]bool{".": true}
	for _, m := range j.Moves {
		for d := path.Dir(m.To); !seen[d]; d = path.Dir(d) {
			seen[d] = true
			if info, err := w.root.Lstat(d); err == nil && !info.IsDir() && info.Mode()&fs.ModeSymlink == 0 && !goes[d] {
				return fmt.Errorf("%w: %q is in the way of a folder", ErrForeign, d)
			}
		}
		if info, err := w.root.Lstat(m.To); err != nil || !info.IsDir() {
			continue
		}
		err := fs.WalkDir(w.root.FS(), m.To, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !goes[p] {
				err = fmt.Errorf("%w: %q is in the way of a file", ErrForeign, p)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// refuseForeign guards a person's own folder: without a manifest of ours only
// an empty folder, or one with nothing but our leftovers, may be written to.
func refuseForeign(root *os.Root, force bool) error {
	if _, err := readManifest(root.FS()); err == nil || force {
		return nil
	}
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if n := e.Name(); n != Readme && n != private && n != ".gitignore" && n != ".gitkeep" {
			return fmt.Errorf("%w (it holds %q)", ErrForeign, n)
		}
	}
	return nil
}

func sizeOf(root *os.Root, name string) int64 {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return -1
	}
	return info.Size()
}

// checkClashes refuses two files with one path, and a file where another
// needs a folder.
func checkClashes(files []Entry) error {
	folders := map[string]bool{}
	for i, e := range files {
		if i > 0 && e.Path == files[i-1].Path {
			return fmt.Errorf("publish: two files want the path %q", e.Path)
		}
		for d := path.Dir(e.Path); d != "." && !folders[d]; d = path.Dir(d) {
			folders[d] = true
		}
	}
	for _, e := range files {
		if folders[e.Path] {
			return fmt.Errorf("publish: %q is to be a file and a folder", e.Path)
		}
	}
	return nil
}

func checkPath(p string) error {
	switch {
	case !fs.ValidPath(p) || p == "." || strings.ContainsAny(p, "\x00\\"):
		return fmt.Errorf("publish: %q is not a path inside the output folder", p)
	case p == private || strings.HasPrefix(p, private+"/") && strings.HasPrefix(p, stageDir):
		return fmt.Errorf("publish: the path %q is kept for handrail", p)
	case p == ManifestName || p == Readme:
		return fmt.Errorf("publish: the path %q is kept for handrail", p)
	}
	return nil
}

// rollForward carries out a committed journal. It may be run again after any
// interruption: what is already in place is skipped.
func rollForward(root *os.Root, j journalFile, step func(string)) error {
	for _, p := range j.Deletes {
		step("delete " + p)
		if info, err := root.Lstat(p); err != nil || info.IsDir() {
			continue // gone, or a folder of the new site by now
		}
		if err := root.Remove(p); err != nil {
			return err
		}
		pruneEmpty(root, path.Dir(p))
	}
	p, err := newPlacer(root)
	if err != nil {
		return err
	}
	defer p.close()
	for _, m := range j.Moves {
		step("rename " + m.To)
		if err := p.move(m.From, m.To); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: %w", m.To, err)
		}
	}
	step("clean")
	if err := syncTree(root); err != nil {
		return err
	}
	return root.RemoveAll(stageDir)
}

// moveIn puts a staged file in place.
func moveIn(root *os.Root, from, to string) error {
	if err := root.MkdirAll(path.Dir(to), 0o755); err != nil {
		return err
	}
	return root.Rename(stageDir+"/"+from, to)
}

// pruneEmpty removes a folder that deletions left empty, and its parents.
func pruneEmpty(root *os.Root, dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			return
		}
	}
}
