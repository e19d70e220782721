package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// contrastMinimum: text stands out from its background.
var contrastMinimum = &act.Rule{
	ID:       "contrast-minimum",
	ACT:      []string{"afw4f7"},
	Criteria: []wcag.SC{"1.4.3"},
	Reads:    act.Colour | act.Metrics,

	Near:        true,
	Candidates:  readings,
	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return contrast(p, e, 4.5, 3) },
	Style:       func(p *act.Page, e *dom.Node) act.Answer { return legible(p, e, 4.5, 3) },
}
