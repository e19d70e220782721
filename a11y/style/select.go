package style

import (
	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// Select returns the elements of the page that a selector of the list matches,
// in document order; selectors of pseudo-elements match none.
func Select(doc *dom.Doc, list css.SelectorList) []*dom.Node {
	c := matchContext{doc: doc, places: &places{doc: doc}}
	var out []*dom.Node
	for _, n := range doc.Nodes {
		if n.Type != dom.Element {
			continue
		}
		for _, sel := range list {
			if sel.Pseudo == "" && c.matches(sel, n) {
				out = append(out, n)
				break
			}
		}
	}
	return out
}
