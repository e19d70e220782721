package rules

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
)

// fixedBy yields the HTML elements with visible text whose style attribute
// fixes the property with !important, so that a reader's own style sheet
// cannot change it.
func fixedBy(property string) func(*act.Page) iter.Seq[*dom.Node] {
	return func(p *act.Page) iter.Seq[*dom.Node] {
		return func(yield func(*dom.Node) bool) {
			for _, e := range insistent(p) {
				if p.Styles.Of(e).Pinned(property) && hasText(p, e) && seen(p, e) && !yield(e) {
					return
				}
			}
		}
	}
}

type insistentKey struct{}

// insistent returns the HTML elements whose style attribute has an !important.
func insistent(p *act.Page) []*dom.Node {
	return act.Static(p, insistentKey{}, func() (out []*dom.Node) {
		for _, e := range p.Tree.Elements() {
			if e.NS == dom.HTML && strings.Contains(e.Get("style"), "!") {
				out = append(out, e)
			}
		}
		return out
	})
}

// wideEnough judges a length in CSS pixels against a share of the font size.
func wideEnough(p *act.Page, e *dom.Node, px, share float64) act.Verdict {
	need := share * p.Styles.Of(e).FontSize()
	if px >= need-0.005 {
		return act.Pass("wide")
	}
	return act.Fail("narrow").With("got", pixels(px)).With("need", pixels(need)).OnAttr(e, "style")
}

// pixels writes a length for people.
func pixels(px float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", px), "0"), ".") + " px"
}

// number writes a figure without needless decimals.
func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
