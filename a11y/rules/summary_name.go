package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// summaryName: the line that opens a details element says what is in it.
var summaryName = &act.Rule{
	ID:       "summary-name",
	ACT:      []string{"2t702h"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			if !summaryForDetails(e) || !p.Exposed(e) {
				return false
			}
			role := p.Tree.ExplicitRole(e)
			// A summary has the focus, so "none" is ignored: ARIA 1.2,
			// presentational roles conflict resolution.
			return role == aria.NoRole || role == aria.None
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return named(p, e) },
}

// summaryForDetails reports whether e is the first summary child of a
// details element. HTML, 4.11.2.
func summaryForDetails(e *dom.Node) bool {
	if !e.Is("summary") || e.Parent == nil || !e.Parent.Is("details") {
		return false
	}
	for s := e.PrevElement(); s != nil; s = s.PrevElement() {
		if s.Is("summary") {
			return false
		}
	}
	return true
}
