package rules

import (
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

	Near:       true,
	Candidates: fullLetters,

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		size := p.Styles.Of(e).FontSize()
		v := act.Pass("large")
		if size < careText-0.01 {
			v = act.Fail("small").With("need", number(careText)).Blame("font-size")
		}
		return v.With("got", number(round(size)))
	},
	Style: func(p *act.Page, e *dom.Node) act.Answer {
		switch size := p.Styles.Of(e).FontSize(); {
		case p.Styles.Mode().Print || size <= 0:
			return act.NoTarget
		case size >= careText:
			return act.Passes
		}
		return act.Ask
	},
}

type fullLettersKey struct{}

// fullLetters returns the HTML elements with visible text that is not small
// by nature: readings over characters, raised and lowered signs.
func fullLetters(p *act.Page) []*dom.Node {
	return act.Shared(p, fullLettersKey{}, func() []*dom.Node {
		var out []*dom.Node
		for _, e := range withText(p) {
			if e.NS == dom.HTML && e.Closest("rt", "rp", "sup", "sub") == nil {
				out = append(out, e)
			}
		}
		return out
	})
}
