package a11y_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/a11y"
	"handrail/a11y/style"
)

// cacheSheet has what makes equal tags come out differently: counts among
// siblings, attributes, languages, directions, custom properties that are
// inherited, lengths by the root's size, states.
const cacheSheet = `
:root { --ink: #222; --paper: #fff; font-size: 100% }
:root[data-theme=dark] { --ink: #888; --paper: #000 }
:root.small { font-size: 62.5% }
html[lang=zh] p { line-height: 1.2 }
body { color: var(--ink); background: var(--paper) }
p { font-size: 1rem; padding: .5rem }
p:nth-child(3n) { color: color-mix(in srgb, var(--ink) 40%, var(--paper)) }
p:has(+ p > b) { --ink: #999; color: var(--ink) }
.pale { --ink: #aaa }
.pale p { color: var(--ink) }
p:lang(en) { line-height: 1.1 }
p:dir(rtl) { letter-spacing: -.05em }
[data-note]::before { content: attr(data-note); color: #ccc }
*::after { box-sizing: border-box }
img { max-width: 100% }
a:focus { outline: none }
[data-theme=dark] a:focus-visible { outline: 2px solid; background: none }
div:focus-within > i { color: red }
input { width: 1rem; height: 1rem }
@media (max-width: 400px) { .pale p { display: none } }
@media print { a { color: #bbb } }
`

// cachePages returns pages that share the sheet.
func cachePages() []string {
	roots := []string{`lang=en`, `lang=zh`, `lang=en class=small`, `lang=ar dir=rtl`, `lang=en style="font-size: 8px"`, `lang=en data-theme=dark`}
	heads := []string{``, `<meta name=color-scheme content=dark>`, `<style>p { color: #777; background: #888 }</style>`}
	bodies := []string{
		`<p>One<p>Two<p>Three <b>bold</b><p>Four <a href=x>a link to it</a>`,
		`<div class=pale><p>One<p lang=en>Two</div><p data-note=hint>Three`,
		`<p style="color: #bbb">One<p style="color: #222">Two<p><font color=silver>Three</font>`,
		`<table bgcolor=black><tr><td>Dark</table><img src=x width=20 height=20><div><i>near</i><input></div>`,
		`<section dir=rtl><p>One<p>Two<p hidden>Three<details><summary>S</summary><p>Four</details></section>`,
		`<table bgcolor=white><tr><td>Light</table><img src=x alt=x width=30 height=20><div><input aria-label=n><i>far</i></div>`,
	}
	var pages []string
	for _, body := range bodies {
		for _, head := range heads {
			for _, root := range roots {
				pages = append(pages, fmt.Sprintf(`<!doctype html><html %s><head><title>T</title><link rel=stylesheet href=/s.css>%s<body><main>%s</main>`, root, head, body))
			}
		}
	}
	return pages
}

func cacheOptions() a11y.Options {
	sheet := style.ParseSheet(cacheSheet, "s.css")
	modes := append(a11y.ForeignModes(), style.Mode{Name: "theme", Attrs: map[string]string{"data-theme": "dark"}},
		style.Mode{Name: "large", TextScale: 2}, style.Mode{Name: "spaced", TextSpacing: true}, style.Mode{Name: "paper", Print: true})
	return a11y.Options{Modes: modes, Passed: true, Sheets: func(string) (*style.Sheet, error) { return sheet, nil }}
}

func TestCheckerForgetsPages(t *testing.T) {
	o := cacheOptions()
	pages := cachePages()
	want := make([]a11y.Result, len(pages))
	for i, p := range pages {
		want[i] = a11y.NewChecker(o).Check("p.html", strings.Clone(p))
	}
	shared := a11y.NewChecker(o)
	var wg sync.WaitGroup
	for worker := range 3 {
		wg.Go(func() {
			for i := range pages {
				i = (i*([]int{5, 7, 11}[worker]) + worker) % len(pages)
				if diff := cmp.Diff(want[i], shared.Check("p.html", strings.Clone(pages[i]))); diff != "" {
					t.Errorf("after other pages, %s is judged otherwise (-alone +shared):\n%s", pages[i], diff)
					return
				}
			}
		})
	}
	wg.Wait()
}
