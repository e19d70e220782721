package rules

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

type readingsKey struct{}

// readings are the HTML elements with text of their own that can be seen,
// but for what is disabled and the labels of what is disabled.
func readings(p *act.Page) []*dom.Node {
	return act.Shared(p, readingsKey{}, func() []*dom.Node {
		labels := disabledLabels(p)
		var out []*dom.Node
		for _, e := range withText(p) {
			if e.NS == dom.HTML && !resting(p, e, labels) {
				out = append(out, e)
			}
		}
		return out
	})
}

// resting reports whether e is in a disabled group or control, or in the
// label of one.
func resting(p *act.Page, e *dom.Node, labels map[*dom.Node]bool) bool {
	for n := e; n != nil; n = p.Tree.FlatElement(n) {
		if labels[n] || disabledPart(p, n) {
			return true
		}
	}
	return false
}

// disabledPart reports whether n is a group or control that is disabled.
func disabledPart(p *act.Page, n *dom.Node) bool {
	if !aria.Disabled(n) && n.Get("aria-disabled") != "true" {
		return false
	}
	role := p.Role(n)
	return role.Is(aria.Group) || role.Is(aria.Widget) || n.Is("input", "select", "textarea", "button")
}

// disabledLabels returns the elements that name a disabled control.
func disabledLabels(p *act.Page) map[*dom.Node]bool {
	var out map[*dom.Node]bool
	for _, e := range p.Tree.Elements() {
		if !disabledPart(p, e) {
			continue
		}
		if out == nil {
			out = map[*dom.Node]bool{}
		}
		for _, l := range p.Tree.Labels(e) {
			out[l] = true
		}
		for _, l := range p.Refs(e, "aria-labelledby") {
			out[l] = true
		}
	}
	return out
}

// large reports whether letters are of what WCAG calls large scale: 18 pt, or
// 14 pt and bold.
func large(c *style.Computed) bool {
	size := c.FontSize()
	return size >= 24 || size >= 14*4/3.0-0.01 && c.FontWeight() >= 700
}

// legible says whether contrast passes a text by its style alone.
func legible(p *act.Page, e *dom.Node, need, relief float64) act.Answer {
	c := p.Styles.Of(e)
	if c.FontSize() <= 0 {
		return act.NoTarget
	}
	if large(c) {
		need = relief
	}
	if r := p.Styles.Reading(e); r.Behind.Reason == "" && r.Contrast >= need {
		return act.Passes
	}
	return act.Ask
}

// contrast judges the text of an element: need for ordinary text, relief for
// large letters. Where the background is not one colour it takes the best
// that is possible, and fails only when even that is too low.
func contrast(p *act.Page, e *dom.Node, need, relief float64) act.Verdict {
	c := p.Styles.Of(e)
	if large(c) {
		need = relief
	}
	r := p.Styles.Reading(e)
	text, behind := r.Text, r.Behind
	best, certain := bestContrast(c.Color(), r)
	if behind.Reason == "" && best >= need {
		return act.Pass("enough").With("ratio", ratio(best))
	}
	own := ownText(p, e)
	said := func(v act.Verdict) act.Verdict {
		return v.With("need", number(need)).With("ratio", ratio(best)).With("colour", text.String()).
			With("background", behind.Color.String()).Blame("color")
	}
	switch {
	case behind.Reason == style.BackdropForced:
		return act.Pass("forced")
	case !readable(own):
		return act.Pass("no-words")
	case !certain || best >= need:
		return said(act.Unsure("check-" + behind.Reason))
	case best == 1 && p.Tree.AriaHidden(e):
		return act.Pass("for-nobody") // neither seen nor read out
	case closes(p, e, own) && best >= 3: // WCAG 1.4.11, not 1.4.3
		return act.Pass("sign").With("ratio", ratio(best))
	case best == 1: // no visual presentation of text at all
		return said(act.Unsure("check-same"))
	case c.TextShadow() != "none":
		return said(act.Unsure("check-shadow"))
	case painted(p, e):
		return said(act.Unsure("check-overlap"))
	case symbol(own) || iconFont(p, e, own) || p.Tree.AriaHidden(e):
		return said(act.Unsure("check-sign"))
	}
	return said(act.Fail("low"))
}

// bestContrast returns the highest contrast that a text can have with what
// lies behind it, and whether that is certain. On a gradient it is the best
// of its stops and of some colours between them; fill is the colour of the
// text by itself.
func bestContrast(fill style.Color, r *style.Reading) (best float64, certain bool) {
	behind := &r.Behind
	if behind.Reason != style.BackdropGradient || len(behind.Stops) == 0 {
		return r.Contrast, behind.Reason == ""
	}
	for i, a := range behind.Stops {
		b := behind.Stops[min(i+1, len(behind.Stops)-1)]
		for step := range 5 {
			back := a.Fade(1 - float64(step)/5).Over(b)
			best = max(best, style.Contrast(fill.Over(back), back))
		}
	}
	return best, fill.A == 1
}

// painted reports whether something generated, out of the flow and with a
// background, may lie between the text of e and its background.
func painted(p *act.Page, e *dom.Node) bool {
	for n := e; n != nil; n = p.Tree.FlatElement(n) {
		for _, name := range []string{"before", "after"} {
			g := p.Styles.Pseudo(n, name)
			if g != nil && g.Position() != "static" && g.Content() != "none" && g.Content() != "normal" &&
				(g.BackgroundColor().A > 0 || g.BackgroundImage() != "none") {
				return true
			}
		}
		if p.Styles.Of(n).BackgroundColor().A >= 1 {
			return false
		}
	}
	return false
}

// ratio writes a contrast for people, rounded down: 4.49 is not 4.5.
func ratio(r float64) string { return number(math.Floor(r*100) / 100) }

// ownText is the text that e holds itself.
func ownText(p *act.Page, e *dom.Node) string {
	var b strings.Builder
	for c := range p.Tree.FlatChildren(e) {
		if c.Type == dom.Text {
			b.WriteString(c.Text)
		}
	}
	return b.String()
}

// readable reports whether a text says something in a human language.
func readable(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// closes reports whether a text is the X that closes something: a sign, as the
// control that it stands in is called otherwise.
func closes(p *act.Page, e *dom.Node, text string) bool {
	if s := strings.TrimSpace(text); s != "x" && s != "X" {
		return false
	}
	for n := e; n != nil; n = p.Tree.FlatElement(n) {
		if p.Role(n).Is(aria.Widget) {
			return !slices.Contains(words(p.Name(n)), "x")
		}
	}
	return false
}

// symbol reports whether a text is one letter of an alphabet, which may be
// meant as a sign: the X that closes a window.
func symbol(text string) bool {
	text = strings.TrimSpace(text)
	r, n := utf8.DecodeRuneInString(text)
	return n == len(text) && unicode.Is(unicode.Latin, r)
}
