package rules

import (
	"iter"
	"net/url"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// idUnique: an id that something refers to stands for one element. A house
// rule: WCAG 4.1.1 is gone, and an id that nobody uses does no harm.
var idUnique = &act.Rule{
	ID:    "id-unique",
	Level: wcag.A,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		used := referenced(p)
		return p.Where(func(e *dom.Node) bool {
			return e.Has("id") && used[e.Get("id")] != "" && p.Tree.ByID(e, e.Get("id")) != nil
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		id := e.Get("id")
		if p.Tree.ByID(e, id) == e {
			return act.Pass("unique").With("id", id)
		}
		return act.Fail("duplicate").With("id", id).With("attr", referenced(p)[id]).OnAttr(e, "id")
	},
}

// referenced maps every id that something on the page refers to, to the
// attribute that does.
func referenced(p *act.Page) map[string]string {
	return act.Shared(p, referencedKey{}, func() map[string]string { return referencesOf(p) })
}

type referencedKey struct{}

func referencesOf(p *act.Page) map[string]string {
	used := map[string]string{}
	for _, e := range p.Tree.Elements() {
		if refers(e) {
			for _, r := range references {
				for id := range r.ids(e) {
					used[id] = r.attr
				}
			}
		}
		if e.Is("td", "th") {
			for id := range strings.FieldsSeq(e.Get("headers")) {
				used[id] = "headers"
			}
		}
		if id := fragment(e); id != "" {
			used[id] = "href"
		}
	}
	delete(used, "")
	return used
}

// fragment returns the id that a link inside the page leads to; "" when e is
// no such link.
func fragment(e *dom.Node) string {
	if !e.Is("a", "area") {
		return ""
	}
	id, ok := strings.CutPrefix(strings.Trim(e.Get("href"), asciiSpace), "#")
	if !ok {
		return ""
	}
	if strings.Contains(id, "%") {
		if plain, err := url.PathUnescape(id); err == nil {
			return plain
		}
	}
	return id
}
