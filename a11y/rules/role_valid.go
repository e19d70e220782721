package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// roleValid: a role attribute names at least one role that exists.
var roleValid = &act.Rule{
	ID:    "role-valid",
	ACT:   []string{"674b10"},
	Level: wcag.A,
	Reads: act.Semantics,
	Near:  true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.NS != dom.MathML && strings.Trim(e.Get("role"), asciiSpace) != "" && !p.Hidden(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		value := strings.Trim(e.Get("role"), asciiSpace)
		if role := p.Tree.ExplicitRole(e); role != aria.NoRole {
			return act.Pass("valid").With("role", role.String())
		}
		message := "unknown"
		if _, known := aria.RoleByName(strings.Fields(value)[0]); known {
			message = "abstract"
		}
		return act.Fail(message).With("role", value).OnAttr(e, "role")
	},
}

// asciiSpace is the white space of HTML.
const asciiSpace = "\t\n\f\r "
