package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaValue: every ARIA attribute has a value of the right kind. Whether an
// id leads somewhere is the matter of idref-exists.
var ariaValue = &act.Rule{
	ID:    "aria-value",
	ACT:   []string{"6a7281"},
	Level: wcag.A,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return withAttrs(p, func(_ *dom.Node, a ariaAttr) bool { return a.value != "" })
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		last := ""
		for a := range ariaAttrs(e) {
			if a.value == "" {
				continue
			}
			if !a.ValidSyntax(a.value) {
				return act.Fail("invalid").With("attr", a.String()).With("value", a.value).
					With("want", wanted(a.Info())).OnAttr(e, a.String())
			}
			last = a.String()
		}
		return act.Pass("valid").With("attr", last)
	},
}

// wanted names the values an attribute takes, in the words of the standard.
func wanted(info *aria.AttrInfo) string {
	switch info.Type {
	case aria.Boolean, aria.OptionalBoolean:
		return "true | false"
	case aria.Tristate:
		return "true | false | mixed"
	case aria.Token, aria.TokenList:
		return strings.Join(info.Values, " | ")
	case aria.Integer:
		return "1, 2, 3 …"
	case aria.Number:
		return "0, 1, 2.5 …"
	case aria.IDRef, aria.IDRefList:
		return "id"
	}
	return "…"
}
