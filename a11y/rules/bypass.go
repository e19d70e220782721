package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// bypass: there is a way past what every page repeats. What is repeated is
// known only from the other pages, so one page alone never fails.
var bypass = &act.Rule{
	ID:       "bypass",
	ACT:      []string{"cf77f2"},
	Criteria: []wcag.SC{"2.4.1"},
	Reads:    act.Semantics,

	Applicability: htmlRoot,

	Expectation: func(p *act.Page, root *dom.Node) act.Verdict {
		heading := false
		for _, e := range p.Tree.Elements() {
			switch {
			case p.Role(e) == aria.Main && p.Exposed(e):
				return act.Pass("main")
			case fragment(e) != "" && p.Doc.ByID(fragment(e)) != nil && p.Exposed(e):
				return act.Pass("skip-link")
			case p.Role(e) == aria.Heading && p.Exposed(e) && !repeated(p, e):
				heading = true
			}
		}
		if heading {
			return act.Pass("heading")
		}
		return act.Unsure("check")
	},
}

// repeated reports whether e stands in a part that pages usually share.
func repeated(p *act.Page, e *dom.Node) bool {
	for n := e; n != nil; n = p.Tree.FlatElement(n) {
		switch p.Role(n) {
		case aria.Banner, aria.Navigation, aria.Contentinfo, aria.Search:
			return true
		}
	}
	return false
}
