package rules

import (
	"iter"
	"net/url"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// autoplay: sound does not start by itself. How long a file sounds is not in the
// page: only a sound file that plays whole, on a page with nothing to press
// and no script, fails.
var autoplay = &act.Rule{
	ID:       "autoplay",
	ACT:      []string{"4c31df", "80f0bf"},
	Criteria: []wcag.SC{"1.4.2"},

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("audio", "video") && e.Has("autoplay") && !e.Has("muted")
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		switch {
		case e.Has("controls"):
			return act.Pass("controls")
		case brief(e):
			return act.Pass("silent")
		}
		v := act.Unsure("check")
		if e.Is("audio") && playsAll(e) && !scripted(p) && len(buttons(p)) == 0 {
			v = act.Fail("no-control")
		}
		return v.With("element", "<"+e.Name+">").OnAttr(e, "autoplay")
	},
}

// playsAll reports whether a sound has a source, and no source names a part.
func playsAll(e *dom.Node) bool {
	sources := sourcesOf(e)
	for _, src := range sources {
		if strings.Contains(src, "#") || blank(src) {
			return false
		}
	}
	return len(sources) > 0
}

// buttons are what may stop a sound.
func buttons(p *act.Page) []*dom.Node {
	return all(p, func(e *dom.Node) bool { return p.Role(e) == aria.Button || e.Has("onclick") })
}

// brief reports whether every source of e plays a part of at most three
// seconds. Media Fragments 1.0, 4.2.1: #t=8,10.
func brief(e *dom.Node) bool {
	sources := sourcesOf(e)
	for _, src := range sources {
		if !briefPart(src) {
			return false
		}
	}
	return len(sources) > 0
}

// sourcesOf returns the addresses that e plays from.
func sourcesOf(e *dom.Node) (sources []string) {
	if src, ok := e.Attr("src"); ok {
		sources = append(sources, src)
	}
	for c := range e.Children() {
		if c.Is("source") {
			sources = append(sources, c.Get("src"))
		}
	}
	return sources
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
