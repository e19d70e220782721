package rules

import (
	"iter"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// titleText: the title of the page is not the one that a program puts in. A
// house rule: whether another title fits the page (ACT c4a8a4) is for people
// to judge.
var titleText = &act.Rule{
	ID:       "title-text",
	Criteria: []wcag.SC{"2.4.2"},

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return func(yield func(*dom.Node) bool) {
			for root := range htmlRoot(p) {
				for e := range root.Elements() {
					if e.Is("title") {
						if !blank(e.TextContent()) {
							yield(e)
						}
						return
					}
				}
			}
		}
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		title := strings.Join(strings.Fields(e.TextContent()), " ")
		if slices.Contains(emptyTitles, bare(title)) {
			return act.Fail("placeholder").With("name", title)
		}
		return act.Pass("says-more").With("name", title)
	},
}

// emptyTitles are what programs write when nobody gives a title; without
// case, spaces and punctuation.
var emptyTitles = strings.Fields(`
	untitled untitleddocument untitledpage newpage newdocument document title pagetitle notitle index test
	无标题 无标题文档 未命名 新建页面 标题 文档
`)
