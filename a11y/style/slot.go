package style

import "handrail/a11y/dom"

// A slot is all that the computed style of an element depends on beside the
// mode: the rules that it matches, its own declarations, and the slot of its
// parent. Elements of all pages with the same sheets share slots, so that a
// style is computed once for a site and not once for a page.
type slot struct {
	parent *slot // nil for the root element
	rules  *ruleSet
	extra  *extra
	pseudo bool   // it is of a pseudo-element
	parts  []part // pseudo-elements that can be made
	states []stateSlot
	made   []made
}

// made is the style of a slot in a world; nil for a pseudo-element that no rule
// makes there.
type made struct {
	in    *world
	style *Computed
}

// A part is a pseudo-element of a slot.
type part struct {
	name string
	slot *slot
}

type slotKey struct {
	parent *slot
	rules  *ruleSet
	extra  *extra
}

// slot returns the slot of an element.
func (c *store) slot(k slotKey) *slot {
	if s := c.slots[k]; s != nil {
		return s
	}
	s := c.newSlot(k)
	for _, p := range k.rules.pseudo {
		if p.made {
			s.parts = append(s.parts, part{p.name, c.newSlot(slotKey{s, p.rules, nil})})
			s.parts[len(s.parts)-1].slot.pseudo = true
		}
	}
	return s
}

func (c *store) newSlot(k slotKey) *slot {
	s := &slot{parent: k.parent, rules: k.rules, extra: k.extra}
	c.slots[k] = s
	return s
}

// part returns the slot of a pseudo-element, nil when no rule makes one.
func (s *slot) part(name string) *slot {
	for i := range s.parts {
		if s.parts[i].name == name {
			return s.parts[i].slot
		}
	}
	return nil
}

// root returns the slot of the root element above.
func (s *slot) root() *slot {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

// styleParent returns the element that n inherits from.
func styleParent(n *dom.Node) *dom.Node {
	if p := n.ParentElement(); p != nil {
		return p
	}
	if f := n.Parent; f != nil && f.Type == dom.Fragment {
		return f.Host
	}
	return nil
}
