// Package theme finds the files of a theme, file by file: an own theme first,
// then the theme that ships. It reads theme.yaml, parses layouts, partials
// and directive templates, makes their text small without changing the
// document it stands for, and gives out sets of templates that are ready to
// run. Every text of a layout keeps its place. The stage that runs the
// templates is render.
package theme

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/template/parse"

	"handrail/internal/diag"
)

// A Layer is one folder that themes are looked up in.
type Layer struct {
	FS   fs.FS  // rooted at the folder
	Name string // how the folder is called to authors: "themes/own"
}

// A File is one file of a theme after lookup.
type File struct {
	Path    string   // within the theme: "layouts/care/base.html"
	Layer   string   // the folder that it comes from
	Shadows []string // folders that have the file too and lost

	fsys fs.FS
}

// Shown is the path that diagnostics name.
func (f *File) Shown() string { return path.Join(f.Layer, f.Path) }

// Read returns the content of the file.
func (f *File) Read() ([]byte, error) { return fs.ReadFile(f.fsys, f.Path) }

// A Theme is a theme ready for use. It is safe for concurrent use.
type Theme struct {
	Config Config

	files    map[string]*File
	units    map[string]*unit // by path
	nodes    []node           // texts and actions of all units; a node's id is its index
	programs map[setKey]*Program

	api     API
	names   []string // names that follow a dot anywhere; a name's id is its index
	nameIDs map[string]int
	derived []string // see escaped.derived
	digest  [sha256.Size]byte
	diags   diag.List
	types   atomic.Pointer[map[reflect.Type]*typeInfo]
	typesMu sync.Mutex
}

// Reload is Load for a theme that may not have changed: if all files of the
// layers are the same as those of prev, it returns prev.
func Reload(prev *Theme, layers []Layer, editions []string, api API) (*Theme, diag.List) {
	if prev == nil {
		return Load(layers, editions, api)
	}
	t := &Theme{files: map[string]*File{}}
	if diags := t.find(layers); len(diags) == 0 && len(prev.diags) == 0 && prev.digest == t.sum(editions) {
		return prev, nil
	}
	return Load(layers, editions, api)
}

// sum is a digest of all files of the theme.
func (t *Theme) sum(editions []string) (digest [sha256.Size]byte) {
	h := sha256.New()
	fmt.Fprintf(h, "%q", editions)
	for _, f := range t.Files() {
		data, err := f.Read()
		fmt.Fprintf(h, "%s\x00%d\x00%v\x00", f.Shown(), len(data), err)
		h.Write(data)
	}
	h.Sum(digest[:0])
	return digest
}

// Load finds, parses and compiles the theme whose files lie in the layers; an
// earlier layer wins. All mistakes are reported at once; the theme can be
// used if none is an error.
func Load(layers []Layer, editions []string, api API) (*Theme, diag.List) {
	t := &Theme{api: api, files: map[string]*File{}, units: map[string]*unit{}, programs: map[setKey]*Program{}, nameIDs: map[string]int{}}
	t.types.Store(&map[reflect.Type]*typeInfo{})
	diags := t.find(layers)
	diags = append(diags, t.readConfig(layers)...)
	diags = append(diags, t.parseAll(editions)...)
	seen := map[string]bool{} // a mistake in a partial is in every set
	for _, e := range editions {
		for _, d := range t.compile(e) {
			if !seen[d.Error()] {
				seen[d.Error()] = true
				diags.Add(d)
			}
		}
	}
	t.digest, t.diags = t.sum(editions), diags
	return t, diags
}

type setKey struct{ edition, layout string } // layout "": the shared program

// nameID gives a name that follows a dot its id.
func (t *Theme) nameID(name string) int {
	id, ok := t.nameIDs[name]
	if !ok {
		id = len(t.names)
		t.names = append(t.names, name)
		t.nameIDs[name] = id
	}
	return id
}

// action gives an action an id.
func (t *Theme) action(u *unit, pos parse.Pos) uint32 {
	if id, ok := u.actions[pos]; ok {
		return id
	}
	id := uint32(len(t.nodes))
	u.actions[pos] = id
	t.nodes = append(t.nodes, node{unit: u, pos: pos})
	return id
}

func (t *Theme) find(layers []Layer) (diags diag.List) {
	for _, l := range layers {
		err := fs.WalkDir(l.FS, ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if strings.HasPrefix(path.Base(p), ".") && p != "." {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if d.IsDir() {
				return nil
			}
			if first := t.files[p]; first != nil {
				first.Shadows = append(first.Shadows, l.Name)
				return nil
			}
			t.files[p] = &File{Path: p, Layer: l.Name, fsys: l.FS}
			return nil
		})
		if err != nil {
			diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: l.Name}, Code: "unreadable-theme",
				Msg: fmt.Sprintf("cannot read the theme: %v", err), Err: err})
		}
	}
	return diags
}

// Files lists the files of the theme by path, with the folder that each one
// comes from.
func (t *Theme) Files() []*File {
	out := make([]*File, 0, len(t.files))
	for _, f := range t.files {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b *File) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// File returns the file at a path within the theme, or nil.
func (t *Theme) File(path string) *File { return t.files[path] }

// Layout returns the program for the first of the layouts that the edition
// has, or nil.
func (t *Theme) Layout(edition string, names ...string) *Program {
	for _, n := range names {
		if p := t.programs[setKey{edition, n}]; p != nil && n != "" {
			return p
		}
	}
	return nil
}

// HasEdition reports whether the theme was loaded for an edition.
func (t *Theme) HasEdition(edition string) bool { return t.programs[setKey{edition, ""}] != nil }

// Shared returns the program with the partials and directives of an edition,
// to be run by name.
func (t *Theme) Shared(edition string) *Program { return t.programs[setKey{edition, ""}] }

// Soft reports whether a text node begins in element content, so that white
// space at its beginning says nothing more after white space.
func (t *Theme) Soft(id uint32) bool { return t.nodes[id].soft }

// Position is the place in the layout of byte off of a text node, where text
// is the node as it was printed: it may be shorter than what the author
// wrote, and have quotes that the author left out.
func (t *Theme) Position(id uint32, text []byte, off int) diag.Pos {
	n := t.nodes[id]
	return n.unit.lines.Pos(align(n.unit.src, int(n.pos), text, off))
}

// NodeFile is the path of the layout that a text node stands in, within the theme.
func (t *Theme) NodeFile(id uint32) string { return t.nodes[id].unit.file.Path }

// SourceLine returns a line of a layout, for excerpts.
func (t *Theme) SourceLine(p diag.Pos) string {
	for _, u := range t.units {
		if u.file.Shown() == p.File {
			return u.lines.Line(p.Line)
		}
	}
	return ""
}

// At is the place of an action or a text node.
func (t *Theme) At(id uint32) diag.Pos {
	n := t.nodes[id]
	return n.unit.lines.Pos(int(n.pos))
}
