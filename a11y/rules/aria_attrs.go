package rules

import (
	"iter"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// An ariaAttr is an ARIA attribute as it stands on an element.
type ariaAttr struct {
	aria.Attr
	value string
}

// ariaAttrs yields the attributes of e that WAI-ARIA defines.
func ariaAttrs(e *dom.Node) iter.Seq[ariaAttr] {
	return func(yield func(ariaAttr) bool) {
		for i := range e.Attrs {
			a := &e.Attrs[i]
			if !strings.HasPrefix(a.Name, "aria-") {
				continue
			}
			if attr, ok := aria.AttrByName(a.Name); ok && !yield(ariaAttr{attr, a.Value}) {
				return
			}
		}
	}
}

// withAttrs yields the HTML and SVG elements that have an ARIA attribute for
// which ok holds.
func withAttrs(p *act.Page, ok func(e *dom.Node, a ariaAttr) bool) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		for _, e := range attributed(p) {
			for a := range ariaAttrs(e) {
				if ok(e, a) {
					if !yield(e) {
						return
					}
					break
				}
			}
		}
	}
}

type attributedKey struct{}

// attributed returns the HTML and SVG elements that have an ARIA attribute.
func attributed(p *act.Page) []*dom.Node {
	return act.Shared(p, attributedKey{}, func() []*dom.Node {
		return slices.Collect(p.Where(func(e *dom.Node) bool {
			return e.NS != dom.MathML && slices.ContainsFunc(e.Attrs, func(a dom.Attr) bool {
				return strings.HasPrefix(a.Name, "aria-")
			})
		}))
	})
}

// kind names an element for people: its role, or its tag when it has none.
func kind(p *act.Page, e *dom.Node) string {
	if role := p.Role(e); role != aria.NoRole && role != aria.Generic {
		return `"` + role.String() + `"`
	}
	return "<" + e.Name + ">"
}

// custom reports whether e is a custom element, which can give itself a role
// that is not in the page.
func custom(e *dom.Node) bool {
	return e.NS == dom.HTML && strings.Contains(e.Name, "-") && !e.Has("role")
}
