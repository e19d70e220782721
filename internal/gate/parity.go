package gate

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"

	"handrail/a11y/dom"
	"handrail/internal/render"
)

// Parity: for each content page the main elements of both editions must hold
// the same content. What is compared are facts: texts that come from content (the
// theme's own words are told apart by where they come from), link targets,
// table cells with their headers, form fields, images and dates. Elements
// marked data-extra are left out: they hold what an edition adds on purpose.

// A factKind says what a fact is about.
type factKind uint8

const (
	textFact factKind = iota
	linkFact
	cellFact
	fieldFact
	imageFact
	timeFact
)

var factNames = [...]string{"text", "link", "cell", "form-field", "image", "date"}

// A fact is one thing that a page says.
type fact struct {
	kind factKind
	key  string // equal in both editions
	off  int    // where it stands in the page
}

// text is what a report quotes of the fact.
func (f fact) text() string {
	s := strings.ReplaceAll(f.key, "\x00", " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return strings.TrimSpace(s)
}

// facts lists what the main element of a page says, in document order.
func facts(doc *dom.Doc, out *render.Output, edition string) []fact {
	main := findMain(doc)
	if main == nil {
		return nil
	}
	c := collector{out: out, edition: edition}
	c.walk(main)
	return c.facts
}

func findMain(doc *dom.Doc) *dom.Node {
	for n := range doc.Elements() {
		if n.Is("main") {
			return n
		}
	}
	return nil
}

type collector struct {
	out     *render.Output
	edition string
	facts   []fact
}

func (c *collector) add(k factKind, key string, off int) {
	c.facts = append(c.facts, fact{k, key, off})
}

// walk enters n in document order and skips what an edition adds on purpose.
func (c *collector) walk(main *dom.Node) {
	for n := main; n != nil; {
		if n.Type == dom.Text {
			c.content(n, func(s string, off int) { c.add(textFact, s, off) })
		}
		if n.IsElement() {
			if n.Has("data-extra") || n.Is("script", "style", "template") {
				n = n.Skip(main)
				continue
			}
			c.element(n)
		}
		n = n.After(main)
	}
}

func (c *collector) element(n *dom.Node) {
	switch {
	case n.Is("a"):
		if href := n.Get("href"); href != "" && href[0] != '#' {
			c.add(linkFact, neutral(href, c.edition), n.AttrPos("href"))
		}
	case n.Is("td", "th"):
		if key := c.cell(n); key != "" {
			c.add(cellFact, key, n.Pos)
		}
	case n.Is("input", "select", "textarea", "button"):
		if name := n.Get("name"); name != "" {
			c.add(fieldFact, name+" "+n.Get("type")+" "+n.Get("value"), n.Pos)
		}
	case n.Is("img", "audio", "video", "source", "track"):
		if src := n.Get("src"); src != "" {
			c.add(imageFact, src+" "+n.Get("alt"), n.AttrPos("src"))
		}
	case n.Is("time"):
		c.add(timeFact, n.Get("datetime"), n.Pos)
	}
}

// content calls f for each run of a text node that is content.
func (c *collector) content(n *dom.Node, f func(text string, off int)) {
	if n.Pos < 0 {
		return
	}
	spans := c.out.Spans
	i, _ := slices.BinarySearchFunc(spans, uint32(n.Pos), func(s render.Span, off uint32) int { return cmp.Compare(s.Out, off+1) })
	i--
	for off := n.Pos; off < n.End; i++ {
		end := n.End
		if i+1 < len(spans) {
			end = min(end, int(spans[i+1].Out))
		}
		if off < end && !c.out.KindAt(off).FromTheme() {
			if s := normal(string(c.out.HTML[off:end])); s != "" {
				f(s, off)
			}
		}
		off = max(off, end)
	}
}

// cell is the content of a table cell with that of its column's header.
func (c *collector) cell(n *dom.Node) string {
	var b strings.Builder
	texts := func(n *dom.Node) {
		for d := range n.Descendants() {
			if d.Type == dom.Text {
				c.content(d, func(s string, _ int) { b.WriteString(s); b.WriteByte(' ') })
			}
		}
	}
	texts(n)
	if b.Len() == 0 {
		return ""
	}
	if h := columnHeader(n); h != nil {
		b.WriteByte(0)
		texts(h)
	}
	return b.String()
}

// columnHeader returns the cell of the table's first row above n. Spans are
// not reckoned with: both editions count the same way.
func columnHeader(n *dom.Node) *dom.Node {
	table := n.Closest("table")
	if table == nil || n.ParentElement() == nil {
		return nil
	}
	var first *dom.Node
	for e := range table.Elements() {
		if e.Is("tr") {
			first = e
			break
		}
	}
	if first == nil || first == n.ParentElement() {
		return nil
	}
	h := first.FirstElement()
	for e := n.PrevElement(); e != nil && h != nil; e = e.PrevElement() {
		h = h.NextElement()
	}
	return h
}

// neutral takes the edition's prefix off a link inside the site.
func neutral(href, edition string) string {
	if edition != "standard" {
		if rest, ok := strings.CutPrefix(href, "/"+edition+"/"); ok {
			return "/" + rest
		}
	}
	return href
}

// normal folds character references and white space.
func normal(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	if strings.IndexFunc(s, unicode.IsSpace) < 0 {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// A gap is a fact that one edition shows and the other lacks.
type gap struct {
	fact
	near int // offset in the lacking page after which it is missing; -1 unknown
}

// gaps returns what have shows and lack does not. Texts are compared as a
// set, since a fact may be repeated; everything else as a multiset.
func gaps(have, lack []fact) []gap {
	type id struct {
		kind factKind
		key  string
	}
	left := make(map[id]int, len(lack))
	where := make(map[id]int, len(lack))
	for _, f := range lack {
		k := id{f.kind, f.key}
		left[k]++
		if _, ok := where[k]; !ok {
			where[k] = f.off
		}
	}
	var missing []gap
	near := -1
	seen := map[id]bool{}
	for _, f := range have {
		k := id{f.kind, f.key}
		if left[k] > 0 {
			near = where[k]
			if f.kind != textFact {
				left[k]--
			}
			continue
		}
		if f.kind == textFact && seen[k] {
			continue
		}
		seen[k] = true
		missing = append(missing, gap{f, near})
	}
	return missing
}
