package rules

import (
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// oneH1: the page has one heading of level 1. A house rule.
var oneH1 = &act.Rule{
	ID:    "one-h1",
	Level: act.Best,
	Reads: act.Semantics,

	Applicability: htmlRoot,

	Expectation: func(p *act.Page, root *dom.Node) act.Verdict {
		tops := all(p, func(e *dom.Node) bool {
			return p.Role(e) == aria.Heading && headingLevel(e) == 1 && p.Exposed(e)
		})
		switch len(tops) {
		case 0:
			return act.Fail("none")
		case 1:
			return act.Pass("one")
		}
		return act.Fail("several").With("count", strconv.Itoa(len(tops))).On(tops[1])
	},
}
