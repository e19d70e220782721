package a11y_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"handrail/a11y"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// themeModes are modes as the generator's own theme has them: colour themes,
// sizes, spacing and more by attributes, with settings of the system.
func themeModes() []style.Mode {
	js := func(kv ...string) map[string]string {
		m := map[string]string{"data-js": ""}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i]] = kv[i+1]
		}
		return m
	}
	modes := []style.Mode{
		{Name: "default", Width: 1280, Attrs: js()},
		{Name: "default-320", Width: 320, Attrs: js()},
		{Name: "no-script", Width: 1280},
		{Name: "system-dark", Width: 1280, Scheme: "dark", Attrs: js()},
		{Name: "system-contrast", Width: 1280, Contrast: "more", Attrs: js()},
		{Name: "system-dark-contrast", Width: 1280, Scheme: "dark", Contrast: "more", Attrs: js()},
		{Name: "forced-colours", Width: 1280, Forced: true, Attrs: js()},
		{Name: "light", Width: 1280, Scheme: "dark", Attrs: js("data-theme", "light")},
		{Name: "size-200", Width: 1280, TextScale: 2, Attrs: js("data-size", "200", "data-big", "")},
		{Name: "size-400-320", Width: 320, TextScale: 4, Attrs: js("data-size", "400", "data-big", "")},
		{Name: "spacing-1", Width: 1280, Attrs: js("data-line", "1", "data-letter", "1", "data-para", "1")},
		{Name: "spacing-2-320", Width: 320, Attrs: js("data-line", "2", "data-para", "2", "data-narrow", "1")},
		{Name: "reading", Width: 1280, Attrs: js("data-under", "1", "data-pics", "off", "data-pinyin", "1")},
		{Name: "text-spacing", Width: 320, TextSpacing: true},
		{Name: "print", Width: 768, Print: true},
	}
	for _, theme := range []string{"dark", "black-white", "white-black", "yellow-black", "cream"} {
		modes = append(modes, style.Mode{Name: theme, Width: 1280, Attrs: js("data-theme", theme)})
	}
	for _, theme := range []string{"dark", "yellow-black"} {
		modes = append(modes, style.Mode{Name: theme + "-320", Width: 320, Attrs: js("data-theme", theme)})
	}
	return modes
}

// benchSheet is a sheet with what themes have: custom properties by theme,
// rules for states and for places among siblings, and n rules that no element
// of most pages matches.
func benchSheet(n int) *style.Sheet {
	var b strings.Builder
	b.WriteString(`:root { --ink: #222; --paper: #fff; --link: #00c; color: var(--ink); background: var(--paper) }
[data-theme=dark] { --ink: #eee; --paper: #111; --link: #9cf } [data-theme=cream] { --paper: #fdf6e3 }
[data-theme=black-white] { --ink: #fff; --paper: #000 } [data-theme=yellow-black] { --ink: #ff0; --paper: #000; --link: #ff0 }
[data-big] { font-size: 125% } [data-para] p + p { margin-block-start: 2em } [data-line] p { line-height: 1.8 }
a { color: var(--link) } a:focus-visible { outline: 3px solid var(--link) } [data-under] a { text-decoration: underline }
[data-theme=dark] a:focus-visible { outline-color: #fff } li:first-child { font-weight: 700 } th + td { padding: .5rem }
@media (prefers-color-scheme: dark) { :root:not([data-theme]) { --ink: #ddd; --paper: #000; --link: #9cf } }
@media (max-width: 400px) { th { display: block } } @media print { a { color: inherit } }
@media (prefers-contrast: more) { :root { --ink: #000 } }
`)
	for i := range n {
		fmt.Fprintf(&b, ".c%d > .d a:hover { color: var(--ink) } .e%d p { margin-block: %drem; border: 1px solid #ddd }\n", i, i, i%5)
	}
	return style.ParseSheet(b.String(), "s.css")
}

// benchPage is a page with n sections of twelve elements each.
func benchPage(n, number int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="en"><head><title>Page %d</title><link rel="stylesheet" href="/s.css"></head><body>
<header><nav aria-label="Main"><ul><li><a href="/">Home</a><li><a href="/a">News</a></ul></nav></header><main><h1>Page %d</h1>`, number, number)
	for i := range n {
		fmt.Fprintf(&b, `<section aria-labelledby="h%d"><h2 id="h%d">Part %d</h2><p>Words and <b>more</b> words, with <a href="#h%d">a link</a>.</p><p>More.</p>
<ul><li>One<li>Two</ul><table><tr><th>Name<td>Value %d</table></section>`, i, i, i, i, number)
	}
	b.WriteString("</main></body></html>")
	return b.String()
}

func benchOptions(sheet *style.Sheet, modes []style.Mode) a11y.Options {
	return a11y.Options{Modes: modes, Sheets: func(string) (*style.Sheet, error) { return sheet, nil }}
}

// The time of a page grows with its elements: each step has ten times as many.
func BenchmarkElements(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("sections=%d", n), func(b *testing.B) {
			html, c := benchPage(n, 1), a11y.NewChecker(benchOptions(benchSheet(100), themeModes()))
			b.ReportAllocs()
			b.SetBytes(int64(len(html)))
			for b.Loop() {
				c.Check("p.html", html)
			}
		})
	}
}

// Rules of a sheet that match nothing cost next to nothing after it is parsed.
func BenchmarkRules(b *testing.B) {
	for _, n := range []int{50, 500, 5000} {
		b.Run(fmt.Sprintf("rules=%d", 2*n), func(b *testing.B) {
			html, sheet := benchPage(10, 1), benchSheet(n)
			b.ReportAllocs()
			for b.Loop() {
				a11y.NewChecker(benchOptions(sheet, themeModes())).Check("p.html", html)
			}
		})
	}
}

// A page of a site costs less than one alone: the site's pages share frames.
func BenchmarkPages(b *testing.B) {
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("pages=%d", n), func(b *testing.B) {
			sheet := benchSheet(100)
			b.ReportAllocs()
			for b.Loop() {
				c := a11y.NewChecker(benchOptions(sheet, themeModes()))
				for i := range n {
					c.Check("p.html", benchPage(10, i))
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/page")
		})
	}
}

// BenchmarkModes sets all modes of an edition beside one of them.
func BenchmarkModes(b *testing.B) {
	for _, modes := range [][]style.Mode{themeModes()[:1], themeModes()} {
		b.Run(fmt.Sprintf("modes=%d", len(modes)), func(b *testing.B) {
			html, c := benchPage(25, 1), a11y.NewChecker(benchOptions(benchSheet(100), modes))
			b.ReportAllocs()
			b.SetBytes(int64(len(html)))
			for b.Loop() {
				c.Check("p.html", html)
			}
		})
	}
}

// BenchmarkPerfPage takes the page that HANDRAIL_PERF_PAGE names through all
// that a page by itself costs, with and without parsing its sheet.
func BenchmarkPerfPage(b *testing.B) {
	src, err := os.ReadFile(os.Getenv("HANDRAIL_PERF_PAGE"))
	if err != nil {
		b.Skip("HANDRAIL_PERF_PAGE names no page")
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		a11y.NewChecker(a11y.Options{Modes: a11y.ForeignModes()[:1]}).CheckDoc("p.html", dom.Parse(string(src)))
	}
}
