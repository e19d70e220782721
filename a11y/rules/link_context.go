package rules

import (
	"net/url"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// linkContext: where a link says only "here", the words round it say where
// it leads. Whether they do it well is for people to judge; where there are
// none it is certain that they do not.
var linkContext = &act.Rule{
	ID:       "link-context",
	ACT:      []string{"5effbb"},
	Criteria: []wcag.SC{"2.4.4"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: linkPurpose.Applicability,

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		name := p.Name(e)
		switch {
		case !emptyPhrase(name) && !formatOnly(e, name), toNamesake(p, e):
			return act.Pass("says-more").With("name", name)
		case inContext(p, e):
			return act.Pass("context").With("name", name)
		}
		return act.Fail("alone").With("name", name)
	},
}

// emptyPhrase reports whether a link text fits any link.
func emptyPhrase(name string) bool { return emptyPhrases.has(name) }

// formatOnly reports whether a link says no more than the format of the file
// that it leads to: three links "HTML", "EPUB", "Plain text" name no book.
func formatOnly(e *dom.Node, name string) bool {
	ext, ok := formats[bareTo(name, len("kindleplaintext"))]
	if !ok {
		return false
	}
	u, err := url.Parse(destination(e))
	return err == nil && strings.Contains(strings.ToLower(u.Path), "."+ext)
}

// formats are names of file formats, as bare writes them, with the extension
// of such files.
var formats = map[string]string{
	"html": "htm", "epub": "epub", "pdf": "pdf", "plaintext": "txt", "text": "txt", "txt": "txt", "doc": "doc", "docx": "doc",
	"word": "doc", "xls": "xls", "xlsx": "xls", "excel": "xls", "csv": "csv", "json": "json", "xml": "xml", "odt": "odt", "mobi": "mobi",
	"kindle": "mobi", "mp3": "mp3", "zip": "zip", "wps": "wps", "ofd": "ofd",
}

// inContext reports whether the context of a link, which a screen reader can
// find from it, has any words beside links that say nothing. ACT,
// programmatically determined link context: list items, cell and headers,
// the block that the link stands in, and descriptions.
func inContext(p *act.Page, e *dom.Node) bool {
	if e.Has("title") && !emptyPhrase(e.Get("title")) {
		return true
	}
	for _, d := range p.Refs(e, "aria-describedby") {
		if readable(d.TextContent()) {
			return true
		}
	}
	block, cell := false, false
	for n := p.Tree.FlatElement(e); n != nil; n = p.Tree.FlatElement(n) {
		role := p.Role(n)
		whole := role == aria.Listitem || !cell && (role == aria.Cell || role == aria.Gridcell)
		if whole && context(p, n, true) || role != aria.Listitem && !cell && headed(p, n) {
			return true
		}
		cell = cell || role == aria.Cell || role == aria.Gridcell
		if !block && !inline(p, n) {
			block = true
			if context(p, n, false) {
				return true
			}
		}
	}
	return false
}

// headed reports whether n is a cell with a header that says something.
func headed(p *act.Page, n *dom.Node) bool {
	table := n.Closest("table")
	if table == nil || !n.Is("td", "th") {
		return false
	}
	for _, h := range p.Tree.Table(table).Headers(p.Tree, n) {
		if readable(h.TextContent()) {
			return true
		}
	}
	return false
}

// contextKey is what context is asked.
type contextKey struct {
	n    *dom.Node
	deep bool
}

// context is tells, asked once for all links in n.
func context(p *act.Page, n *dom.Node, deep bool) bool {
	return act.Fact(p, contextKey{n, deep}, func() bool { return tells(p, n, deep) })
}

// tells reports whether n has words, those of empty links left out; without
// deep, only words in its own lines count.
func tells(p *act.Page, n *dom.Node, deep bool) bool {
	for c := range p.Tree.FlatChildren(n) {
		switch {
		case c.Type == dom.Text && readable(c.Text) && !p.Hidden(n):
			return true
		case c.Type != dom.Element || p.Role(c).Is(aria.Link) && (emptyPhrase(p.Name(c)) || formatOnly(c, p.Name(c))):
		case c.Is("img") && p.Exposed(c) && p.Name(c) != "":
			return true
		case (deep || inline(p, c)) && tells(p, c, deep):
			return true
		}
	}
	return false
}

// inline reports whether an element is laid out in the lines of another.
func inline(p *act.Page, n *dom.Node) bool {
	display := p.Styles.Of(n).Display()
	return strings.HasPrefix(display, "inline") || display == "contents"
}
