package render

import (
	"sort"

	"handrail/i18n"
	"handrail/internal/diag"
	"handrail/internal/glossary"
	"handrail/internal/markdown"
	"handrail/internal/site"
	"handrail/internal/source"
	"handrail/internal/theme"
)

// body returns a splice for the page's body without a range.
func (w *worker) body(p *site.Page) (splice, bool) {
	if !hasBody(p.File) {
		return splice{}, false
	}
	w.askPage(p, "body")
	w.ask(question{op: opLinks, page: p.Path})
	w.ask(question{op: opData, key: glossary.Name}) // its words are marked
	s := splice{doc: docRef{doc: p.File.Doc, file: p.File}, links: p.Links, images: p.Images}
	if b := w.blocks(p); b != nil {
		s.marks = b.Body
	}
	return s, true
}

// mark makes markup of a splice.
func (w *worker) mark(s splice) theme.Markup { return &s }

// hasBody reports whether a file has a text. Directives may stand for
// themselves, without any bytes.
func hasBody(f *source.File) bool {
	return f != nil && f.Doc != nil && (len(f.Doc.HTML) > 0 || len(f.Doc.Slots) > 0)
}

func (w *worker) bodyRange(p *site.Page, from, to uint32) theme.Markup {
	s, ok := w.body(p)
	if !ok {
		return nil
	}
	s.from, s.to = from, to
	if from == to {
		slots := s.doc.doc.Slots
		i := sort.Search(len(slots), func(i int) bool { return slots[i].Out >= from })
		if i == len(slots) || !s.holds(&slots[i]) {
			return nil
		}
	}
	return w.mark(s)
}

// HasBody reports whether the page has a text of its own.
func (p *Page) HasBody() bool {
	p.w.askPage(p.p, "body")
	return hasBody(p.p.File)
}

// Body returns the whole text of the page.
func (p *Page) Body() theme.Markup {
	if !p.HasBody() {
		return nil
	}
	return p.w.bodyRange(p.p, 0, uint32(len(p.p.File.Doc.HTML)))
}

// Intro returns what stands before the first section, or "".
func (p *Page) Intro() theme.Markup {
	if !p.HasBody() {
		return nil
	}
	return p.w.bodyRange(p.p, 0, p.p.File.Doc.Intro())
}

// A Section is a heading of the body and what follows it.
type Section struct {
	ID         string
	Number     int
	Prev, Next *Section

	p       *Page
	heading *markdown.Heading
	end     uint32
}

// Sections returns the sections of the body, cut at its highest headings.
func (p *Page) Sections() []*Section {
	if !p.HasBody() {
		return nil
	}
	doc := p.p.File.Doc
	block := make([]Section, len(doc.Sections))
	out := make([]*Section, len(doc.Sections))
	for i, s := range doc.Sections {
		h := &doc.Headings[s.Heading]
		block[i] = Section{ID: h.ID, Number: i + 1, p: p, heading: h, end: s.End}
		out[i] = &block[i]
		if i > 0 {
			out[i].Prev, out[i-1].Next = out[i-1], out[i]
		}
	}
	return out
}

// Title returns the words of the heading.
func (s *Section) Title() *Value { return s.p.w.headingText(s.p.p.File, s.heading) }

// HeadingHTML returns the heading with its markup, without the element itself.
func (s *Section) HeadingHTML() theme.Markup {
	from, to := s.p.headingInside(s.heading)
	return s.p.w.bodyRange(s.p.p, from, to)
}

// headingInside is the range of what stands between a heading's tags.
func (p *Page) headingInside(h *markdown.Heading) (from, to uint32) {
	html := p.p.File.Doc.HTML
	from, to = h.Out, h.End
	for from < to && html[from] != '>' {
		from++
	}
	from++
	for to > from && html[to-1] != '<' {
		to--
	}
	return from, max(from, to-1)
}

// Body returns the section without its heading.
func (s *Section) Body() theme.Markup { return s.p.w.bodyRange(s.p.p, s.heading.End, s.end) }

func (w *worker) headingText(f *source.File, h *markdown.Heading) *Value {
	v := w.newValue()
	*v = Value{w: w, kind: Body, text: h.Text, file: f, off: h.Src}
	return v
}

// A TOCItem is one line of the list of contents.
type TOCItem struct {
	ID       string
	Text     *Value
	Level    int
	Children []*TOCItem

	w       *worker
	heading *markdown.Heading
	org     origin
}

// HTML returns the heading with its inline markup, but without links.
func (t *TOCItem) HTML() theme.Markup {
	return t.w.mark(splice{raw: t.heading.HTML, org: t.org})
}

// TOC returns the headings of the body as a tree.
func (p *Page) TOC() []*TOCItem {
	if !p.HasBody() {
		return nil
	}
	var top []*TOCItem
	var stack []*TOCItem
	doc := p.p.File.Doc
	for i := range doc.Headings {
		h := &doc.Headings[i]
		if h.ID == "" || h.Nested {
			continue
		}
		t := &TOCItem{ID: h.ID, Text: p.w.headingText(p.p.File, h), Level: h.Level, w: p.w, heading: h,
			org: origin{kind: Body, file: p.p.File, off: h.Src}}
		for len(stack) > 0 && stack[len(stack)-1].Level >= h.Level {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			top = append(top, t)
		} else {
			parent := stack[len(stack)-1]
			parent.Children = append(parent.Children, t)
		}
		stack = append(stack, t)
	}
	return top
}

// A Plain is the plain-language version of a page.
type Plain struct {
	Items []PlainItem
	p     *Page
}

// A PlainItem answers one of the questions who, get, bring, do, when and ask.
type PlainItem struct {
	Key  string
	Text *Value
}

// HTML returns the answer with its markup.
func (i PlainItem) HTML() theme.Markup { return i.Text.HTML() }

var plainKeys = []string{"who", "get", "bring", "do", "when", "ask"}

// Plain returns the plain-language version, or nil.
func (p *Page) Plain() *Plain {
	out := &Plain{p: p}
	if v := p.Get("plain"); v != nil {
		for _, k := range plainKeys {
			if x := v.Get(k); x != nil {
				out.Items = append(out.Items, PlainItem{k, x})
			}
		}
	}
	if len(out.Items) == 0 && (p.p.File == nil || p.p.File.Plain == nil) {
		return nil
	}
	return out
}

// Body returns the text of the page's .plain.md file, or "".
func (x *Plain) Body() theme.Markup {
	if x.p.p.File == nil || x.p.p.File.Plain == nil {
		return nil
	}
	f := x.p.p.File.Plain
	if !hasBody(f) {
		return nil
	}
	x.p.w.ask(question{op: opLinks, page: x.p.p.Path})
	s := splice{doc: docRef{doc: f.Doc, file: f}, to: uint32(len(f.Doc.HTML)), links: x.p.p.Plain}
	if b := x.p.w.blocks(x.p.p); b != nil {
		s.marks = b.Plain
	}
	return x.p.w.mark(s)
}

// inlineMark is the mark of a value's inline Markdown.
func (w *worker) inlineMark(in *source.Inline, v *Value) theme.Markup {
	s := splice{doc: docRef{doc: in.Doc, file: v.file, inline: in, key: v.key}, to: uint32(len(in.Doc.HTML))}
	if v.page != nil {
		w.ask(question{op: opLinks, page: v.page.Path})
		s.links = v.page.Fields[v.node]
	}
	return w.mark(s)
}

// A Directive is what a directive's template sees.
type Directive struct {
	Name string
	w    *worker
	s    *splice
	d    *markdown.Directive
	slot *markdown.Slot
	next int // the slot behind this one
}

// directive runs a directive's template round the inner body, whose slots
// begin with next.
func (w *worker) directive(s *splice, slot *markdown.Slot, next int) error {
	d := &s.doc.doc.Directives[slot.Index]
	name := "directives/" + d.Name + ".html"
	program := w.r.opt.Theme.Shared(w.edition)
	if !program.Has(name) {
		pos := diag.Pos{}
		if s.doc.file != nil {
			pos = s.doc.file.Lines.Pos(d.Src)
		}
		return &diag.Diagnostic{Pos: pos, Code: "missing-directive", Msg: "the theme has no template for the directive " + d.Name,
			Args: map[string]any{"name": d.Name}}
	}
	return program.RunNamed(name, w, w, &Directive{Name: d.Name, w: w, s: s, d: d, slot: slot, next: next})
}

// Body returns what stands inside the directive.
func (d *Directive) Body() theme.Markup {
	slots := d.s.doc.doc.Slots
	if d.slot.Out == d.slot.End && (d.next == len(slots) || slots[d.next].Depth <= d.slot.Depth) {
		return nil
	}
	s := *d.s
	s.from, s.to, s.slot, s.depth = d.slot.Out, d.slot.End, d.next, d.slot.Depth+1
	return d.w.mark(s)
}

// Attr returns an attribute of the directive, or nil.
func (d *Directive) Attr(key string) *Value {
	t, ok := d.d.Attrs[key]
	if !ok || t == "" {
		return nil
	}
	v := d.w.newValue()
	*v = Value{w: d.w, kind: Body, key: key, text: t, file: d.s.doc.file, off: d.d.AttrSrc[key]}
	return v
}

// Title returns the words in brackets behind the directive's name, or nil.
func (d *Directive) Title() *Value {
	if d.d.Title == "" {
		return nil
	}
	v := d.w.newValue()
	*v = Value{w: d.w, kind: Body, text: d.d.Title, file: d.s.doc.file, off: d.d.TitleSrc}
	return v
}

// TitleHTML returns the title with its inline markup.
func (d *Directive) TitleHTML() theme.Markup {
	if d.d.TitleHTML == "" {
		return nil
	}
	return d.w.mark(splice{raw: d.d.TitleHTML, org: origin{kind: Body, file: d.s.doc.file, off: d.d.TitleSrc, whole: true}})
}

// Page returns the page that the directive stands in.
func (d *Directive) Page() *Page {
	if d.w.page == nil {
		return nil
	}
	return &Page{PageRef: PageRef{d.w, d.w.page}, Edition: d.w.edition}
}

// Site returns what is the same on every page of the language.
func (d *Directive) Site() *Site { return &Site{d.w} }

// Lang returns the language of the page.
func (d *Directive) Lang() *Lang { return d.w.viewLang(d.w.lang.lang) }

// link returns where an attribute leads, or nil.
func (d *Directive) link(key string) *site.ResolvedLink {
	i, ok := d.d.Links[key]
	if !ok || i >= len(d.s.links) {
		return nil
	}
	return &d.s.links[i]
}

// Ref returns the page that an attribute names, or nil.
func (d *Directive) Ref(key string) *PageRef {
	l := d.link(key)
	if l == nil || l.Kind != site.ToPage {
		return nil
	}
	return d.w.ref(l.Page)
}

// Language returns the language that an attribute names, or nil. One that the
// site does not have goes by its tag.
func (d *Directive) Language(key string) *Lang {
	tag := d.d.Attrs[key]
	if tag == "" {
		return nil
	}
	for _, l := range d.w.r.opt.Site.Langs {
		if l.Tag == tag || l.HTML == tag {
			return d.w.viewLang(l)
		}
	}
	return &Lang{Tag: tag, HTML: i18n.HTMLLang(tag), Dir: i18n.Direction(tag), Name: tag}
}

// Department returns the department that the attribute "department" names, or
// nil.
func (d *Directive) Department() *Department {
	dep := d.w.r.opt.Site.Cfg.Departments[d.d.Attrs["department"]]
	if dep == nil {
		return nil
	}
	return d.w.configured(dep)
}

// File returns the file that an attribute names, or nil.
func (d *Directive) File(key string) *FileRef {
	l := d.link(key)
	if l == nil || l.Kind != site.ToFile {
		return nil
	}
	return d.w.fileRef(l)
}

// URL returns where an attribute leads, or "".
func (d *Directive) URL(key string) string {
	l := d.link(key)
	if l == nil {
		return ""
	}
	return d.w.url(l)
}
