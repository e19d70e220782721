package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"handrail/internal/site"
)

// A stop is an element that the Tab key reaches.
type stop struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Visible bool   `json:"visible"`
	Ring    bool   `json:"ring"`
}

const focused = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return {key: "", name: "", visible: true, ring: true};
	const r = e.getBoundingClientRect(), s = getComputedStyle(e);
	const mid = document.elementFromPoint(r.left + r.width / 2, r.top + Math.min(r.height / 2, 10));
	e.dataset.stop ??= String(window.__stops = (window.__stops || 0) + 1);
	return {key: e.dataset.stop, name: (e.textContent || e.getAttribute("aria-label") || "").trim().slice(0, 40),
		visible: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight && !!mid,
		ring: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2};
})()`

const tabbable = `[...document.querySelectorAll("a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex='0']")]
	.filter(e => e.offsetParent !== null || getComputedStyle(e).position === "fixed").length`

// TestKeyboard walks through pages with Tab: the skip link comes first and
// works, every control is reached in turn, each shows a ring and is in view.
func TestKeyboard(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	for _, p := range sample(languages()[0]) {
		for _, edition := range []string{site.Standard, site.Care} {
			path := p.URL(edition)
			show(t, ctx, path, look{1280, "light", false})
			want := eval[int](t, ctx, tabbable)
			seen := map[string]bool{}
			for i := 0; i <= want+5; i++ {
				if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
					t.Fatal(err)
				}
				s := eval[stop](t, ctx, focused)
				if s.Key == "" || seen[s.Key] {
					break
				}
				seen[s.Key] = true
				if !s.Visible {
					t.Errorf("%s: stop %d %q is out of view", path, i, s.Name)
				}
				if !s.Ring {
					t.Errorf("%s: stop %d %q shows no ring", path, i, s.Name)
				}
				if i == 0 {
					skip(t, ctx, path)
					show(t, ctx, path, look{1280, "light", false})
					seen = map[string]bool{}
				}
			}
			if len(seen) < want {
				t.Errorf("%s: Tab reaches %d of %d controls", path, len(seen), want)
			}
		}
	}
}

// skip presses the skip link that has the focus and demands that the focus
// moves into the main element.
func skip(t *testing.T, ctx context.Context, path string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	if !eval[bool](t, ctx, `!!document.activeElement.closest("main") || location.hash === "#main"`) {
		t.Errorf("%s: the first link does not skip to the main element", path)
	}
}
