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
	doc      *dom.Doc
	base     *matchSet
	overlays map[string]*matchSet
	extras   []*extra // by Node.Index: style attribute and hints; nil when no element has any
	places   *places
	cascader cascader
	cascades map[uint64][]*cascaded
	meta     string // content of <meta name=color-scheme>
}

// matchSet holds the matching rules of all elements.
type matchSet struct {
	lists  [][]uint32 // by Node.Index: indexes into Matcher.rules, ascending
	pseudo map[int]map[string][]uint32
	conds  []bool // see used
}

// NewMatcher matches the page with the user-agent sheet and the author's
// sheets, in their order. Sheets finds those of a page.
func NewMatcher(doc *dom.Doc, sheets []*Sheet) *Matcher {
	m := &Matcher{doc: doc, overlays: map[string]*matchSet{}, places: &places{doc: doc}, cascades: map[uint64][]*cascaded{}}
	m.plan = planFor(sheets, doc)
	m.base = m.matchAll()
	m.addExtras()
	for _, n := range doc.Nodes {
		if m.meta == "" && n.Is("meta") && strings.EqualFold(n.Get("name"), "color-scheme") {
			m.meta = asciiLower(n.Get("content"))
		}
	}
	return m
}

// collector matches one element after another.
type collector struct {
	m       *Matcher
	ctx     matchContext
	only    []bool      // restricts the rules, nil for all
	scope   *dom.Node   // the shadow tree that is being matched
	shadows []*dom.Node // to be matched
	arena   []uint32
	seen    []uint32
}

// matchAll matches every rule with every element, without any mode's
// attributes.
func (m *Matcher) matchAll() *matchSet {
	c := &collector{m: m, ctx: matchContext{doc: m.doc, places: m.places}}
	return c.run()
}

// run matches the page and then its shadow trees.
func (c *collector) run() *matchSet {
	set := &matchSet{lists: make([][]uint32, len(c.m.doc.Nodes))}
	c.walk(set, c.m.doc.Root)
	for len(c.shadows) > 0 {
		c.scope = c.shadows[0]
		c.shadows = c.shadows[1:]
		c.walk(set, c.scope)
	}
	return set
}

// walk goes over the elements below root with the names of all ancestors at
// hand.
func (c *collector) walk(set *matchSet, root *dom.Node) {
	blooms := make([]bloom, 1, 32)
	depth := 0
	for n := root; n != nil; {
		if n.Type == dom.Element {
			c.element(set, n, &blooms[depth])
			if n.Shadow != nil {
				c.shadows = append(c.shadows, n.Shadow)
			}
		}
		if n.FirstChild != nil {
			b := blooms[depth]
			if n.Type == dom.Element {
				b.addElement(n)
				c.overlayBloom(&b, n)
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

// overlayBloom adds the names that a mode sets on the html element.
func (c *collector) overlayBloom(b *bloom, n *dom.Node) {
	if c.ctx.overlay == nil || n != c.m.doc.HTML() {
		return
	}
	for w := range fields(c.ctx.overlay["class"]) {
		b.addName('.', w)
	}
	if id := c.ctx.overlay["id"]; id != "" {
		b.addName('#', id)
	}
}

// element stores the rules that match n.
func (c *collector) element(set *matchSet, n *dom.Node, b *bloom) {
	start := len(c.arena)
	if cap(c.arena)-start < 64 {
		c.arena = make([]uint32, 0, 4096)
		start = 0
	}
	found := c.collect(c.seen[:0], n, b)
	c.seen = found
	if len(found) == 0 {
		return
	}
	slices.Sort(found)
	for i, id := range found {
		if i > 0 && found[i-1] == id {
			continue
		}
		r := &c.m.rules[id]
		if r.pseudo == "" {
			c.arena = append(c.arena, id)
			continue
		}
		if set.pseudo == nil {
			set.pseudo = map[int]map[string][]uint32{}
		}
		if set.pseudo[n.Index] == nil {
			set.pseudo[n.Index] = map[string][]uint32{}
		}
		set.pseudo[n.Index][r.pseudo] = append(set.pseudo[n.Index][r.pseudo], id)
	}
	if len(c.arena) > start {
		set.lists[n.Index] = c.arena[start:len(c.arena):len(c.arena)]
	}
}

// collect appends the rules that match n, in no order.
func (c *collector) collect(out []uint32, n *dom.Node, b *bloom) []uint32 {
	id, _ := c.ctx.attr(n, "id")
	class, _ := c.ctx.attr(n, "class")
	name := n.Name
	if n.NS != dom.HTML {
		name = asciiLower(name)
	}
	for i := range c.m.insts {
		if c.m.scoped && !c.reaches(&c.m.insts[i]) {
			continue
		}
		ix := &c.m.insts[i].sheet.index
		ids := c.m.ids[i]
		if id != "" && len(ix.ids) > 0 {
			out = c.try(out, ix.ids[id], ids, n, b)
		}
		if class != "" && len(ix.classes) > 0 {
			for w := range fields(class) {
				out = c.try(out, ix.classes[w], ids, n, b)
			}
		}
		out = c.try(out, ix.tags[name], ids, n, b)
		if len(ix.attrs) > 0 {
			for j := range n.Attrs {
				out = c.try(out, ix.attrs[asciiLower(n.Attrs[j].Name)], ids, n, b)
			}
			if c.ctx.overlay != nil && n == c.m.doc.HTML() {
				for a := range c.ctx.overlay {
					out = c.try(out, ix.attrs[a], ids, n, b)
				}
			}
		}
		out = c.try(out, ix.rest, ids, n, b)
	}
	if c.m.doc.QuirksMode {
		out = c.quirky(out, n, b)
	}
	return out
}

// reaches says whether a sheet is for the tree that is being matched.
func (c *collector) reaches(in *instance) bool {
	return in.sheet.origin == originUA || in.scope == c.scope
}

// quirky tries the rules found by id or class in another case of letters.
func (c *collector) quirky(out []uint32, n *dom.Node, b *bloom) []uint32 {
	if !n.Has("id") && !n.Has("class") {
		return out
	}
	for i := range c.m.insts {
		ix := &c.m.insts[i].sheet.index
		for name, rules := range ix.ids {
			if strings.EqualFold(name, n.Get("id")) {
				out = c.try(out, rules, c.m.ids[i], n, b)
			}
		}
		for name, rules := range ix.classes {
			if hasWord(n.Get("class"), name, true) {
				out = c.try(out, rules, c.m.ids[i], n, b)
			}
		}
	}
	return out
}

func (c *collector) try(out []uint32, rules, ids []int32, n *dom.Node, b *bloom) []uint32 {
	for _, r := range rules {
		id := uint32(ids[r])
		if c.only != nil && !c.only[id] {
			continue
		}
		g := &c.m.rules[id]
		if !c.m.doc.QuirksMode && !b.covers(&g.bloom) {
			continue
		}
		if c.ctx.matches(g.sel, n) {
			out = append(out, id)
		}
	}
	return out
}

// set returns the matching rules under a mode's attributes. Only selectors that
// test one of these attributes are matched again.
func (m *Matcher) set(attrs map[string]string) *matchSet {
	if len(attrs) == 0 || m.doc.HTML() == nil {
		return m.base
	}
	key := attrsKey(attrs)
	if s := m.overlays[key]; s != nil {
		return s
	}
	var only []bool
	for name := range attrs {
		for i := range m.insts {
			for _, r := range m.insts[i].sheet.attrRules[asciiLower(name)] {
				if only == nil {
					only = make([]bool, len(m.rules))
				}
				only[m.ids[i][r]] = true
			}
		}
	}
	s := m.base
	if only != nil {
		c := &collector{m: m, ctx: matchContext{doc: m.doc, overlay: attrs, places: m.places}, only: only}
		s = m.known(m.base.replace(c.run(), only))
	}
	m.overlays[key] = s
	return s
}

// known returns an equal set that is there already, or s.
func (m *Matcher) known(s *matchSet) *matchSet {
	if s.equal(m.base) {
		return m.base
	}
	for _, o := range m.overlays {
		if s.equal(o) {
			return o
		}
	}
	return s
}

func (s *matchSet) equal(o *matchSet) bool {
	for i := range s.lists {
		if !slices.Equal(s.lists[i], o.lists[i]) {
			return false
		}
	}
	return maps.EqualFunc(s.pseudo, o.pseudo, func(a, b map[string][]uint32) bool {
		return maps.EqualFunc(a, b, slices.Equal[[]uint32])
	})
}

// replace returns the set with the rules in only taken from fresh.
func (s *matchSet) replace(fresh *matchSet, only []bool) *matchSet {
	out := &matchSet{lists: make([][]uint32, len(s.lists)), pseudo: map[int]map[string][]uint32{}}
	for i := range s.lists {
		out.lists[i] = replaceList(s.lists[i], fresh.lists[i], only)
	}
	for _, from := range []*matchSet{s, fresh} {
		for i, byName := range from.pseudo {
			for name := range byName {
				if out.pseudo[i] == nil {
					out.pseudo[i] = map[string][]uint32{}
				}
				if l := replaceList(s.pseudo[i][name], fresh.pseudo[i][name], only); len(l) > 0 {
					out.pseudo[i][name] = l
				}
			}
		}
	}
	return out
}

func replaceList(old, fresh []uint32, only []bool) []uint32 {
	touched := len(fresh) > 0
	for _, id := range old {
		touched = touched || only[id]
	}
	if !touched {
		return old
	}
	out := slices.Clone(fresh)
	for _, id := range old {
		if !only[id] {
			out = append(out, id)
		}
	}
	slices.Sort(out)
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
