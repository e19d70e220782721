package render

import (
	"handrail/internal/config"
	"handrail/internal/schema"
	"handrail/internal/site"
	"handrail/internal/theme"
)

// A PageRef is what one page may know of another one, or of itself.
type PageRef struct {
	w *worker
	p *site.Page
}

func (w *worker) ref(p *site.Page) *PageRef {
	if p == nil {
		return nil
	}
	return &PageRef{w, p}
}

func (w *worker) refs(pages []*site.Page) []*PageRef {
	if len(pages) == 0 {
		return nil
	}
	block := make([]PageRef, len(pages))
	out := make([]*PageRef, len(pages))
	for i, p := range pages {
		block[i] = PageRef{w, p}
		out[i] = &block[i]
	}
	return out
}

// ID returns the page's path without its language; translations share it.
func (r *PageRef) ID() string { return r.p.ID }

// Kind returns what the page is in the structure of the site.
func (r *PageRef) Kind() string {
	r.w.askPage(r.p, "kind")
	return string(r.p.Kind)
}

// Type returns what the page is about: "service", "policy"; of a generated
// list its kind.
func (r *PageRef) Type() string {
	r.w.askPage(r.p, "kind")
	if r.p.File == nil || r.p.Type == "" {
		return string(r.p.Kind)
	}
	return r.p.Type
}

// URL returns the address in the edition being rendered.
func (r *PageRef) URL() string {
	r.w.askPage(r.p, "url")
	if r.p.Lang != r.w.lang.lang {
		return r.p.URL(r.w.edition) + "#" + arrival(r.w.lang.lang.Tag)
	}
	return r.p.URL(r.w.edition)
}

// OtherURL returns the address in the other edition.
func (r *PageRef) OtherURL() string {
	r.w.askPage(r.p, "url")
	return r.p.URL(otherEdition(r.w.edition))
}

func otherEdition(e string) string {
	if e == site.Care {
		return site.Standard
	}
	return site.Care
}

// Current reports whether it is the page being rendered.
func (r *PageRef) Current() bool { return r.p == r.w.page }

// Exists is true: what does not exist is nil.
func (r *PageRef) Exists() bool { return r != nil }

// Lang returns the page's language.
func (r *PageRef) Lang() *Lang { return r.w.viewLang(r.p.Lang) }

// Title returns the page's title.
func (r *PageRef) Title() *Value {
	r.w.askPage(r.p, "title")
	return r.w.title(r.p, r.p.Title)
}

// MenuTitle returns the shorter title that menus and breadcrumbs use.
func (r *PageRef) MenuTitle() *Value {
	r.w.askPage(r.p, "menu-title")
	if v := r.p.Get("menu-title"); v != nil {
		return r.w.field(r.p, v, "menu-title")
	}
	return r.w.title(r.p, r.p.MenuTitle)
}

// titleKeys are the messages that name the lists which every site has.
var titleKeys = map[site.Kind]string{
	site.Topics: "topics.title", site.AZ: "az.title", site.SiteMap: "sitemap.title",
	site.Display: "display.title", site.NotFound: "lost.title",
}

func (w *worker) title(p *site.Page, text string) *Value {
	if p.TitleValue != nil && text == p.Title {
		return w.field(p, p.TitleValue, "title")
	}
	v := w.newValue()
	switch {
	case p.File != nil:
		*v = Value{w: w, kind: Field, text: text, key: "title", file: p.File, off: max(p.TitleOff, 0)}
	case p.Kind == site.Term:
		*v = w.termText(p, text, func(t *config.Topic) config.Texts { return t.Name })
	case p.Kind == site.Home:
		*v = w.configText(w.r.opt.Site.Cfg.Title, "title", text)
	case p.Kind == site.Checklist:
		m, _ := w.message(theme.Call{}, "checklist.page", []any{"title", w.ref(p.Parent).Title()})
		return m
	case text == "":
		key := titleKeys[p.Kind]
		if p.Kind == site.Taxonomy {
			key = p.ID + ".title"
		}
		m, _ := w.message(theme.Call{}, key, nil)
		return m
	default:
		*v = Value{w: w, kind: Derived, text: text}
	}
	return v
}

// termText is a text of a taxonomy's term: from site.yaml, or the word as a
// page wrote it.
func (w *worker) termText(p *site.Page, text string, topic func(*config.Topic) config.Texts) Value {
	cfg := w.r.opt.Site.Cfg
	if t := cfg.Topics[p.TermID]; t != nil {
		return w.configText(topic(t), "topic", text)
	}
	if p.Department != nil {
		return w.configText(p.Department.Name, "department", text)
	}
	v := Value{w: w, kind: Field, key: "keywords", text: text}
	if len(p.Items) > 0 {
		v.file = p.Items[0].File
		for _, k := range []string{"keywords", "topics", "department"} {
			for _, n := range p.Items[0].Get(k).Items("") {
				if n.Text == p.TermID {
					v.node, v.key = n, k
				}
			}
		}
	}
	return v
}

// field wraps a front-matter value of a page.
func (w *worker) field(p *site.Page, n *schema.Value, key string) *Value {
	if n == nil || empty(n) {
		return nil
	}
	v := w.newValue()
	*v = Value{w: w, kind: Field, key: key, node: n, file: p.File, page: p}
	return v
}

// Summary returns what the page is about in a sentence or two: the author's
// summary, else the description, else the beginning of the body.
func (r *PageRef) Summary() *Value {
	r.w.askPage(r.p, "summary")
	for _, key := range []string{"summary", "description"} {
		if v := r.p.Get(key); v != nil {
			return r.w.field(r.p, v, key)
		}
	}
	return r.w.excerpt(r.p)
}

// Description returns the description for search engines, else the summary.
func (r *PageRef) Description() *Value {
	r.w.askPage(r.p, "summary")
	for _, key := range []string{"description", "summary"} {
		if v := r.p.Get(key); v != nil {
			return r.w.field(r.p, v, key)
		}
	}
	return r.w.excerpt(r.p)
}

// excerpt is a summary that the author did not write.
func (w *worker) excerpt(p *site.Page) *Value {
	if p.Excerpt == "" {
		return nil
	}
	v := w.newValue()
	*v = Value{w: w, kind: Body, key: "summary", text: p.Excerpt, file: p.File}
	switch {
	case p.File == nil && p.Kind == site.Term:
		*v = w.termText(p, p.Excerpt, func(t *config.Topic) config.Texts { return t.Summary })
	case p.File == nil:
		v.kind = Derived
	default:
		v.off = p.File.BodyOff
		if p.File.Doc != nil {
			v.off = p.File.Doc.SourceOf(0)
		}
	}
	return v
}

// Date returns the day of publication, or nil.
func (r *PageRef) Date() *Date { return r.date(r.p.Date, "date") }

// Updated returns the day of the last change, or nil.
func (r *PageRef) Updated() *Date { return r.date(r.p.Updated, "updated") }

// ReviewBy returns the day by which the page must be read again, or nil.
func (r *PageRef) ReviewBy() *Date { return r.date(r.p.ReviewBy, "review-by") }

func (r *PageRef) date(n *schema.Value, key string) *Date {
	r.w.askPage(r.p, key)
	return r.w.field(r.p, n, key).Date()
}

// Get returns a front-matter value by its dotted path, or nil.
func (r *PageRef) Get(path string) *Value {
	r.w.askPage(r.p, path)
	return r.w.field(r.p, r.p.Get(path), path)
}

// Urgent reports whether the page is marked as urgent.
func (r *PageRef) Urgent() bool { return r.Get("urgent").Bool() }

// Children returns the pages of a section, subsections among them.
func (r *PageRef) Children() []*PageRef {
	r.w.askList(r.p, "children")
	return r.w.refs(r.p.Children)
}

// Department returns who answers for the page, or nil.
func (r *PageRef) Department() *Department {
	r.w.askPage(r.p, "department")
	return r.w.department(r.p)
}

// Topics returns the page's topics.
func (r *PageRef) Topics() []*Term {
	r.w.askPage(r.p, "topics")
	return r.w.terms(r.p.Topics)
}

// Keywords returns the page's keywords.
func (r *PageRef) Keywords() []*Term {
	r.w.askPage(r.p, "keywords")
	return r.w.terms(r.p.Keywords)
}

// A Term is a topic, keyword or department with its page.
type Term struct {
	Name    *Value
	Summary *Value
	URL     string
	ID      string
	Count   int
}

func (w *worker) terms(pages []*site.Page) []*Term {
	if len(pages) == 0 {
		return nil
	}
	out := make([]*Term, len(pages))
	for i, p := range pages {
		w.askPage(p, "title")
		w.askPage(p, "summary")
		w.askPage(p, "count")
		t := &Term{Name: w.title(p, p.Title), URL: p.URL(w.edition), ID: p.TermID, Count: len(p.Items)}
		if p.Summary != "" {
			t.Summary = w.ref(p).Summary()
		}
		out[i] = t
	}
	return out
}

// A Department answers for pages.
type Department struct {
	ID                                       string
	Name, Phone, Text, Email, Address, Hours *Value
	Page                                     *PageRef // about the department, if site.yaml names one
	List                                     *PageRef // its pages; nil on the list itself
}

func (w *worker) department(p *site.Page) *Department {
	if p.Department == nil {
		if p.DepartmentRef == nil {
			return nil
		}
		return &Department{ID: p.DepartmentRef.TermID, Name: w.title(p.DepartmentRef, p.DepartmentRef.Title), List: w.ref(p.DepartmentRef)}
	}
	out := w.configured(p.Department)
	out.List = w.ref(p.DepartmentRef)
	return out
}

// configured is a department as site.yaml describes it.
func (w *worker) configured(d *config.Department) *Department {
	w.ask(question{op: opConfig})
	v := func(n *schema.Value, key string) *Value { return w.configValue(n, "department."+key) }
	out := &Department{
		ID: d.ID, Name: w.configTextOrNil(d.Name, "department.name"),
		Phone: v(d.Phone, "phone"), Text: v(d.Text, "text"), Email: v(d.Email, "email"),
		Address: w.configTextOrNil(d.Address, "department.address"), Hours: w.configTextOrNil(d.Hours, "department.hours"),
	}
	if d.Page != "" {
		out.Page = w.pageByLink(d.Page)
	}
	return out
}
