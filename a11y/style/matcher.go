package style

import (
	"maps"
	"slices"
	"strings"

	"handrail/a11y/dom"
)

// A Matcher holds which rules match which elements of a page. It is made once
// per page; Styles then asks it in each display mode. It is not safe for
// concurrent use.
type Matcher struct {
	*plan
	cache  *store
	doc    *dom.Doc
	extras []*extra // by Node.Index: style attribute and hints; nil when no element has any
	places *places
	stater collector
	single bool // no element stands for another: in quirks mode and with shadow trees

	at     []int32     // by Node.Index: the id of its frame; -1 in the contents of templates
	frames []*frame    // those of the page, in document order
	first  []*dom.Node // an element of each
	known  int         // variants of the store that the frames answer for
}

// NewMatcher matches the page with the user-agent sheet and the author's
// sheets, in their order. Sheets finds those of a page.
func NewMatcher(doc *dom.Doc, sheets []*Sheet) *Matcher {
	return NewCache().Matcher(doc, sheets)
}

// colorSchemes returns what the page says in <meta name=color-scheme>.
func colorSchemes(doc *dom.Doc) string {
	for _, n := range doc.Nodes {
		if n.Is("meta") && strings.EqualFold(n.Get("name"), "color-scheme") {
			if v := n.Get("content"); v != "" {
				return strings.Clone(asciiLower(v))
			}
		}
	}
	return ""
}

// collector matches one element after another.
type collector struct {
	m              *Matcher
	variant        *variant
	local, context *index // rules that frames answer for, and those that they do not
	ctx            matchContext
	under          []*collector // of variants that ask more of each element
	scope          *dom.Node    // the shadow tree that is being matched
	shadows        []*dom.Node  // to be matched
	seen           []uint32
	key            []byte
}

// run matches the page and then its shadow trees.
func (c *collector) run() {
	c.walk(c.m.doc.Root)
	for len(c.shadows) > 0 {
		c.scope = c.shadows[0]
		c.shadows = c.shadows[1:]
		for _, v := range c.under {
			v.scope = c.scope
		}
		c.walk(c.scope)
	}
}

// walk goes over the elements below root with the names of all ancestors at
// hand.
func (c *collector) walk(root *dom.Node) {
	blooms := make([]bloom, 1, 32)
	depth := 0
	for n := root; n != nil; {
		if n.Type == dom.Element {
			c.element(n, &blooms[depth])
			if n.Shadow != nil {
				c.shadows = append(c.shadows, n.Shadow)
			}
		}
		if n.FirstChild != nil {
			b := blooms[depth]
			if n.Type == dom.Element {
				b.addElement(n)
			}
			blooms = append(blooms[:depth+1], b)
			depth++
			n = n.FirstChild
			continue
		}
		for n != nil && n != root && n.Next == nil {
			n = n.Parent
			depth--
		}
		if n == nil || n == root {
			return
		}
		n = n.Next
	}
}

// collect appends the rules of an index that match n, in no order.
func (c *collector) collect(out []uint32, ix *index, n *dom.Node, b *bloom) []uint32 {
	if len(ix.ids) > 0 {
		if id, _ := c.ctx.attr(n, "id"); id != "" {
			out = c.try(out, ix.ids[id], n, b)
		}
	}
	if len(ix.classes) > 0 {
		if class, _ := c.ctx.attr(n, "class"); class != "" {
			for w := range fields(class) {
				out = c.try(out, ix.classes[w], n, b)
			}
		}
	}
	name := n.Name
	if n.NS != dom.HTML {
		name = asciiLower(name)
	}
	out = c.try(out, ix.tags[name], n, b)
	if len(ix.attrs) > 0 {
		for j := range n.Attrs {
			out = c.try(out, ix.attrs[asciiLower(n.Attrs[j].Name)], n, b)
		}
		if c.ctx.overlay != nil && n == c.m.doc.HTML() {
			for a := range c.ctx.overlay {
				out = c.try(out, ix.attrs[a], n, b)
			}
		}
	}
	out = c.try(out, ix.rest, n, b)
	if c.m.doc.QuirksMode {
		out = c.quirky(out, ix, n, b)
	}
	return out
}

// reaches says whether a sheet is for the tree that is being matched.
func (c *collector) reaches(in *instance) bool {
	return in.sheet.origin == originUA || in.scope == c.scope
}

// quirky tries the rules found by id or class in another case of letters.
func (c *collector) quirky(out []uint32, ix *index, n *dom.Node, b *bloom) []uint32 {
	if !n.Has("id") && !n.Has("class") {
		return out
	}
	for name, rules := range ix.ids {
		if strings.EqualFold(name, n.Get("id")) {
			out = c.try(out, rules, n, b)
		}
	}
	for name, rules := range ix.classes {
		if hasWord(n.Get("class"), name, true) {
			out = c.try(out, rules, n, b)
		}
	}
	return out
}

func (c *collector) try(out []uint32, rules []int32, n *dom.Node, b *bloom) []uint32 {
	for _, id := range rules {
		g := &c.m.rules[id]
		if !c.m.doc.QuirksMode && !b.covers(&g.bloom) {
			continue
		}
		if c.m.scoped && !c.reaches(&c.m.insts[g.inst]) {
			continue
		}
		if c.ctx.matches(g.sel, n) {
			out = append(out, uint32(id))
		}
	}
	return out
}

// attrsKey is a text that equal sets of attributes share.
func attrsKey(attrs map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(attrs)) {
		b.WriteString(k + "\x00" + attrs[k] + "\x00")
	}
	return b.String()
}
