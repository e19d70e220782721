package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaProhibited: no global attribute stands where the role forbids it, such
// as a label on a paragraph.
var ariaProhibited = &act.Rule{
	ID:    "aria-prohibited",
	ACT:   []string{"kb1m8s"},
	Level: wcag.A,
	Reads: act.Semantics,
	Near:  true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return withAttrs(p, func(e *dom.Node, a ariaAttr) bool { return global(a) && !custom(e) && p.Exposed(e) })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		info := p.Role(e).Info()
		last := ""
		for a := range ariaAttrs(e) {
			if !global(a) {
				continue
			}
			if info.Prohibited.Has(a.Attr) && info.Prohibited12.Has(a.Attr) || info.Prohibited.Has(a.Attr) && a.Info().Draft {
				return act.Fail("prohibited").With("attr", a.String()).With("role", kind(p, e)).OnAttr(e, a.String())
			}
			last = a.String()
		}
		return act.Pass("permitted").With("attr", last)
	},
}

// global reports whether a is a global attribute that says something.
func global(a ariaAttr) bool {
	return (a.Info().Global || a.Info().GlobalDeprecated) && !blank(a.value)
}
