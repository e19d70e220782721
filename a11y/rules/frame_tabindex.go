package rules

import (
	"iter"
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// frameTabindex: the keyboard reaches the controls in an embedded page.
var frameTabindex = &act.Rule{
	ID:       "frame-tabindex",
	ACT:      []string{"akn7bn"},
	Criteria: []wcag.SC{"2.1.1", "2.1.3"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("iframe") && !p.Tree.Inert(e) && p.Visible(e) && !tiny(e) && (!e.Has("srcdoc") || interactive(e))
		})
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		index, ok := aria.Tabindex(e)
		value := strconv.Itoa(index)
		switch {
		case !ok || index >= 0:
			return act.Pass("reachable")
		case e.Has("srcdoc"):
			return act.Fail("excluded").With("value", value).OnAttr(e, "tabindex")
		}
		return act.Unsure("check").With("value", value).OnAttr(e, "tabindex")
	},
}

// tiny reports whether nothing in the frame can be seen.
func tiny(e *dom.Node) bool {
	w, errW := strconv.Atoi(e.Get("width"))
	h, errH := strconv.Atoi(e.Get("height"))
	return errW == nil && w <= 1 || errH == nil && h <= 1
}

// interactive reports whether the keyboard would stop at something in the
// page that stands in the srcdoc attribute.
func interactive(frame *dom.Node) bool {
	doc := dom.Parse(frame.Get("srcdoc"))
	page := act.NewPage(doc, style.Resolve(doc, nil, style.Mode{}))
	for _, e := range page.Tree.Elements() {
		if page.Visible(e) && page.Tabbable(e) && paints(page, e) {
			return true
		}
	}
	return false
}

// paints reports whether something of e may be seen: it draws itself, holds
// text or something that does, or has a style for it.
func paints(p *act.Page, e *dom.Node) bool {
	if e.Is("img", "input", "select", "textarea", "button", "summary", "iframe", "video", "audio", "canvas", "object", "embed") ||
		e.NS == dom.SVG || e.Has("style") || e.Has("class") {
		return true
	}
	for c := range p.Tree.FlatChildren(e) {
		if c.Type == dom.Text && !blank(c.Text) || c.Type == dom.Element && p.Visible(c) && paints(p, c) {
			return true
		}
	}
	return false
}
