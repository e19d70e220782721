package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// careContrast: all text of the care edition reaches 7:1; large letters are
// no relief. A house rule, stricter than WCAG 1.4.6.
var careContrast = &act.Rule{
	ID:       "care-contrast",
	Criteria: []wcag.SC{"1.4.6"},
	Level:    act.Best,
	Reads:    act.Colour | act.Metrics,

	Near:        true,
	Candidates:  readings,
	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return contrast(p, e, 7, 7) },
	Style:       func(p *act.Page, e *dom.Node) act.Answer { return legible(p, e, 7, 7) },
}
