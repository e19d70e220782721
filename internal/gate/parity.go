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
// table cells with their headers, form fields, images, dates and blocks. Elements
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
	blockFact // the id of a block, by which a reader's place is found in both editions
	labelFact // the theme's name for a field, in a dt or th: a yes or no may be all that follows
)

var factNames = [...]string{"text", "link", "cell", "form-field", "image", "date", "block", "label"}

// A fact is one thing that a page says.
type fact struct {
	kind factKind
	key  string // equal in both editions
	off  int    // where it stands in the page
}

// asSet reports whether it is enough that an edition says the fact once.
func (f fact) asSet() bool { return f.kind == textFact || f.kind == labelFact }

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
	if n.Is("dt", "th") {
		c.labels(n)
	}
	if id := n.Get("data-b"); id != "" {
		c.add(blockFact, id, n.AttrPos("data-b"))
	}
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
			c.add(imageFact, neutral(src, c.edition)+" "+n.Get("alt"), n.AttrPos("src"))
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

// labels adds the messages that name a field.
func (c *collector) labels(n *dom.Node) {
	for d := range n.Children() {
		if d.Type == dom.Text && d.Pos >= 0 && c.out.KindAt(d.Pos) == render.Message {
			c.add(labelFact, c.out.KeyAt(d.Pos), d.Pos)
		}
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
	after, before int // offsets in the lacking page between which it is missing; -1 unknown
}

type factID struct {
	kind factKind
	key  string
}

// gaps returns what have shows and lack does not. Texts and labels are
// compared as sets, since a fact may be repeated; everything else as a multiset.
func gaps(have, lack []fact) []gap {
	left := make(map[factID]int, len(lack))
	for _, f := range lack {
		left[factID{f.kind, f.key}]++
	}
	var missing []gap
	seen := map[factID]bool{}
	at := make([]int, 0, 8) // of the missing facts, in have
	for i, f := range have {
		k := factID{f.kind, f.key}
		switch {
		case left[k] > 0 && f.asSet():
		case left[k] > 0:
			left[k]--
		case f.asSet() && seen[k]:
		default:
			seen[k] = true
			missing = append(missing, gap{f, -1, -1})
			at = append(at, i)
		}
	}
	if len(missing) > 0 {
		locate(missing, at, have, lack)
	}
	return missing
}

// locate finds the nearest facts on both sides of each gap that both pages
// have. A fact that stands several times in lack is looked for after the last
// one found, so that both pages are read in step.
func locate(missing []gap, at []int, have, lack []fact) {
	where := map[factID][]int{}
	for _, f := range lack {
		k := factID{f.kind, f.key}
		where[k] = append(where[k], f.off)
	}
	near := make([]int, len(have)) // offset of each fact in lack, or -1
	last := -1
	for i, f := range have {
		near[i] = -1
		offs := where[factID{f.kind, f.key}]
		if j, _ := slices.BinarySearch(offs, last); len(offs) > 0 {
			near[i] = offs[min(j, len(offs)-1)]
			last = max(last, near[i])
		}
	}
	for m, i := range at {
		for j := i - 1; j >= 0 && missing[m].after < 0; j-- {
			missing[m].after = near[j]
		}
		for j := i + 1; j < len(have) && missing[m].before < 0; j++ {
			missing[m].before = near[j]
		}
	}
}
