package e2e

import (
	"context"
	"testing"

	"handrail/internal/site"
)

// judgeShown judges the page that is shown as it stands, whatever led to it:
// axe-core, what a scheme, a width, a size and a spacing do to its boxes, and
// in the care edition its numbers. It leaves the page in light, 1280 px wide.
func judgeShown(t *testing.T, ctx context.Context, where string) {
	t.Helper()
	for _, problem := range eval[[]string](t, ctx, "window.__problems") {
		t.Errorf("%s: %s", where, problem)
	}
	eval[bool](t, ctx, axeSource(t)+"; true")
	for _, l := range []look{{320, "dark", false}, {1280, "light", true}, {1280, "light", false}} {
		setLook(t, ctx, l)
		for _, v := range eval[[]violation](t, ctx, runAxe) {
			for _, n := range v.Nodes {
				t.Errorf("%s %s: %s: %s\n%s\n%s", where, l, v.ID, n.Target, n.HTML, n.Summary)
			}
		}
	}
	care := eval[string](t, ctx, `document.documentElement.dataset.edition`) == site.Care
	for _, theme := range themes {
		if !care {
			break
		}
		setTheme(t, ctx, theme)
		for _, f := range measure(t, ctx, measureCare, careFont).Faults {
			t.Errorf("%s %s: %v", where, theme, f)
		}
	}
	setTheme(t, ctx, "")
	for _, s := range states {
		take(t, ctx, s)
		for _, f := range measure(t, ctx, measureBoxes, "").Faults {
			if !s.huge || f.What == "clipped" || f.What == "overlap" {
				t.Errorf("%s, %s: %v", where, s.name, f)
			}
		}
	}
	take(t, ctx, state{width: 1280, height: 900})
}

// walkShown walks through the page that is shown with Tab, from its top.
func walkShown(t *testing.T, ctx context.Context, where string) {
	t.Helper()
	eval[bool](t, ctx, `(b => { b.tabIndex = -1; b.focus(); b.removeAttribute("tabindex"); scrollTo(0, 0); return true; })(document.body)`)
	for _, f := range walk(t, ctx) {
		t.Errorf("%s: %s", where, f)
	}
}

// TestArrival follows a link to a page that is not in the reader's language:
// the page says so in that language, in view and with the focus next to it.
func TestArrival(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	for _, edition := range []string{site.Standard, site.Care} {
		path := careService(t).URL(edition)
		show(t, ctx, path, look{1280, "light", false})
		if eval[int](t, ctx, `[...document.querySelectorAll(".arrived")].filter(e => e.checkVisibility()).length`) > 0 {
			t.Errorf("%s: the notice is shown to everybody", path)
		}
		show(t, ctx, path+"#from-ar", look{1280, "light", false})
		got := eval[string](t, ctx, `(e => { const r = e.getBoundingClientRect(); return e.checkVisibility() && r.top >= 0 && r.bottom <= innerHeight ? e.lang + " " + e.dir : "out of view" })(document.getElementById("from-ar"))`)
		if got != "ar rtl" {
			t.Errorf("%s: the notice is %s", path, got)
		}
		judgeShown(t, ctx, path+"#from-ar")
	}
}
