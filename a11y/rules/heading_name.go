package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// headingName: a heading is not empty. ACT maps the rule to no criterion as
// required; an empty heading breaks 1.3.1 and 2.4.6 for those who list them.
var headingName = &act.Rule{
	ID:       "heading-name",
	ACT:      []string{"ffd0e9"},
	Criteria: []wcag.SC{"1.3.1", "2.4.6"},
	Level:    wcag.A,
	Reads:    act.Semantics,
	Near:     true,

	Applicability: html(exposed(aria.Heading)),
	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		if name := p.Name(e); !blank(name) {
			return act.Pass("named").With("name", name)
		}
		return act.Fail("empty")
	},
}
