package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// decorativeHidden: what is marked as decoration is not announced after all
// because of another attribute.
var decorativeHidden = &act.Rule{
	ID:    "decorative-hidden",
	ACT:   []string{"46ca7f"},
	Level: act.Best,
	Reads: act.Semantics,
	Near:  true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool { return decorative(p, e) })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		if !p.Exposed(e) || p.Role(e) == aria.None {
			return act.Pass("hidden")
		}
		for _, a := range e.Attrs {
			if attr, ok := aria.AttrByName(a.Name); ok && attr.Info().Global && a.Value != "" {
				return act.Fail("exposed").With("attr", a.Name).OnAttr(e, a.Name)
			}
		}
		if e.Has("tabindex") {
			return act.Fail("exposed").With("attr", "tabindex").OnAttr(e, "tabindex")
		}
		return act.Fail("exposed").With("attr", "<"+e.Name+">")
	},
}

// decorative reports whether the author marked e as decoration.
func decorative(p *act.Page, e *dom.Node) bool {
	role := p.Tree.ExplicitRole(e)
	if role != aria.NoRole {
		return role == aria.None
	}
	alt, ok := e.Attr("alt")
	return e.Is("img") && ok && alt == ""
}
