package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// imageName: an image says what it shows, or says that it is decoration.
var imageName = &act.Rule{
	ID:       "image-name",
	ACT:      []string{"23a2a8"},
	Criteria: []wcag.SC{"1.1.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.NS == dom.HTML && (e.Is("img") || p.Role(e) == aria.Image) && !p.Hidden(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		switch {
		case p.Role(e) == aria.None && !blankAlt(e):
			return act.Pass("decorative")
		case !blank(p.Name(e)):
			return act.Pass("named").With("name", p.Name(e))
		default:
			// Never suggest alt="" alone: it silences the rule, not the problem.
			return act.Fail("no-name", "describe-image", "mark-decorative").OnAttr(e, "alt")
		}
	},
}

// blankAlt reports whether an image has white space for its text: that says
// neither what it shows nor that it is decoration.
func blankAlt(e *dom.Node) bool {
	alt, _ := e.Attr("alt")
	return e.Is("img") && !e.Has("role") && alt != "" && blank(alt)
}
