package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// letterSpacing: a style attribute does not keep letters close together.
var letterSpacing = &act.Rule{
	ID:       "letter-spacing",
	ACT:      []string{"24afc2"},
	Criteria: []wcag.SC{"1.4.12"},
	Reads:    act.Semantics | act.Metrics,

	Applicability: fixedBy("letter-spacing"),

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		return wideEnough(p, e, p.Styles.Of(e).LetterSpacing(), 0.12)
	},
}
