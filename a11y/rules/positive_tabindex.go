package rules

import (
	"iter"
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// positiveTabindex: nothing jumps ahead in the order of the Tab key. A house
// rule: WCAG 2.4.3 asks for a meaningful order only, and a positive value
// nearly always breaks it.
var positiveTabindex = &act.Rule{
	ID:    "positive-tabindex",
	Level: act.Best,
	Reads: act.Semantics,
	Near:  true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			_, ok := aria.Tabindex(e)
			return ok && p.Tabbable(e)
		})
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		if n, _ := aria.Tabindex(e); n > 0 {
			return act.Fail("positive").With("value", strconv.Itoa(n)).OnAttr(e, "tabindex")
		}
		return act.Pass("natural")
	},
}
