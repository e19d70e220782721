package rules

import (
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// metaRefreshStrict: a page never reloads or moves on after a delay.
var metaRefreshStrict = &act.Rule{
	ID:       "meta-refresh-strict",
	ACT:      []string{"bisz58"},
	Criteria: []wcag.SC{"2.2.4", "3.2.5"},

	Applicability: refreshing,

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		if delay, _ := refreshDelay(e.Get("content")); delay > 0 {
			return act.Fail("delayed").With("seconds", strconv.Itoa(delay)).OnAttr(e, "content")
		}
		return act.Pass("at-once")
	},
}
