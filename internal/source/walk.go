package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"handrail/internal/diag"
)

// maxPage bounds one page's source; nobody writes that much by hand.
const maxPage = 64 << 20

// found is a file that the walk came by.
type found struct {
	path  string // in the file system
	size  int64
	mtime time.Time
}

// A listing is what one folder holds, with everything below it.
type listing struct {
	files []found // sorted by path
	diags diag.List
	links bool // some are symbolic links: what one of them shows may change elsewhere
}

// walk lists the files below dir, or takes the list from the last time when
// no file has come or gone since.
func (l *loader) walk(dir string) *listing {
	out := l.listed(dir)
	if out == nil {
		w := &walker{fsys: l.fsys}
		w.walk(dir)
		out = &w.listing
		slices.SortFunc(out.files, func(a, b found) int { return cmp.Compare(a.path, b.path) })
	}
	l.tree.lists[dir] = out
	return out
}

// listed is the last list of a folder with the files that have changed
// brought up to date, or nil when the folder has to be listed again.
func (l *loader) listed(dir string) *listing {
	if l.opt.Changed == nil || l.opt.Prev == nil {
		return nil
	}
	last := l.opt.Prev.lists[dir]
	if last == nil || last.links || len(last.diags) > 0 {
		return nil
	}
	files := last.files
	for _, p := range l.opt.Changed {
		if dir != "." && p != dir && !strings.HasPrefix(p, dir+"/") || slices.ContainsFunc(strings.Split(p, "/"), skip) {
			continue
		}
		i, ok := slices.BinarySearchFunc(files, p, func(f found, p string) int { return cmp.Compare(f.path, p) })
		info, err := fs.Lstat(l.fsys, p)
		if !ok || err != nil || !info.Mode().IsRegular() {
			return nil
		}
		if &files[0] == &last.files[0] {
			files = slices.Clone(files)
		}
		files[i] = found{p, info.Size(), info.ModTime()}
	}
	return &listing{files: files}
}

// walker lists files. It follows symbolic links that stay inside the file
// system, and reports those that lead out of it or into themselves.
type walker struct {
	fsys fs.FS
	listing
}

// walk lists the files below dir; a missing dir has none.
func (w *walker) walk(dir string) {
	if _, err := fs.Stat(w.fsys, dir); errors.Is(err, fs.ErrNotExist) {
		return
	}
	if real, ok := w.resolve(dir, dir); ok {
		w.dir(dir, real, nil)
	}
}

// dir lists one folder. real is the folder's path with links resolved, open
// the folders that are being listed.
func (w *walker) dir(dir, real string, open []string) {
	if len(open) > 100 || slices.Contains(open, real) {
		w.report(dir, "symlink-loop", "this link leads back to a folder that holds it", "remove the link", nil)
		return
	}
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.unreadable(dir, err)
		return
	}
	open = append(open, real)
	for _, e := range entries {
		if skip(e.Name()) {
			continue
		}
		p := path.Join(dir, e.Name())
		switch {
		case e.Type()&fs.ModeSymlink != 0:
			w.link(p, path.Join(real, e.Name()), open)
		case e.IsDir():
			w.dir(p, path.Join(real, e.Name()), open)
		case e.Type().IsRegular():
			info, err := e.Info()
			if err != nil {
				w.unreadable(p, err)
				continue
			}
			w.files = append(w.files, found{p, info.Size(), info.ModTime()})
		}
	}
}

// skip says which files are no part of any site: hidden files, and what
// editors and version control leave behind.
func skip(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") ||
		name == "node_modules" || name == "Thumbs.db" || name == "desktop.ini"
}

// link follows the symbolic link p, which lies at real.
func (w *walker) link(p, real string, open []string) {
	w.links = true
	target, ok := w.resolve(p, real)
	if !ok {
		return
	}
	info, err := fs.Stat(w.fsys, p)
	switch {
	case errors.Is(err, syscall.ELOOP):
		w.report(p, "symlink-loop", "this link leads back to itself", "remove the link", err)
	case errors.Is(err, fs.ErrNotExist):
		w.report(p, "symlink-broken", "this link leads to nothing", "remove the link, or put the file there", err)
	case err != nil:
		w.unreadable(p, err)
	case info.IsDir():
		w.dir(p, target, open)
	default:
		w.files = append(w.files, found{p, info.Size(), info.ModTime()})
	}
}

// resolve returns where the link at real leads, inside the file system. Every
// part of the way is looked at: a link may lead through another one, which may
// be hidden from the walk.
func (w *walker) resolve(p, real string) (string, bool) {
	at, rest, links := "", real, 0
	for rest != "" {
		var seg string
		seg, rest, _ = strings.Cut(rest, "/")
		next := path.Join(at, seg)
		if next == ".." || strings.HasPrefix(next, "../") {
			return "", w.leadsOut(p)
		}
		t, err := fs.ReadLink(w.fsys, next)
		switch {
		case err != nil: // no link, or a file system without links
			at = next
		case path.IsAbs(t):
			return "", w.leadsOut(p)
		case links == maxLinks:
			w.report(p, "symlink-loop", "this link leads back to itself", "remove the link", nil)
			return "", false
		default:
			links++
			rest = t + "/" + rest
		}
	}
	return at, true
}

// maxLinks is how many links a path may lead through, as on Linux.
const maxLinks = 40

func (w *walker) leadsOut(p string) bool {
	w.report(p, "symlink-out", "this link leads out of the site", "put the file itself here", nil)
	return false
}

func (w *walker) unreadable(p string, err error) {
	reason := err.Error()
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		reason = pe.Err.Error()
	}
	w.diags.Add(&diag.Diagnostic{
		Pos: diag.Pos{File: p}, Code: "unreadable", Msg: "cannot be read: " + reason,
		Hint: "see who may read the file", Args: map[string]any{"reason": reason}, Err: err,
	})
}

func (w *walker) report(p, code, msg, hint string, err error) {
	w.diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: p}, Code: code, Msg: msg, Hint: hint, Err: err})
}

func tooLarge(p string, size int64) *diag.Diagnostic {
	return &diag.Diagnostic{
		Pos: diag.Pos{File: p}, Code: "page-too-large",
		Msg:  fmt.Sprintf("a page of %d MB is too large; the limit is %d MB", size>>20, maxPage>>20),
		Args: map[string]any{"size": size >> 20, "limit": maxPage >> 20},
	}
}
