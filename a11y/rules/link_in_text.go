package rules

import (
	"slices"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// linkInText: a link in running text is told from the text by more than a
// colour, or by a colour that is far from it. A house rule after WCAG
// technique G183 and failure F73.
var linkInText = &act.Rule{
	ID:       "link-in-text",
	Criteria: []wcag.SC{"1.4.1"},
	Reads:    act.Colour | act.Metrics,

	Near:       true,
	Candidates: linksInText,

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		round := p.Tree.FlatElement(e)
		text, behind := p.Styles.Text(e)
		other, _ := p.Styles.Text(round)
		contrast := style.Contrast(text, other)
		switch {
		case behind.Reason == style.BackdropForced:
			return act.Pass("marked") // systems underline links there
		case marked(p, e, round):
			return act.Pass("marked")
		case contrast >= 3:
			return act.Pass("far-colour").With("ratio", ratio(contrast))
		case behind.Reason != "":
			return act.Unsure("check").With("ratio", ratio(contrast)).Blame("text-decoration-line")
		}
		return act.Fail("colour-only").With("ratio", ratio(contrast)).With("colour", text.String()).
			With("background", other.String()).Blame("text-decoration-line")
	},
	Style: func(p *act.Page, e *dom.Node) act.Answer {
		round := p.Tree.FlatElement(e)
		switch {
		case p.Styles.Of(e).FontSize() <= 0 || p.Styles.Of(round).FontSize() <= 0:
			return act.NoTarget
		case markedItself(p, e, round):
			return act.Passes
		}
		return act.Ask
	},
}

type linksInTextKey struct{}

// linksInText returns the visible links that stand in a line with other text.
func linksInText(p *act.Page) []*dom.Node {
	return act.Shared(p, linksInTextKey{}, func() []*dom.Node {
		return slices.Collect(p.Where(func(e *dom.Node) bool {
			return e.NS == dom.HTML && p.Role(e).Is(aria.Link) && inSentence(p, e) && !blank(e.TextContent()) && p.Visible(e)
		}))
	})
}

// inSentence reports whether a link stands in a line with other text.
func inSentence(p *act.Page, e *dom.Node) bool {
	if !inline(p, e) {
		return false
	}
	round := p.Tree.FlatElement(e)
	return round != nil && readableLine(p, round) && p.Visible(round)
}

// lineKey is the element that readableLine is asked about.
type lineKey struct{ n *dom.Node }

// readableLine reports whether n holds words itself. It is asked for every
// link in n, and looks once.
func readableLine(p *act.Page, n *dom.Node) bool {
	return act.Shared(p, lineKey{n}, func() bool { return readable(ownText(p, n)) })
}

// marked reports whether anything but the colour of the text tells a link
// from what is round it: a line, a box, another weight or style, a picture.
func marked(p *act.Page, e, round *dom.Node) bool {
	if markedItself(p, e, round) {
		return true
	}
	weight := p.Styles.Of(round).FontWeight()
	for d := range e.Elements() {
		if d.Is("img") || d.NS == dom.SVG || p.Styles.Of(d).TextDecorationLine() != "none" || p.Styles.Of(d).FontWeight() != weight {
			return true
		}
	}
	return false
}

// markedItself is marked without what is inside the link.
func markedItself(p *act.Page, e, round *dom.Node) bool {
	a, b := p.Styles.Of(e), p.Styles.Of(round)
	if line := a.TextDecorationLine(); line != "none" && line != "" && line != b.TextDecorationLine() {
		return true
	}
	if a.FontWeight() != b.FontWeight() || a.FontStyle() != b.FontStyle() || a.FontSize() != b.FontSize() ||
		a.FontFamily() != b.FontFamily() || a.BoxShadow() != "none" || a.BackgroundImage() != "none" ||
		a.BackgroundColor().A > 0 && a.BackgroundColor() != b.BackgroundColor() {
		return true
	}
	for _, s := range []style.Side{style.Top, style.Right, style.Bottom, style.Left} {
		if a.Border(s).Drawn() {
			return true
		}
	}
	for _, name := range []string{"before", "after"} {
		if g := p.Styles.Pseudo(e, name); g != nil && g.Content() != "none" && g.Content() != "normal" {
			return true
		}
	}
	return false
}
