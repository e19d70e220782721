package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaRequired: an element with a role says all that the role requires.
var ariaRequired = &act.Rule{
	ID:    "aria-required",
	ACT:   []string{"4e8ab6"},
	Level: wcag.A,
	Reads: act.Semantics,
	Near:  true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			role := p.Tree.ExplicitRole(e)
			return role != aria.NoRole && e.NS != dom.MathML && role != p.Tree.ImplicitRole(e) &&
				required(p, e) != 0 && p.Exposed(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		role := p.Role(e).String()
		for a := range required(p, e).All() {
			if e.Get(a.String()) == "" && !native(e, a) {
				return act.Fail("missing").With("role", role).With("attr", a.String()).OnAttr(e, "role")
			}
		}
		return act.Pass("present").With("role", role)
	},
}

// required returns what both WAI-ARIA 1.2 and 1.3 require of the element's
// role: what one of them has dropped is no mistake. A separator has a value
// only while it can be moved.
func required(p *act.Page, e *dom.Node) aria.AttrSet {
	role := p.Role(e)
	if role == aria.Separator {
		if p.Focusable(e) {
			return 1 << aria.AttrValuenow
		}
		return 0
	}
	return role.Info().Required & role.Info().Required13
}

// native reports whether HTML says by itself what the attribute would say.
// ARIA in HTML, 4: authors should not repeat it.
func native(e *dom.Node, a aria.Attr) bool {
	if e.Is("select") {
		return true
	}
	if e.Is("option") {
		return a == aria.AttrSelected
	}
	if !e.Is("input") {
		return e.Is("meter", "progress") && a == aria.AttrValuenow
	}
	switch aria.InputType(e) {
	case "checkbox", "radio":
		return a == aria.AttrChecked
	case "range", "number":
		return a == aria.AttrValuenow
	}
	return false
}
