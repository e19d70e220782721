package rules

import (
	"iter"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// labelText: the label of a field that one types in says what to type. Only
// labels that fit any field are found; whether others fit theirs is for
// people to judge.
var labelText = &act.Rule{
	ID:       "label-text",
	ACT:      []string{"cc0f0a"},
	Criteria: []wcag.SC{"2.4.6"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return typedIn(p, e) && p.Exposed(e) && p.Visible(e) && !blank(p.Name(e))
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		name := p.Name(e)
		if slices.Contains(emptyLabels, bare(name)) && blank(p.Description(e)) {
			return act.Fail("vague").With("name", name)
		}
		return act.Pass("says-more").With("name", name)
	},
}

// typedIn reports whether e is a field for text, numbers or dates.
func typedIn(p *act.Page, e *dom.Node) bool {
	switch p.Role(e) {
	case aria.Textbox, aria.Searchbox, aria.Spinbutton:
		return true
	}
	return e.Is("input") && slices.Contains([]string{"date", "time", "month", "week", "datetime-local"}, strings.ToLower(e.Get("type")))
}

// emptyLabels are labels that fit any field, without case, spaces and
// punctuation.
var emptyLabels = strings.Fields(`
	menu info information input inputfield field textfield textbox text label value enter typehere
	enterhere entertext entervalue formfield untitled
	输入 输入框 文本框 文本 字段 标签 请输入 请填写 信息 菜单
	أدخل حقل نص
`)
