package rules

import (
	"iter"
	"net/url"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// autoplay: sound does not start by itself. How long a file sounds, and
// whether it does at all, is not in the page: nothing fails here.
var autoplay = &act.Rule{
	ID:       "autoplay",
	ACT:      []string{"4c31df", "80f0bf"},
	Criteria: []wcag.SC{"1.4.2"},

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("audio", "video") && e.Has("autoplay") && !e.Has("muted")
		})
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		switch {
		case e.Has("controls"):
			return act.Pass("controls")
		case brief(e):
			return act.Pass("silent")
		}
		return act.Unsure("check").With("element", "<"+e.Name+">").OnAttr(e, "autoplay")
	},
}

// brief reports whether every source of e plays a part of at most three
// seconds. Media Fragments 1.0, 4.2.1: #t=8,10.
func brief(e *dom.Node) bool {
	sources := []string{}
	if src, ok := e.Attr("src"); ok {
		sources = append(sources, src)
	}
	for c := range e.Children() {
		if c.Is("source") {
			sources = append(sources, c.Get("src"))
		}
	}
	for _, src := range sources {
		if !briefPart(src) {
			return false
		}
	}
	return len(sources) > 0
}

func briefPart(src string) bool {
	u, err := url.Parse(src)
	if err != nil {
		return false
	}
	span, ok := strings.CutPrefix(u.Fragment, "t=")
	if !ok {
		return false
	}
	from, to, ok := strings.Cut(strings.TrimPrefix(span, "npt:"), ",")
	start, err1 := strconv.ParseFloat("0"+from, 64)
	end, err2 := strconv.ParseFloat(to, 64)
	return ok && err1 == nil && err2 == nil && end-start <= 3
}
