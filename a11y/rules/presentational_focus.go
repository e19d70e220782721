package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// presentationalFocus: nothing takes the focus inside an element that
// screen readers present as one piece.
var presentationalFocus = &act.Rule{
	ID:       "presentational-focus",
	ACT:      []string{"307n5z"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.NS != dom.MathML && p.Role(e).Info().ChildrenPresentational
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		role := p.Role(e).String()
		if stop := firstTabbable(p, e); stop != nil {
			return act.Fail("focus").With("role", role).With("target", "<"+stop.Name+">").On(stop)
		}
		return act.Pass("no-focus")
	},
}
