package aria

import (
	"iter"
	"strings"

	"handrail/a11y/dom"
)

// Accessibility parents and children: elements that are exposed, with those
// that mean nothing of themselves left out, and with aria-owns obeyed.

// owned fills the table of aria-owns: each element has one owner, the first
// that claims it, and no element owns what it is inside of.
func (t *Tree) own() {
	t.owners = map[*dom.Node]*dom.Node{}
	for _, e := range t.elements {
		ids, ok := e.Attr("aria-owns")
		if !ok {
			continue
		}
		for id := range strings.FieldsSeq(ids) {
			m := t.ByID(e, id)
			if m == nil || t.owners[m] != nil || t.above(m, e) {
				continue
			}
			t.owners[m] = e
		}
	}
}

// above reports whether m is e or is above it, through owners too.
func (t *Tree) above(m, e *dom.Node) bool {
	for steps := 0; e != nil && steps < len(t.elements); steps++ {
		if e == m {
			return true
		}
		if o := t.owners[e]; o != nil {
			e = o
		} else {
			e = t.FlatElement(e)
		}
	}
	return false
}

// Owner returns the element that owns n by aria-owns, nil when none does.
func (t *Tree) Owner(n *dom.Node) *dom.Node {
	if t.owners == nil {
		t.own()
	}
	return t.owners[n]
}

// Owned returns the elements that n owns by aria-owns, in the order of the
// attribute.
func (t *Tree) Owned(n *dom.Node) []*dom.Node {
	ids, ok := n.Attr("aria-owns")
	if !ok {
		return nil
	}
	var out []*dom.Node
	for id := range strings.FieldsSeq(ids) {
		if m := t.ByID(n, id); m != nil && t.Owner(m) == n && !contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// Up returns the owner of the element or its parent in the flat tree.
func (t *Tree) Up(n *dom.Node) *dom.Node {
	if o := t.Owner(n); o != nil {
		return o
	}
	return t.FlatElement(n)
}

// Parent returns the accessibility parent: the nearest element above, through
// aria-owns, that is not generic or presentational.
func (t *Tree) Parent(n *dom.Node) *dom.Node {
	for p := t.Up(n); p != nil; p = t.Up(p) {
		if r := t.Role(p); r != Generic && r != None && !p.Is("slot") {
			return p
		}
	}
	return nil
}

// Down yields the child elements of n in the flat tree that no other element
// owns, then those that it owns.
func (t *Tree) Down(n *dom.Node) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		for c := range t.FlatChildren(n) {
			if c.Type == dom.Element && t.Owner(c) == nil && !yield(c) {
				return
			}
		}
		for _, c := range t.Owned(n) {
			if !yield(c) {
				return
			}
		}
	}
}

// Children yields the accessibility children of n: the nearest elements
// below that are not hidden, generic or presentational.
func (t *Tree) Children(n *dom.Node) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) { t.children(n, yield) }
}

func (t *Tree) children(n *dom.Node, yield func(*dom.Node) bool) bool {
	for c := range t.Down(n) {
		if t.flags[c.Index]&(outside|ariaHidden|notRendered|inert) != 0 {
			continue
		}
		r := t.Role(c)
		if r == Generic || r == None || c.Is("slot") || t.Hidden(c) {
			if !t.children(c, yield) {
				return false
			}
			continue
		}
		if !yield(c) {
			return false
		}
	}
	return true
}
