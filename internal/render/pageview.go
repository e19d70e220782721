package render

import (
	"handrail/internal/site"
)

// A Page is the page that is being rendered: the root of every layout.
type Page struct {
	PageRef
	Edition string
}

// Layout returns the name of the layout that the page asks for, or its kind.
func (p *Page) Layout() string {
	if v := p.p.Get("layout"); v != nil {
		return v.Text
	}
	return string(p.p.Kind)
}

// OtherEdition returns "care" in the standard edition and the other way round.
func (p *Page) OtherEdition() string { return otherEdition(p.Edition) }

// HasOther reports whether the other edition is built.
func (p *Page) HasOther() bool { return p.w.r.opt.Theme.HasEdition(p.OtherEdition()) }

// Source returns where the text was taken from, as the author says.
func (p *Page) Source() *Value { return p.Get("source") }

// IsHome reports whether the page is the home page of its language.
func (p *Page) IsHome() bool { return p.p.Kind == site.Home }

// Strict reports whether the page's front matter is held to its type.
func (p *Page) Strict() bool { return p.p.File != nil && p.p.File.Strict }

// Site returns what is the same on every page of the language.
func (p *Page) Site() *Site { return &Site{p.w} }

// MenuKey returns the key for a cached menu: the menu looks the same on all
// pages with the same key.
func (p *Page) MenuKey() string {
	p.w.ask(question{op: opLang, page: p.p.Lang.Tag})
	p.w.askList(p.p, "ancestors")
	best := ""
	for _, m := range p.p.Lang.Menu {
		if m.Page == p.p {
			return "=" + m.Page.Path
		}
		if m.Page != nil && isBelow(p.p, m.Page) && len(m.Page.Path) > len(best) {
			best = m.Page.Path
		}
	}
	return best
}

func isBelow(p, top *site.Page) bool {
	if top.Kind == site.Home {
		return false // everything lies below home
	}
	for _, a := range p.Ancestors {
		if a == top {
			return true
		}
	}
	return false
}

// Canonical returns the address of the page in the canonical edition,
// absolute where the site has an address.
func (p *Page) Canonical() string {
	p.w.ask(question{op: opConfig})
	return p.w.r.canonical(p.p)
}

// canonicalEdition is the standard edition, or the only one.
func (r *Renderer) canonicalEdition() string {
	if r.opt.Theme.HasEdition(site.Standard) {
		return site.Standard
	}
	return site.Care
}

func (r *Renderer) canonical(p *site.Page) string { return r.absolute(p.URL(r.canonicalEdition())) }

// An Alternate is the same page in another language.
type Alternate struct{ HrefLang, URL string }

// Alternates returns the page in every language it has, for search engines;
// none without a base URL, and none in an edition that is not canonical.
func (p *Page) Alternates() []Alternate {
	p.w.ask(question{op: opConfig})
	p.w.askList(p.p, "translations")
	if p.Edition != p.w.r.canonicalEdition() {
		return nil
	}
	return p.w.r.alternates(p.p)
}

func (r *Renderer) alternates(p *site.Page) []Alternate {
	s := r.opt.Site
	if s.Cfg.BaseURL == "" || len(p.Translations) == 0 {
		return nil
	}
	var out []Alternate
	var fallback *site.Page
	for _, l := range s.Langs {
		if t := p.Translation(l.Tag); t != nil {
			out = append(out, Alternate{l.HTML, r.canonical(t)})
			if l.Default {
				fallback = t
			}
		}
	}
	if fallback != nil {
		out = append(out, Alternate{"x-default", r.canonical(fallback)})
	}
	return out
}

// A LangLink leads to the page in a language of the site, or to that
// language's home page.
type LangLink struct {
	Tag, HTML, Dir, Name, URL string
	Exists, Current           bool
}

// Translations returns a link for every language of the site.
func (p *Page) Translations() []LangLink {
	p.w.askList(p.p, "translations")
	langs := p.w.r.opt.Site.Langs
	out := make([]LangLink, 0, len(langs))
	for _, l := range langs {
		x := LangLink{Tag: l.Tag, HTML: l.HTML, Dir: l.Dir, Name: l.Name, Current: l == p.p.Lang}
		if t := p.p.Translation(l.Tag); t != nil {
			x.Exists, x.URL = true, t.URL(p.Edition)
		} else {
			x.URL = l.Home.URL(p.Edition)
		}
		out = append(out, x)
	}
	return out
}

// Parent returns the section that the page lies in, or nil.
func (p *Page) Parent() *PageRef { return p.one("parent", p.p.Parent) }

// Prev returns the page before this one in its section, or nil.
func (p *Page) Prev() *PageRef { return p.one("prev", p.p.Prev) }

// Next returns the page after this one in its section, or nil.
func (p *Page) Next() *PageRef { return p.one("next", p.p.Next) }

// Interprets returns the policy that the page explains, or nil.
func (p *Page) Interprets() *PageRef { return p.one("interprets", p.p.Interprets) }

func (p *Page) one(key string, x *site.Page) *PageRef {
	p.w.askList(p.p, key)
	return p.w.ref(x)
}

// Ancestors returns the way from the home page to the parent.
func (p *Page) Ancestors() []*PageRef { return p.many("ancestors", p.p.Ancestors) }

// Related returns pages that belong to this one.
func (p *Page) Related() []*PageRef { return p.many("related", p.p.Related) }

// InterpretedBy returns the pages that explain this policy.
func (p *Page) InterpretedBy() []*PageRef { return p.many("interpreted-by", p.p.InterpretedBy) }

// Journeys returns the journeys that this service is a step of.
func (p *Page) Journeys() []*PageRef { return p.many("journeys", p.p.Journeys) }

// Checklist returns the sheet to print that goes with this page, or nil.
func (p *Page) Checklist() *PageRef { return p.one("checklist", p.p.Checklist) }

func (p *Page) many(key string, pages []*site.Page) []*PageRef {
	p.w.askList(p.p, key)
	return p.w.refs(pages)
}

// listOf returns the list of a page that a question asks for.
func listOf(p *site.Page, key string) []*site.Page {
	one := func(x *site.Page) []*site.Page {
		if x == nil {
			return nil
		}
		return []*site.Page{x}
	}
	switch key {
	case "children":
		return p.Children
	case "ancestors":
		return p.Ancestors
	case "related":
		return p.Related
	case "interpreted-by":
		return p.InterpretedBy
	case "journeys":
		return p.Journeys
	case "checklist":
		return one(p.Checklist)
	case "translations":
		return p.Translations
	case "items":
		return p.Items
	case "parent":
		return one(p.Parent)
	case "prev":
		return one(p.Prev)
	case "next":
		return one(p.Next)
	case "interprets":
		return one(p.Interprets)
	case "feed":
		return one(feedOf(p))
	case "pager":
		if p.Pager != nil {
			return append(p.Pager.Items[:len(p.Pager.Items):len(p.Pager.Items)], p.Pager.Pages...)
		}
	case "letters":
		var out []*site.Page
		for _, l := range p.Letters {
			for _, it := range l.Items {
				out = append(out, it.Page)
			}
		}
		return out
	}
	return nil
}

// A Pager is one part of a list that goes over several pages.
type Pager struct {
	Items                   []*PageRef
	Number, Total           int
	Prev, Next, First, Last string
	Pages                   []PagerPage
}

// A PagerPage is a link to one part of the list.
type PagerPage struct {
	Number  int
	URL     string
	Current bool
}

// Pager returns the part of the list that this page shows, or nil when the
// page has no list. A list of one part has a Pager, too.
func (p *Page) Pager() *Pager {
	g := p.p.Pager
	p.w.askList(p.p, "pager")
	if g == nil {
		if len(p.p.Items) == 0 || p.p.Kind != site.Term {
			return nil
		}
		p.w.askList(p.p, "items")
		return &Pager{Items: p.w.refs(p.p.Items), Number: 1, Total: 1}
	}
	out := &Pager{Items: p.w.refs(g.Items), Number: g.Number, Total: g.Total}
	url := func(x *site.Page) string {
		if x == nil {
			return ""
		}
		return x.URL(p.Edition)
	}
	out.Prev, out.Next = url(g.Prev), url(g.Next)
	if n := len(g.Pages); n > 0 {
		out.First, out.Last = url(g.Pages[0]), url(g.Pages[n-1])
	}
	for i, x := range g.Pages {
		out.Pages = append(out.Pages, PagerPage{i + 1, url(x), i+1 == g.Number})
	}
	return out
}

// Terms returns the terms of a taxonomy's page.
func (p *Page) Terms() []*Term {
	p.w.askList(p.p, "items")
	if p.p.Kind == site.Term {
		return nil
	}
	return p.w.terms(p.p.Items)
}

// A Letter is one group of the A–Z.
type Letter struct {
	Letter, ID string
	Items      []AZItem
}

// An AZItem is one line of the A–Z.
type AZItem struct {
	Text *Value
	URL  string
	Also bool
	Care bool // a name of the care edition, which the URL opens
	Page *PageRef
}

// Letters returns the A–Z.
func (p *Page) Letters() []Letter {
	p.w.askList(p.p, "letters")
	out := make([]Letter, 0, len(p.p.Letters))
	for _, l := range p.p.Letters {
		v := Letter{Letter: l.Letter, ID: l.ID, Items: make([]AZItem, 0, len(l.Items))}
		for _, it := range l.Items {
			v.Items = append(v.Items, p.azItem(it))
		}
		out = append(out, v)
	}
	return out
}

func (p *Page) azItem(it site.AZItem) AZItem {
	out := AZItem{URL: it.Page.URL(p.Edition), Also: it.Also, Care: it.Care, Page: p.w.ref(it.Page)}
	if it.Care {
		out.URL = it.Page.URL(site.Care)
	}
	if !it.Also {
		out.Text = out.Page.Title()
		return out
	}
	p.w.askPage(it.Page, "also-called")
	for _, n := range it.Page.Get("also-called").Items("") {
		if n.Text == it.Text {
			out.Text = p.w.field(it.Page, n, "also-called")
		}
	}
	if out.Text == nil {
		out.Text = p.w.derived(it.Text)
	}
	return out
}

// Tree returns the top of the site map: the pages below home.
func (p *Page) Tree() []*PageRef {
	return p.w.ref(p.p.Lang.Home).Children()
}
