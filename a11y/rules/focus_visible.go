package rules

import (
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// focusVisible: one can see where the keyboard focus is, as far as style
// sheets decide it.
var focusVisible = &act.Rule{
	ID:       "focus-visible",
	ACT:      []string{"oj04fd"},
	Criteria: []wcag.SC{"2.4.7"},
	Reads:    act.States,

	Candidates: tabbables,

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		rest := p.Styles.Of(e)
		focused := p.Styles.OfState(e, keyboard)
		switch {
		case focused.Unseen() != "":
			// A control behind a drawn one: the focus has to show on that.
			if changesNear(p, e) {
				return act.Pass("styled")
			}
			return act.Unsure("check-hidden")
		case outlined(focused) && focused.Outline() != rest.Outline():
			if src, ok := focused.Where("outline-style"); ok && !src.UA {
				return act.Pass("styled")
			}
			return act.Pass("default")
		case hasCaret(e):
			return act.Pass("default")
		case changes(rest, focused) || changesNear(p, e):
			return act.Pass("styled")
		case e.Has("onfocus") || e.Has("onfocusin") || movesFocus(p.Doc):
			return act.Unsure("check").Blame("outline-style")
		}
		return act.Fail("removed").Blame("outline-style")
	},

	Style: func(p *act.Page, e *dom.Node) act.Answer {
		focused := p.Styles.OfState(e, keyboard)
		if focused.Unseen() == "" && outlined(focused) && focused.Outline() != p.Styles.Of(e).Outline() {
			return act.Passes
		}
		return act.Ask
	},
}

type tabbablesKey struct{}

// tabbables returns the elements that the Tab key leads to. What is focused
// inside a frame or on an image map is drawn there.
func tabbables(p *act.Page) []*dom.Node {
	return act.Shared(p, tabbablesKey{}, func() []*dom.Node {
		return slices.Collect(p.Where(func(e *dom.Node) bool {
			return p.Tabbable(e) && !e.Is("iframe", "object", "embed", "area")
		}))
	})
}

// keyboard is the state of an element that has the focus by the Tab key.
const keyboard = style.Focus | style.FocusVisible | style.FocusWithin

// outlined reports whether an outline can be seen. That of style auto is
// drawn by the browser in a colour of its own.
func outlined(c *style.Computed) bool {
	o := c.Outline()
	return o.Drawn() || o.Style == "auto" && o.Width > 0
}

// hasCaret reports whether the blinking caret shows the focus.
func hasCaret(e *dom.Node) bool {
	if e.Is("input") {
		switch aria.InputType(e) {
		case "text", "search", "tel", "url", "email", "password", "number":
			return true
		}
		return false
	}
	return e.Is("textarea") || e.Has("contenteditable")
}

// shown are the properties by which style sheets show the focus, beside the
// outline.
var shown = strings.Fields(`background-color background-image border-top-color border-right-color
	border-bottom-color border-left-color border-top-style border-bottom-style border-left-style
	border-right-style border-top-width border-bottom-width border-left-width border-right-width
	box-shadow color opacity text-decoration-line text-decoration-style text-decoration-color
	text-decoration-thickness transform filter visibility display content font-weight font-size
	text-shadow clip clip-path position top left right bottom width height padding-top padding-left fill stroke`)

// changes reports whether a difference between two styles can be seen.
func changes(a, b *style.Computed) bool {
	if a == b || a == nil || b == nil {
		return (a == nil) != (b == nil)
	}
	for _, name := range shown {
		if a.Value(name) != b.Value(name) {
			return true
		}
	}
	return false
}

// changesNear reports whether the focus on e is shown beside it: by what is
// generated before or after it, round it, inside it or after it.
func changesNear(p *act.Page, e *dom.Node) bool {
	for _, name := range []string{"before", "after"} {
		if changes(p.Styles.Pseudo(e, name), p.Styles.PseudoState(e, name, keyboard)) {
			return true
		}
	}
	for n := p.Tree.FlatElement(e); n != nil; n = p.Tree.FlatElement(n) {
		if changesWith(p, n, e) {
			return true
		}
	}
	left := nearby
	for n := e.FirstChild; n != nil && left > 0; n = n.After(e) {
		if n.Type == dom.Element {
			if left--; changesWith(p, n, e) {
				return true
			}
		}
	}
	for n := e.NextElement(); n != nil && left > 0; n = n.NextElement() {
		if left--; changesWith(p, n, e) {
			return true
		}
		for c := n.FirstElement(); c != nil && left > 0; c = c.NextElement() {
			if left--; changesWith(p, c, e) {
				return true
			}
		}
	}
	return false
}

// nearby is how many elements in and after a focused one are looked at.
const nearby = 64

// changesWith reports whether n looks different while e has the focus.
func changesWith(p *act.Page, n, e *dom.Node) bool {
	rest, focused := p.Styles.Of(n), p.Styles.OfWhen(n, e, keyboard)
	return changes(rest, focused) || outlined(focused) && focused.Outline() != rest.Outline()
}
