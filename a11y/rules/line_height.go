package rules

import (
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// lineHeight: a style attribute does not keep lines close together, where
// there is more than one line.
var lineHeight = &act.Rule{
	ID:       "line-height",
	ACT:      []string{"78fd32"},
	Criteria: []wcag.SC{"1.4.12"},
	Reads:    act.Semantics | act.Metrics,

	Applicability: fixedBy("line-height"),

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		h := p.Styles.Of(e).LineHeight()
		px := h.Px
		if h.Normal {
			px = 1.2 * p.Styles.Of(e).FontSize() // the usual figure; 1.5 is far away
		}
		v := wideEnough(p, e, px, 1.5)
		if v.Outcome == act.Failed && !wraps(p, e) {
			v.Outcome, v.Message = act.CantTell, "check"
		}
		return v
	},
}

// wraps reports whether the text of e is certain to take several lines: its
// box has a known width, and even narrow letters do not fit.
func wraps(p *act.Page, e *dom.Node) bool {
	c := p.Styles.Of(e)
	if w := c.WhiteSpace(); strings.Contains(w, "nowrap") || w == "pre" {
		return false
	}
	width, ok := limit(c.Width(), c.MaxWidth())
	if !ok || strings.HasPrefix(c.Display(), "inline") {
		return false
	}
	return ems(e.TextContent())*c.FontSize() > width
}
