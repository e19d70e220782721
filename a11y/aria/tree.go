// Package aria computes what assistive technology is told of a page: roles,
// accessible names and descriptions, what is exposed and what can have the
// focus. It follows WAI-ARIA 1.3 (1.2 where the ACT rules refer to it), HTML-AAM,
// SVG-AAM and the Accessible Name and Description Computation 1.2.
//
// It stands between package style, which says what is rendered, and package
// act. The tables are generated from the specifications; see gen and NOTICE.
package aria

import (
	"slices"
	"strings"

	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// A Tree answers questions about one document with the styles of one mode. It
// remembers its answers and is used by one goroutine at a time.
type Tree struct {
	doc      *dom.Doc
	styles   *style.Styles
	elements []*dom.Node

	flags []flag // by node index, set by New
	roles []Role // by node index, valid with roleKnown
	names []text // by node index, valid with nameKnown; nil until asked
	descs []string

	labels map[*dom.Node][]*dom.Node // labels of each control
	owners map[*dom.Node]*dom.Node   // owner by aria-owns
	images map[string]*dom.Node      // images by the name of their map
	grids  map[*dom.Node]*TableModel
	slots  map[*dom.Node][]*dom.Node // nodes assigned to each slot
	slotOf map[*dom.Node]*dom.Node

	base   *Tree  // the tree that this one was made beside; see Beside
	unlike []bool // by node index
}

type flag uint16

const (
	outside       flag = 1 << iota // not in the flat tree: a template, a child without a slot
	ariaHidden                     // inside an element with aria-hidden=true
	notRendered                    // display: none, closed details and the like
	invisible                      // visibility is not visible
	inert                          // inside an element with inert
	presentParent                  // inside an element whose children are presentational
	roleKnown
	roleBusy
	nameKnown
	descKnown
	presentKnown

	hiddenForNames = outside | ariaHidden | notRendered | invisible
	hidden         = hiddenForNames | inert
)

// New returns the accessibility tree of a document.
func New(doc *dom.Doc, styles *style.Styles) *Tree {
	t := &Tree{
		doc: doc, styles: styles,
		flags: make([]flag, len(doc.Nodes)),
		roles: make([]Role, len(doc.Nodes)),
	}
	t.assignSlots()
	for _, n := range doc.Nodes {
		if n.Type == dom.Element {
			t.elements = append(t.elements, n)
		}
	}
	t.mark()
	t.elements = slices.DeleteFunc(t.elements, func(n *dom.Node) bool { return t.flags[n.Index]&outside != 0 })
	return t
}

// mark finds out for every node what hides it. Parents come before their
// children in document order, in the flat tree too: a slot stands in a shadow
// tree, which precedes the children of its host.
func (t *Tree) mark() {
	for _, n := range t.doc.Nodes {
		var f flag
		if p := t.FlatParent(n); p != nil {
			f = t.flags[p.Index] & (outside | ariaHidden | notRendered | inert)
			if n.Type != dom.Element {
				f |= t.flags[p.Index] & invisible
			}
		} else if n.Parent != nil || n.Host != nil {
			f = outside
		}
		if n.Type == dom.Element {
			if f&outside == 0 {
				f |= t.markElement(n)
			}
		}
		t.flags[n.Index] = f
	}
}

func (t *Tree) markElement(n *dom.Node) (f flag) {
	for i := range n.Attrs {
		switch n.Attrs[i].Name {
		case "aria-hidden":
			if strings.EqualFold(n.Attrs[i].Value, "true") {
				f |= ariaHidden
			}
		case "inert":
			if n.NS == dom.HTML {
				f |= inert
			}
		}
	}
	if n.Is("area") {
		// An area is not rendered itself; it is there when its image is.
		if img := t.areaImage(n); img != nil && t.styles.Rendered(img) {
			return f | t.invisible(img)
		}
		return f | notRendered
	}
	if !t.styles.Rendered(n) {
		return f | notRendered
	}
	return f | t.invisible(n)
}

func (t *Tree) invisible(n *dom.Node) flag {
	if t.styles.Of(n).Visibility() != "visible" {
		return invisible
	}
	return 0
}

// areaImage returns the image that uses the map of the area.
func (t *Tree) areaImage(area *dom.Node) *dom.Node {
	m := area.Closest("map")
	if m == nil {
		return nil
	}
	if t.images == nil {
		t.images = map[string]*dom.Node{}
		for e := range t.doc.Elements() {
			if use, ok := e.Attr("usemap"); ok && e.Is("img", "object") {
				if name := strings.TrimPrefix(use, "#"); t.images[name] == nil {
					t.images[name] = e
				}
			}
		}
	}
	return t.images[m.Get("name")]
}

// Doc returns the document.
func (t *Tree) Doc() *dom.Doc { return t.doc }

// Elements returns the elements of the flat tree in document order.
func (t *Tree) Elements() []*dom.Node { return t.elements }

// Hidden reports whether the node is hidden from assistive technology: not
// rendered, invisible, inert or inside an element with aria-hidden.
func (t *Tree) Hidden(n *dom.Node) bool { return t.flags[n.Index]&hidden != 0 }

// AriaHidden reports whether the node is inside an element with
// aria-hidden="true", or is one.
func (t *Tree) AriaHidden(n *dom.Node) bool { return t.flags[n.Index]&ariaHidden != 0 }

// Inert reports whether the node is inside an element with inert, or is one.
func (t *Tree) Inert(n *dom.Node) bool { return t.flags[n.Index]&inert != 0 }

// Exposed reports whether the element is included in the accessibility tree:
// not hidden, not presentational, and not inside an element whose children
// are presentational.
func (t *Tree) Exposed(n *dom.Node) bool {
	if n.Type != dom.Element || t.Hidden(n) || t.Role(n) == None {
		return false
	}
	if n.NS == dom.SVG && t.svgUnexposed(n) {
		return false
	}
	return !t.presentational(n) || t.Focusable(n)
}

// presentational reports whether an ancestor makes its children
// presentational, as a button does.
func (t *Tree) presentational(n *dom.Node) bool {
	if t.flags[n.Index]&presentKnown != 0 {
		return t.flags[n.Index]&presentParent != 0
	}
	f := presentKnown
	if p := t.FlatParent(n); p != nil {
		if p.Type == dom.Element && t.Role(p).Info().ChildrenPresentational || t.presentational(p) {
			f |= presentParent
		}
	}
	t.flags[n.Index] |= f
	return f&presentParent != 0
}

// ByID returns the first element with the id in the tree, or shadow tree, that
// from is in.
func (t *Tree) ByID(from *dom.Node, id string) *dom.Node {
	root := from
	for root.Parent != nil {
		root = root.Parent
	}
	if root.Type != dom.Fragment {
		return t.doc.ByID(id)
	}
	for e := range root.Elements() {
		if v, ok := e.Attr("id"); ok && v == id {
			return e
		}
	}
	return nil
}
