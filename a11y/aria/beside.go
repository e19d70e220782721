package aria

import (
	"slices"
	"strings"

	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// Beside returns the tree of the page in another mode. Roles, names and
// descriptions of what cannot differ are those of this one: all three follow from
// the document, and from whether and how the element is rendered, what is in it,
// what it stands in a line, list item, table or group with, and what attributes
// name. Where none of these differ, both trees say the same; see Unlike.
func (t *Tree) Beside(styles *style.Styles) *Tree {
	if t.base != nil {
		t = t.base
	}
	if !styles.Shared() || t.slots != nil || t.owns() {
		return New(t.doc, styles)
	}
	o := &Tree{doc: t.doc, styles: styles, elements: t.elements, labels: t.labels, owners: t.owners, images: t.images,
		flags: make([]flag, len(t.doc.Nodes)), roles: make([]Role, len(t.doc.Nodes))}
	o.mark()
	if o.unlike = o.compare(t, styles.Unlike(t.styles)); o.unlike != nil {
		o.base = t
	}
	return o
}

// Unlike says, by Node.Index, which nodes may have another role, name or
// description than in the tree that this one was made beside, or are rendered
// otherwise; nil when that is most of them.
func (t *Tree) Unlike() []bool { return t.unlike }

// same reports whether what the base knows of the node holds here.
func (t *Tree) same(n *dom.Node) bool { return t.base != nil && !t.unlike[n.Index] }

// owns reports whether some element owns others by aria-owns: what is near
// another is then not told by the tree.
func (t *Tree) owns() bool {
	return slices.ContainsFunc(t.elements, func(e *dom.Node) bool { return e.Has("aria-owns") })
}

// compare finds the nodes that may be unlike those of the base: those whose
// flags or semantics differ, what is near them, and what attributes tie to
// any of these.
func (t *Tree) compare(base *Tree, differ func(*dom.Node) bool) []bool {
	m := marker{t: t, base: base, unlike: make([]bool, len(t.doc.Nodes)), up: make([]bool, len(t.doc.Nodes))}
	for _, n := range t.doc.Nodes {
		if (t.flags[n.Index]^base.flags[n.Index])&(hidden|outside) != 0 || differ(n) {
			m.add(n)
		}
	}
	for m.tie() {
	}
	for i := range m.unlike {
		m.unlike[i] = m.unlike[i] || m.up[i]
	}
	if 2*m.count > len(t.doc.Nodes) {
		return nil
	}
	return m.unlike
}

// A marker collects nodes that may be unlike.
type marker struct {
	t, base    *Tree
	unlike, up []bool // by Node.Index; up: something inside is unlike
	count      int
	ties       []tie
	tied       bool // ties are known
}

// A tie is an element and one that an attribute of it names.
type tie struct{ from, to *dom.Node }

// add marks a node, what is near it, and all above.
func (m *marker) add(n *dom.Node) {
	if m.unlike[n.Index] {
		return
	}
	top := m.context(n)
	m.unlike[top.Index] = true
	m.count++
	for e := top.FirstChild; e != nil; e = e.After(top) {
		if !m.unlike[e.Index] {
			m.unlike[e.Index] = true
			m.count++
		}
	}
	for p := top.Parent; p != nil && !m.up[p.Index]; p = p.Parent {
		m.up[p.Index] = true
	}
}

// context returns the outermost list item, table, figure or group round a
// node, else the block whose lines it stands in.
func (m *marker) context(n *dom.Node) *dom.Node {
	var top *dom.Node
	for e := n; e != nil; e = e.Parent {
		switch {
		case e.Type != dom.Element:
		case e.Is("li", "dl", "table", "figure", "fieldset", "details", "label", "ruby") || e.Has("role") && whole(m.t.Role(e)):
			top = e
		}
	}
	if top != nil {
		return top
	}
	for e := n; e.Parent != nil; e = e.Parent {
		if e.Type == dom.Element && !m.inline(m.t, e) && !m.inline(m.base, e) {
			return e
		}
	}
	return n
}

// inline reports whether an element stands in the lines of another.
func (m *marker) inline(t *Tree, e *dom.Node) bool {
	display := t.styles.Of(e).Display()
	return strings.HasPrefix(display, "inline") || display == "contents"
}

// whole reports whether what a role holds is read as one.
func whole(r Role) bool {
	return r == Listitem || r == Row || r == Cell || r == Gridcell || r.Is(Table) || r.Is(Group)
}

// tie marks the elements at both ends of ties of which one is marked, and
// reports whether it marked any.
func (m *marker) tie() (more bool) {
	if !m.tied {
		m.tied = true
		for _, e := range m.t.elements {
			m.tiesOf(e)
		}
	}
	for _, x := range m.ties {
		from, to := m.touched(x.from), m.touched(x.to)
		if from && !m.unlike[x.to.Index] || to && !m.unlike[x.from.Index] {
			m.alone(x.from)
			m.alone(x.to)
			more = true
		}
	}
	return more
}

func (m *marker) touched(n *dom.Node) bool { return m.unlike[n.Index] || m.up[n.Index] }

// alone marks an element and all above it.
func (m *marker) alone(n *dom.Node) {
	if !m.unlike[n.Index] {
		m.unlike[n.Index] = true
		m.count++
	}
	for p := n.Parent; p != nil && !m.up[p.Index]; p = p.Parent {
		m.up[p.Index] = true
	}
}

// tiesOf collects what the attributes of an element name.
func (m *marker) tiesOf(e *dom.Node) {
	for i := range e.Attrs {
		switch name := e.Attrs[i].Name; {
		case name == "for" || name == "list" || name == "form" || name == "headers",
			strings.HasPrefix(name, "aria-") && idrefs[name]:
			for id := range strings.FieldsSeq(e.Attrs[i].Value) {
				if to := m.t.doc.ByID(id); to != nil {
					m.ties = append(m.ties, tie{e, to})
				}
			}
		}
	}
	if e.Is("label") {
		if c := m.t.Control(e); c != nil {
			m.ties = append(m.ties, tie{e, c})
		}
	}
}

// idrefs are the ARIA attributes that name elements.
var idrefs = map[string]bool{"aria-labelledby": true, "aria-describedby": true, "aria-controls": true, "aria-details": true,
	"aria-errormessage": true, "aria-flowto": true, "aria-activedescendant": true}
