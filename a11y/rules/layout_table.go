package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// layoutTable: a table that is said to be for layout has no headers, caption
// or summary. A house rule, from WCAG's failure F46: a screen reader is told
// two things at once.
var layoutTable = &act.Rule{
	ID:    "layout-table",
	Level: act.Best,
	Reads: act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("table") && p.Tree.ExplicitRole(e) == aria.None && !p.Hidden(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		if !blank(e.Get("summary")) {
			return act.Fail("data").With("element", "summary=\"…\"").OnAttr(e, "summary")
		}
		for d := range e.Elements() {
			switch {
			case d.Closest("table") != e:
			case d.Is("caption", "th") && !p.Hidden(d):
				return act.Fail("data").With("element", "<"+d.Name+">").On(d)
			case d.Is("td") && (d.Has("headers") || d.Has("scope")):
				return act.Fail("data").With("element", "<td headers>").On(d)
			}
		}
		return act.Pass("layout")
	},
}
