package rules

import (
	"iter"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// A reference is an attribute whose value names ids.
type reference struct {
	attr string
	list bool // several ids
	late bool // what it names may come later, by script
}

// references are the attributes that refer to other elements. The headers
// of table cells have a rule of their own.
var references = []reference{
	{"for", false, false},
	{"list", false, false},
	{"form", false, false},
	{"aria-labelledby", true, false},
	{"aria-describedby", true, false},
	{"aria-activedescendant", false, true},
	{"aria-controls", true, true},
	{"aria-details", true, true},
	{"aria-errormessage", true, true},
	{"aria-flowto", true, true},
	{"aria-owns", true, true},
	{"popovertarget", false, true},
}

// referring are the references by their attributes.
var referring = func() map[string]reference {
	m := map[string]reference{}
	for _, r := range references {
		m[r.attr] = r
	}
	return m
}()

// ids yields the ids that the attribute of e names.
func (r reference) ids(e *dom.Node) iter.Seq[string] {
	value, ok := e.Attr(r.attr)
	if !ok || r.attr == "for" && !e.Is("label", "output") || r.attr == "list" && !e.Is("input") {
		return func(func(string) bool) {}
	}
	if r.list || e.Is("output") {
		return strings.FieldsSeq(value)
	}
	return func(yield func(string) bool) { yield(value) }
}

// idrefExists: what a label or description refers to exists. A house rule:
// the W3C withdrew in6db8, but a reference to nothing is never meant.
var idrefExists = &act.Rule{
	ID:    "idref-exists",
	Level: wcag.A,
	Reads: act.Semantics,
	Near:  true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return refers(e) && !p.Hidden(e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		verdict := act.Pass("found")
		for _, r := range references {
			for id := range r.ids(e) {
				if p.Tree.ByID(e, id) != nil {
					continue
				}
				if !r.late {
					return act.Fail("missing").With("attr", r.attr).With("id", id).OnAttr(e, r.attr)
				}
				verdict = act.Unsure("missing").With("attr", r.attr).With("id", id).OnAttr(e, r.attr)
			}
		}
		return verdict
	},
}

// refers reports whether e has an attribute that names an id.
func refers(e *dom.Node) bool {
	for i := range e.Attrs {
		switch e.Attrs[i].Name {
		case "class", "href", "id", "src", "alt": // most of them
			continue
		}
		if r, ok := referring[e.Attrs[i].Name]; ok {
			for range r.ids(e) {
				return true
			}
		}
	}
	return false
}
