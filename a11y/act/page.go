package act

import (
	"iter"
	"strings"

	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// A Page is one document in one mode class. It remembers what rules ask and
// is used by one goroutine at a time.
type Page struct {
	Doc    *dom.Doc
	Styles *style.Styles
	Tree   *aria.Tree
	URL    string // name of the page, for messages and relative URLs

	// Terse says that nobody reads why a target passed.
	Terse bool
	// Site answers questions about other pages; nil when none are known.
	Site Site

	facts  map[any]any
	shared map[any]any // of all classes with the same semantics
	static map[any]any // of all classes
	near   *Page       // see Near
	only   []*dom.Node // the elements that Where looks at; nil for all
}

// Fact returns what f finds out about the whole page, which is asked once:
// rules that need the same share it. The key is of a type of the caller's own.
func Fact[T any](p *Page, key any, f func() T) T {
	if v, ok := p.facts[key]; ok {
		return v.(T)
	}
	v := f()
	if p.facts == nil {
		p.facts = map[any]any{}
	}
	p.facts[key] = v
	return v
}

// Shared is Fact for what follows from the document and Semantics alone: it is
// asked once for all mode classes with the same semantics.
func Shared[T any](p *Page, key any, f func() T) T {
	if v, ok := p.shared[key]; ok {
		return v.(T)
	}
	v := f()
	p.shared[key] = v
	return v
}

// Static is Fact for what follows from the document alone: it is asked once for
// all mode classes.
func Static[T any](p *Page, key any, f func() T) T {
	if v, ok := p.static[key]; ok {
		return v.(T)
	}
	v := f()
	p.static[key] = v
	return v
}

// NewPage returns the page of a document with the styles of one mode.
func NewPage(doc *dom.Doc, styles *style.Styles) *Page {
	return &Page{Doc: doc, Styles: styles, Tree: aria.New(doc, styles), shared: map[any]any{}, static: map[any]any{}}
}

// Beside returns the page in a mode class with other semantics. Roles and names
// that cannot differ are shared.
func (p *Page) Beside(styles *style.Styles) *Page {
	return &Page{Doc: p.Doc, Styles: styles, Tree: p.Tree.Beside(styles), URL: p.URL, Terse: p.Terse, Site: p.Site, shared: map[any]any{}, static: p.static}
}

// Near returns the page cut down to the elements that a rule with Near has to be
// asked about again, after the page that this one was made beside; nil when
// that is all of them. These are the elements whose own semantics differ, those
// above them, those in the same line, list item, table and block, and those that
// an attribute ties to any of these. What such a rule asks of elements above
// its target are their roles, attributes and styles, not their names.
func (p *Page) Near() *Page {
	if p.near == nil && p.Tree.Unlike() != nil {
		near := *p
		near.shared, near.facts, near.only = map[any]any{}, nil, []*dom.Node{}
		unlike := p.Tree.Unlike()
		for _, n := range p.Tree.Elements() {
			if unlike[n.Index] {
				near.only = append(near.only, n)
			}
		}
		p.near = &near
	}
	return p.near
}

// Elements returns the elements that Where looks at.
func (p *Page) Elements() []*dom.Node {
	if p.only != nil {
		return p.only
	}
	return p.Tree.Elements()
}

// In returns the page in another mode class with the same semantics: what is
// known of roles and names is shared, and what Shared remembers.
func (p *Page) In(styles *style.Styles) *Page {
	styles.Like(p.Styles)
	return &Page{Doc: p.Doc, Styles: styles, Tree: p.Tree, URL: p.URL, Terse: p.Terse, Site: p.Site, shared: p.shared, static: p.static}
}

// Where yields the elements of the page that f accepts, in document order,
// those of shadow trees included and those of templates left out.
func (p *Page) Where(f func(*dom.Node) bool) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		for _, n := range p.Elements() {
			if f(n) && !yield(n) {
				return
			}
		}
	}
}

// Root yields the html element: the target of rules about the page.
func (p *Page) Root() iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		if n := p.Doc.HTML(); n != nil {
			yield(n)
		}
	}
}

// Role returns the semantic role of the element.
func (p *Page) Role(n *dom.Node) aria.Role { return p.Tree.Role(n) }

// Name returns the accessible name of the element.
func (p *Page) Name(n *dom.Node) string { return p.Tree.Name(n) }

// Description returns the accessible description of the element.
func (p *Page) Description(n *dom.Node) string { return p.Tree.Description(n) }

// Hidden reports whether the element is hidden from everybody or from
// assistive technology: not in the flat tree, not rendered, invisible, or inside an
// element with aria-hidden.
func (p *Page) Hidden(n *dom.Node) bool { return p.Tree.Hidden(n) }

// Exposed reports whether the element is included in the accessibility tree.
func (p *Page) Exposed(n *dom.Node) bool { return p.Tree.Exposed(n) }

// Visible reports whether the element is rendered and visible, as far as
// styles tell.
func (p *Page) Visible(n *dom.Node) bool { return p.Styles.Visible(n) }

// Focusable reports whether the element can have the focus.
func (p *Page) Focusable(n *dom.Node) bool { return p.Tree.Focusable(n) }

// Tabbable reports whether the element is part of sequential focus
// navigation.
func (p *Page) Tabbable(n *dom.Node) bool { return p.Tree.Tabbable(n) }

// Refs returns the elements that the IDs in the attribute refer to, without
// those that do not exist.
func (p *Page) Refs(n *dom.Node, attr string) []*dom.Node {
	value, ok := n.Attr(attr)
	if !ok {
		return nil
	}
	var out []*dom.Node
	for id := range strings.FieldsSeq(value) {
		if m := p.Tree.ByID(n, id); m != nil {
			out = append(out, m)
		}
	}
	return out
}
