package style

import (
	"slices"
	"sync"
)

// An overlay is what the attributes change that a mode sets on the html
// element: the rules that test one of them.
type overlay struct {
	only     []bool // by plan.rules
	index    index
	stateful bool // one of them asks for a dynamic state
}

// overlayFor returns the overlay of attributes, nil when no rule tests them.
func (p *plan) overlayFor(key string, attrs map[string]string) *overlay {
	if o, ok := p.overlays.Load(key); ok {
		return o.(*overlay)
	}
	var o *overlay
	for name := range attrs {
		for _, id := range p.attrs[asciiLower(name)] {
			if o == nil {
				o = &overlay{only: make([]bool, len(p.rules))}
			}
			o.only[id] = true
			o.stateful = o.stateful || p.rules[id].sel.States != 0
		}
	}
	if o != nil {
		o.index = newIndex(p.rules, func(id int) bool { return o.only[id] })
	}
	p.overlays.Store(key, o)
	return o
}

// overlays of a plan, by attrsKey.
type overlays struct{ sync.Map }

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
	s := m.base
	if o := m.plan.overlayFor(key, attrs); o != nil {
		c := &collector{m: m, index: &o.index, ctx: matchContext{doc: m.doc, overlay: attrs, places: m.places}}
		s = c.run()
		m.replace(s, o.only)
		s.attrs = attrs
		if !o.stateful {
			s = m.known(s)
		}
	}
	m.overlays[key] = s
	return s
}

// known returns an equal set that is there already, or s. Sets under which
// elements in some state may match other rules are never equal.
func (m *Matcher) known(s *matchSet) *matchSet {
	if slices.Equal(s.rules, m.base.rules) {
		return m.base
	}
	for _, o := range m.overlays {
		if slices.Equal(s.rules, o.rules) {
			return o
		}
	}
	return s
}

// replace makes a set of the rules in only that matched the whole set, with
// the other rules as they are in the base.
func (m *Matcher) replace(s *matchSet, only []bool) {
	for i, fresh := range s.rules {
		if fresh == nil {
			continue
		}
		old := m.base.rules[i]
		if len(fresh.all) == 0 && !slices.ContainsFunc(old.all, func(id uint32) bool { return only[id] }) {
			s.rules[i] = old
			continue
		}
		out := append(m.cache.scratch[:0], fresh.all...)
		for _, id := range old.all {
			if !only[id] {
				out = append(out, id)
			}
		}
		slices.Sort(out)
		m.cache.scratch = out
		s.rules[i] = m.cache.ruleSet(out)
	}
}
