package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// careFocus: in the care edition the focus has a strong outline. A house
// rule after WCAG 2.4.13, for outlines alone: other marks have sizes that
// only layout knows.
var careFocus = &act.Rule{
	ID:       "care-focus",
	Criteria: []wcag.SC{"2.4.13"},
	Level:    act.Best,
	Reads:    act.States,

	Candidates:  tabbables,
	Expectation: judgeFocus,
	Style: func(p *act.Page, e *dom.Node) act.Answer {
		if judgeFocus(p, e).Outcome == act.Passed {
			return act.Passes
		}
		return act.Ask
	},
}

// judgeFocus judges the outline that e has with the focus.
func judgeFocus(p *act.Page, e *dom.Node) act.Verdict {
	focused := p.Styles.OfState(e, keyboard)
	line := focused.Outline()
	behind := p.Styles.Backdrop(outer(p, e, focused))
	contrast := style.Contrast(line.Color.Over(behind.Color), behind.Color)
	said := func(v act.Verdict) act.Verdict {
		return v.With("got", pixels(line.Width)).With("ratio", ratio(contrast)).Blame("outline-width")
	}
	switch {
	case behind.Reason == style.BackdropForced:
		return act.Pass("forced")
	case focused.Unseen() != "" || !line.Drawn() || line.Style == "auto":
		return act.Unsure("check")
	case line.Width < 2:
		return said(act.Fail("thin"))
	case behind.Reason != "":
		return act.Unsure("check")
	case contrast < 3:
		return said(act.Fail("pale")).Blame("outline-color")
	}
	if p.Terse {
		return act.Pass("strong")
	}
	return said(act.Pass("strong"))
}

// outer returns the element on whose background the outline is drawn: what
// is round e, unless the outline lies inside.
func outer(p *act.Page, e *dom.Node, focused *style.Computed) *dom.Node {
	if focused.OutlineOffset() < 0 {
		return e
	}
	if n := p.Tree.FlatElement(e); n != nil {
		return n
	}
	return e
}
