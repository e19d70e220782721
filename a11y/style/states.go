package style

import (
	"slices"

	"handrail/a11y/dom"
)

// OfState returns the style of n when it is in dynamic states, such as
// FocusVisible. The styles of its ancestors are taken as they are without.
func (s *Styles) OfState(n *dom.Node, st State) *Computed {
	return s.OfWhen(n, n, st)
}

// OfWhen returns the style of n when another element, the subject, is in
// dynamic states: what a:focus > span and p:focus-within select.
func (s *Styles) OfWhen(n, subject *dom.Node, st State) *Computed {
	slot := s.when(n, subject, st)
	if slot == nil {
		return s.world.initial
	}
	return s.world.of(slot)
}

// PseudoState is Pseudo for an element in dynamic states.
func (s *Styles) PseudoState(n *dom.Node, name string, st State) *Computed {
	slot := s.when(n, n, st)
	if slot == nil {
		return nil
	}
	if slot = slot.part(name); slot == nil {
		return nil
	}
	return s.world.of(slot)
}

// stateKey is an element while another one or itself is in dynamic states.
type stateKey struct {
	node, subject *dom.Node
	st            State
}

// when returns the slot that n has while the subject is in dynamic states, the
// same in all modes that set the same attributes.
func (s *Styles) when(n, subject *dom.Node, st State) *slot {
	rest := s.slots[n.Index]
	if rest == nil || st == 0 || len(s.m.stateful.rules) == 0 {
		return rest
	}
	k := stateKey{n, subject, st}
	if got, ok := s.set.states[k]; ok {
		return got
	}
	got := s.m.stateSlot(s.set, rest, k)
	if s.set.states == nil {
		s.set.states = map[stateKey]*slot{}
	}
	s.set.states[k] = got
	return got
}

// stateSlot matches the rules that ask for states again; the others match as
// they do at rest.
func (m *Matcher) stateSlot(set *matchSet, rest *slot, k stateKey) *slot {
	full := bloom{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	c := &m.stater
	c.m = m
	c.ctx = matchContext{doc: m.doc, overlay: set.attrs, places: m.places, states: cssStates(k.st), subject: k.subject}
	c.scope = treeOf(k.node)
	found := c.collect(c.seen[:0], &m.stateful, k.node, &full)
	c.seen = found
	if len(found) == 0 && !rest.rules.asks {
		return rest
	}
	ids := rest.rules.stateless(m.plan, found)
	c.seen = ids
	slices.Sort(ids)
	key := slotKey{parent: rest.parent, rules: m.cache.ruleSet(slices.Compact(ids)), extra: rest.extra}
	return m.cache.slot(key)
}

// treeOf returns the shadow tree that n is in, nil for the page.
func treeOf(n *dom.Node) *dom.Node {
	for n = n.Parent; n != nil; n = n.Parent {
		if n.Type == dom.Fragment {
			return n
		}
	}
	return nil
}
