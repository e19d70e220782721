package aria

import (
	"iter"
	"slices"

	"handrail/a11y/dom"
)

// The flat tree: what is rendered where, with shadow trees in the place of
// the children of their host, and these children in the slots.

// assignSlots gives the children of shadow hosts to the slots of their
// shadow trees. DOM Standard, "assign slottables for a tree".
func (t *Tree) assignSlots() {
	for _, host := range t.doc.Nodes {
		if host.Shadow == nil {
			continue
		}
		if t.slots == nil {
			t.slots = map[*dom.Node][]*dom.Node{}
			t.slotOf = map[*dom.Node]*dom.Node{}
		}
		byName := map[string]*dom.Node{}
		for e := range host.Shadow.Elements() {
			if e.Is("slot") && byName[e.Get("name")] == nil {
				byName[e.Get("name")] = e
			}
		}
		for c := range host.Children() {
			name := ""
			switch c.Type {
			case dom.Element:
				name = c.Get("slot")
			case dom.Text:
			default:
				continue
			}
			if slot := byName[name]; slot != nil {
				t.slots[slot] = append(t.slots[slot], c)
				t.slotOf[c] = slot
			}
		}
	}
}

// FlatParent returns the parent of the node in the flat tree; nil when it has
// none, because it is the root or is not in the flat tree.
func (t *Tree) FlatParent(n *dom.Node) *dom.Node {
	if n.Type == dom.Fragment {
		if n.Host != nil && n.Host.Shadow == n {
			return n.Host
		}
		return nil
	}
	p := n.Parent
	if t.slots == nil || p == nil {
		return p
	}
	if p.Shadow != nil {
		return t.slotOf[n]
	}
	if t.slots[p] != nil {
		return nil // fallback content of a slot that is filled
	}
	return p
}

// FlatElement returns the parent element of the node in the flat tree.
func (t *Tree) FlatElement(n *dom.Node) *dom.Node {
	p := t.FlatParent(n)
	for p != nil && p.Type == dom.Fragment {
		p = t.FlatParent(p)
	}
	if p == nil || p.Type != dom.Element {
		return nil
	}
	return p
}

// FlatFirst returns the first child of the node in the flat tree.
func (t *Tree) FlatFirst(n *dom.Node) *dom.Node {
	if n.Shadow != nil {
		return n.Shadow.FirstChild
	}
	if assigned := t.slots[n]; assigned != nil {
		return assigned[0]
	}
	return n.FirstChild
}

// FlatNext returns the sibling that follows the node in the flat tree.
func (t *Tree) FlatNext(n *dom.Node) *dom.Node {
	slot := t.slotOf[n]
	if slot == nil {
		return n.Next
	}
	assigned := t.slots[slot]
	if i := slices.Index(assigned, n) + 1; i < len(assigned) {
		return assigned[i]
	}
	return nil
}

// FlatChildren yields the children of the node in the flat tree.
func (t *Tree) FlatChildren(n *dom.Node) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		for c := t.FlatFirst(n); c != nil && yield(c); c = t.FlatNext(c) {
		}
	}
}
