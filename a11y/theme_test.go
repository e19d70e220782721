package a11y_test

import (
	"io/fs"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/style"
)

// themedPages returns pages of a theme, and the files that they come from: some
// of the built site that HANDRAIL_SITE names, else pages of our own.
func themedPages(t *testing.T) (pages map[string]string, sheets func(string) (*style.Sheet, error)) {
	pages = map[string]string{}
	dir := os.Getenv("HANDRAIL_SITE")
	if dir == "" {
		for i, html := range cachePages()[:36] {
			pages[string(rune('a'+i%26))+string(rune('a'+i/26))+".html"] = html
		}
		pages["bench.html"] = benchPage(3, 1)
		sheet := style.ParseSheet(cacheSheet+themeSheet, "s.css")
		return pages, func(string) (*style.Sheet, error) { return sheet, nil }
	}
	fsys := os.DirFS(dir)
	names, err := a11y.Pages(fsys)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(names); i += max(len(names)/16, 1) {
		src, err := fs.ReadFile(fsys, names[i])
		if err != nil {
			t.Fatal(err)
		}
		pages[names[i]] = string(src)
	}
	return pages, a11y.SheetsFrom(fsys)
}

// themeSheet has what modes change by attributes: next to siblings and in
// states too.
const themeSheet = `
[data-para] p + p { margin-block-start: 2em } [data-line] p { line-height: 1.1 }
[data-theme=cream] p:last-child { color: #eee; background: #fff } [data-under] a:focus { outline: none }
[data-theme=dark] h2 ~ p a:focus-visible { outline: 1px solid #000 }
[data-pics=off] img { display: none } [data-narrow] main > p:only-child { letter-spacing: -1px }
`

// TestThemeModesEqualEachAlone holds what a checker says of many pages in all
// modes of a theme to what a fresh one says of each page in each mode, and to
// what it says when every outcome is asked for.
func TestThemeModesEqualEachAlone(t *testing.T) {
	modes := themeModes()
	pages, sheets := themedPages(t)
	terse := a11y.NewChecker(a11y.Options{Modes: modes, Sheets: sheets})
	full := a11y.NewChecker(a11y.Options{Modes: modes, Sheets: sheets, Passed: true})
	for name, html := range pages {
		short, long := terse.Check(name, html), full.Check(name, html)
		for i, m := range modes {
			alone := a11y.NewChecker(a11y.Options{Modes: modes[i : i+1], Sheets: sheets, Passed: true}).Check(name, html)
			if diff := cmp.Diff(outcomes(alone, "*"), outcomes(long, m.Name)); diff != "" {
				t.Fatalf("%s in mode %s (-alone +shared):\n%s", name, m.Name, diff)
			}
		}
		long.Findings = slices.DeleteFunc(long.Findings, func(f a11y.Finding) bool {
			return f.Outcome == act.Passed || isPart(terse, f.Rule)
		})
		if diff := cmp.Diff(long.Findings, short.Findings); diff != "" {
			t.Fatalf("%s (-every outcome +failures only):\n%s", name, diff)
		}
	}
}

// isPart reports whether a rule runs only where every outcome is asked for.
func isPart(c *a11y.Checker, id string) bool {
	return slices.ContainsFunc(c.Rules(), func(r *act.Rule) bool { return r.ID == id && r.Part })
}
