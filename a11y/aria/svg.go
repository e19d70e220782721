package aria

import (
	"strings"

	"handrail/a11y/dom"
)

// svgRole is the mapping of SVG-AAM. Graphics without a meaning of their own
// have None, as if they said so.
func (t *Tree) svgRole(n *dom.Node) Role {
	switch n.Name {
	case "a":
		if n.Has("href") || n.Has("xlink:href") {
			return Link
		}
		return Group
	case "svg":
		return GraphicsDocument
	case "text":
		return Group
	}
	r := svgRoles[n.Name]
	if r != NoRole && !t.svgIncluded(n) {
		return None
	}
	return r
}

// svgIncluded reports whether the element meets a criterion of SVG-AAM,
// "Including Elements in the Accessibility Tree".
func (t *Tree) svgIncluded(n *dom.Node) bool {
	for c := range n.Children() {
		if isSVG(c, "title") || isSVG(c, "desc") {
			if strings.Trim(c.TextContent(), whitespace) != "" {
				return true
			}
		}
	}
	if _, ok := Tabindex(n); ok {
		return true
	}
	if t.ExplicitRole(n) != NoRole {
		return t.ExplicitRole(n) != None
	}
	return t.rejectsNone(n)
}

// svgUnexposed reports whether SVG-AAM keeps the element out of the
// accessibility tree whatever is said of it.
func (t *Tree) svgUnexposed(n *dom.Node) bool {
	if _, never := svgNever[n.Name]; never {
		return true
	}
	for p := n.Parent; p != nil && p.NS == dom.SVG; p = p.Parent {
		if svgNever[p.Name] {
			return true
		}
	}
	return false
}

func isSVG(n *dom.Node, name string) bool {
	return n.Type == dom.Element && n.NS == dom.SVG && n.Name == name
}
