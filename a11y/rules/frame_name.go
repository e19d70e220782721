package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// frameName: an embedded page says what it contains.
var frameName = &act.Rule{
	ID:       "frame-name",
	ACT:      []string{"cae760"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			if !e.Is("iframe") || p.Tree.ExplicitRole(e) == aria.None || !p.Exposed(e) {
				return false
			}
			index, ok := aria.Tabindex(e)
			return !ok || index >= 0
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return named(p, e) },
}
