package e2e

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"handrail/internal/site"
)

//go:embed measure/boxes.js
var measureBoxes string

// A state is a way of reading that needs room.
type state struct {
	name          string
	width, height int64
	size          string // data-size, the reader's own text size in percent
	spacing       bool   // the overrides of WCAG 1.4.12
	huge          bool   // letters so large that words may break or reach out, but nothing is hidden
}

var states = []state{
	{name: "320 px", width: 320, height: 900},
	{name: "1280 px at 400 % zoom", width: 320, height: 256},
	{name: "text at 200 % in 1280 px", width: 1280, height: 900, size: "200"},
	{name: "text at 400 % in 1280 px", width: 1280, height: 900, size: "400"},
	{name: "text at 200 % in 320 px", width: 320, height: 900, size: "200"},
	{name: "text at 400 % in 320 px", width: 320, height: 900, size: "400", huge: true},
	{name: "text spacing in 1280 px", width: 1280, height: 900, spacing: true},
	{name: "text spacing in 320 px", width: 320, height: 900, spacing: true},
}

// spacingSheet is what WCAG 1.4.12 lets a reader override, as a sheet that the
// page can be told to take on and off.
const spacingSheet = `(on => {
	window.__spacing ||= (s => { s.replaceSync("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-block-end:2em!important}"); return s; })(new CSSStyleSheet());
	document.adoptedStyleSheets = on ? [window.__spacing] : [];
	return true;
})`

// take puts the page that is shown into a state.
func take(t *testing.T, ctx context.Context, s state) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, s.height)); err != nil {
		t.Fatal(err)
	}
	eval[bool](t, ctx, fmt.Sprintf(`(size => {
		const d = document.documentElement.dataset;
		delete d.size; delete d.big;
		if (size) { d.size = size; d.big = ""; }
		return true;
	})(%q)`, s.size))
	eval[bool](t, ctx, fmt.Sprintf("%s(%t)", spacingSheet, s.spacing))
}

// TestReflow: whatever the width, zoom, size of text and spacing, a page does
// not scroll sideways, cuts no text off and lays none over other text.
func TestReflow(t *testing.T) {
	needBrowser(t)
	for _, tag := range languages() {
		t.Run(tag, func(t *testing.T) {
			ctx := newTab(t)
			for _, p := range sample(tag) {
				for _, edition := range []string{site.Standard, site.Care} {
					show(t, ctx, p.URL(edition), look{1280, "light", false})
					for _, s := range states {
						take(t, ctx, s)
						for _, f := range measure(t, ctx, measureBoxes, "").Faults {
							if !s.huge || f.What == "clipped" || f.What == "overlap" {
								t.Errorf("%s, %s: %v", p.URL(edition), s.name, f)
							}
						}
					}
				}
			}
		})
	}
}

// TestReflowFaultsAreCaught: each kind of damage, seeded into a sound page, is
// reported.
func TestReflowFaultsAreCaught(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	show(t, ctx, careService(t).URL(site.Care), look{320, "light", false})
	for _, c := range []struct{ what, css string }{
		{"sideways", `main { min-inline-size: 400px }`},
		{"clipped", `main p { block-size: 1lh; overflow: hidden }`},
		{"outside", `main { overflow-x: clip } main h1 { white-space: nowrap; overflow-wrap: normal; word-break: keep-all; position: relative; inset-inline-start: 200px }`},
		{"overlap", `main p { margin-block-end: -1lh !important; line-height: .5 }`},
		{"scroller", `main p { white-space: nowrap; overflow: auto }`},
	} {
		show(t, ctx, careService(t).URL(site.Care), look{320, "light", false})
		if f := measure(t, ctx, measureBoxes, "").Faults; len(f) > 0 {
			t.Errorf("before anything is seeded: %v", f)
		}
		inject(t, ctx, c.css)
		var kinds []string
		for _, f := range measure(t, ctx, measureBoxes, "").Faults {
			kinds = append(kinds, f.What)
		}
		if !slices.Contains(kinds, c.what) {
			t.Errorf("%s is not reported with %s; got %v", c.what, c.css, kinds)
		}
	}
}
