package e2e

import (
	"testing"

	"handrail/internal/site"
)

// A violation is what axe-core calls one.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string   `json:"html"`
		Summary string   `json:"failureSummary"`
		Target  []string `json:"target"`
	} `json:"nodes"`
}

// runAxe runs every rule of axe-core, the enhanced contrast of AAA and the
// target size of AA with it: the theme promises both in both editions.
const runAxe = `axe.run(document, {
	resultTypes: ["violations"],
	rules: {"color-contrast-enhanced": {enabled: true}, "target-size": {enabled: true}},
}).then(r => r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => ({html: n.html, failureSummary: n.failureSummary, target: n.target.map(String)}))})))`

// TestAxe: axe-core finds no violation in any template, in both editions, light,
// dark and with forced colours, at 320 and 1280 px.
func TestAxe(t *testing.T) {
	needBrowser(t)
	axe := axeSource(t)
	for i, tag := range languages() {
		t.Run(tag, func(t *testing.T) {
			ctx := newTab(t)
			for j, p := range sample(tag) {
				for _, edition := range []string{site.Standard, site.Care} {
					looks := looksFor(i == 0 || full(), j)
					for k, l := range looks {
						if k == 0 {
							show(t, ctx, p.URL(edition), l)
							eval[bool](t, ctx, axe+"; true")
						} else {
							setLook(t, ctx, l)
						}
						for _, v := range eval[[]violation](t, ctx, runAxe) {
							for _, n := range v.Nodes {
								t.Errorf("%s %s: %s: %s\n%s\n%s", p.URL(edition), l, v.ID, n.Target, n.HTML, n.Summary)
							}
						}
						if over := eval[int](t, ctx, sideways); over > 0 {
							t.Errorf("%s %s: %d px of sideways scrolling", p.URL(edition), l, over)
						}
					}
					for _, problem := range eval[[]string](t, ctx, "window.__problems") {
						t.Errorf("%s: %s", p.URL(edition), problem)
					}
				}
			}
		})
	}
}

// sideways is by how many pixels a page can be scrolled to the side
// (WCAG 1.4.10 Reflow).
const sideways = `Math.max(0, document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth)`

// looksFor lists the looks at a page: all of them, or for the languages after
// the first a rotating pair, so that over all pages every value meets every
// other one.
func looksFor(all bool, n int) []look {
	var looks []look
	for _, width := range []int64{1280, 320} {
		looks = append(looks, look{width, "light", false}, look{width, "dark", false}, look{width, "light", true})
	}
	if all {
		return looks
	}
	return []look{looks[n%len(looks)], looks[(n+4)%len(looks)]}
}
