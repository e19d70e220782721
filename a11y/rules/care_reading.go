package rules

import (
	"unicode/utf8"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
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

	Near:       true,
	Candidates: runningText,

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		c := p.Styles.Of(e)
		got := lineOf(c)
		switch {
		case got < careLine-0.005:
			return act.Fail("close").With("got", number(round(got))).With("need", number(careLine)).Blame("line-height")
		case c.TextAlign() == "justify":
			return act.Fail("justified").Blame("text-align")
		}
		return act.Pass("roomy").With("got", number(round(got)))
	},
	Style: func(p *act.Page, e *dom.Node) act.Answer {
		c := p.Styles.Of(e)
		switch {
		case p.Styles.Mode().Print || c.FontSize() <= 0:
			return act.NoTarget
		case lineOf(c) >= careLine-0.005 && c.TextAlign() != "justify":
			return act.Passes
		}
		return act.Ask
	},
}

// lineOf returns the line height of a style in font sizes.
func lineOf(c *style.Computed) float64 {
	if c.LineHeight().Normal {
		return 1.2
	}
	return c.LineHeight().Px / c.FontSize()
}

type runningTextKey struct{}

// runningText returns the blocks with a sentence or more.
func runningText(p *act.Page) []*dom.Node {
	return act.Shared(p, runningTextKey{}, func() []*dom.Node {
		var out []*dom.Node
		for _, e := range withText(p) {
			if e.Is("p", "li", "dd", "td", "blockquote") && utf8.RuneCountInString(e.TextContent()) >= 40 {
				out = append(out, e)
			}
		}
		return out
	})
}
