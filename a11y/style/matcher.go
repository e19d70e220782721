package style

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// A Matcher holds which rules match which elements of a page. It is made once
// per page; Styles then asks it in each display mode. It is not safe for
// concurrent use.
type Matcher struct {
	doc   *dom.Doc
	rules []globalRule // in cascade order, lowest first
	insts []instance
	ids   [][]int32 // per instance: index in rules of each of its rules

	base     *matchSet
	overlays map[string]*matchSet
	extras   []*extra // by Node.Index: style attribute and hints; nil when no element has any
	places   *places
	conds    []globalCond
	styles   map[string]*Styles
	layered  bool
	meta     string // content of <meta name=color-scheme>
}

// instance is one use of a sheet in the page.
type instance struct {
	sheet  *Sheet
	media  []css.Media // that the whole sheet stands under
	never  bool
	prefix string // of its layers
	inside bool   // the whole sheet is in the layer prefix
}

// globalRule is a rule of some instance, with its place in the cascade.
type globalRule struct {
	*rule
	inst  int32
	cond  int32 // index into Matcher.conds; -1 for none
	layer int32 // rank of the layer, the highest for rules outside layers
}

// globalCond is a chain of conditions that some rules stand under.
type globalCond struct {
	medias []css.Media
	never  bool
}

// matchSet holds the matching rules of all elements.
type matchSet struct {
	lists  [][]uint32 // by Node.Index: indexes into Matcher.rules, ascending
	pseudo map[int]map[string][]uint32
}

// NewMatcher matches the page with the user-agent sheet and the author's
// sheets, in their order. Page sheets come from Sheets.
func NewMatcher(doc *dom.Doc, sheets []*Sheet) *Matcher {
	m := &Matcher{doc: doc, overlays: map[string]*matchSet{}, styles: map[string]*Styles{}, places: &places{doc: doc}}
	m.insts = append(m.insts, instance{sheet: userAgent})
	if doc.QuirksMode {
		m.insts = append(m.insts, instance{sheet: userAgentQuirks})
	}
	for _, s := range sheets {
		m.addSheet(s, nil, false, "", false, 0)
	}
	m.order()
	m.base = m.matchAll()
	m.addExtras()
	for _, n := range doc.Nodes {
		if n.Is("meta") && strings.EqualFold(n.Get("name"), "color-scheme") && m.meta == "" {
			m.meta = asciiLower(n.Get("content"))
		}
	}
	return m
}

// addSheet adds a sheet after the sheets that it imports.
func (m *Matcher) addSheet(s *Sheet, media []css.Media, never bool, prefix string, inside bool, depth int) {
	if s == nil || depth > maxImports {
		return
	}
	if !s.media.All() {
		media = append(media[:len(media):len(media)], s.media)
	}
	for _, ref := range s.imports {
		under := media
		if !ref.media.All() {
			under = append(media[:len(media):len(media)], ref.media)
		}
		p, in := prefix, inside
		if ref.inside {
			p, in = joinLayer(prefix, ref.layer), true
		}
		m.addSheet(ref.sheet, under, never || ref.never, p, in, depth+1)
	}
	m.insts = append(m.insts, instance{s, media, never, prefix, inside})
}

func joinLayer(a, b string) string {
	if a == "" {
		return b
	}
	return a + "." + b
}

// order brings the rules of all sheets into the order of the cascade.
func (m *Matcher) order() {
	ranks := m.layerRanks()
	n := 0
	for i := range m.insts {
		n += len(m.insts[i].sheet.rules)
	}
	m.rules = make([]globalRule, 0, n)
	type key struct{ inst, cond int32 }
	conds := map[key]int32{}
	for i := range m.insts {
		in := &m.insts[i]
		for j := range in.sheet.rules {
			r := &in.sheet.rules[j]
			g := globalRule{rule: r, inst: int32(i), cond: -1, layer: int32(len(ranks))}
			if r.layer >= 0 {
				g.layer = ranks[joinLayer(in.prefix, in.sheet.layers[r.layer])]
			} else if in.inside {
				g.layer = ranks[in.prefix]
			}
			if r.cond >= 0 || len(in.media) > 0 || in.never {
				k := key{int32(i), r.cond}
				c, ok := conds[k]
				if !ok {
					c = int32(len(m.conds))
					conds[k] = c
					m.conds = append(m.conds, in.chain(r.cond))
				}
				g.cond = c
			}
			m.rules = append(m.rules, g)
		}
	}
	m.layered = len(ranks) > 0
	slices.SortStableFunc(m.rules, func(a, b globalRule) int {
		return cmp.Or(
			cmp.Compare(m.insts[a.inst].sheet.origin, m.insts[b.inst].sheet.origin),
			cmp.Compare(a.layer, b.layer),
			cmp.Compare(a.sel.Spec, b.sel.Spec),
			cmp.Compare(a.inst, b.inst),
			cmp.Compare(a.order, b.order))
	})
	m.ids = make([][]int32, len(m.insts))
	for i := range m.insts {
		m.ids[i] = make([]int32, len(m.insts[i].sheet.rules))
	}
	for i := range m.rules {
		m.ids[m.rules[i].inst][m.rules[i].order] = int32(i)
	}
}

// chain collects the conditions that a rule stands under.
func (in *instance) chain(c int32) globalCond {
	g := globalCond{medias: slices.Clone(in.media), never: in.never}
	for ; c >= 0; c = in.sheet.conds[c].parent {
		g.never = g.never || in.sheet.conds[c].never
		if !in.sheet.conds[c].media.All() {
			g.medias = append(g.medias, in.sheet.conds[c].media)
		}
	}
	return g
}

// layerRanks orders the layers of all sheets: by first appearance, a layer
// after the layers inside it.
func (m *Matcher) layerRanks() map[string]int32 {
	ranks := map[string]int32{}
	type node struct {
		name string
		kids []string
	}
	tree := map[string]*node{"": {}}
	add := func(name string) {
		path := ""
		for part := range strings.SplitSeq(name, ".") {
			parent := tree[path]
			path = joinLayer(path, part)
			if tree[path] == nil {
				tree[path] = &node{name: path}
				parent.kids = append(parent.kids, path)
			}
		}
	}
	for i := range m.insts {
		in := &m.insts[i]
		if in.inside {
			add(in.prefix)
		}
		for _, l := range in.sheet.layers {
			add(joinLayer(in.prefix, l))
		}
	}
	var visit func(n *node)
	visit = func(n *node) {
		for _, k := range n.kids {
			visit(tree[k])
		}
		if n.name != "" {
			ranks[n.name] = int32(len(ranks))
		}
	}
	visit(tree[""])
	return ranks
}

// collector matches one element after another.
type collector struct {
	m     *Matcher
	ctx   matchContext
	only  map[uint32]bool // restricts the rules, nil for all
	arena []uint32
	seen  []uint32
}

// matchAll matches every rule with every element, without any mode's
// attributes.
func (m *Matcher) matchAll() *matchSet {
	c := &collector{m: m, ctx: matchContext{doc: m.doc, places: m.places}}
	return c.run()
}

// run walks the tree with the names of all ancestors at hand.
func (c *collector) run() *matchSet {
	set := &matchSet{lists: make([][]uint32, len(c.m.doc.Nodes))}
	blooms := make([]bloom, 1, 32)
	depth := 0
	root := c.m.doc.Root
	for n := root; n != nil; {
		if n.Type == dom.Element {
			c.element(set, n, &blooms[depth])
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
			break
		}
		n = n.Next
	}
	return set
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
	only := map[uint32]bool{}
	for name := range attrs {
		for i := range m.insts {
			for _, r := range m.insts[i].sheet.attrRules[asciiLower(name)] {
				only[uint32(m.ids[i][r])] = true
			}
		}
	}
	s := m.base
	if len(only) > 0 {
		c := &collector{m: m, ctx: matchContext{doc: m.doc, overlay: attrs, places: m.places}, only: only}
		s = m.base.replace(c.run(), only)
	}
	m.overlays[key] = s
	return s
}

// replace returns the set with the rules in only taken from fresh.
func (s *matchSet) replace(fresh *matchSet, only map[uint32]bool) *matchSet {
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
				if _, done := out.pseudo[i][name]; !done {
					out.pseudo[i][name] = replaceList(s.pseudo[i][name], fresh.pseudo[i][name], only)
				}
			}
		}
	}
	return out
}

func replaceList(old, fresh []uint32, only map[uint32]bool) []uint32 {
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
