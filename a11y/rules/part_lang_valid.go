package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// partLangValid: a passage in another language names a language that exists.
var partLangValid = &act.Rule{
	ID:       "part-lang-valid",
	ACT:      []string{"de46e4"},
	Criteria: []wcag.SC{"3.1.2"},
	Reads:    act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.NS == dom.HTML && e.Get("lang") != "" && inBody(p, e) && speaks(p, e)
		})
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		v := validLang(e)
		if v.Outcome == act.Failed && e.Is("pre", "code") {
			v.Outcome, v.Message = act.CantTell, "code" // it may name a programming language
		}
		return v
	},
}

// inBody reports whether e is the body or inside it, in the flat tree.
func inBody(p *act.Page, e *dom.Node) bool {
	for ; e != nil; e = p.Tree.FlatElement(e) {
		if e.Is("body") {
			return true
		}
	}
	return false
}

// speaks reports whether some text takes its language from e: text that is
// seen or read out, names and descriptions.
func speaks(p *act.Page, e *dom.Node) bool {
	if p.Exposed(e) && (p.Name(e) != "" || p.Description(e) != "") {
		return true
	}
	for c := range p.Tree.FlatChildren(e) {
		switch {
		case c.Type == dom.Text && !blank(c.Text) && (p.Visible(e) || !p.Hidden(e)):
			return true
		case c.Type == dom.Element && c.Get("lang") == "" && speaks(p, c):
			return true
		}
	}
	return false
}
