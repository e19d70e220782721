package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// buttonName: a button has a name. Image buttons have a rule of their own.
var buttonName = &act.Rule{
	ID:       "button-name",
	ACT:      []string{"97a4e1"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return p.Role(e) == aria.Button && !imageButton(e) && !e.Is("summary") && p.Exposed(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return named(p, e) },
}

// imageButton reports whether e is <input type=image>.
func imageButton(e *dom.Node) bool {
	return e.Is("input") && aria.InputType(e) == "image"
}
