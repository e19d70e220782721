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

// newWindow: a link that opens another window says so. A house rule, from
// WCAG's technique G201.
var newWindow = &act.Rule{
	ID:       "new-window",
	Criteria: []wcag.SC{"3.2.5"},
	Reads:    act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("a", "area") && e.Has("href") && opensWindow(e.Get("target")) && p.Role(e).Is(aria.Link) && p.Exposed(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		said := strings.ToLower(p.Name(e) + " " + p.Description(e) + " " + e.Get("title"))
		if slices.ContainsFunc(windowWords, func(w string) bool { return strings.Contains(said, w) }) {
			return act.Pass("announced")
		}
		for c := range e.Elements() {
			if c.Is("svg", "img") || c.NS == dom.SVG {
				return act.Unsure("check").OnAttr(e, "target") // the picture may say it
			}
		}
		return act.Fail("silent").OnAttr(e, "target")
	},
}

// opensWindow reports whether a link with the target always opens a window.
// One with a name opens it once, or is a frame of the page.
func opensWindow(target string) bool {
	return strings.EqualFold(strings.Trim(target, asciiSpace), "_blank")
}

// windowWords say that another window opens.
var windowWords = []string{
	"new window", "new tab", "another window", "another tab", "new browser", "external", "opens in",
	"新窗口", "新标签", "新页面", "新视窗", "新分頁", "另一窗口", "另开", "新开", "外部链接", "站外",
	"نافذة جديدة", "تبويب جديد", "علامة تبويب",
	"nouvelle fenêtre", "nouvel onglet", "nueva ventana", "nueva pestaña", "neuem fenster", "neuem tab", "neues fenster",
}
