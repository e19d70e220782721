package a11y

import (
	"path"
	"slices"
	"strings"
	"sync"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// A Checker checks pages that share style sheets. It is safe for concurrent
// use.
type Checker struct {
	o      Options
	sheets sync.Map // path → func() (*style.Sheet, error)
	caches caches
	site   act.Site // nil when other pages are not read
}

// NewChecker returns a checker with the options.
func NewChecker(o Options) *Checker {
	c := &Checker{o: o.withDefaults()}
	if o.Files != nil {
		c.site = &site{read: o.Files}
	}
	return c
}

// Rules returns the rules that the checker runs.
func (c *Checker) Rules() []*act.Rule { return c.o.Rules }

// Check checks one page; see CheckHTML. A file that is no HTML page, by its
// name, has no targets.
func (c *Checker) Check(name, html string) Result {
	if !isPage(name) {
		return c.inapplicable(name)
	}
	return c.CheckDoc(name, dom.Parse(html))
}

// CheckDoc is Check for a page that has been parsed already.
func (c *Checker) CheckDoc(name string, doc *dom.Doc) Result {
	sheets, unread := c.linked(name, doc)
	cache := c.caches.take()
	defer c.caches.put(cache)
	matcher := cache.Matcher(doc, sheets)
	v := views{name: name, doc: doc, terse: !c.o.Passed, site: c.site}
	for _, class := range matcher.Classes(c.o.Modes) {
		v.add(class, matcher.Styles(c.o.Modes[class[0]]))
	}
	m := merger{page: name, doc: doc, modes: c.o.Modes}
	m.passed = m.pass
	m.result = Result{Page: name, Classes: len(v.views), Unread: unread}
	for _, r := range c.o.Rules {
		if r.Part && !c.o.Passed {
			continue
		}
		m.begin(r)
		c.run(r, v.runs(r), &m)
		m.end()
	}
	return m.finish()
}

// run evaluates a rule in all runs.
func (c *Checker) run(r *act.Rule, runs []run, m *merger) {
	if r.Candidates != nil && !c.o.Passed {
		m.across(r, runs)
		return
	}
	for i, run := range runs {
		page := run.page
		if near := page.Near(); i > 0 && r.Near && r.Reads == act.Semantics && near != nil {
			m.extend(run.modes, page.Tree.Unlike())
			page = near
		}
		var err error
		if c.o.Passed {
			m.results, err = act.AppendEval(m.results[:0], r, page)
		} else {
			m.results, err = act.AppendOthers(m.results[:0], r, page, m.passed)
		}
		m.fail(err)
		m.add(m.results, run, i == 0)
	}
}

// isPage reports whether a file is read as HTML: rules speak of HTML pages, not
// of other documents that a browser can show.
func isPage(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml", ".svg":
		return false
	}
	return true
}

func (c *Checker) inapplicable(name string) Result {
	r := Result{Page: name}
	for _, rule := range c.o.Rules {
		r.Inapplicable = append(r.Inapplicable, rule.ID)
	}
	return r
}

// views are the mode classes of one page, each with its styles.
type views struct {
	name   string
	doc    *dom.Doc
	terse  bool
	site   act.Site
	views  []*view
	byRead map[act.Group][]run // see runs
	base   *act.Page           // the first one made: others are made beside it
}

// A view is a mode class. Its page is made when a rule first asks.
type view struct {
	modes   []int
	styles  *style.Styles
	page    *act.Page
	digests style.Digests
	known   bool // digests are
}

// A run is one evaluation of a rule, which holds for all its modes.
type run struct {
	page  *act.Page
	modes []int
	key   key
}

// A key is what a rule reads, as digests.
type key struct {
	groups style.Digests
	class  int // of rules that read states
}

func (v *views) add(modes []int, styles *style.Styles) {
	v.views = append(v.views, &view{modes: modes, styles: styles})
}

// runs returns the evaluations that the rule needs: one per distinct value
// of what it reads. They are the same for all rules that read the same.
func (v *views) runs(r *act.Rule) []run {
	if out, ok := v.byRead[r.Reads]; ok {
		return out
	}
	var out []run
	for i, w := range v.views {
		k := v.key(r, i)
		at := slices.IndexFunc(out, func(x run) bool { return x.key == k })
		if at < 0 {
			out = append(out, run{page: v.page(w, r.Reads), key: k})
			at = len(out) - 1
		}
		out[at].modes = append(out[at].modes, w.modes...)
	}
	if v.byRead == nil {
		v.byRead = map[act.Group][]run{}
	}
	v.byRead[r.Reads] = out
	return out
}

// key is what the rule reads in the class. Every group implies semantics, as
// what is hidden is no target, and colour implies metrics, as what lies behind
// what depends on positions.
func (v *views) key(r *act.Rule, class int) (k key) {
	if r.Reads == 0 || len(v.views) == 1 {
		return k
	}
	if r.Reads&act.States != 0 {
		k.class = class
		return k
	}
	w := v.views[class]
	d := w.digest()
	k.groups.Semantics = d.Semantics
	if r.Reads&act.Colour != 0 {
		k.groups.Colour = d.Colour
	}
	if r.Reads&(act.Colour|act.Metrics) != 0 {
		k.groups.Metrics = d.Metrics
	}
	return k
}

// page returns a page for the class. Classes with the same semantics share
// roles and names; a rule that reads no more than semantics gets the first of
// these classes itself.
func (v *views) page(w *view, reads act.Group) *act.Page {
	first := w
	if len(v.views) > 1 {
		first = v.alike(w)
	}
	switch {
	case first.page != nil:
	case v.base == nil:
		first.page = act.NewPage(v.doc, first.styles)
		first.page.URL, first.page.Terse, first.page.Site = v.name, v.terse, v.site
		v.base = first.page
	default:
		first.page = v.base.Beside(first.styles)
	}
	if reads&^act.Semantics == 0 {
		return first.page
	}
	if w.page == nil {
		w.page = first.page.In(w.styles)
	}
	return w.page
}

// digest returns the digests of what rules read in the class.
func (w *view) digest() *style.Digests {
	if !w.known {
		w.digests, w.known = w.styles.Digests(), true
	}
	return &w.digests
}

// alike returns the first class with the semantics of w.
func (v *views) alike(w *view) *view {
	for _, other := range v.views {
		if other == w {
			break
		}
		if other.digest().Semantics == w.digest().Semantics {
			return other
		}
	}
	return w
}

// caches lends what earlier pages left to one page at a time.
type caches struct {
	mu   sync.Mutex
	free []*style.Cache
}

func (c *caches) take() *style.Cache {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.free) == 0 {
		return style.NewCache()
	}
	last := c.free[len(c.free)-1]
	c.free = c.free[:len(c.free)-1]
	return last
}

func (c *caches) put(cache *style.Cache) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = append(c.free, cache)
}
