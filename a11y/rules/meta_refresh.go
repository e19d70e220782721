package rules

import (
	"iter"
	"math"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// twentyHours is the delay beyond which WCAG 2.2.1 asks for nothing.
const twentyHours = 72000

// metaRefresh: a page does not reload or move on while it is being read.
var metaRefresh = &act.Rule{
	ID:       "meta-refresh",
	ACT:      []string{"bc659a"},
	Criteria: []wcag.SC{"2.2.1"},

	Applicability: refreshing,

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		switch delay, _ := refreshDelay(e.Get("content")); {
		case delay == 0:
			return act.Pass("at-once")
		case delay > twentyHours:
			return act.Pass("long")
		default:
			return act.Fail("short").With("seconds", strconv.Itoa(delay)).OnAttr(e, "content")
		}
	},
}

// refreshing yields the first meta element that makes the page reload.
func refreshing(p *act.Page) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		for e := range p.Doc.Elements() {
			if !e.Is("meta") || !strings.EqualFold(e.Get("http-equiv"), "refresh") {
				continue
			}
			if _, ok := refreshDelay(e.Get("content")); ok {
				yield(e)
				return
			}
		}
	}
}

// refreshDelay runs the shared declarative refresh steps of the HTML
// Standard (§4.2.5.3) as far as the time; false when they end without one.
func refreshDelay(content string) (seconds int, ok bool) {
	const space = "\t\n\f\r "
	s := strings.TrimLeft(content, space)
	digits := s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
	rest := s[len(digits):]
	if digits == "" && !strings.HasPrefix(rest, ".") {
		return 0, false
	}
	rest = strings.TrimLeft(rest, "0123456789.")
	if rest != "" && !strings.ContainsAny(rest[:1], ";,"+space) {
		return 0, false
	}
	if digits == "" {
		return 0, true
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return math.MaxInt, true
	}
	return n, true
}
