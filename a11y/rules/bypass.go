package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// bypass: there is a way past what every page repeats. What is repeated is
// known only from the other pages: a page that is judged by itself never
// fails.
var bypass = &act.Rule{
	ID:       "bypass",
	ACT:      []string{"cf77f2"},
	Criteria: []wcag.SC{"2.4.1"},
	Reads:    act.Semantics,

	Applicability: htmlRoot,

	Expectation: func(p *act.Page, root *dom.Node) act.Verdict {
		if v, sure := plainBypass(p); sure {
			return v
		}
		if p.Site == nil || repeatsOf(p).first == nil {
			return act.Unsure("check")
		}
		ways := []act.Verdict{headingWay(p), landmarkWay(p), skipWay(p), collapseWay(p)}
		outcome := act.Failed
		for _, v := range ways {
			if v.Outcome == act.Passed {
				return act.Pass("way")
			}
			outcome = min(outcome, v.Outcome)
		}
		if outcome == act.Failed {
			return act.Fail("none")
		}
		return act.Unsure("check")
	},
}

// plainBypass is what a page by itself shows: the main landmark, a skip link
// that works, or a heading outside what pages usually share.
func plainBypass(p *act.Page) (act.Verdict, bool) {
	heading := false
	for _, e := range p.Tree.Elements() {
		switch {
		case p.Role(e) == aria.Main && p.Exposed(e):
			return act.Pass("main"), true
		case fragment(e) != "" && p.Doc.ByID(fragment(e)) != nil && p.Exposed(e):
			return act.Pass("skip-link"), true
		case p.Role(e) == aria.Heading && p.Exposed(e) && !repeated(p, e):
			heading = true
		}
	}
	if heading {
		return act.Pass("heading"), true
	}
	return act.Verdict{}, false
}

// repeated reports whether e stands in a part that pages usually share.
func repeated(p *act.Page, e *dom.Node) bool {
	for n := e; n != nil; n = p.Tree.FlatElement(n) {
		switch p.Role(n) {
		case aria.Banner, aria.Navigation, aria.Contentinfo, aria.Search:
			return true
		}
	}
	return false
}

// comparedRoot is the html element of a page that others can be compared with.
func comparedRoot(p *act.Page) iter.Seq[*dom.Node] {
	if p.Site == nil {
		return func(func(*dom.Node) bool) {}
	}
	return htmlRoot(p)
}

func way(id, actID string, judge func(*act.Page) act.Verdict) *act.Rule {
	return &act.Rule{
		ID: id, ACT: []string{actID}, Level: act.Best, Part: true, Reads: act.Semantics,
		Applicability: comparedRoot,
		Expectation:   func(p *act.Page, _ *dom.Node) act.Verdict { return judge(p) },
	}
}

// The four ways past what is repeated, each of which is enough for bypass.
var (
	bypassHeading  = way("bypass-heading", "047fe0", headingWay)
	bypassLandmark = way("bypass-landmark", "b40fd1", landmarkWay)
	bypassSkip     = way("bypass-skip", "ye5d6e", skipWay)
	bypassCollapse = way("bypass-collapse", "3e12e1", collapseWay)
)

// headingWay: a heading stands in what the page has for itself.
func headingWay(p *act.Page) act.Verdict {
	r := repeatsOf(p)
	if r.first == nil {
		return act.Pass("nothing-shared")
	}
	for e := range p.Where(func(e *dom.Node) bool { return p.Role(e) == aria.Heading && p.Exposed(e) && p.Visible(e) }) {
		if r.has(p, e) {
			return act.Pass("found").On(e)
		}
	}
	return act.Fail("missing")
}

// landmarkWay: a landmark begins with what the page has for itself.
func landmarkWay(p *act.Page) act.Verdict {
	r := repeatsOf(p)
	if r.first == nil {
		return act.Pass("nothing-shared")
	}
	for e := range p.Where(func(e *dom.Node) bool { return p.Role(e).Is(aria.Landmark) && p.Exposed(e) }) {
		if r.has(p, e) && r.starts(p, e) {
			return act.Pass("found").On(e)
		}
	}
	return act.Fail("missing")
}

// skipWay: something to press leads to just before what the page has for
// itself.
func skipWay(p *act.Page) act.Verdict {
	r := repeatsOf(p)
	if r.first == nil {
		return act.Unsure("check")
	}
	for _, e := range instruments(p) {
		if id := jump(e); id != "" {
			if to := p.Doc.ByID(id); to != nil && r.starts(p, to) {
				return act.Pass("found").On(e)
			}
		}
	}
	if scripted(p) {
		return act.Unsure("check")
	}
	return act.Fail("missing")
}

// collapseWay: what comes again and again before it can be folded away.
func collapseWay(p *act.Page) act.Verdict {
	r := repeatsOf(p)
	if len(r.before) == 0 {
		return act.Pass("nothing-shared")
	}
	var ids []string
	understood := true
	for _, e := range instruments(p) {
		hidden, sure := hiddenBy(p, e)
		ids = append(ids, hidden...)
		understood = understood && sure
	}
	folds := len(all(p, func(e *dom.Node) bool { return e.Is("details") })) > 0
	switch {
	case coveredBy(p, r.before, ids):
		return act.Pass("found")
	case !understood || folds || scripted(p) && len(scriptsOfPage(p)) == 0:
		return act.Unsure("check")
	}
	return act.Fail("missing")
}
