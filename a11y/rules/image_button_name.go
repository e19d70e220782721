package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// imageButtonName: a picture button has a name of its own, not only the one
// that every browser gives it.
var imageButtonName = &act.Rule{
	ID:       "image-button-name",
	ACT:      []string{"59796f"},
	Criteria: []wcag.SC{"1.1.1", "4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool { return imageButton(e) && p.Exposed(e) })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		name := p.Name(e)
		switch {
		case blank(name):
			return act.Fail("no-name").OnAttr(e, "alt")
		case p.Tree.NameFrom(e) == aria.FromDefault, strings.EqualFold(name, "Submit Query"):
			return act.Fail("default-name").With("name", name).OnAttr(e, "alt")
		}
		return act.Pass("named").With("name", name)
	},
}
