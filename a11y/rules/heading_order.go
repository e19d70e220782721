package rules

import (
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// headingOrder: headings go down one level at a time. A house rule: WCAG
// 1.3.1 asks only that levels are right, not that none is left out.
var headingOrder = &act.Rule{
	ID:    "heading-order",
	Level: act.Best,
	Reads: act.Semantics,

	Applicability: exposed(aria.Heading),

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		before := 0
		for i := e.Index - 1; i >= 0; i-- {
			if o := p.Doc.Nodes[i]; o.Type == dom.Element && p.Role(o) == aria.Heading && p.Exposed(o) {
				before = headingLevel(o)
				break
			}
		}
		level := headingLevel(e)
		if before == 0 || level <= before+1 {
			return act.Pass("in-order")
		}
		return act.Fail("skipped").With("level", strconv.Itoa(level)).
			With("before", strconv.Itoa(before)).With("want", strconv.Itoa(before+1))
	},
}

// headingLevel returns the level of a heading: aria-level, else that of the
// element, else 2. WAI-ARIA 1.2, heading.
func headingLevel(e *dom.Node) int {
	if n, err := strconv.Atoi(e.Get("aria-level")); err == nil && n > 0 {
		return n
	}
	if e.Is("h1", "h2", "h3", "h4", "h5", "h6") {
		return int(e.Name[1] - '0')
	}
	return 2
}
