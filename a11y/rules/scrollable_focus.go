package rules

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// scrollableFocus: the keyboard reaches every part that scrolls. Whether a
// part does scroll is a matter of layout; it is certain only where even the
// narrowest letters do not fit.
var scrollableFocus = &act.Rule{
	ID:       "scrollable-focus",
	ACT:      []string{"0ssw9k"},
	Criteria: []wcag.SC{"2.1.1", "2.1.3"},
	Reads:    act.Semantics | act.Metrics,

	Near: true,
	Candidates: func(p *act.Page) []*dom.Node {
		return act.Shared(p, boxesKey{}, func() []*dom.Node {
			return slices.Collect(p.Where(func(e *dom.Node) bool {
				return e.NS == dom.HTML && !e.Is("html", "body", "textarea", "select", "iframe") && p.Visible(e)
			}))
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		if p.Tabbable(e) || firstTabbable(p, e) != nil {
			return act.Pass("reachable")
		}
		if overflows(p, e) {
			return act.Fail("unreachable").Blame("overflow-y")
		}
		return act.Unsure("check").Blame("overflow-y")
	},
	Style: func(p *act.Page, e *dom.Node) act.Answer {
		if !scrolls(p.Styles.Of(e)) {
			return act.NoTarget
		}
		return act.Ask
	},
}

type boxesKey struct{}

// overflows reports whether the content of a box of fixed size is certain to
// be larger: in one line by its width, in several by its height.
func overflows(p *act.Page, e *dom.Node) bool {
	c := p.Styles.Of(e)
	width, ok := limit(c.Width(), c.MaxWidth())
	if !ok {
		return false
	}
	least := leastWidth(p, e)
	if strings.Contains(c.WhiteSpace(), "nowrap") || c.WhiteSpace() == "pre" {
		return least > width+padding(c, style.Left, style.Right)
	}
	height, ok := limit(c.Height(), c.MaxHeight())
	lines := math.Floor(least / width)
	return ok && lines*c.FontSize() > height+padding(c, style.Top, style.Bottom)
}

// limit returns the smaller of two lengths that are known.
func limit(size, most style.Length) (float64, bool) {
	s, ok := size.Known()
	if m, limited := most.Known(); limited && (!ok || m < s) {
		return m, true
	}
	return s, ok
}

func padding(c *style.Computed, a, b style.Side) float64 {
	x, _ := c.Padding(a).Known()
	y, _ := c.Padding(b).Known()
	return x + y
}

// leastWidth is how wide the visible content of e is in one line, at the
// least: narrow letters take a quarter of the font size, Han characters all
// of it.
func leastWidth(p *act.Page, e *dom.Node) float64 {
	sum := 0.0
	for c := range p.Tree.FlatChildren(e) {
		switch {
		case c.Type == dom.Text && p.Visible(e):
			sum += ems(c.Text) * p.Styles.Of(e).FontSize()
		case c.Is("img") && p.Visible(c):
			w, _ := p.Styles.Of(c).Width().Known()
			sum += w
		case c.Type == dom.Element && !fixedOutOfFlow(p.Styles.Of(c)):
			sum += leastWidth(p, c)
		}
	}
	return sum
}

// ems is the least width of a text in font sizes.
func ems(text string) float64 {
	sum := 0.0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			sum++
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			sum += 0.25
		}
	}
	return sum
}

func fixedOutOfFlow(c *style.Computed) bool {
	return c.Position() == "absolute" || c.Position() == "fixed" || c.Float() != "none"
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
