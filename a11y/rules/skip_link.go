package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// skipLink: a link inside the page, above all the one past the header, leads
// to a place that exists.
var skipLink = &act.Rule{
	ID:    "skip-link",
	Level: wcag.A,
	Reads: act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			id := fragment(e)
			// "#/" and "#!" are addresses of scripts, not of elements.
			return id != "" && !strings.HasPrefix(id, "/") && !strings.HasPrefix(id, "!") && !p.Hidden(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		id := fragment(e)
		if leads(p, id) {
			return act.Pass("works").With("id", id)
		}
		return act.Fail("broken").With("id", id).OnAttr(e, "href")
	},
}

// leads reports whether a fragment finds its target. HTML, 7.4.6.4: an id,
// then the name of a link, then "top" in any case, which is the top of the
// page. A text fragment after :~: is looked for by the browser.
func leads(p *act.Page, id string) bool {
	id, text, _ := strings.Cut(id, ":~:")
	if p.Doc.ByID(id) != nil || strings.EqualFold(id, "top") || id == "" && text != "" {
		return true
	}
	return linkNames(p)[id]
}

type linkNamesKey struct{}

// linkNames are the names that links give to places, as was done before ids.
func linkNames(p *act.Page) map[string]bool {
	return act.Fact(p, linkNamesKey{}, func() map[string]bool {
		names := map[string]bool{}
		for e := range p.Doc.Elements() {
			if e.Is("a") && e.Has("name") {
				names[e.Get("name")] = true
			}
		}
		return names
	})
}
