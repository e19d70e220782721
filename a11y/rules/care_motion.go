package rules

import (
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// careMotion: nothing moves in the care edition, even where the reader's
// system does not ask for less motion. A house rule, stricter than WCAG
// 2.3.3 and 2.2.2.
var careMotion = &act.Rule{
	ID:    "care-motion",
	Level: act.Best,
	Reads: act.States,

	Candidates: func(p *act.Page) []*dom.Node {
		return act.Shared(p, renderedKey{}, func() []*dom.Node { return slices.Collect(p.Where(p.Styles.Rendered)) })
	},
	Style: func(p *act.Page, e *dom.Node) act.Answer {
		if p.Styles.Mode().Print || !e.Is("marquee", "blink") && !animates(p.Styles.Of(e)) {
			return act.NoTarget
		}
		return act.Ask
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		c := p.Styles.Of(e)
		switch {
		case e.Is("marquee", "blink"):
			return act.Fail("moves").With("element", "<"+e.Name+">")
		case still(c.Value("animation-duration")):
			return act.Pass("still")
		}
		return act.Fail("moves").With("element", "animation").Blame("animation-name")
	},
}

type renderedKey struct{}

// animates reports whether a style names an animation.
func animates(c *style.Computed) bool {
	a := c.Animation()
	return a != "" && a != "none" && !strings.HasPrefix(a, "none,")
}

// still reports whether an animation takes no time that one could see.
func still(duration string) bool {
	switch duration {
	case "", "0s", "0ms", "auto", "1ms", "0.01ms", "0.001s":
		return true
	}
	return false
}
