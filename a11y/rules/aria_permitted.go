package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaPermitted: ARIA attributes stand where they mean something.
var ariaPermitted = &act.Rule{
	ID:    "aria-permitted",
	ACT:   []string{"5c01ea"},
	Level: wcag.A,
	Reads: act.Semantics,
	Near:  true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return withAttrs(p, func(e *dom.Node, _ ariaAttr) bool { return !custom(e) && p.Exposed(e) })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		last := ""
		for a := range ariaAttrs(e) {
			if !permitted(p, e, a.Attr) {
				return act.Fail("not-permitted").With("attr", a.String()).With("role", kind(p, e)).OnAttr(e, a.String())
			}
			last = a.String()
		}
		return act.Pass("permitted").With("attr", last)
	},
}

// permitted reports whether the attribute is global, belongs to the role, or
// is allowed on the element by ARIA in HTML.
func permitted(p *act.Page, e *dom.Node, a aria.Attr) bool {
	info := a.Info()
	if info.Global || info.GlobalDeprecated {
		return true
	}
	role := p.Role(e)
	if role.Info().Allowed.Has(a) {
		return true
	}
	// Elements with no corresponding role that take attributes of their
	// own: fields such as passwords and dates, media, summary.
	return role == aria.NoRole && e.Is("input", "summary", "audio", "video", "iframe", "object", "embed", "canvas")
}
