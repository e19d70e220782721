// Package render turns the page model and a theme into HTML. A template sees
// view types only ([Page], [PageRef], [Value] and their lists); their
// accessors note what a page has read, so that a preview knows which pages to
// render again. The page writer keeps a table from every byte of the output
// to its source. render also writes what lies beside the pages: feeds, the
// sitemap, redirects and headers.
//
// It stands after site and theme, and before the gate.
package render

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"handrail/i18n"
	"handrail/internal/asset"
	"handrail/internal/diag"
	"handrail/internal/site"
	"handrail/internal/theme"
)

// Options say what to render with.
type Options struct {
	Site     *site.Site
	Theme    *theme.Theme // loaded with Funcs()
	Messages *i18n.Set
	Assets   *asset.Assets
	Sizes    *asset.Sizes      // of the pictures in the site's folder; may be nil
	Forms    map[string]FormID // by the path of the page that begins them
	Audio    map[*site.Page]Recording
	Blocks   map[*site.Page]*PageBlocks // of pages that remember a reader's place

	Worker bool // the site has a service worker that keeps pages on a device
	Spans  bool // keep the source of every byte: the gate wants it
	Record bool // keep what each page has read: the preview wants it
}

// A Renderer renders the pages of one site. It is safe for concurrent use.
type Renderer struct {
	opt   Options
	langs map[*site.Lang]*language

	mu      sync.Mutex
	free    []*worker
	missing map[string]*diag.Diagnostic // messages that no catalogue has, by key and place
	frags   map[fragKey]*fragment

	answered sync.Map // of questions, by their handle
	late     Late
}

// A language is what pages of one language share.
type language struct {
	lang *site.Lang
	cat  *i18n.Catalogue
}

type fragKey struct {
	lang          *site.Lang
	edition       string
	partial, name string
}

// New makes a renderer.
func New(opt Options) (*Renderer, diag.List) {
	r := &Renderer{opt: opt, langs: map[*site.Lang]*language{}, missing: map[string]*diag.Diagnostic{}, frags: map[fragKey]*fragment{}}
	for _, l := range opt.Site.Langs {
		r.langs[l] = &language{l, opt.Messages.For(l.Tag, opt.Site.Cfg.DefaultLang)}
	}
	return r, nil
}

// Page renders one page in one edition. An error is a *diag.Diagnostic at
// its place in the theme wherever that is known.
func (r *Renderer) Page(p *site.Page, edition string) (*Output, error) {
	w := r.acquire()
	defer r.release(w)
	program := r.opt.Theme.Layout(edition, r.layouts(p)...)
	if program == nil {
		return nil, &diag.Diagnostic{Pos: p.Pos(), Code: "missing-layout",
			Msg: fmt.Sprintf("the theme has no layout for this page in the %s edition", edition), Args: map[string]any{"edition": edition}}
	}
	w.begin(r.langs[p.Lang], p, edition)
	if err := program.Run(w, w, &Page{PageRef: PageRef{w, p}, Edition: edition}); err != nil {
		return nil, explain(err, p)
	}
	return w.finish(), nil
}

// layouts lists the names of the layouts for a page, the best one first.
func (r *Renderer) layouts(p *site.Page) []string {
	var names []string
	if v := p.Get("layout"); v != nil {
		names = append(names, v.Text)
	}
	switch p.Kind {
	case site.Single:
		return append(names, p.Type, "page", "base")
	case site.Section:
		if p.Type != "page" {
			names = append(names, p.Type)
		}
		return append(names, "section", "page", "base")
	}
	return append(names, string(p.Kind), "section", "page", "base")
}

// explain adds the page to an error of a template.
func explain(err error, p *site.Page) error {
	d, ok := errors.AsType[*diag.Diagnostic](err)
	if !ok {
		return fmt.Errorf("render %s: %w", p.Path, err)
	}
	c := *d
	c.Args = maps.Clone(d.Args)
	if c.Args == nil {
		c.Args = map[string]any{}
	}
	c.Args["page"] = p.Path
	return &c
}

// Missing returns the messages that templates asked for and no catalogue
// has, as errors at the places of the templates, and those that only another
// language has, as warnings, sorted.
func (r *Renderer) Missing() diag.List {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out diag.List
	for _, d := range r.missing {
		out.Add(d)
	}
	out.Sort()
	return out
}

func (r *Renderer) acquire() *worker {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.free); n > 0 {
		w := r.free[n-1]
		r.free = r.free[:n-1]
		return w
	}
	return r.newWorker()
}

func (r *Renderer) release(w *worker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.free = append(r.free, w)
}

// A worker renders one page at a time.
type worker struct {
	r       *Renderer
	spansOn bool

	// State of the page being rendered.
	lang       *language
	edition    string
	page       *site.Page // nil in a cached partial
	menuKey    string     // of a cached partial
	out        []byte
	spans      []Span
	docs       []docRef
	origins    []origin
	pending    *Value
	afterText  bool // the last write was a text of a layout
	imageCount int
	reads      map[question]bool // nil unless recording

	values []*[chunk]Value
	used   int
}

const chunk = 128

func (r *Renderer) newWorker() *worker {
	return &worker{r: r, spansOn: r.opt.Spans}
}

func (w *worker) newValue() *Value {
	c, i := w.used/chunk, w.used%chunk
	if c == len(w.values) {
		w.values = append(w.values, new([chunk]Value))
	}
	w.used++
	return &w.values[c][i]
}

// begin makes the worker ready for a page.
func (w *worker) begin(l *language, p *site.Page, edition string) {
	w.lang, w.page, w.edition, w.menuKey = l, p, edition, ""
	w.out = w.out[:0]
	w.spans, w.docs, w.origins = w.spans[:0], w.docs[:0], w.origins[:0]
	w.afterText, w.pending, w.imageCount, w.used = false, nil, 0, 0
	w.reads = nil
	if w.r.opt.Record {
		w.reads = map[question]bool{}
	}
}

// finish hands out what was written.
func (w *worker) finish() *Output {
	o := &Output{HTML: slices.Clone(w.out), theme: w.r.opt.Theme}
	if w.spansOn {
		o.Spans, o.docs, o.origins = slices.Clone(w.spans), slices.Clone(w.docs), slices.Clone(w.origins)
	}
	if w.reads != nil {
		o.Reads = w.r.answers(w.reads)
	}
	return o
}
