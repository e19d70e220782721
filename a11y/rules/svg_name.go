package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// svgName: a drawing that says it is a picture says what it shows.
var svgName = &act.Rule{
	ID:       "svg-name",
	ACT:      []string{"7d6734"},
	Criteria: []wcag.SC{"1.1.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			if e.NS != dom.SVG || !p.Exposed(e) {
				return false
			}
			switch p.Tree.ExplicitRole(e) {
			case aria.Image, aria.GraphicsDocument, aria.GraphicsSymbol:
				return true
			}
			return false
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return named(p, e) },
}
