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
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
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

// Publish makes the folder hold exactly files, plus manifest.json. Files that
// are already there with the same content are left alone; only files that the
// previous manifest names are ever deleted.
func Publish(dir string, files []File, o Options) (Stats, error) {
	if o.step == nil {
		o.step = func(string) {}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Stats{}, fmt.Errorf("output folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Stats{}, fmt.Errorf("output folder: %w", err)
	}
	defer root.Close()
	if err := refuseForeign(root, o.Force); err != nil {
		return Stats{}, fmt.Errorf("output folder %s: %w", dir, err)
	}
	unlock, err := lock(root)
	if err != nil {
		return Stats{}, fmt.Errorf("output folder %s: %w", dir, err)
	}
	defer unlock()
	if err := recoverStage(root, o.step); err != nil {
		return Stats{}, fmt.Errorf("finish the interrupted publish in %s: %w", dir, err)
	}
	old, err := readManifest(root.FS())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Stats{}, fmt.Errorf("output folder %s: %w", dir, err)
	}
	next, err := newManifest(files, o)
	if err != nil {
		return Stats{}, err
	}
	p := plan(root, old, next, files)
	if p.nothing() {
		return p.stats, nil
	}
	if err := p.refuseOverwrite(root, old); err != nil && !o.Force {
		return Stats{}, fmt.Errorf("output folder %s: %w", dir, err)
	}
	if err := p.stage(root, o.step); err != nil {
		root.RemoveAll(stageDir)
		return Stats{}, fmt.Errorf("write to %s: %w", dir, err)
	}
	if err := rollForward(root, p.journal, o.step); err != nil {
		return Stats{}, fmt.Errorf("publish to %s: %w", dir, err)
	}
	return p.stats, nil
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

// A change is what one publish will do.
type change struct {
	files   []File // to write, in the order of journal.Moves
	journal journalFile
	stats   Stats
}

func (c *change) nothing() bool { return len(c.journal.Moves) == 0 && len(c.journal.Deletes) == 0 }

// plan compares the new site with what the previous manifest says is there.
// A file that someone removed or cut short is written again.
func plan(root *os.Root, old, next *Manifest, files []File) *change {
	c := &change{}
	before := map[string]Entry{}
	if old != nil {
		for _, e := range old.Files {
			before[e.Path] = e
		}
	}
	byPath := make(map[string]File, len(files))
	for _, f := range files {
		byPath[f.Path] = f
	}
	add := func(f File) {
		c.journal.Moves = append(c.journal.Moves, move{fmt.Sprint(len(c.files)), f.Path})
		c.files = append(c.files, f)
	}
	for _, e := range next.Files {
		was, known := before[e.Path]
		delete(before, e.Path)
		if known && was.SHA256 == e.SHA256 && sizeOf(root, e.Path) == e.Size {
			c.stats.Unchanged++
			continue
		}
		c.stats.Written++
		c.stats.Bytes += e.Size
		add(byPath[e.Path])
	}
	for p := range before {
		c.journal.Deletes = append(c.journal.Deletes, p)
	}
	slices.Sort(c.journal.Deletes)
	c.stats.Deleted = len(c.journal.Deletes)
	if data := next.encode(); old == nil || string(old.encode()) != string(data) {
		add(File{Path: ManifestName, Data: data}) // last: it is true only when all else is in place
	}
	return c
}

// refuseOverwrite guards what someone else put where a new file is to go.
func (c *change) refuseOverwrite(root *os.Root, old *Manifest) error {
	ours := map[string]bool{ManifestName: true}
	if old != nil {
		for _, e := range old.Files {
			ours[e.Path] = true
		}
	}
	for _, m := range c.journal.Moves {
		if ours[m.To] {
			continue
		}
		if info, err := root.Lstat(m.To); err == nil && !info.IsDir() {
			return fmt.Errorf("%w: %q is in the way", ErrForeign, m.To)
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

// stage writes the changed files under stageDir and syncs them, then commits
// by syncing the journal.
func (c *change) stage(root *os.Root, step func(string)) error {
	if err := root.RemoveAll(stageDir); err != nil {
		return err
	}
	if err := root.MkdirAll(stageDir, 0o755); err != nil {
		return err
	}
	stage, err := root.OpenRoot(stageDir)
	if err != nil {
		return err
	}
	defer stage.Close()
	step("stage")
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range c.files {
		g.Go(func() error {
			if err := stage.WriteFile(c.journal.Moves[i].From, f.Data, 0o644); err != nil {
				return fmt.Errorf("%s: %w", f.Path, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := syncAll(stage, len(c.files)); err != nil {
		return err
	}
	step("journal")
	return writeJournal(root, c.journal)
}

// newManifest lists files by path and refuses paths that would leave the
// folder, touch what is private, or meet.
func newManifest(files []File, o Options) (*Manifest, error) {
	m := &Manifest{Format: manifestFormat, Tool: o.Origin, Now: o.Now, Gate: cmp.Or(o.Gate, "closed")}
	m.Files = make([]Entry, len(files))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	const chunk = 64
	for lo := 0; lo < len(files); lo += chunk {
		g.Go(func() error {
			for i := lo; i < min(lo+chunk, len(files)); i++ {
				f := files[i]
				if err := checkPath(f.Path); err != nil {
					return err
				}
				sum := sha256.Sum256(f.Data)
				m.Files[i] = Entry{f.Path, hex.EncodeToString(sum[:]), int64(len(f.Data)), f.Sources}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(m.Files, func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) })
	return m, checkClashes(m.Files)
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
	made := map[string]bool{".": true}
	for _, m := range j.Moves {
		from := stageDir + "/" + m.From
		if d := path.Dir(m.To); !made[d] {
			if err := root.MkdirAll(d, 0o755); err != nil {
				return err
			}
			made[d] = true
		}
		step("rename " + m.To)
		if err := root.Rename(from, m.To); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: %w", m.To, err)
		}
	}
	step("clean")
	if err := syncTree(root); err != nil {
		return err
	}
	return root.RemoveAll(stageDir)
}

// pruneEmpty removes a folder that deletions left empty, and its parents.
func pruneEmpty(root *os.Root, dir string) {
	for ; dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			return
		}
	}
}
