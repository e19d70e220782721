// Package dom is the tree of an HTML page with byte positions.
//
// Parse builds the tree by the algorithm of the HTML Standard (§13.2.6), so a
// page has here the shape that it has in a browser, however it is written. Each
// node knows where it stands in the source. A Doc is read-only once parsed.
package dom

import (
	"iter"
	"strings"

	"golang.org/x/net/html/atom"
)

// Type says what a Node is.
type Type uint8

// The types of nodes. A Fragment is the root of template contents or of a
// shadow tree.
const (
	Document Type = iota
	Element
	Text
	Comment
	Doctype
	Fragment
)

// Namespace is the namespace of an element.
type Namespace uint8

// The namespaces that the parser knows.
const (
	HTML Namespace = iota
	SVG
	MathML
)

// An Attr is one attribute of a start tag. Namespaced attributes of foreign
// elements keep their prefix in Name (xlink:href).
type Attr struct {
	Name, Value string
	Pos         int // offset of the name in the source; -1 when there is none
}

// A Node is a part of the tree.
type Node struct {
	Type Type
	NS   Namespace
	Atom atom.Atom // of Name, 0 when the name is not a known one
	Name string    // tag name: lower case in HTML, as corrected by the standard in SVG; name of a doctype
	Text string    // of Text and Comment nodes

	Attrs []Attr

	Parent, FirstChild, LastChild, Prev, Next *Node

	Pos   int // offset of the node's first byte ('<' of a start tag); -1 when implied
	End   int // offset past the start tag, text or comment; -1 when implied
	Close int // offset past the end tag or where the element was closed
	Index int // place in Doc.Nodes

	Content *Node // of a template: its contents, a Fragment
	Shadow  *Node // declarative shadow root, a Fragment
	Host    *Node // of a Fragment: the element that holds it

	doc *Doc
}

// A Doc is a parsed page.
type Doc struct {
	Root       *Node
	Source     string
	QuirksMode bool
	// Nodes holds every node of the page in document order. Contents of
	// templates and shadow trees follow the start tag of their host.
	Nodes []*Node

	html, head, body *Node
	byID             map[string]*Node
	paths            pathCache
}

// Attr returns the value of the attribute name and whether there is one.
func (n *Node) Attr(name string) (string, bool) {
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return n.Attrs[i].Value, true
		}
	}
	return "", false
}

// Get returns the value of the attribute name, empty when there is none.
func (n *Node) Get(name string) string {
	v, _ := n.Attr(name)
	return v
}

// Has says whether the element has the attribute name.
func (n *Node) Has(name string) bool {
	_, ok := n.Attr(name)
	return ok
}

// AttrPos returns the offset of the attribute name, or n.Pos without it.
func (n *Node) AttrPos(name string) int {
	for i := range n.Attrs {
		if n.Attrs[i].Name == name && n.Attrs[i].Pos >= 0 {
			return n.Attrs[i].Pos
		}
	}
	return n.Pos
}

// Is says whether n is an HTML element with one of the names.
func (n *Node) Is(names ...string) bool {
	if n == nil || n.Type != Element || n.NS != HTML {
		return false
	}
	for _, name := range names {
		if n.Name == name {
			return true
		}
	}
	return false
}

// IsElement says whether n is an element of any namespace.
func (n *Node) IsElement() bool { return n != nil && n.Type == Element }

// Children yields the child nodes of n.
func (n *Node) Children() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for c := n.FirstChild; c != nil; c = c.Next {
			if !yield(c) {
				return
			}
		}
	}
}

// Descendants yields all nodes below n in document order, n itself left out.
// It does not enter template contents or shadow trees.
func (n *Node) Descendants() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for c := n.FirstChild; c != nil; c = c.After(n) {
			if !yield(c) {
				return
			}
		}
	}
}

// Elements yields the elements below n in document order.
func (n *Node) Elements() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for c := n.FirstChild; c != nil; c = c.After(n) {
			if c.Type == Element && !yield(c) {
				return
			}
		}
	}
}

// After returns the node that follows n in document order inside root, its
// children first; nil at the end.
func (n *Node) After(root *Node) *Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	return n.Skip(root)
}

// Skip returns the node that follows n and all its descendants in document
// order inside root; nil at the end.
func (n *Node) Skip(root *Node) *Node {
	for ; n != nil && n != root; n = n.Parent {
		if n.Next != nil {
			return n.Next
		}
	}
	return nil
}

// ParentElement returns the parent when it is an element.
func (n *Node) ParentElement() *Node {
	if n.Parent != nil && n.Parent.Type == Element {
		return n.Parent
	}
	return nil
}

// FirstElement returns the first child element.
func (n *Node) FirstElement() *Node {
	for c := n.FirstChild; c != nil; c = c.Next {
		if c.Type == Element {
			return c
		}
	}
	return nil
}

// NextElement returns the next sibling element.
func (n *Node) NextElement() *Node {
	for c := n.Next; c != nil; c = c.Next {
		if c.Type == Element {
			return c
		}
	}
	return nil
}

// PrevElement returns the previous sibling element.
func (n *Node) PrevElement() *Node {
	for c := n.Prev; c != nil; c = c.Prev {
		if c.Type == Element {
			return c
		}
	}
	return nil
}

// Closest returns n or its nearest ancestor that is an HTML element with one of
// the names.
func (n *Node) Closest(names ...string) *Node {
	for ; n != nil; n = n.Parent {
		if n.Is(names...) {
			return n
		}
	}
	return nil
}

// Contains says whether n is m or an ancestor of m.
func (n *Node) Contains(m *Node) bool {
	for ; m != nil; m = m.Parent {
		if m == n {
			return true
		}
	}
	return false
}

// TextContent returns the text of all descendants, as the DOM property does.
func (n *Node) TextContent() string {
	if n.Type == Text {
		return n.Text
	}
	if c := n.FirstChild; c != nil && c.Next == nil && c.Type == Text {
		return c.Text
	}
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == Text {
			b.WriteString(c.Text)
		}
	}
	return b.String()
}

// Doc returns the page that n belongs to.
func (n *Node) Doc() *Doc { return n.doc }

// HTML returns the html element.
func (d *Doc) HTML() *Node { return d.html }

// Head returns the head element, nil when there is none.
func (d *Doc) Head() *Node { return d.head }

// Body returns the body or frameset element, nil when there is none.
func (d *Doc) Body() *Node { return d.body }

// ByID returns the first element in the page with the id, outside templates
// and shadow trees.
func (d *Doc) ByID(id string) *Node {
	if id == "" {
		return nil
	}
	return d.byID[id]
}

// Elements yields the elements of the page in document order, outside templates
// and shadow trees.
func (d *Doc) Elements() iter.Seq[*Node] { return d.Root.Elements() }
