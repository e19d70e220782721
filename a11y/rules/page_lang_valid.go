package rules

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// pageLangValid: the language of the page is one that exists.
var pageLangValid = &act.Rule{
	ID:       "page-lang-valid",
	ACT:      []string{"bf051a"},
	Criteria: []wcag.SC{"3.1.1"},

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return func(yield func(*dom.Node) bool) {
			for root := range htmlRoot(p) {
				if !blank(root.Get("lang")) && !yield(root) {
					return
				}
			}
		}
	},

	Expectation: func(_ *act.Page, root *dom.Node) act.Verdict { return validLang(root) },
}

// validLang judges the lang attribute of an element.
func validLang(e *dom.Node) act.Verdict {
	tag := e.Get("lang")
	if knownLanguage(tag) {
		return act.Pass("known").With("lang", tag)
	}
	return act.Fail("unknown").With("lang", tag).OnAttr(e, "lang")
}

// knownLanguage reports whether the primary subtag is a language of the
// IANA registry. Only that counts, as for :lang(): "de-hello" is German.
// Three letters are registered only where two are not, so "eng" is none.
func knownLanguage(tag string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if n := len(primary); n != 2 && n != 3 {
		return false
	}
	base, err := language.ParseBase(primary)
	return err == nil && (len(primary) == 2 || len(base.String()) == 3 && !slices.Contains(bibliographic, primary))
}

// bibliographic are the codes of ISO 639-2/B, which the registry leaves out:
// "chi" is registered as "zh" alone.
var bibliographic = strings.Fields("alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per rum slo tib wel")
