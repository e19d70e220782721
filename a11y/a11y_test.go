package a11y_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// moody is a page whose outcomes differ between modes.
const moody = `<!doctype html><html lang="en"><title>Moody</title>
<style>
body { color: #000; background: #fff }
.wide { display: none }
@media (min-width: 600px) { .wide { display: block } }
@media (prefers-color-scheme: dark) { body { color: #888; background: #777 } .day { display: none } }
@media (prefers-contrast: more) { body { color: #000; background: #fff } }
@media (forced-colors: active) { .forced { visibility: hidden } }
[data-theme=care] p { font-size: 30px }
</style>
<main><h1>Moody</h1><p>Text <a href="x" class="wide"></a> <a href="y" class="day"></a>
<button class="forced"></button> <img src="z"></main>`

// TestSharedResultEqualsEachModeAlone holds the result of all modes together,
// computed once per class and group, to that of each mode by itself.
func TestSharedResultEqualsEachModeAlone(t *testing.T) {
	cases, fsys := archivedCases(t)
	pages := []actCase{{page: "moody.html", html: moody}}
	for i, c := range cases {
		if i%5 == 0 || strings.Contains(c.html, "@media") {
			pages = append(pages, c)
		}
	}
	modes := append(a11y.ForeignModes(), style.Mode{Name: "care", Width: 1280, Attrs: map[string]string{"data-theme": "care"}})
	sheets := a11y.SheetsFrom(fsys)
	shared := a11y.NewChecker(a11y.Options{Modes: modes, Sheets: sheets, Passed: true})
	alone := make([]*a11y.Checker, len(modes))
	for i := range modes {
		alone[i] = a11y.NewChecker(a11y.Options{Modes: modes[i : i+1], Sheets: sheets, Passed: true})
	}
	for _, p := range pages {
		together := shared.Check(p.page, p.html)
		for i, m := range modes {
			want := outcomes(alone[i].Check(p.page, p.html), "*")
			if diff := cmp.Diff(want, outcomes(together, m.Name)); diff != "" {
				t.Errorf("%s in mode %s (-alone +shared):\n%s", p.page, m.Name, diff)
			}
		}
	}
}

// outcomes returns "rule target outcome" for the findings in a mode, sorted.
func outcomes(r a11y.Result, mode string) []string {
	var out []string
	for _, f := range r.Findings {
		if slices.Contains(f.Modes, mode) || slices.Contains(f.Modes, "*") {
			out = append(out, fmt.Sprintf("%s %s %s", f.Rule, f.Target, f.Outcome))
		}
	}
	slices.Sort(out)
	return out
}

func TestFindingsNameTheirModes(t *testing.T) {
	res := a11y.CheckHTML("moody.html", moody, a11y.Options{})
	got := map[string]string{}
	for _, f := range res.Findings {
		if f.Rule == "link-name" || f.Rule == "button-name" || f.Rule == "image-name" {
			if got[f.Target] != "" {
				t.Errorf("two findings for %s %s", f.Rule, f.Target)
			}
			got[f.Target] = strings.Join(f.Modes, " ")
		}
	}
	want := map[string]string{
		"body > main > p > a:nth-of-type(1)": "light dark light+more dark+more light+forced dark+forced light+more+forced dark+more+forced",
		"body > main > p > a:nth-of-type(2)": "light light+more light+forced light+more+forced light+320 light+more+320 light+forced+320 light+more+forced+320",
		"body > main > p > button":           "light dark light+more dark+more light+320 dark+320 light+more+320 dark+more+320",
		"body > main > p > img":              "*",
	}
	trimmed := map[string]string{}
	for k, v := range got {
		trimmed[strings.TrimPrefix(k, "html > ")] = v
	}
	if diff := cmp.Diff(slices.Sorted(maps.Values(want)), slices.Sorted(maps.Values(trimmed))); diff != "" {
		t.Errorf("modes (-want +got):\n%s\n%v", diff, got)
	}
	if res.Classes < 5 || res.Classes > 16 {
		t.Errorf("%d mode classes", res.Classes)
	}
}

func TestForeignModes(t *testing.T) {
	modes := a11y.ForeignModes()
	names := map[string]bool{}
	for _, m := range modes {
		names[m.Name] = true
	}
	if len(modes) != 16 || len(names) != 16 {
		t.Errorf("%d modes with %d names; want 16", len(modes), len(names))
	}
	if m := modes[0]; m.Name != "light" || m.Width != 1280 || m.Forced {
		t.Errorf("the first mode is not the plain one: %+v", m)
	}
}

func TestCheckDir(t *testing.T) {
	fsys := fstest.MapFS{
		"index.html":     {Data: []byte(`<!doctype html><html lang=en><title>t</title><link rel=stylesheet href="/css/a.css"><p class=h><a href=x></a>`)},
		"a/b/index.html": {Data: []byte(`<!doctype html><html lang=en><title>t</title><link rel=stylesheet href="../../css/a.css"><p class=h><a href=x></a>`)},
		"a/c.htm":        {Data: []byte(`<!doctype html><html lang=en><title>t</title><link rel=stylesheet href="https://example.org/a.css"><link rel=stylesheet href="none.css"><p class=h><a href=x></a>`)},
		"css/a.css":      {Data: []byte(`.h { display: none }`)},
		"notes.txt":      {Data: []byte(`<a href=x></a>`)},
	}
	results, err := a11y.CheckDir(context.Background(), fsys, a11y.Options{Level: "AA"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range results {
		failed := 0
		for _, f := range r.Findings {
			if f.Rule == "link-name" && f.Outcome == act.Failed {
				failed++
			}
		}
		got = append(got, fmt.Sprintf("%s failed %d unread %d", r.Page, failed, len(r.Unread)))
	}
	want := []string{"a/b/index.html failed 0 unread 0", "a/c.htm failed 1 unread 2", "index.html failed 0 unread 0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCheckDirStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	fsys := fstest.MapFS{"a.html": {}, "b.html": {}, "c.html": {}}
	if _, err := a11y.CheckDir(ctx, fsys, a11y.Options{}); err == nil {
		t.Error("no error from an ended context")
	}
}

func TestASheetIsReadOnce(t *testing.T) {
	reads := 0
	c := a11y.NewChecker(a11y.Options{Sheets: func(name string) (*style.Sheet, error) {
		reads++
		if name != "s.css" {
			return nil, fs.ErrNotExist
		}
		return style.ParseSheet("p { color: red }", name), nil
	}})
	for i := range 3 {
		c.Check(fmt.Sprintf("%d.html", i), `<link rel=stylesheet href="s.css"><p>a`)
	}
	if reads != 1 {
		t.Errorf("read %d times", reads)
	}
}

func TestResolve(t *testing.T) {
	for _, tt := range []struct{ page, base, href, want string }{
		{"a/b.html", "", "c.css", "a/c.css"},
		{"a/b.html", "", "/c.css?v=1#x", "c.css"},
		{"a/b.html", "", "../../../c.css", "c.css"},
		{"a/b.html", "/x/", "c.css", "x/c.css"},
		{"a/b.html", "", "%E4%B8%AD.css", "a/中.css"},
		{"a/b.html", "", "https://example.org/c.css", ""},
		{"a/b.html", "", "//example.org/c.css", ""},
		{"a/b.html", "https://example.org/", "c.css", ""},
		{"a/b.html", "", "data:text/css,a{}", ""},
		{"a/b.html", "", "", ""},
	} {
		if got, _ := a11y.Resolve(tt.page, tt.base, tt.href); got != tt.want {
			t.Errorf("Resolve(%q, %q, %q) = %q, want %q", tt.page, tt.base, tt.href, got, tt.want)
		}
	}
}

func TestLevelsLeaveRulesOut(t *testing.T) {
	all := a11y.NewChecker(a11y.Options{}).Rules()
	for _, level := range []string{"A", "AA", "AAA"} {
		kept := a11y.NewChecker(a11y.Options{Level: wcag.Level(level)}).Rules()
		for _, r := range kept {
			if l := string(r.At()); l != "best" && len(l) > len(level) {
				t.Errorf("level %s keeps %s of level %s", level, r.ID, l)
			}
		}
		if len(kept) == 0 || level == "AAA" && len(kept) != len(all) {
			t.Errorf("level %s keeps %d of %d rules", level, len(kept), len(all))
		}
	}
}

// BenchmarkCheckHTML checks the page that HANDRAIL_PERF_PAGE names, or a long
// page of our own, in one mode and in all modes of a foreign site.
func BenchmarkCheckHTML(b *testing.B) {
	html := strings.Replace(moody, "</main>", strings.Repeat(`<section aria-label="s"><h2>Part</h2><ul><li><a href="x">Link text</a><li><img src="x" alt="a"></ul>
<table><tr><th>a<td>b</table><p>Words and <b>more</b> words.</section>`, 100)+"</main>", 1)
	if name := os.Getenv("HANDRAIL_PERF_PAGE"); name != "" {
		src, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		html = string(src)
	}
	for _, modes := range [][]style.Mode{a11y.ForeignModes()[:1], a11y.ForeignModes()} {
		b.Run(fmt.Sprintf("modes=%d", len(modes)), func(b *testing.B) {
			c := a11y.NewChecker(a11y.Options{Modes: modes})
			b.ReportAllocs()
			b.SetBytes(int64(len(html)))
			for b.Loop() {
				c.Check("page.html", html)
			}
		})
	}
}
