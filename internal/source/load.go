package source

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/markdown"
)

// An entry is what the cache keeps of one page file: all that does not depend
// on other files.
type entry struct {
	size   int64
	mtime  time.Time
	hash   [32]byte
	src    []byte
	text   string
	lines  *diag.Lines
	front  front
	doc    *markdown.Document
	title  *markdown.Heading // the body's h1, taken out because it is the title
	diags  diag.List
	crlf   bool
	bom    bool
	loaded time.Time
	file   *File  // as it was decoded last
	words  string // the glossary that it was marked with
}

// loader holds what one Load works with.
type loader struct {
	fsys  fs.FS
	conv  *markdown.Converter
	opt   Options
	tree  *Tree
	diags diag.List

	settings string // what decoding takes from the configuration
	glossary string // the text of the glossary
}

// Load reads the folders of a site. It fails only when ctx ends; everything
// else is the author's to mend and is reported at its place. Diagnostics of
// files that did not change are repeated.
func Load(ctx context.Context, fsys fs.FS, cfg *config.Config, conv *markdown.Converter, opt Options) (*Tree, diag.List, error) {
	opt.Content = cmp.Or(opt.Content, "content")
	opt.Static = cmp.Or(opt.Static, "static")
	opt.Assets = cmp.Or(opt.Assets, "assets")
	opt.Data = cmp.Or(opt.Data, "data")
	if opt.Jobs < 1 {
		opt.Jobs = runtime.GOMAXPROCS(0)
	}
	l := &loader{fsys: fsys, conv: conv, opt: opt}
	l.tree = &Tree{Data: map[string]*Data{}, cache: map[string]*entry{}, lists: map[string]*listing{}, loaded: time.Now()}

	if opt.Content != "." {
		l.data() // before the pages: they are marked with the words of the glossary
	}
	l.words(cfg)
	pages, others := l.list()
	entries, err := l.read(ctx, pages)
	if err != nil {
		return nil, nil, err
	}
	l.tree.Cfg = l.languages(cfg, pages, entries)
	l.settings = l.tree.Cfg.TimeZone.String()
	for _, x := range l.tree.Cfg.Languages {
		l.settings += " " + x.Tag
	}
	files := l.files(pages, entries)
	l.resources(others)
	l.finish(files)
	if opt.Content != "." {
		l.tree.Static = l.published(opt.Static)
		l.tree.Assets = l.published(opt.Assets)
	}
	l.sum()
	l.diags.Sort()
	return l.tree, l.diags, nil
}

// list walks the content folder and tells pages from other files.
func (l *loader) list() (pages, others []found) {
	all := l.walk(l.opt.Content)
	l.addDiags(all.diags)
	for _, f := range all.files {
		switch strings.ToLower(path.Ext(f.path)) {
		case ".md", ".markdown":
			pages = append(pages, f)
		default:
			others = append(others, f)
		}
	}
	if len(pages) == 0 && len(all.diags) == 0 {
		l.addDiags(diag.List{{Pos: diag.Pos{File: l.opt.Content}, Code: "no-pages", Msg: "there are no pages here",
			Hint: "put Markdown files there: content/<language>/index.md is the home page"}})
	}
	return pages, others
}

// addDiags takes over diagnostics whose files are named as in the file
// system.
func (l *loader) addDiags(list diag.List) {
	for _, d := range list {
		if l.opt.Prefix != "" {
			d.Pos.File = path.Join(l.opt.Prefix, d.Pos.File)
		}
		l.diags.Add(d)
	}
}

// read reads and renders all pages in parallel; results are in order. A nil
// entry is a file that could not be read.
func (l *loader) read(ctx context.Context, pages []found) ([]*entry, error) {
	entries := make([]*entry, len(pages))
	errs := make([]diag.List, len(pages))
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range l.opt.Jobs {
		g.Go(func() error {
			for i := int(next.Add(1)) - 1; i < len(pages); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				entries[i], errs[i] = l.entry(pages[i])
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i, e := range entries {
		l.addDiags(errs[i])
		if e != nil {
			l.tree.cache[pages[i].path] = e
		}
	}
	return entries, nil
}

// entry reads one file, or takes it from the cache. A file is the same when
// its size and time are, unless it was written so shortly before it was read
// that the clock cannot tell; otherwise its hash decides.
func (l *loader) entry(f found) (*entry, diag.List) {
	var old *entry
	if l.opt.Prev != nil {
		old = l.opt.Prev.cache[f.path]
	}
	if old != nil && old.words != l.glossary {
		old = nil // its words have changed
	}
	if old != nil && old.size == f.size && old.mtime.Equal(f.mtime) && !f.mtime.IsZero() &&
		old.loaded.Sub(f.mtime) > 100*time.Millisecond {
		return old, nil
	}
	if f.size > maxPage {
		return nil, diag.List{tooLarge(f.path, f.size)}
	}
	b, err := readFile(l.fsys, f)
	if err != nil {
		w := &walker{}
		w.unreadable(f.path, err)
		return nil, w.diags
	}
	hash := sha256.Sum256(b)
	if old != nil && old.hash == hash {
		e := *old
		e.size, e.mtime, e.loaded = f.size, f.mtime, l.tree.loaded
		return &e, nil
	}
	return l.parse(f, b, hash), nil
}

// readFile is fs.ReadFile for a file whose size is known, up to the limit.
func readFile(fsys fs.FS, f found) ([]byte, error) {
	file, err := fsys.Open(f.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b := make([]byte, f.size+1)
	n, err := io.ReadFull(file, b)
	if err == nil { // it has grown since it was listed
		rest, err := io.ReadAll(io.LimitReader(file, maxPage))
		return append(b, rest...), err
	}
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return b[:n], nil
}

func (l *loader) parse(f found, b []byte, hash [32]byte) *entry {
	shown := path.Join(l.opt.Prefix, f.path)
	d := decode(b)
	e := &entry{size: f.size, mtime: f.mtime, hash: hash, src: d.text, crlf: d.crlf, bom: d.bom, loaded: l.tree.loaded, words: l.glossary}
	// The text is shared with the bytes, which nobody changes from here on.
	e.text = unsafe.String(unsafe.SliceData(d.text), len(d.text))
	e.lines = diag.NewLines(shown, e.text)
	e.diags = d.report(shown, e.lines)
	e.front = parseFront(e.text, e.lines)
	e.doc = l.conv.Convert(shown, e.src, e.front.bodyOff, e.lines)
	if h := e.doc.FirstH1; h != nil {
		if t := e.front.root.String("title"); t == "" || strings.TrimSpace(t) == h.Text {
			e.title = h
			e.doc.TakeTitle()
		}
	}
	return e
}

// published lists the files of static/ or assets/.
func (l *loader) published(dir string) []*Resource {
	all := l.walk(dir)
	l.addDiags(all.diags)
	out := make([]*Resource, 0, len(all.files))
	for _, f := range all.files {
		out = append(out, &Resource{
			Path: path.Join(l.opt.Prefix, f.path), Rel: norm.NFC.String(strings.TrimPrefix(f.path, dir+"/")), Size: f.size, Time: f.mtime,
		})
	}
	slices.SortFunc(out, func(a, b *Resource) int { return cmp.Compare(a.Path, b.Path) })
	return out
}
