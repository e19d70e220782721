package rules

import (
	"strings"
	"unicode"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// pageTitle: the first title element of the page holds a text.
var pageTitle = &act.Rule{
	ID:       "page-title",
	ACT:      []string{"2779a5"},
	Criteria: []wcag.SC{"2.4.2"},

	Applicability: htmlRoot,

	Expectation: func(_ *act.Page, root *dom.Node) act.Verdict {
		for e := range root.Elements() {
			if !e.Is("title") {
				continue
			}
			if blank(e.TextContent()) {
				return act.Fail("empty").On(e)
			}
			return act.Pass("present")
		}
		return act.Fail("missing")
	},
}

// blank reports whether a text is nothing but white space.
func blank(s string) bool { return strings.TrimFunc(s, unicode.IsSpace) == "" }
