package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// wordSpacing: a style attribute does not keep words close together.
var wordSpacing = &act.Rule{
	ID:       "word-spacing",
	ACT:      []string{"9e45ec"},
	Criteria: []wcag.SC{"1.4.12"},
	Reads:    act.Semantics | act.Metrics,

	Applicability: fixedBy("word-spacing"),

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		return wideEnough(p, e, p.Styles.Of(e).WordSpacing(), 0.16)
	},
}
