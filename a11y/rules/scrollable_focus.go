package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// scrollableFocus: the keyboard reaches every part that scrolls. Whether a
// part does scroll is a matter of layout, so nothing fails here.
var scrollableFocus = &act.Rule{
	ID:       "scrollable-focus",
	ACT:      []string{"0ssw9k"},
	Criteria: []wcag.SC{"2.1.1", "2.1.3"},
	Reads:    act.Semantics | act.Metrics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.NS == dom.HTML && !e.Is("html", "body", "textarea", "select", "iframe") && p.Visible(e) && scrolls(p.Styles.Of(e))
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		if p.Tabbable(e) || firstTabbable(p, e) != nil {
			return act.Pass("reachable")
		}
		return act.Unsure("check").Blame("overflow-y")
	},
}

// scrolls reports whether a box scrolls when its content is larger: in a
// direction in which its size is limited.
func scrolls(c *style.Computed) bool {
	x, y := c.Overflow()
	scroller := func(v string) bool { return v == "auto" || v == "scroll" }
	limited := func(l ...style.Length) bool {
		for _, l := range l {
			if l.Kind == style.Fixed && (l.Px > 0 || l.Percent > 0) {
				return true
			}
		}
		return false
	}
	// A block is never wider than what holds it: sideways nothing more is needed.
	return scroller(x) || scroller(y) && limited(c.Height(), c.MaxHeight())
}
