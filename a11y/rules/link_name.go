package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// linkName: a link has a name.
var linkName = &act.Rule{
	ID:       "link-name",
	ACT:      []string{"c487ae"},
	Criteria: []wcag.SC{"2.4.4", "2.4.9", "4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.NS == dom.HTML && p.Role(e).Is(aria.Link) && p.Exposed(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		for d := range e.Elements() {
			if d.Is("img") {
				return named(p, e, "image-text")
			}
		}
		return named(p, e, "write-text")
	},
}
