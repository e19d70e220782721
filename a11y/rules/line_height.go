package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
		if v.Outcome != act.Failed {
			return v
		}
		switch wrapsIn(p, e) {
		case oneLine:
			return act.Pass("one-line")
		case mayWrap:
			v.Outcome, v.Message = act.CantTell, "check"
		}
		return v
	},
}

// Whether the text of an element takes several lines, as far as styles tell.
type wrapping uint8

const (
	mayWrap wrapping = iota
	wraps
	oneLine
)

// wrapsIn says whether the text of e takes several lines: in the width of its
// box, or of the nearest box round it whose width is known, even narrow letters
// do not fit, or even wide ones do.
func wrapsIn(p *act.Page, e *dom.Node) wrapping {
	c := p.Styles.Of(e)
	if w := c.WhiteSpace(); strings.Contains(w, "nowrap") || w == "pre" || unbroken(e) {
		return oneLine
	}
	width, exact, ok := widthRound(p, e)
	switch text := e.TextContent(); {
	case !ok:
		return mayWrap
	case ems(text)*c.FontSize() > width:
		return wraps
	case exact && float64(utf8.RuneCountInString(text))*c.FontSize() <= width:
		return oneLine
	}
	return mayWrap
}

// unbroken reports whether there is no place in the text of e where a line
// may end: one word, in letters that are written with spaces between words.
func unbroken(e *dom.Node) bool {
	return !strings.ContainsFunc(strings.TrimFunc(e.TextContent(), unicode.IsSpace), func(r rune) bool {
		return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != ','
	})
}

// widthRound returns the known width of the box of e, or else the most that
// the boxes round it leave; exact means the former.
func widthRound(p *act.Page, e *dom.Node) (width float64, exact, ok bool) {
	for n := e; n != nil; n = p.Tree.FlatElement(n) {
		c := p.Styles.Of(n)
		if c.WritingMode() != "horizontal-tb" {
			return 0, false, false
		}
		if strings.HasPrefix(c.Display(), "inline") {
			if c.Display() == "inline" {
				continue
			}
			return 0, false, false
		}
		if w, known := limit(c.Width(), c.MaxWidth()); known {
			_, set := c.Width().Known()
			return w, set && n == e, true
		}
		if fixedOutOfFlow(c) {
			return 0, false, false
		}
	}
	return 0, false, false
}
