package rules

import (
	"iter"
	"unicode/utf8"

	"handrail/a11y/act"
	"handrail/a11y/dom"
)

// careLine is the least line height of running text in the care edition, in
// font sizes. WCAG 1.4.8.
const careLine = 1.5

// careReading: running text in the care edition has room between its lines
// and an even space between its words. A house rule, from WCAG 1.4.8.
var careReading = &act.Rule{
	ID:    "care-reading",
	Level: act.Best,
	Reads: act.Semantics | act.Metrics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return !p.Styles.Mode().Print && e.Is("p", "li", "dd", "td", "blockquote") && hasText(p, e) &&
				utf8.RuneCountInString(e.TextContent()) >= 40 && seen(p, e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		c := p.Styles.Of(e)
		got := 1.2
		if !c.LineHeight().Normal {
			got = c.LineHeight().Px / c.FontSize()
		}
		switch {
		case got < careLine-0.005:
			return act.Fail("close").With("got", number(round(got))).With("need", number(careLine)).Blame("line-height")
		case c.TextAlign() == "justify":
			return act.Fail("justified").Blame("text-align")
		}
		return act.Pass("roomy").With("got", number(round(got)))
	},
}
