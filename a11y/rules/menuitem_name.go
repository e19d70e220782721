package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// menuitemName: an item of a menu has a name.
var menuitemName = &act.Rule{
	ID:       "menuitem-name",
	ACT:      []string{"m6b1q3"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: html(exposed(aria.Menuitem)),
	Expectation:   func(p *act.Page, e *dom.Node) act.Verdict { return named(p, e) },
}
