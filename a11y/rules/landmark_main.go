package rules

import (
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// landmarkMain: the page has one main landmark. A house rule.
var landmarkMain = &act.Rule{
	ID:    "landmark-main",
	Level: act.Best,
	Reads: act.Semantics,

	Applicability: htmlRoot,

	Expectation: func(p *act.Page, root *dom.Node) act.Verdict {
		mains := all(p, func(e *dom.Node) bool { return p.Role(e) == aria.Main && p.Exposed(e) })
		switch len(mains) {
		case 0:
			return act.Fail("none")
		case 1:
			return act.Pass("one")
		}
		return act.Fail("several").With("count", strconv.Itoa(len(mains))).On(mains[1])
	},
}

// all returns the elements for which ok holds.
func all(p *act.Page, ok func(*dom.Node) bool) (out []*dom.Node) {
	for e := range p.Where(ok) {
		out = append(out, e)
	}
	return out
}
