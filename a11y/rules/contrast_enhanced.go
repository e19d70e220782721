package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// contrastEnhanced: text stands out clearly from its background.
var contrastEnhanced = &act.Rule{
	ID:       "contrast-enhanced",
	ACT:      []string{"09o5cg"},
	Criteria: []wcag.SC{"1.4.6"},
	Reads:    act.Colour | act.Metrics,

	Near:        true,
	Candidates:  readings,
	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return contrast(p, e, 7, 4.5) },
	Style:       func(p *act.Page, e *dom.Node) act.Answer { return legible(p, e, 7, 4.5) },
}
