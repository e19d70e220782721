package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// headersAttribute: the headers attribute of a cell names other cells of the
// same table.
var headersAttribute = &act.Rule{
	ID:       "headers-attribute",
	ACT:      []string{"a25f45"},
	Criteria: []wcag.SC{"1.3.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			if !e.Is("td", "th") || !e.Has("headers") {
				return false
			}
			table := e.Closest("table")
			return table != nil && p.Role(table).Is(aria.Table) && p.Visible(table) && p.Exposed(table)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		for id := range strings.FieldsSeq(e.Get("headers")) {
			cell := p.Tree.ByID(e, id)
			message := ""
			switch {
			case cell == nil:
				message = "missing"
			case cell == e:
				message = "self"
			case !cell.Is("td", "th") || cell.Closest("table") != e.Closest("table"):
				message = "not-a-cell"
			}
			if message != "" {
				return act.Fail(message).With("id", id).OnAttr(e, "headers")
			}
		}
		return act.Pass("valid")
	},
}
