package style

import (
	"encoding/binary"
	"slices"

	"handrail/a11y/dom"
)

// A frame is all that matching can tell of an element: the frame above it, its
// signature, its own declarations, and which of the rules match that look at
// more than that. Elements of all pages with the same sheets share frames, so
// that the rules of a layout are matched once for a site and not once for a
// page.
type frame struct {
	id     int32
	parent *frame
	extra  *extra
	// context holds, by variant, the matching rules that are not local.
	context [][]uint32
	rules   []*ruleSet // by variant; nil where nobody asked yet
	slots   []*slot    // by variant

	stamp uint32 // of the page that at is for
	at    int32  // its place in Matcher.frames
}

// A variant is what a mode's attributes on the html element make of a plan. The
// first one of a store sets none.
type variant struct {
	*overlay
	id    int
	attrs map[string]string
}

// variant returns the variant for attributes: the first one when no rule tests
// any of them.
func (c *store) variant(attrs map[string]string) *variant {
	if len(attrs) == 0 {
		return c.variants[0]
	}
	key := attrsKey(attrs)
	if v := c.byAttrs[key]; v != nil {
		return v
	}
	v := c.variants[0]
	if o := c.plan.overlayFor(key, attrs); o != nil {
		v = &variant{overlay: o, id: len(c.variants), attrs: attrs}
		c.variants = append(c.variants, v)
	}
	c.byAttrs[key] = v
	return v
}

// contextual reports whether the variant changes which of the rules match
// that the page's elements have to be asked one by one.
func (m *Matcher) contextual(v *variant) bool {
	return v.id > 0 && (m.single || len(v.context.rules) > 0)
}

// match finds the frames of the page. It is done again when a mode comes up
// whose attributes ask more of the elements than those before.
func (m *Matcher) match() {
	if m.at != nil && m.known == len(m.cache.variants) {
		return
	}
	m.known = len(m.cache.variants)
	m.at = make([]int32, len(m.doc.Nodes))
	for i := range m.at {
		m.at[i] = -1
	}
	m.frames, m.first = nil, nil
	m.cache.stamp++
	c := m.collector(m.cache.variants[0])
	for _, v := range m.cache.variants {
		if m.contextual(v) {
			c.under = append(c.under, m.collector(v))
		}
	}
	c.run()
}

// collector returns a collector of the rules of a variant: of all rules for
// the first one, of those that its attributes change for the others.
func (m *Matcher) collector(v *variant) *collector {
	c := &collector{m: m, variant: v, local: &m.plan.local, context: &m.plan.context,
		ctx: matchContext{doc: m.doc, overlay: v.attrs, places: m.places}}
	if v.id > 0 {
		c.local, c.context = &v.local, &v.context
	}
	if m.single {
		c.local, c.context = &noRules, &m.plan.index
		if v.id > 0 {
			c.context = &v.index
		}
	}
	return c
}

var noRules index

// element finds the frame of an element.
func (c *collector) element(n *dom.Node, b *bloom) {
	m := c.m
	var parent *frame
	if p := styleParent(n); p != nil {
		parent = m.cache.all[m.at[p.Index]]
	}
	ex := m.extra(n)
	c.key = c.sign(c.key[:0], n, b)
	c.key = identify(c.key, parent, ex)
	if !m.single {
		c.key = m.plan.vocabulary.sign(c.key, &c.ctx, n)
	}
	f := m.cache.frames[string(c.key)]
	if f == nil {
		f = c.newFrame(n, b, parent, ex)
		m.cache.frames[string(c.key)] = f
		m.cache.all = append(m.cache.all, f)
	}
	if f.stamp != m.cache.stamp {
		f.stamp, f.at = m.cache.stamp, int32(len(m.frames))
		m.frames = append(m.frames, f)
		m.first = append(m.first, n)
	}
	m.at[n.Index] = f.id
}

// sign appends the rules that match and are not local, for each variant in
// which these have to be asked.
func (c *collector) sign(key []byte, n *dom.Node, b *bloom) []byte {
	c.seen = ordered(c.collect(c.seen[:0], c.context, n, b))
	key = list(key, c.seen)
	for _, v := range c.under {
		v.seen = ordered(v.collect(v.seen[:0], v.context, n, &anyBloom))
		key = list(key, v.seen)
	}
	return key
}

// list appends ids of rules to a key.
func list(key []byte, ids []uint32) []byte {
	key = binary.LittleEndian.AppendUint16(key, uint16(len(ids)))
	for _, id := range ids {
		key = binary.LittleEndian.AppendUint32(key, id)
	}
	return key
}

func identify(key []byte, parent *frame, ex *extra) []byte {
	p, x := int32(-1), int32(-1)
	if parent != nil {
		p = parent.id
	}
	if ex != nil {
		x = ex.id
	}
	key = binary.LittleEndian.AppendUint32(key, uint32(p))
	return binary.LittleEndian.AppendUint32(key, uint32(x))
}

// newFrame makes the frame of an element whose context has been matched.
func (c *collector) newFrame(n *dom.Node, b *bloom, parent *frame, ex *extra) *frame {
	f := &frame{id: int32(len(c.m.cache.all)), parent: parent, extra: ex, context: [][]uint32{slices.Clone(c.seen)}}
	for _, v := range c.under {
		for len(f.context) <= v.variant.id {
			f.context = append(f.context, nil)
		}
		f.context[v.variant.id] = slices.Clone(v.seen)
	}
	c.seen = ordered(c.collect(c.seen, c.local, n, b))
	f.rules = []*ruleSet{c.m.cache.ruleSet(c.seen)}
	return f
}

func ordered(ids []uint32) []uint32 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rulesOf returns the rules that the elements of a frame match in a variant.
func (m *Matcher) rulesOf(at int, v *variant) *ruleSet {
	f := m.frames[at]
	for len(f.rules) <= v.id {
		f.rules = append(f.rules, nil)
	}
	if f.rules[v.id] == nil {
		f.rules[v.id] = m.replaced(f, m.first[at], v)
	}
	return f.rules[v.id]
}

// replaced matches the rules of a variant with an element, and leaves the
// others as they are in the first one.
func (m *Matcher) replaced(f *frame, n *dom.Node, v *variant) *ruleSet {
	c := m.collector(v)
	ids := c.collect(m.cache.scratch[:0], c.local, n, &anyBloom)
	if v.id < len(f.context) {
		ids = append(ids, f.context[v.id]...)
	}
	old := f.rules[0]
	if len(ids) == 0 && !slices.ContainsFunc(old.all, func(id uint32) bool { return v.only[id] }) {
		return old
	}
	for _, id := range old.all {
		if !v.only[id] {
			ids = append(ids, id)
		}
	}
	m.cache.scratch = ordered(ids)
	return m.cache.ruleSet(m.cache.scratch)
}

// slotOf returns the slot of the elements of a frame in a variant.
func (m *Matcher) slotOf(at int, v *variant) *slot {
	f := m.frames[at]
	for len(f.slots) <= v.id {
		f.slots = append(f.slots, nil)
	}
	if f.slots[v.id] == nil {
		k := slotKey{rules: m.rulesOf(at, v), extra: f.extra}
		if f.parent != nil {
			k.parent = m.slotOf(int(f.parent.at), v)
		}
		f.slots[v.id] = m.cache.slot(k)
	}
	return f.slots[v.id]
}

// same reports whether the page's elements match the same rules in a variant
// as in another, in every state.
func (m *Matcher) same(a, b *variant) bool {
	if a.id > 0 && a.stateful || b.id > 0 && b.stateful {
		return false
	}
	for at := range m.frames {
		if m.rulesOf(at, a) != m.rulesOf(at, b) {
			return false
		}
	}
	return true
}
