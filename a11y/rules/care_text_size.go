package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/dom"
)

// careText is the least size of text on the screens of the care edition:
// 18 pt. Paper is held nearer, and its sizes are the reader's own.
const careText = 24

// careTextSize: text in the care edition is large. A house rule, from the
// Chinese requirements for older readers: no text under 18 pt.
var careTextSize = &act.Rule{
	ID:    "care-text-size",
	Level: act.Best,
	Reads: act.Semantics | act.Metrics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			// Small by nature: readings over characters, raised and lowered signs.
			return !p.Styles.Mode().Print && e.NS == dom.HTML && hasText(p, e) && e.Closest("rt", "rp", "sup", "sub") == nil && seen(p, e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		size := p.Styles.Of(e).FontSize()
		v := act.Pass("large")
		if size < careText-0.01 {
			v = act.Fail("small").With("need", number(careText)).Blame("font-size")
		}
		return v.With("got", number(round(size)))
	},
}
