package rules

import (
	"strings"
	"unicode"

	"handrail/a11y/act"
	"handrail/a11y/dom"
)

// seen reports whether the text of e can be seen, as far as styles tell.
func seen(p *act.Page, e *dom.Node) bool {
	return p.Visible(e) && p.Styles.Of(e).FontSize() > 0
}

type withTextKey struct{}

// withText returns the elements with text of their own that are visible, if
// their letters have a size.
func withText(p *act.Page) []*dom.Node {
	return act.Shared(p, withTextKey{}, func() []*dom.Node {
		var out []*dom.Node
		for _, e := range p.Elements() {
			if hasText(p, e) && p.Visible(e) {
				out = append(out, e)
			}
		}
		return out
	})
}

// hasText reports whether a child of e is text that is more than white space.
func hasText(p *act.Page, e *dom.Node) bool {
	for c := p.Tree.FlatFirst(e); c != nil; c = p.Tree.FlatNext(c) {
		if c.Type == dom.Text && !blank(c.Text) {
			return true
		}
	}
	return false
}

// iconFont reports whether letters in e are drawn as pictures: a font that
// says so in its name, or characters that no script has.
func iconFont(p *act.Page, e *dom.Node, text string) bool {
	family := strings.ToLower(p.Styles.Of(e).FontFamily())
	for _, word := range []string{"icon", "awesome", "symbols", "glyph", "dingbat"} {
		if strings.Contains(family, word) {
			return true
		}
	}
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Co, r) })
}
