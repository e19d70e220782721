package rules

import (
	"iter"
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// careStretch is how much running text there may be without a heading, in
// Han characters; a Latin letter is half of one.
const careStretch = 1500

// careSections: a long text in the care edition is divided by headings. A
// house rule, from WCAG 2.4.10. It never fails: a statute has its own parts,
// and an editor knows best.
var careSections = &act.Rule{
	ID:    "care-sections",
	Level: act.Best,
	Reads: act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool { return p.Role(e) == aria.Main && p.Exposed(e) })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		length, start := 0.0, (*dom.Node)(nil)
		for n := e.FirstChild; n != nil; n = n.After(e) {
			switch {
			case n.Type == dom.Element && p.Role(n) == aria.Heading && p.Exposed(n):
				length, start = 0, nil
			case n.Type == dom.Text && p.Visible(n):
				if start == nil {
					start = n.ParentElement()
				}
				length += ems(n.Text)
			}
			if length > careStretch {
				return act.Unsure("long").With("count", strconv.Itoa(careStretch)).On(start)
			}
		}
		return act.Pass("divided")
	},
}
