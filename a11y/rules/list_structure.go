package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// listStructure: the items of a list stand directly in one. A house rule
// beside aria-context, which is about roles that an author has written.
var listStructure = &act.Rule{
	ID:       "list-structure",
	Criteria: []wcag.SC{"1.3.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("li", "dt", "dd") && !e.Has("role") && !p.Hidden(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		parent := outsideSlots(p, e)
		if parent.Is("div") && !e.Is("li") {
			parent = outsideSlots(p, parent) // HTML, 4.4.9: div groups inside dl
		}
		if e.Is("li") && parent.Is("ul", "ol", "menu") || !e.Is("li") && parent.Is("dl") {
			return act.Pass("in-list")
		}
		return act.Fail("outside").With("element", e.Name)
	},
}

// outsideSlots returns the parent of e in the flat tree that is no slot.
func outsideSlots(p *act.Page, e *dom.Node) *dom.Node {
	n := p.Tree.FlatElement(e)
	for n.Is("slot") {
		n = p.Tree.FlatElement(n)
	}
	return n
}
