package render

import (
	"slices"

	"handrail/internal/config"
	"handrail/internal/schema"
	"handrail/internal/site"
)

// A Site is what is the same on every page of a language.
type Site struct{ w *worker }

// A Lang is one language of the site.
type Lang struct {
	Tag, HTML, Dir, Name string
	Default              bool
}

func (w *worker) viewLang(l *site.Lang) *Lang {
	return &Lang{l.Tag, l.HTML, l.Dir, l.Name, l.Default}
}

func (s *Site) cfg() *config.Config {
	s.w.ask(question{op: opConfig})
	return s.w.r.opt.Site.Cfg
}

func (s *Site) lang() *site.Lang {
	l := s.w.lang.lang
	s.w.ask(question{op: opLang, page: l.Tag})
	return l
}

// configText wraps a text of site.yaml; text is what it is known to be.
func (w *worker) configText(t config.Texts, key, text string) Value {
	cfg := w.r.opt.Site.Cfg
	v := Value{w: w, kind: Data, key: key, text: text, cfg: cfg}
	if x := t.In(cfg, w.lang.lang.Tag); x.Value != nil && (text == "" || x.S == text) {
		v.node, v.text = x.Value, ""
		if x.Value.Text != x.S {
			v.text = x.S
		}
	}
	return v
}

func (w *worker) configTextOrNil(t config.Texts, key string) *Value {
	x := t.In(w.r.opt.Site.Cfg, w.lang.lang.Tag)
	if x.S == "" {
		return nil
	}
	v := w.newValue()
	*v = w.configText(t, key, x.S)
	return v
}

// configValue wraps a value of site.yaml.
func (w *worker) configValue(n *schema.Value, key string) *Value {
	if n == nil || empty(n) {
		return nil
	}
	v := w.newValue()
	*v = Value{w: w, kind: Data, key: key, node: n, cfg: w.r.opt.Site.Cfg}
	return v
}

// Title returns the site's name.
func (s *Site) Title() *Value {
	if v := s.w.configTextOrNil(s.cfg().Title, "title"); v != nil {
		return v
	}
	return s.w.derived(s.lang().Title)
}

// Description says what the site is for, or is nil.
func (s *Site) Description() *Value { return s.w.configTextOrNil(s.cfg().Description, "description") }

// Home returns the address of the language's home page in this edition.
func (s *Site) Home() string { return s.lang().Home.URL(s.w.edition) }

// HomeOther returns the address of the home page in the other edition.
func (s *Site) HomeOther() string { return s.lang().Home.URL(otherEdition(s.w.edition)) }

// BaseURL returns the site's address without a slash at the end, or "".
func (s *Site) BaseURL() string { return s.cfg().BaseURL }

// Langs returns the site's languages.
func (s *Site) Langs() []*Lang {
	var out []*Lang
	for _, l := range s.w.r.opt.Site.Langs {
		s.w.ask(question{op: opLang, page: l.Tag})
		out = append(out, s.w.viewLang(l))
	}
	return out
}

// A MenuItem is one line of a menu.
type MenuItem struct {
	Text            *Value
	URL             string
	Foreign         *Foreign // of a page in another language
	Current, Active bool
}

// Menu returns the main menu.
func (s *Site) Menu() []MenuItem { return s.items(s.lang().Menu) }

// FooterLinks returns the links of the footer.
func (s *Site) FooterLinks() []MenuItem { return s.items(s.lang().Footer) }

func (s *Site) items(items []*site.MenuItem) []MenuItem {
	key := s.w.menuKey
	if s.w.page != nil {
		key = (&Page{PageRef: PageRef{s.w, s.w.page}}).MenuKey()
	}
	out := make([]MenuItem, len(items))
	for i, m := range items {
		out[i] = MenuItem{Text: s.w.menuText(m), URL: s.w.url(&m.Link), Foreign: s.w.foreign(m.Page)}
		if m.Page != nil {
			out[i].Current = key == "="+m.Page.Path
			out[i].Active = out[i].Current || key == m.Page.Path
		}
	}
	return out
}

// menuText is the text of a menu's line: from site.yaml, or a page's title.
func (w *worker) menuText(m *site.MenuItem) *Value {
	if n := m.Value.Get("text"); n != nil && n.Text == m.Text {
		return w.configValue(n, "text")
	}
	if m.Page != nil {
		return w.ref(m.Page).MenuTitle()
	}
	return w.derived(m.Text)
}

// A Door is one of the large choices on the care edition's home page.
type Door struct {
	Text, Note *Value
	URL, Icon  string
	Foreign    *Foreign // of a page in another language
}

// Doors returns the large choices of the care edition's home page.
func (s *Site) Doors() []Door {
	var out []Door
	for _, m := range s.lang().Doors {
		out = append(out, Door{Text: s.w.menuText(m), Note: s.w.configValue(m.Value.Get("note"), "note"), URL: s.w.url(&m.Link), Icon: m.Icon, Foreign: s.w.foreign(m.Page)})
	}
	return out
}

// CareNames returns the names under which people look for the care edition;
// none on a site without it.
func (s *Site) CareNames() []*Value {
	own := s.cfg().Root.Items("care.names." + s.w.lang.lang.Tag)
	var out []*Value
	for _, name := range s.lang().CareNames {
		v := s.w.derived(name)
		if i := slices.IndexFunc(own, func(n *schema.Value) bool { return n.Text == name }); i >= 0 {
			v = s.w.configValue(own[i], "care.names")
		}
		out = append(out, v)
	}
	return out
}

// A Help says whom to ask.
type Help struct {
	Phone, TextNumber, Email, Hours, Note *Value
	Office, Page                          *PageRef
}

// Help returns whom to ask, or nil when site.yaml does not say.
func (s *Site) Help() *Help {
	h := s.cfg().Help
	if h.Value == nil {
		return nil
	}
	v := func(key string) *Value { return s.w.configValue(h.Value.Get(key), "help."+key) }
	return &Help{
		Phone: v("phone"), TextNumber: v("text-number"), Email: v("email"),
		Hours: s.w.configTextOrNil(h.Hours, "help.hours"), Note: s.w.configTextOrNil(h.Note, "help.note"),
		Office: s.w.pageByLink(h.Office), Page: s.w.pageByLink(h.Page),
	}
}

// An Urgent is a line on top of every page.
type Urgent struct {
	Label, Text *Value
	URL         string
	Foreign     *Foreign // of a page in another language
}

// Urgent returns the urgent line of the language, or nil.
func (s *Site) Urgent() *Urgent {
	u, ok := s.cfg().Urgent[s.w.lang.lang.Tag]
	if !ok || u.Text == "" {
		return nil
	}
	out := &Urgent{Label: s.w.configValue(u.Value.Get("label"), "urgent.label"), Text: s.w.configValue(u.Value.Get("text"), "urgent.text")}
	if p := s.w.pageByLink(u.Page); p != nil {
		out.URL, out.Foreign = p.URL(), p.Foreign()
	} else {
		out.URL = u.Page
	}
	return out
}

// FooterNote returns the line of text at the end of every page, or nil.
func (s *Site) FooterNote() *Value { return s.w.configTextOrNil(s.cfg().Footer.Note, "footer.note") }

// A Gov holds what sites of authorities must show.
type Gov struct{ s *Site }

// Gov returns what sites of authorities must show.
func (s *Site) Gov() *Gov { return &Gov{s} }

// Get returns one of host, undertaker, icp, police, site-id-code and
// correction-url, or nil.
func (g *Gov) Get(key string) *Value {
	gov := g.s.cfg().Government
	switch key {
	case "host":
		return g.s.w.configTextOrNil(gov.Host, "government.host")
	case "undertaker":
		return g.s.w.configTextOrNil(gov.Undertaker, "government.undertaker")
	}
	return g.s.w.configValue(gov.Value.Get(key), "government."+key)
}

// Params returns the theme's own settings in site.yaml, or nil.
func (s *Site) Params() *Value { return s.w.configValue(s.cfg().Params, "params") }

// Data returns the tree of a file in data/, by its name without extension,
// or nil.
func (s *Site) Data(name string) *Value {
	s.w.ask(question{op: opData, key: name})
	d := s.w.r.opt.Site.Data[name]
	if d == nil || d.Value == nil {
		return nil
	}
	v := s.w.newValue()
	*v = Value{w: s.w, kind: Data, node: d.Value, data: d}
	return v
}

// AZ returns the A–Z page of the language, or nil.
func (s *Site) AZ() *PageRef { return s.w.ref(s.lang().AZPage) }

// Topics returns the page of all topics, or nil.
func (s *Site) Topics() *PageRef { return s.w.ref(s.lang().TopicsPage) }

// Display returns the page of the reader's settings.
func (s *Site) Display() *PageRef { return s.w.ref(s.lang().DisplayPage) }

// Server reports whether the companion server runs behind the site.
func (s *Site) Server() bool { return s.cfg().Server }

// SiteMap returns the site map of the language, or nil.
func (s *Site) SiteMap() *PageRef { return s.w.ref(s.lang().SiteMapPage) }
