package style

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"

	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// A plan is what a list of sheets amounts to: all rules in the order of the
// cascade. It is immutable and shared by the pages that have the same sheets.
type plan struct {
	sheets []*Sheet
	quirks bool
	rules  []globalRule // in cascade order, lowest first
	insts  []instance
	index  index // of all rules
	// local finds the rules that a frame answers for, context the others.
	local, context index
	vocabulary     vocabulary
	// stateful finds the rules that ask for dynamic states.
	stateful, statefulContext index
	far                       []bool             // by rules: not local
	attrs                     map[string][]int32 // rules by attribute names that they test
	conds                     []globalCond
	names                     []string // of layers, in order of appearance
	layered                   bool
	overlays                  overlays
	scoped                    bool // some sheet belongs to a shadow tree
}

// planCache keeps the last plans that began with a sheet: the pages of a site
// have one of a few lists.
type planCache struct{ last atomic.Pointer[[]*plan] }

// maxPlans bounds them.
const maxPlans = 16

// find returns the plan of the sheets, nil when it is not there.
func (c *planCache) find(sheets []*Sheet, quirks bool) *plan {
	list := c.last.Load()
	if list == nil {
		return nil
	}
	for _, p := range *list {
		if p.quirks == quirks && slices.Equal(p.sheets, sheets) {
			return p
		}
	}
	return nil
}

// keep puts a plan first. Of two goroutines that keep one at once, one may be
// forgotten: it is made again.
func (c *planCache) keep(p *plan) {
	list := []*plan{p}
	if old := c.last.Load(); old != nil {
		list = append(list, (*old)[:min(len(*old), maxPlans-1)]...)
	}
	c.last.Store(&list)
}

// bare and bareQuirks are for pages without a sheet.
var bare, bareQuirks planCache

// planFor returns the plan of the sheets and those in shadow trees of the page.
func planFor(sheets []*Sheet, doc *dom.Doc) *plan {
	shadow := shadowSheets(doc)
	var cache *planCache
	switch {
	case len(shadow) > 0:
	case len(sheets) == 0:
		cache = &bare
		if doc.QuirksMode {
			cache = &bareQuirks
		}
	case sheets[0] != nil:
		cache = sheets[0].plans
	}
	if cache != nil {
		if p := cache.find(sheets, doc.QuirksMode); p != nil {
			return p
		}
	}
	p := &plan{sheets: slices.Clone(sheets), quirks: doc.QuirksMode}
	p.insts = append(p.insts, instance{sheet: userAgent})
	if doc.QuirksMode {
		p.insts = append(p.insts, instance{sheet: userAgentQuirks})
	}
	for _, s := range sheets {
		p.addSheet(s, instance{}, nil)
	}
	for _, s := range shadow {
		p.scoped = true
		p.addSheet(s.sheet, instance{scope: s.scope}, nil)
	}
	p.order()
	if cache != nil {
		cache.keep(p)
	}
	return p
}

// scopedSheet is a sheet of a shadow tree.
type scopedSheet struct {
	sheet *Sheet
	scope *dom.Node
}

// shadowSheets finds the style elements in the shadow trees of a page.
func shadowSheets(doc *dom.Doc) []scopedSheet {
	var out []scopedSheet
	for _, n := range doc.Nodes {
		if n.Type != dom.Element || n.Shadow == nil {
			continue
		}
		for e := range n.Shadow.Elements() {
			if e.Is("style") {
				out = append(out, scopedSheet{pageSheet(e, nil).WithMedia(e.Get("media")), n.Shadow})
			}
		}
	}
	return out
}

// maxInstances bounds the sheets of a page, with all that they import.
const maxInstances = 256

// addSheet adds a sheet after the sheets that it imports. chain names the
// sheets that are importing it.
func (p *plan) addSheet(s *Sheet, in instance, chain []string) {
	if s == nil || len(p.insts) >= maxInstances {
		return
	}
	if !s.media.All() {
		in.media = append(in.media[:len(in.media):len(in.media)], s.media)
	}
	chain = append(chain[:len(chain):len(chain)], s.Name)
	for i := range s.imports {
		ref := &s.imports[i]
		sub := ref.load()
		if sub == nil || slices.Contains(chain, sub.Name) || len(chain) > maxImports {
			continue
		}
		under := in
		if !ref.media.All() {
			under.media = append(in.media[:len(in.media):len(in.media)], ref.media)
		}
		if ref.inside {
			under.prefix, under.inside = joinLayer(in.prefix, ref.layer), true
		}
		under.never = in.never || ref.never
		p.nameLayers(s.layers[:ref.layers], in)
		p.addSheet(sub, under, chain)
	}
	p.nameLayers(s.layers, in)
	in.sheet = s
	p.insts = append(p.insts, in)
}

// instance is one use of a sheet in the page.
type instance struct {
	sheet  *Sheet
	media  []css.Media // that the whole sheet stands under
	never  bool
	prefix string    // of its layers
	inside bool      // the whole sheet is in the layer prefix
	scope  *dom.Node // the shadow tree that the sheet is for; nil for the page
}

// globalRule is a rule of some instance, with its place in the cascade.
type globalRule struct {
	*rule
	inst  int32
	cond  int32 // index into plan.conds; -1 for none
	layer int32 // rank of the layer, the highest for rules outside layers
}

// globalCond is a chain of conditions that some rules stand under.
type globalCond struct {
	medias []css.Media
	never  bool
}

// nameLayers notes layers of a sheet in order of appearance.
func (p *plan) nameLayers(layers []string, in instance) {
	if in.inside {
		p.names = append(p.names, in.prefix)
	}
	for _, l := range layers {
		p.names = append(p.names, joinLayer(in.prefix, l))
	}
}

func joinLayer(a, b string) string {
	if a == "" {
		return b
	}
	return a + "." + b
}

// order brings the rules of all sheets into the order of the cascade.
func (p *plan) order() {
	ranks := p.layerRanks()
	n := 0
	for i := range p.insts {
		n += len(p.insts[i].sheet.rules)
	}
	p.rules = make([]globalRule, 0, n)
	type key struct{ inst, cond int32 }
	conds := map[key]int32{}
	for i := range p.insts {
		in := &p.insts[i]
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
					c = int32(len(p.conds))
					conds[k] = c
					p.conds = append(p.conds, in.chain(r.cond))
				}
				g.cond = c
			}
			p.rules = append(p.rules, g)
		}
	}
	p.layered = len(ranks) > 0
	slices.SortStableFunc(p.rules, func(a, b globalRule) int {
		return cmp.Or(
			cmp.Compare(p.insts[a.inst].sheet.origin, p.insts[b.inst].sheet.origin),
			cmp.Compare(a.layer, b.layer),
			cmp.Compare(a.sel.Spec, b.sel.Spec),
			cmp.Compare(a.inst, b.inst),
			cmp.Compare(a.order, b.order))
	})
	p.index = newIndex(p.rules, func(int) bool { return true })
	p.vocabulary = newVocabulary()
	far := make([]bool, len(p.rules))
	for i := range p.rules {
		far[i] = !local(p.rules[i].sel)
		if !far[i] {
			p.vocabulary.learn(p.rules[i].sel)
		}
	}
	p.far = far
	p.local = newIndex(p.rules, func(id int) bool { return !far[id] })
	p.context = newIndex(p.rules, func(id int) bool { return far[id] })
	p.stateful = newIndex(p.rules, func(id int) bool { return p.rules[id].sel.States != 0 })
	p.statefulContext = newIndex(p.rules, func(id int) bool { return far[id] && p.rules[id].sel.States != 0 })
	p.attrs = map[string][]int32{}
	for i := range p.rules {
		seen := map[string]bool{}
		attrNames(p.rules[i].sel, func(name string) {
			if !seen[name] {
				seen[name] = true
				p.attrs[name] = append(p.attrs[name], int32(i))
			}
		})
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
func (p *plan) layerRanks() map[string]int32 {
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
	for _, name := range p.names {
		add(name)
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
