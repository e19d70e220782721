package rules

import (
	"math"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// The least heights of targets in the care edition, in CSS pixels: what
// starts something, and everything else.
const (
	careMainTarget = 60
	careTarget     = 44
)

// careTargetSize: what one presses in the care edition is large. A house
// rule, stricter than WCAG 2.5.5. Heights alone are judged, from what the
// style sheet fixes: widths hang on the text.
var careTargetSize = &act.Rule{
	ID:    "care-target-size",
	Level: act.Best,
	Reads: act.Semantics | act.Metrics,

	Near: true,
	Candidates: func(p *act.Page) []*dom.Node {
		return act.Shared(p, pressedKey{}, func() []*dom.Node {
			return slices.Collect(p.Where(func(e *dom.Node) bool {
				return e.NS == dom.HTML && p.Tabbable(e) && pressed(p, e) && p.Visible(e)
			}))
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		need := float64(careTarget)
		if r := p.Role(e); r == aria.Button || r == aria.Checkbox || r == aria.Radio || r == aria.Switch {
			need = careMainTarget
		}
		target := e
		if labels := p.Tree.Labels(e); len(labels) > 0 && e.Is("input") && (aria.InputType(e) == "checkbox" || aria.InputType(e) == "radio") {
			target = labels[0] // pressing the label presses the box
		}
		got, fixed := height(p, target)
		said := func(v act.Verdict) act.Verdict {
			return v.With("got", number(round(got))).With("need", number(need))
		}
		switch {
		case got >= need-0.01 && p.Terse:
			return act.Pass("large")
		case got >= need-0.01:
			return said(act.Pass("large"))
		case fixed:
			return said(act.Fail("small")).Blame("height")
		}
		return said(act.Unsure("check"))
	},
	// A label may be pressed for an input; links that have no role of their own
	// are told by their names, which elements of one style share.
	Style: func(p *act.Page, e *dom.Node) act.Answer {
		if p.Styles.Mode().Print || p.Styles.Of(e).FontSize() <= 0 {
			return act.NoTarget
		}
		if got, _ := height(p, e); !e.Is("input") && got >= careMainTarget-0.01 {
			return act.Passes
		}
		return act.Ask
	},
}

type pressedKey struct{}

// pressed reports whether e is a target of its own: a control, or a link
// that does not stand in running text.
func pressed(p *act.Page, e *dom.Node) bool {
	if !p.Role(e).Is(aria.Link) {
		return p.Role(e).Is(aria.Widget) || e.Is("summary", "input")
	}
	if p.Styles.Of(e).Display() != "inline" {
		return true
	}
	for n := p.Tree.FlatElement(e); n != nil; n = p.Tree.FlatElement(n) {
		if readableLine(p, n) {
			return false
		}
		if !strings.HasPrefix(p.Styles.Of(n).Display(), "inline") {
			return true
		}
	}
	return true
}

// height returns the least height that the style sheet gives a box with one
// line of text, and whether it can be no higher.
func height(p *act.Page, e *dom.Node) (px float64, fixed bool) {
	c := p.Styles.Of(e)
	line := c.LineHeight().Px
	if c.LineHeight().Normal {
		line = 1.2 * c.FontSize()
	}
	around := 0.0
	for _, s := range []style.Side{style.Top, style.Bottom} {
		pad, _ := c.Padding(s).Known()
		around += pad + c.Border(s).Width
	}
	if c.Display() == "inline" {
		return line + around, false
	}
	border := c.Value("box-sizing") == "border-box"
	outer := func(l style.Length) (float64, bool) {
		v, ok := l.Known()
		if ok && !border {
			v += around
		}
		return v, ok
	}
	least, _ := outer(c.MinHeight())
	if h, ok := outer(c.Height()); ok {
		return math.Max(h, least), true
	}
	return math.Max(line+around, least), false
}

func round(px float64) float64 { return math.Round(px*100) / 100 }
