package style

import "handrail/a11y/dom"

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

// stateSlot is the slot of an element that is in dynamic states itself, under
// a variant that has rules for states; 0 stands for all that have none.
type stateSlot struct {
	st      State
	variant int
	slot    *slot
}

// when returns the slot that n has while the subject is in dynamic states, the
// same in all modes that set the same attributes.
func (s *Styles) when(n, subject *dom.Node, st State) *slot {
	rest := s.slot(n)
	if rest == nil || st == 0 || len(s.m.stateful.rules) == 0 {
		return rest
	}
	if n == subject && !s.m.single {
		return s.itself(n, rest, st)
	}
	k := stateKey{n, subject, st}
	if got, ok := s.states[k]; ok {
		return got
	}
	c := s.stater(n, subject, st)
	c.seen = c.collect(c.seen[:0], &s.m.stateful, n, &anyBloom)
	got := s.m.stateSlot(c, rest)
	if s.states == nil {
		s.states = map[stateKey]*slot{}
	}
	s.states[k] = got
	return got
}

// itself returns the slot of an element in dynamic states: what its slot at
// rest remembers, unless rules match that look round it.
func (s *Styles) itself(n *dom.Node, rest *slot, st State) *slot {
	c := s.stater(n, n, st)
	c.seen = c.collect(c.seen[:0], &s.m.statefulContext, n, &anyBloom)
	plain, variant := len(c.seen) == 0, 0
	if s.variant.id > 0 && s.variant.stateful {
		variant = s.variant.id
	}
	if plain {
		for i := range rest.states {
			if rest.states[i].st == st && rest.states[i].variant == variant {
				return rest.states[i].slot
			}
		}
	}
	c.seen = c.collect(c.seen[:0], &s.m.stateful, n, &anyBloom)
	got := s.m.stateSlot(c, rest)
	if plain {
		rest.states = append(rest.states, stateSlot{st, variant, got})
	}
	return got
}

// stater returns a collector that sees the subject in dynamic states.
func (s *Styles) stater(n, subject *dom.Node, st State) *collector {
	c := &s.m.stater
	c.m = s.m
	c.ctx = matchContext{doc: s.m.doc, overlay: s.variant.attrs, places: s.m.places, states: cssStates(st), subject: subject}
	c.scope = treeOf(n)
	return c
}

// stateSlot returns the slot under the rules that were matched again because
// they ask for states; the others match as they do at rest.
func (m *Matcher) stateSlot(c *collector, rest *slot) *slot {
	if len(c.seen) == 0 && !rest.rules.asks {
		return rest
	}
	c.seen = ordered(rest.rules.stateless(m.plan, c.seen))
	return m.cache.slot(slotKey{parent: rest.parent, rules: m.cache.ruleSet(c.seen), extra: rest.extra})
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
