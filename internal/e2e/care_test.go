package e2e

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"handrail/internal/site"
)

//go:embed measure/lib.js
var measureLib string

//go:embed measure/care.js
var measureCare string

//go:embed measure/focus.js
var measureFocus string

// A measured is what a measurement found in a page: what is wrong, and the
// worst value of each number, so that a log shows how much room is left.
type measured struct {
	Faults []fault            `json:"faults"`
	Least  map[string]float64 `json:"least"`
}

// A fault is a number that a page does not keep.
type fault struct {
	What string  `json:"what"`
	At   string  `json:"at"`
	Got  float64 `json:"got"`
}

func (f fault) String() string { return fmt.Sprintf("%s %v: %s", f.What, f.Got, f.At) }

// themes are the values of data-theme; "" leaves it to the system.
var themes = []string{"", "light", "dark", "black-white", "white-black", "yellow-black", "cream"}

// measure runs a measurement of measure/ in the page that is shown.
func measure(t *testing.T, ctx context.Context, script, arg string) measured {
	t.Helper()
	return inPage[measured](t, ctx, script, arg)
}

// inPage calls a function of measure/ in the page that is shown.
func inPage[T any](t *testing.T, ctx context.Context, script, arg string) T {
	t.Helper()
	if !eval[bool](t, ctx, "!!window.__measure") {
		eval[bool](t, ctx, measureLib)
	}
	return eval[T](t, ctx, "("+strings.TrimSpace(script)+")("+arg+")")
}

// setTheme chooses colours as the reader's preference does.
func setTheme(t *testing.T, ctx context.Context, theme string) {
	t.Helper()
	eval[bool](t, ctx, fmt.Sprintf(`(v => { const h = document.documentElement; if (v) h.dataset.theme = v; else delete h.dataset.theme; return true; })(%q)`, theme))
}

// careFont is the size of the text of the care edition in CSS pixels.
const careFont = `{"font": 24}`

// TestCareNumbers holds the care edition to its numbers in every template, in
// every theme, wide and narrow: contrast 7:1 for text, 4.5:1 for icons, 3:1 for
// frames and focus, targets of 60 and 44 px, 44 px for a line with a link, 40
// glyphs in a line, text of 24 px, nothing justified, nothing that moves.
func TestCareNumbers(t *testing.T) {
	needBrowser(t)
	for i, tag := range languages() {
		t.Run(tag, func(t *testing.T) {
			ctx := newTab(t)
			worst := map[string]float64{}
			for j, p := range sample(tag) {
				path := p.URL(site.Care)
				show(t, ctx, path, look{1280, "light", false})
				for k, theme := range themes {
					if i > 0 && !full() && k != j%len(themes) {
						continue // colours do not depend on the language
					}
					setTheme(t, ctx, theme)
					keep(t, path+" "+theme, worst, measure(t, ctx, measureCare, careFont))
					keep(t, path+" "+theme, worst, measureRings(t, ctx))
				}
				setLook(t, ctx, look{320, "dark", false})
				setTheme(t, ctx, "")
				keep(t, path+" at 320 px, dark", worst, measure(t, ctx, measureCare, careFont))
			}
			for _, what := range slices.Sorted(maps.Keys(worst)) {
				t.Logf("%-10s %.2f", what, worst[what])
			}
		})
	}
}

// measureRings presses Tab first: only a reader with a keyboard sees a ring.
func measureRings(t *testing.T, ctx context.Context) measured {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
		t.Fatal(err)
	}
	return measure(t, ctx, measureFocus, "")
}

// care faults, one per number: each is put into a sound page, and the number
// that it breaks has to be reported.
var careFaults = []struct{ what, css, script string }{
	{what: "text", css: `main p { opacity: .8 }`},
	{what: "text", css: `main p { color: rgb(29 36 34 / 70%) }`},
	{what: "text", css: `main h1::before { content: "新"; color: #777 }`},
	{what: "text", css: `main .run { background: rgb(0 0 0 / 30%) } main .run p { background: rgb(0 0 0 / 30%) }`},
	{what: "ground", css: `main { background-image: linear-gradient(#fff, #eee) }`},
	{what: "ground", css: `main { filter: contrast(.9) }`},
	{what: "icon", css: `.onward svg, .doors svg, .toc svg { stroke: #888 }`},
	{what: "border", css: `main .run { border: 0 } .help .tel { border: 1px solid #aaa }`},
	{what: "border", script: `document.querySelector("main").insertAdjacentHTML("afterbegin", "<p><label>a <input id=seeded></label></p>")`, css: `#seeded { border: 1px solid #ccc; background: none; min-block-size: 60px }`},
	{what: "focus", css: `main a:focus { outline: 3px solid #ddd !important; box-shadow: none !important }`},
	{what: "focus", css: `main a:focus { outline: 0 !important; box-shadow: none !important }`},
	{what: "target-60", css: `.tel { min-block-size: 59px !important; padding: 0 !important; line-height: 1 !important; font-size: 24px !important }`},
	{what: "target-44", css: `.row a, .foot a { min-block-size: 43px !important; padding: 0 !important; line-height: 1 !important }`},
	{what: "line", css: `main p, main li, main dd, main p a, main li a, main dd a { line-height: 1.8 !important }`},
	{what: "glyphs", css: `main { max-inline-size: none !important } main * { max-inline-size: none !important }`},
	{what: "font", css: `main p { font-size: 23px }`},
	{what: "justified", css: `main p { text-align: justify }`},
	{what: "motion", css: `main a { transition: color .2s }`},
}

// TestCareFaultsAreCaught: a fault seeded for each number is reported, and the
// page without it has none of that kind.
func TestCareFaultsAreCaught(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	path := careService(t).URL(site.Care)
	for _, c := range careFaults {
		show(t, ctx, path, look{1280, "light", false})
		if f := found(t, ctx, c.what); f != "" {
			t.Errorf("%s before anything is seeded: %s", c.what, f)
		}
		inject(t, ctx, c.css)
		if c.script != "" {
			eval[bool](t, ctx, c.script+"; true")
		}
		if found(t, ctx, c.what) == "" {
			t.Errorf("%s is not reported with %s %s", c.what, c.css, c.script)
		}
	}
}

// found is the first fault of a kind in the page, "" when there is none.
func found(t *testing.T, ctx context.Context, what string) string {
	t.Helper()
	m := measureRings(t, ctx)
	if what != "focus" {
		m = measure(t, ctx, measureCare, careFont)
	}
	for _, f := range m.Faults {
		if f.What == what {
			return f.String()
		}
	}
	return ""
}

// careService is a service page: it has every part that is measured.
func careService(t *testing.T) *site.Page {
	t.Helper()
	for _, p := range sample(languages()[0]) {
		if p.Type == "service" && p.Kind == site.Single {
			return p
		}
	}
	t.Fatal("no service page")
	return nil
}

// inject adds rules to the page; a constructed sheet passes the CSP.
func inject(t *testing.T, ctx context.Context, css string) {
	t.Helper()
	eval[bool](t, ctx, fmt.Sprintf(`(c => { const s = new CSSStyleSheet(); s.replaceSync(c); document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]; return true; })(%q)`, css))
}

// keep reports the faults of m and remembers the worst of each number.
func keep(t *testing.T, where string, worst map[string]float64, m measured) {
	t.Helper()
	for _, f := range m.Faults {
		t.Errorf("%s: %v", where, f)
	}
	for what, v := range m.Least {
		was, ok := worst[what]
		if !ok || (what == "glyphs") == (v > was) {
			worst[what] = v
		}
	}
}
