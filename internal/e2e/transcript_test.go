package e2e

import (
	_ "embed"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/internal/site"
)

//go:embed measure/order.js
var measureOrder string

var update = flag.Bool("update", false, "write the transcripts anew")

// mainPages are the main page types, by the address of the Chinese page.
var mainPages = []struct{ name, path string }{
	{"home", "/"},
	{"service", "/services/old-age-allowance/"},
	{"policy", "/policies/old-age-allowance-measures/"},
	{"news", "/news/2026-11-23-warm-rooms/"},
	{"office", "/offices/pingqiao/"},
	{"list", "/services/"},
	{"404", "/404.html"},
	{"display", "/display/"},
}

// TestTranscripts: what a screen reader is given on the main page types, kept as
// golden files in both editions: go test ./internal/e2e -run Transcripts -update
// writes them anew, for review by reading them aloud.
func TestTranscripts(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	for _, p := range mainPages {
		for _, tag := range []string{"zh-Hans", "en"} {
			for _, edition := range []string{site.Standard, site.Care} {
				path := address(p.path, tag, edition)
				if path == "" {
					continue // not translated
				}
				show(t, ctx, path, look{1280, "light", false})
				items := transcript(t, ctx)
				for _, f := range append(judge(items), inPage[[]string](t, ctx, measureOrder, "")...) {
					t.Errorf("%s: %s", path, f)
				}
				golden(t, filepath.Join("testdata", "transcripts", p.name+"."+tag+"."+edition+".txt"), items)
			}
		}
	}
}

// address is where the page of a language and edition is, "" when there is none.
func address(path, tag, edition string) string {
	for _, p := range built.site.Pages {
		if p.URL(site.Standard) != path || p.Lang.Tag != languages()[0] {
			continue
		}
		if tr := p.Translation(tag); tr != nil && tr.Lang.Tag == tag {
			return tr.URL(edition)
		}
	}
	return ""
}

// golden compares the transcript with the kept one.
func golden(t *testing.T, name string, items []item) {
	t.Helper()
	var b strings.Builder
	for _, i := range items {
		b.WriteString(i.String() + "\n")
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Errorf("%v (run with -update)", err)
		return
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// judge says what is wrong with a transcript: landmarks, headings, names, and
// what is said twice.
func judge(items []item) []string {
	var out []string
	count := map[string]int{}
	names := map[string]bool{}
	level := 0
	var last item
	for _, i := range items {
		switch {
		case i.role == "heading":
			count["heading "+i.level]++
			if l := int(i.level[0] - '0'); l > level+1 {
				out = append(out, "a heading of level "+i.level+" follows one of level "+string(rune('0'+level))+": "+i.name)
			} else {
				level = l
			}
		case slices.Contains(landmarks, i.role):
			count[i.role]++
			if key := i.role + " " + i.name; i.role == "navigation" || i.role == "region" {
				if names[key] || i.name == "" {
					out = append(out, "landmarks cannot be told apart: "+key)
				}
				names[key] = true
			}
		case i.name == "" && slices.Contains(strings.Fields("link button image textbox combobox checkbox radio searchbox"), i.role):
			out = append(out, "a "+i.role+" has no name")
		}
		if i.name != "" && i.name == last.name && saidTwice(last, i) {
			out = append(out, "said twice: "+strings.TrimSpace(last.String())+", "+strings.TrimSpace(i.String()))
		}
		if i.name != "" {
			last = i
		}
	}
	for what, want := range map[string]int{"main": 1, "banner": 1, "contentinfo": 1, "heading 1": 1} {
		if count[what] != want {
			out = append(out, what+" is there more or less than once")
		}
	}
	return out
}

// saidTwice: a landmark or list that is named by the heading in it says the name
// once as a place and once as a heading, and cells of a column may be equal.
func saidTwice(a, b item) bool {
	if b.role == "heading" && (slices.Contains(landmarks, a.role) || a.role == "list") {
		return false
	}
	if strings.Contains(a.role, "cell") || strings.Contains(b.role, "cell") || strings.Contains(a.role, "row") || strings.Contains(a.role, "column") || a.role == "group" || a.role == "radiogroup" {
		return false
	}
	return a.lang == b.lang
}
