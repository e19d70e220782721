// Package asset builds what pages load: style sheets and scripts through
// esbuild, pictures and other files as they are, each under a name that
// carries a fingerprint of its content. It also knows how large the pictures
// of the content are. It stands beside package render, which prints the URLs.
package asset

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"path"
	"slices"
	"strings"
	"sync"

	"handrail/internal/diag"
	"handrail/internal/theme"
)

// Dir is the folder of built assets in the output and in URLs.
const Dir = "assets"

// Options say what to build.
type Options struct {
	Theme  *theme.Theme
	Site   fs.FS             // the site's assets/ folder, or nil; it wins over the theme's
	Name   string            // how that folder is called to authors
	Static func(string) bool // reports whether static/ has a file, or nil
	Prev   *Assets           // an earlier result, returned when nothing has changed
}

// A File is one file to publish.
type File struct {
	Path      string // "assets/standard-1f0c9a2b3d.css"
	Data      []byte
	Immutable bool // its name changes with its content
}

// Assets are the built assets of a site. They are safe for concurrent use.
type Assets struct {
	opt    Options
	files  map[string]file // every source file by its path below assets/
	digest [sha256.Size]byte

	headScript string
	headHash   string

	svgs  sync.Map // name → small markup
	mu    sync.Mutex
	built map[string]*entry // by name, built or asked for
	extra map[string]File   // files that esbuild put beside its entries
	diags diag.List
}

type file struct {
	data  []byte
	shown string // path for diagnostics
}

// An entry is one built asset.
type entry struct {
	url   string
	data  []byte
	sheet *Sheet // of a style sheet
	err   error
}

// Build builds the style sheets and scripts that theme.yaml names, and the
// head script. Other assets are built when somebody asks for their URL.
func Build(opt Options) (*Assets, diag.List) {
	a := &Assets{opt: opt, files: map[string]file{}, built: map[string]*entry{}, extra: map[string]File{}}
	if err := a.read(); err != nil {
		return a, diag.List{err}
	}
	if p := opt.Prev; p != nil && p.digest == a.digest && p.diags.Errors() == 0 {
		return p, p.diags
	}
	var names []string
	for _, e := range opt.Theme.Config.Editions {
		names = append(names, e.Styles...)
		names = append(names, e.Scripts...)
	}
	slices.Sort(names)
	a.bundleAll(slices.Compact(names))
	if s := opt.Theme.Config.HeadScript; s != "" {
		a.buildHeadScript(s)
	}
	a.diags.Sort()
	return a, a.diags
}

// read takes in the files of the theme's and the site's assets folders.
func (a *Assets) read() *diag.Diagnostic {
	for _, f := range a.opt.Theme.Files() {
		rel, ok := strings.CutPrefix(f.Path, Dir+"/")
		if !ok {
			continue
		}
		data, err := f.Read()
		if err != nil {
			return unreadable(f.Shown(), err)
		}
		a.files[rel] = file{data, f.Shown()}
	}
	if a.opt.Site != nil {
		at := ""
		err := fs.WalkDir(a.opt.Site, ".", func(p string, d fs.DirEntry, err error) error {
			if at = path.Join(a.opt.Name, p); err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(a.opt.Site, p)
			a.files[p] = file{data, at}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unreadable(at, err)
		}
	}
	h := sha256.New()
	for _, p := range slices.Sorted(maps.Keys(a.files)) {
		sum := sha256.Sum256(a.files[p].data)
		fmt.Fprintf(h, "%s\x00%s\x00%x\x00", p, a.files[p].shown, sum)
	}
	fmt.Fprintf(h, "%+v", a.opt.Theme.Config)
	h.Sum(a.digest[:0])
	return nil
}

func unreadable(file string, err error) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: diag.Pos{File: file}, Code: "unreadable-file", Msg: fmt.Sprintf("the file cannot be read: %v", err), Err: err}
}

// URL returns the URL of an asset by its name below assets/, or of a file in
// static/. An asset that does not exist, or cannot be built, is an error.
func (a *Assets) URL(name string) (string, error) {
	e := a.entry(name)
	return e.url, e.err
}

// Integrity returns the sha256-… value of an asset for the integrity
// attribute.
func (a *Assets) Integrity(name string) (string, error) {
	e := a.entry(name)
	if e.err != nil {
		return "", e.err
	}
	return hash(e.data), nil
}

// SVG returns an SVG picture as markup to be printed into a page.
func (a *Assets) SVG(name string) (string, error) {
	if s, ok := a.svgs.Load(name); ok {
		return s.(string), nil
	}
	f, ok := a.files[name]
	if !ok || path.Ext(name) != ".svg" {
		return "", a.missing(name)
	}
	s, err := minifySVG(f)
	if err == nil {
		a.svgs.Store(name, s)
	}
	return s, err
}

// Source returns the path that diagnostics name for an asset.
func (a *Assets) Source(name string) string { return a.files[name].shown }

// HeadScript returns the script that every page carries in its head, or "".
func (a *Assets) HeadScript() string { return a.headScript }

// HeadScriptHash returns the head script's sha256-… source for a
// Content-Security-Policy, or "".
func (a *Assets) HeadScriptHash() string { return a.headHash }

// Sheet returns the style sheet behind a URL as Assets.URL gives it out, or nil.
func (a *Assets) Sheet(url string) *Sheet {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range a.built {
		if e.url == url {
			return e.sheet
		}
	}
	return nil
}

// Files returns everything that was built or asked for, sorted by path.
func (a *Assets) Files() []File {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []File
	for _, e := range a.built {
		if e.err == nil && e.data != nil {
			out = append(out, File{strings.TrimPrefix(e.url, "/"), e.data, true})
		}
	}
	for _, f := range a.extra {
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return slices.CompactFunc(out, func(a, b File) bool { return a.Path == b.Path })
}

// Diags returns what is wrong with the assets built so far.
func (a *Assets) Diags() diag.List {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.diags)
}

func (a *Assets) entry(name string) *entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e := a.built[name]; e != nil {
		return e
	}
	f, ok := a.files[name]
	switch {
	case !ok && a.opt.Static != nil && a.opt.Static(name):
		a.built[name] = &entry{url: "/" + name}
	case !ok:
		a.built[name] = &entry{err: a.missing(name)}
	case isStyle(name) || isScript(name):
		a.bundleAll([]string{name})
	default:
		a.built[name] = a.plain(name, f)
	}
	return a.built[name]
}

func (a *Assets) missing(name string) error {
	return &diag.Diagnostic{Code: "missing-asset", Msg: fmt.Sprintf("there is no asset %q", name),
		Hint: "assets lie in the theme's assets/ folder, in the site's, or in static/", Args: map[string]any{"name": name}}
}

// plain is an asset that is published as it is; SVG is made small.
func (a *Assets) plain(name string, f file) *entry {
	data := f.data
	if path.Ext(name) == ".svg" {
		s, err := minifySVG(f)
		if err != nil {
			a.diags.Add(asDiagnostic(err))
			return &entry{err: err}
		}
		data = []byte(s)
	}
	return &entry{url: "/" + fingerprint(name, data), data: data}
}

func asDiagnostic(err error) *diag.Diagnostic {
	if d, ok := errors.AsType[*diag.Diagnostic](err); ok {
		return d
	}
	return &diag.Diagnostic{Code: "asset-error", Msg: err.Error(), Err: err}
}

// fingerprint is the path in the output of an asset with this content.
func fingerprint(name string, data []byte) string {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	if ext == ".ts" {
		ext = ".js"
	}
	return path.Join(Dir, base+"-"+hex.EncodeToString(sum[:5])+ext)
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// MIME returns the media type of a file by its name.
func MIME(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}
