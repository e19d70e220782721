package act

import (
	"strings"

	"handrail/a11y/dom"
)

// A Site is what a page may ask about the other files of its site. It is
// safe for concurrent use.
type Site interface {
	// Page returns the HTML page that href on the page from leads to; ok is
	// false when it leads elsewhere or cannot be read.
	Page(from, base, href string) (o *Other, ok bool)
	// File returns another file, such as a script, as text.
	File(from, base, href string) (text string, ok bool)
}

// An Other is another page of the site, as far as rules compare pages: its
// texts without styles. It is not changed once it is made.
type Other struct {
	Path string // in the site

	title    string
	texts    map[string]bool
	content  []string
	refresh  string
	moves    bool
	scripted bool
}

// NewOther returns what rules may know of a parsed page.
func NewOther(path string, doc *dom.Doc) *Other {
	o := &Other{Path: path, texts: map[string]bool{}}
	if root := doc.HTML(); root != nil {
		o.gather(root, false)
	}
	return o
}

// gather collects the texts; content are those outside the parts that pages
// usually share.
func (o *Other) gather(n *dom.Node, shared bool) {
	for c := range n.Children() {
		if c.Type == dom.Text {
			o.text(n, c.Text, shared)
			continue
		}
		if c.Type != dom.Element {
			continue
		}
		switch c.Name {
		case "script":
			o.scripted = true
			continue
		case "style", "template", "noscript":
			continue
		case "meta":
			o.meta(c)
		case "img":
			o.text(c, c.Get("alt"), shared)
		}
		o.gather(c, shared || c.Is("nav", "header", "footer", "aside"))
	}
}

func (o *Other) text(parent *dom.Node, s string, shared bool) {
	s = strings.Join(strings.Fields(s), " ")
	switch {
	case s == "":
	case parent.Is("title"):
		o.title = s
	default:
		o.texts[s] = true
		if !shared {
			o.content = append(o.content, s)
		}
	}
}

// meta remembers where the page sends its readers. HTML, 4.2.5.3: a refresh
// is a number of seconds and a URL; only without delay is it a redirect.
func (o *Other) meta(e *dom.Node) {
	if !strings.EqualFold(e.Get("http-equiv"), "refresh") || o.moves {
		return
	}
	delay, rest, ok := strings.Cut(e.Get("content"), ";")
	if !ok || strings.Trim(delay, " 0.") != "" {
		return
	}
	rest = strings.TrimSpace(rest)
	if len(rest) > 3 && strings.EqualFold(rest[:3], "url") {
		if at := strings.IndexByte(rest, '='); at > 0 {
			rest = strings.TrimSpace(rest[at+1:])
		}
	}
	o.refresh, o.moves = strings.Trim(rest, `'"`), true
}

// Moved returns where the page sends its readers at once, if it does.
func (o *Other) Moved() (href string, ok bool) { return o.refresh, o.moves }

// Has reports whether the page has the text, white space aside.
func (o *Other) Has(text string) bool { return o.texts[strings.Join(strings.Fields(text), " ")] }

// Scripted reports whether scripts may change what the page shows.
func (o *Other) Scripted() bool { return o.scripted }

// Title returns the title of the page.
func (o *Other) Title() string { return o.title }

// Content returns the texts of the page that stand in none of the parts that
// pages share: navigation, header, footer and asides.
func (o *Other) Content() string { return strings.Join(o.content, "\n") }

// BaseHref returns the href of the first base element that has one. HTML,
// 4.2.3.
func BaseHref(doc *dom.Doc) string {
	if head := doc.Head(); head != nil {
		for e := range head.Elements() {
			if href, ok := e.Attr("href"); ok && e.Is("base") {
				return href
			}
		}
	}
	return ""
}

// Other returns the page of the same site that href leads to, where its
// readers end up after redirects; ok is false when none is known.
func (p *Page) Other(href string) (o *Other, ok bool) {
	if p.Site == nil {
		return nil, false
	}
	o, ok = p.Site.Page(p.URL, BaseHref(p.Doc), href)
	for range 5 { // a loop of redirects leads nowhere
		if !ok {
			return nil, false
		}
		to, moved := o.Moved()
		if !moved {
			return o, true
		}
		o, ok = p.Site.Page(o.Path, "", to)
	}
	return nil, false
}
