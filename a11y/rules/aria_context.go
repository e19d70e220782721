package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaContext: a part of a list, menu or table stands inside one.
var ariaContext = &act.Rule{
	ID:       "aria-context",
	ACT:      []string{"ff89c9"},
	Criteria: []wcag.SC{"1.3.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			role := p.Tree.ExplicitRole(e)
			return len(role.Info().Parents) > 0 && e.NS != dom.MathML && role != p.Tree.ImplicitRole(e) && p.Exposed(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		role := p.Role(e)
		contexts := role.Info().Parents
		parent := p.Tree.Parent(e)
		for _, c := range contexts {
			if fits(p, parent, c) {
				return act.Pass("inside").With("role", role.String())
			}
		}
		return act.Fail("outside", "wrap").With("role", role.String()).
			With("need", roleList(contexts)).OnAttr(e, "role")
	},
}

// fits reports whether parent is the context c: the role itself, or a group
// that stands in turn inside the role it has to be with.
func fits(p *act.Page, parent *dom.Node, c aria.Context) bool {
	if parent == nil || p.Role(parent) != c.Role {
		return false
	}
	if c.With == aria.NoRole {
		return true
	}
	for up := p.Tree.Parent(parent); up != nil; up = p.Tree.Parent(up) {
		if r := p.Role(up); r != c.Role {
			return r == c.With
		}
	}
	return false
}

// roleList writes contexts as the role attributes that give them.
func roleList(contexts []aria.Context) string {
	var names []string
	for _, c := range contexts {
		name := `role="` + c.Role.String() + `"`
		if c.With != aria.NoRole {
			continue // the role it is with is named as well
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		for _, c := range contexts {
			names = append(names, `role="`+c.With.String()+`"`)
		}
	}
	return strings.Join(names, " | ")
}
