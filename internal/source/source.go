// Package source reads a site's folders into memory: pages with their front
// matter decoded and their Markdown rendered, the files beside them, data and
// static files. Files are read in parallel, and what is wrong with one of
// them never stops the others.
//
// It stands between the disk and package site, which builds the page model
// and does no I/O.
package source

import (
	"time"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/glossary"
	"handrail/internal/markdown"
	"handrail/internal/schema"
)

// Options say where the folders lie. The zero value is a site as "handrail
// new site" makes it.
type Options struct {
	Content string // folder of pages; "content" when empty, "." for the whole file system
	Static  string // "static" when empty
	Assets  string // "assets" when empty
	Data    string // "data" when empty
	Prefix  string // put before paths in messages and in File.Path
	Jobs    int    // files read at a time; GOMAXPROCS when 0
	Prev    *Tree  // an earlier Load of the same folders, whose unchanged files are reused

	// Changed names the files that have changed since Prev, when somebody has
	// watched: then folders are not listed again unless files came or went.
	// Nil: anything may have changed.
	Changed []string
}

// A Tree is everything that was read. It is not changed afterwards.
type Tree struct {
	Cfg       *config.Config // with the languages that were discovered
	Files     []*File        // pages, sorted by path; plain versions hang on theirs
	Resources []*Resource    // other files in the content folder, sorted by path
	Static    []*Resource
	Assets    []*Resource
	Data      map[string]*Data              // by path without the extension
	Glossary  map[string]*glossary.Glossary // by language, from data/glossary.yaml

	cache  map[string]*entry
	lists  map[string]*listing // by folder
	loaded time.Time
}

// A File is one page's source. It is immutable once loaded, and the same File
// serves several builds while it does not change.
type File struct {
	Path        string // "content/zh-Hans/services/a.md"
	Lang        string
	LogicalPath string // without language, extension and index: "services/a"; "" is the home page
	Dir         string // logical path of the folder it lies in: "services"
	Name        string // file name without extension: "a"
	Index       bool   // index.md or _index.md
	Bundle      bool   // an index without pages beside or below it: a page with its own files

	Src     []byte // UTF-8 with \n line ends
	Lines   *diag.Lines
	BodyOff int

	Front     *schema.Value   // an Object, decoded by Type; never nil
	Inherited []*schema.Value // passed down by sections, nearest first
	Type      string
	Strict    bool
	Broken    bool // the front matter could not be read as a whole

	Draft     bool
	PublishAt time.Time // zero: at once
	ExpiresAt time.Time // zero: never

	Doc       *markdown.Document
	Title     *markdown.Heading // the body's h1 when it is the title and was taken out of Doc
	Inline    map[*schema.Value]*Inline
	Plain     *File // its .plain.md
	Resources []*Resource

	Hash  [32]byte
	Diags diag.List

	foreign []foreignKey
	unknown []*schema.Value
	crlf    bool
	bom     bool
	cascade []*schema.Value // what it passes down itself
	key     string          // what its decoding depended on
	entry   *entry
}

// Get returns the front-matter value at the path, its own or passed down.
func (f *File) Get(path string) *schema.Value {
	if v := f.Front.Get(path); v != nil {
		return v
	}
	for _, v := range f.Inherited {
		if key, rest := cut(path); v.Key == key {
			return v.Get(rest)
		}
	}
	return nil
}

// Pos returns the place of a front-matter value that [File.Get] gave out.
func (f *File) Pos(v *schema.Value) diag.Pos {
	switch {
	case v == nil:
		return diag.Pos{File: f.Path, Line: 1, Col: 1}
	case v.In != nil:
		return v.In.Lines.Pos(v.Off)
	}
	return f.Lines.Pos(v.Off)
}

// Fields returns the page's front-matter values, its own first.
func (f *File) Fields() []*schema.Value {
	out := append([]*schema.Value(nil), f.Front.Map...)
	for _, v := range f.Inherited {
		if !f.Front.Has(v.Key) {
			out = append(out, v)
		}
	}
	return out
}

// An Inline is the rendering of a front-matter value with inline Markdown.
// Values without any markup have none.
type Inline struct {
	Doc   *markdown.Document
	value *schema.Value
	src   string
	exact bool // positions in Doc are offsets in the file
}

// Source turns a position in Doc into an offset in the value's file.
func (in *Inline) Source(pos int) int {
	if in.exact {
		return pos
	}
	return in.value.Source(in.src, pos)
}

// A Resource is a file that is published as it is.
type Resource struct {
	Path string // in the file system: "content/en/a/map.png"
	Lang string // "" outside language folders
	Rel  string // without the language: "a/map.png"; below static/: "logo.svg"
	Size int64
	Time time.Time // when it was changed last
}

// Data is one file of data/, read into a tree.
type Data struct {
	Path  string
	Value *schema.Value // nil when the file could not be read
	Src   string
	Lines *diag.Lines
}

// cut splits a dotted path after its first key.
func cut(path string) (key, rest string) {
	for i := range len(path) {
		if path[i] == '.' {
			return path[:i], path[i+1:]
		}
	}
	return path, ""
}
