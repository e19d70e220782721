package e2e

import (
	"testing"
)

// TestChartsFitTheNarrowestScreen looks at a page with a chart at 320 px, also
// with the largest text: nothing is cut off, and each bar has its number.
func TestChartsFitTheNarrowestScreen(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	for _, path := range []string{"/handbook/tables-and-charts/", "/care/handbook/tables-and-charts/"} {
		for _, size := range []string{"", "400"} {
			show(t, ctx, path, look{width: 320, scheme: "light"})
			if size != "" {
				eval[bool](t, ctx, `document.documentElement.setAttribute("data-size", "400"), document.documentElement.setAttribute("data-big", ""), true`)
			}
			if w := eval[float64](t, ctx, `Math.max(...[...document.querySelectorAll(".chart, .chart *")].map(e => e.getBoundingClientRect().right))`); w > 321 {
				t.Errorf("%s %s: the chart reaches to %v px", path, size, w)
			}
			bars := eval[int](t, ctx, `[...document.querySelectorAll(".chart-bar rect")].filter(r => r.getBoundingClientRect().width > 1).length`)
			numbers := eval[int](t, ctx, `[...document.querySelectorAll(".chart-value")].filter(v => { const r = v.getBoundingClientRect();
				return v.textContent.trim() && r.width > 0 && r.left >= 0 && r.right <= 320.5 }).length`)
			if bars != 6 || numbers != 6 {
				t.Errorf("%s %s: %d bars, %d numbers on the screen; want 6 and 6", path, size, bars, numbers)
			}
		}
	}
}

// TestWordsLeadToTheirExplanationAndBack follows the links of a marked word.
func TestWordsLeadToTheirExplanationAndBack(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	for _, path := range []string{"/policies/old-age-allowance-measures/", "/care/policies/old-age-allowance-measures/"} {
		show(t, ctx, path, look{width: 1280, scheme: "light"})
		got := eval[string](t, ctx, `(() => { const a = document.querySelector("a.term"); a.click();
			const to = document.querySelector(":target"); if (!to) return "nothing is the target of " + a.href;
			const back = to.parentElement.querySelector("a[href^='#use.']"); back.click();
			return to.localName + " " + to.textContent + " / " + document.querySelector(":target").textContent })()`)
		if got != "dt 津贴 / 津贴" {
			t.Errorf("%s: %s", path, got)
		}
		if bad := eval[[]string](t, ctx, `window.__problems`); len(bad) > 0 {
			t.Error(path, bad)
		}
	}
}
