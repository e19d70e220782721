package rules

import (
	"iter"
	"regexp"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaHiddenFocus: the Tab key does not reach what screen readers are told
// to leave out.
var ariaHiddenFocus = &act.Rule{
	ID:       "aria-hidden-focus",
	ACT:      []string{"6cfa84"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool { return e.Get("aria-hidden") == "true" })
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		stop := e
		if !p.Tabbable(e) {
			stop = firstTabbable(p, e)
		}
		switch {
		case stop == nil:
			return act.Pass("no-focus")
		case sendsOn(p, stop):
			return act.Pass("sent-on")
		case movesFocus(p.Doc):
			// A script may send the focus on, as the guards of a dialog do.
			return act.Unsure("may-move").With("target", "<"+stop.Name+">").On(stop)
		}
		return act.Fail("focus").With("target", "<"+stop.Name+">").On(stop)
	},
}

// sendsOn reports whether a script sends the focus of e on at once, as the
// guards round a dialog do. ACT, focusable: an element that loses the focus
// by itself within a second is none.
func sendsOn(p *act.Page, e *dom.Node) bool {
	id := e.Get("id")
	if focusCall.MatchString(e.Get("onfocus")) {
		return true
	}
	if id == "" {
		return false
	}
	listens := regexp.MustCompile(`['"]#?` + regexp.QuoteMeta(id) + `['"]\s*\)\s*\.addEventListener\(\s*['"]focus(?:in)?['"][^;]*?\.focus\(`)
	for _, src := range scriptsOfPage(p) {
		if listens.MatchString(src) {
			return true
		}
	}
	return false
}

var focusCall = regexp.MustCompile(`\.focus\(\s*\)`)

// firstTabbable returns the first element inside e, in the flat tree, that
// is part of sequential focus navigation.
func firstTabbable(p *act.Page, e *dom.Node) *dom.Node {
	for c := range p.Tree.FlatChildren(e) {
		if c.Type == dom.Element && p.Tabbable(c) {
			return c
		}
		if found := firstTabbable(p, c); found != nil {
			return found
		}
	}
	return nil
}

// movesFocus reports whether a script in the page listens to the focus.
func movesFocus(d *dom.Doc) bool {
	for e := range d.Elements() {
		if e.Has("onfocus") || e.Has("onfocusin") {
			return true
		}
		if e.Is("script") && strings.Contains(e.TextContent(), "focus") {
			return true
		}
	}
	return false
}
