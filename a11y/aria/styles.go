package aria

import "handrail/a11y/dom"

// Styles is what the tree asks of computed styles.
type Styles interface {
	Rendered(*dom.Node) bool
	Visible(*dom.Node) bool
}

func (t *Tree) rendered(n *dom.Node) bool {
	if t.styles != nil {
		return t.styles.Rendered(n)
	}
	return !n.Has("hidden")
}

func (t *Tree) visible(n *dom.Node) bool { return t.styles == nil || t.styles.Visible(n) }

// generated returns the text that ::before or ::after adds.
func (t *Tree) generated(n *dom.Node, before bool) string { return "" }

// isBlock reports whether the element starts on a line of its own.
func (t *Tree) isBlock(n *dom.Node) bool { return n.Is("div", "p") }

// isFlex reports whether the children of the element are laid out as boxes.
func (t *Tree) isFlex(n *dom.Node) bool { return false }
