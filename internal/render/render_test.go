package render

import (
	"bytes"
	"context"
	"encoding/base64"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"handrail/i18n"
	"handrail/internal/asset"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/markdown"
	"handrail/internal/site"
	"handrail/internal/source"
	"handrail/internal/theme"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A PNG of 3 × 2 pixels.
const png = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAC0lEQVR4nGNgQAYAAA4AAamRc7EAAAAASUVORK5CYII="

// files reads testdata/site.txtar; changes are pairs of a name and a text.
func files(t testing.TB, changes ...string) fstest.MapFS {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/site.txtar")
	if err != nil {
		t.Fatal(err)
	}
	pic, err := base64.StdEncoding.DecodeString(png)
	if err != nil {
		t.Fatal(err)
	}
	m := fstest.MapFS{"content/en/services/map.png": {Data: pic}}
	for _, f := range ar.Files {
		m[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		m[changes[i]] = &fstest.MapFile{Data: []byte(changes[i+1])}
	}
	return m
}

// build makes a renderer of a site in memory.
func build(t testing.TB, fsys fs.FS, opt Options) *Renderer {
	t.Helper()
	r, diags := tryBuild(t, fsys, opt)
	for _, d := range diags {
		t.Errorf("%v", d)
	}
	return r
}

func tryBuild(t testing.TB, fsys fs.FS, opt Options) (*Renderer, diag.List) {
	t.Helper()
	cfg, diags := config.Load(fsys, "site.yaml")
	tree, ds, err := source.Load(context.Background(), fsys, cfg, markdown.New(markdown.Options{}), source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	diags = append(diags, ds...)
	opt.Site, ds = site.Build(cfg, tree, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), site.Options{})
	diags = append(diags, ds...)
	themeFS, err := fs.Sub(fsys, "theme")
	if err != nil {
		t.Fatal(err)
	}
	opt.Theme, ds = theme.Load([]theme.Layer{{FS: themeFS, Name: "theme"}}, []string{"standard", "care"}, Funcs())
	diags = append(diags, ds...)
	opt.Assets, ds = asset.Build(asset.Options{Theme: opt.Theme})
	diags = append(diags, ds...)
	opt.Messages, ds = i18n.Load(i18n.Embedded())
	diags = append(diags, ds...)
	opt.Sizes = asset.NewSizes(fsys)
	if diags.Errors() > 0 {
		return nil, diags
	}
	r, ds := New(opt)
	return r, append(diags, ds...)
}

func render(t testing.TB, r *Renderer, path, edition string) *Output {
	t.Helper()
	p := r.opt.Site.Page(path)
	if p == nil {
		t.Fatalf("no page %s", path)
	}
	o, err := r.Page(p, edition)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestPages(t *testing.T) {
	r := build(t, files(t), Options{})
	for _, c := range []struct{ name, path, edition string }{
		{"card-standard", "/services/card/", site.Standard},
		{"card-care", "/services/card/", site.Care},
		{"home", "/", site.Standard},
		{"home-zh", "/zh-hans/", site.Standard},
		{"services", "/services/", site.Standard},
	} {
		got := string(render(t, r, c.path, c.edition).HTML)
		golden := filepath.Join("testdata", c.name+".golden")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestSpansDoNotChangeThePage(t *testing.T) {
	plain, spans := build(t, files(t), Options{}), build(t, files(t), Options{Spans: true, Record: true})
	for _, p := range plain.opt.Site.Pages {
		for _, e := range []string{site.Standard, site.Care} {
			a, b := render(t, plain, p.Path, e), render(t, spans, p.Path, e)
			if !bytes.Equal(a.HTML, b.HTML) {
				t.Errorf("%s %s differs with spans", p.Path, e)
			}
		}
	}
}

func TestEveryByteHasASource(t *testing.T) {
	r := build(t, files(t), Options{Spans: true})
	for _, p := range r.opt.Site.Pages {
		for _, e := range []string{site.Standard, site.Care} {
			o := render(t, r, p.Path, e)
			if len(o.Spans) == 0 || o.Spans[0].Out != 0 {
				t.Fatalf("%s %s: spans do not begin with the page", p.Path, e)
			}
			for i := 1; i < len(o.Spans); i++ {
				if o.Spans[i].Out <= o.Spans[i-1].Out {
					t.Errorf("%s %s: spans out of order at %d", p.Path, e, o.Spans[i].Out)
				}
			}
			for i := range o.HTML {
				if pl := o.Source(i); pl.Pos.File == "" {
					t.Fatalf("%s %s: no source at byte %d: …%s⟨here⟩", p.Path, e, i, o.HTML[max(0, i-40):i])
				}
			}
		}
	}
}

func TestWordsLeadHome(t *testing.T) {
	r := build(t, files(t), Options{Spans: true})
	for _, c := range []struct {
		path, edition, word, want string
		kind                      Kind
		key                       string
	}{
		{"/services/card/", site.Standard, "at the desk", "content/en/services/card.md:11:7", Body, ""},
		{"/services/card/", site.Standard, "/visit/#desk", "content/en/services/card.md:11:26", Body, ""},
		{"/services/card/", site.Standard, "Inside", "content/en/services/card.md:18:1", Body, ""},
		{"/services/card/", site.Care, "Inside", "content/en/services/card.md:18:1", Body, ""},
		{"/services/card/", site.Care, "Second", "content/en/services/card.md:24:4", Body, ""},
		{"/services/card/", site.Standard, "more</h1>", "content/en/services/card.md:2:19", Field, "title"},
		{"/services/card/", site.Standard, "free", "content/en/services/card.md:3:20", Field, "summary"},
		{"/services/card/", site.Standard, "5 March 2026", "content/en/services/card.md:4:7", Field, "date"},
		{"/services/card/", site.Standard, "Civil Affairs", "site.yaml:7:16", Data, "department.name"},
		{"/services/card/", site.Standard, "Co 555", "site.yaml:7:32", Data, "department.name"},
		{"/services/card/", site.Standard, "12,000", "data/facts.yaml:2:11", Data, "town.people"},
		{"/services/card/", site.Standard, `class="lead"`, "theme/layouts/standard/base.html:13:25", Layout, ""},
		{"/services/card/", site.Standard, `id="main"`, "theme/layouts/standard/base.html:11:9", Layout, ""},
		{"/services/card/", site.Standard, "/assets/standard", "theme/layouts/standard/base.html:6:32", Derived, ""},
		{"/services/card/", site.Standard, "<aside>", "theme/directives/note.html:1:1", Layout, ""},
		{"/services/card/", site.Standard, "Skip to main", "i18n/locales/en.yaml", Message, "skip.main"},
		{"/services/card/", site.Standard, "<ul>", "theme/layouts/partials/menu.html:1:1", Layout, ""},
		{"/services/card/", site.Standard, ">Services<", "theme/layouts/partials/menu.html:1:", Layout, ""},
		{"/services/card/", site.Standard, "Away", "site.yaml:10:", Data, "text"},
		{"/services/card/", site.Standard, "dataset", "theme/assets/head.ts:1:1", Layout, ""},
		{"/services/", site.Standard, "Bus card", "content/en/services/card.md:2:8", Field, "title"},
	} {
		o := render(t, r, c.path, c.edition)
		i := bytes.Index(o.HTML, []byte(c.word))
		if i < 0 {
			t.Errorf("%s %s: no %q in the page", c.path, c.edition, c.word)
			continue
		}
		got := o.Source(i)
		if !strings.HasPrefix(got.Pos.String(), c.want) || got.Kind != c.kind || got.Key != c.key {
			t.Errorf("%s %s: %q comes from %v (%v, key %q); want %s (%v, key %q)", c.path, c.edition, c.word, got.Pos, got.Kind, got.Key, c.want, c.kind, c.key)
		}
		if k := o.KindAt(i); k != got.Kind || o.KeyAt(i) != got.Key {
			t.Errorf("%q: KindAt %v, KeyAt %q; Source says %v, %q", c.word, k, o.KeyAt(i), got.Kind, got.Key)
		}
	}
}

// stale renders the site, changes files, and returns the pages that must be
// rendered again.
func stale(t *testing.T, changes ...string) []string {
	t.Helper()
	before := build(t, files(t), Options{Record: true})
	after := build(t, files(t, changes...), Options{Record: true})
	var out []string
	for _, p := range before.opt.Site.Pages {
		var reads []Read
		for _, e := range []string{site.Standard, site.Care} {
			reads = append(reads, render(t, before, p.Path, e).Reads...)
		}
		if after.Stale(reads) {
			out = append(out, p.Path)
		}
	}
	slices.Sort(out)
	return out
}

func TestOnlyPagesThatReadAChangedAnswerAreStale(t *testing.T) {
	if got := stale(t); len(got) > 0 {
		t.Errorf("nothing changed and %v are stale", got)
	}
	if got, want := stale(t, "content/en/services/other.md", "---\ntitle: Other\ndate: 2026-02-01\n---\n\nSomething here.\n"), []string{"/services/other/"}; !slices.Equal(got, want) {
		t.Errorf("a changed body: %v; want %v", got, want)
	}
	if got, want := stale(t, "content/en/services/other.md", "---\ntitle: Another\ndate: 2026-02-01\n---\n\nNothing here.\n"), []string{"/services/", "/services/other/"}; !slices.Equal(got, want) {
		t.Errorf("a changed title: %v; want %v", got, want)
	}
	if got, want := stale(t, "content/en/services/new.md", "---\ntitle: New\n---\n\nx\n"), []string{"/services/"}; !slices.Equal(got, want) {
		t.Errorf("a new page: %v; want %v", got, want)
	}
	if got := stale(t, "content/en/visit.md", "---\ntitle: Visit\nslug: come\n---\n\n## Desk\n\nCome in.\n"); !slices.Contains(got, "/services/card/") || slices.Contains(got, "/services/other/") {
		t.Errorf("a moved page: %v; want the page that links to it and not its neighbour", got)
	}
	if got, want := stale(t, "content/en/services/map.png", "GIF89a\x05\x00\x04\x00"), []string{"/services/card/"}; !slices.Equal(got, want) {
		t.Errorf("a changed picture: %v; want %v", got, want)
	}
	if got := stale(t, "data/facts.yaml", "town:\n  people: 13000\n"); len(got) < 6 {
		t.Errorf("changed data: %v; want every page of the standard edition", got)
	}
}

func TestAnOwnThemeReplacesOnePartial(t *testing.T) {
	m := files(t)
	base, err := fs.Sub(m, "theme")
	if err != nil {
		t.Fatal(err)
	}
	own := fstest.MapFS{"layouts/partials/menu.html": {Data: []byte("<p>own {{.Key}}</p>")}}
	r := build(t, m, Options{Spans: true})
	var diags diag.List
	r.opt.Theme, diags = theme.Load([]theme.Layer{{FS: own, Name: "themes/own"}, {FS: base, Name: "theme"}}, []string{"standard", "care"}, Funcs())
	for _, d := range diags {
		t.Error(d)
	}
	o := render(t, r, "/services/card/", site.Standard)
	i := bytes.Index(o.HTML, []byte("<p>own /services/</p>"))
	if i < 0 {
		t.Fatalf("the own partial is not used:\n%s", o.HTML)
	}
	if got := o.Source(i).Pos.String(); got != "themes/own/layouts/partials/menu.html:1:1" {
		t.Errorf("it comes from %s", got)
	}
	if !bytes.Contains(o.HTML, []byte("<aside>")) {
		t.Error("the directive of the theme below is gone")
	}
}

func TestErrorsOfLayoutsStopThePageOnly(t *testing.T) {
	for _, c := range []struct{ name, layout, want string }{
		{"unknown member", `{{define "main"}}{{.Titel}}{{end}}`, `theme/layouts/standard/home.html:1:20: a page has no "Titel"`},
		{"missing asset", `{{define "main"}}{{asset "no.css"}}{{end}}`, `theme/layouts/standard/home.html:1:20: there is no asset "no.css"`},
		{"endless loop", `{{define "main"}}{{range 1000000000000}}{{end}}{{end}}`, `theme/layouts/standard/home.html:1:26: this loop was stopped`},
		{"markup in an attribute", `{{define "main"}}<p title="{{.Body}}">{{end}}`, `theme/layouts/standard/home.html:1:30: markup is printed where only text may stand`},
		{"no partial", `{{define "main"}}{{cached "partials/no.html" ""}}{{end}}`, `theme/layouts/standard/home.html:1:20: there is no template "partials/no.html"`},
	} {
		r := build(t, files(t, "theme/layouts/standard/home.html", c.layout), Options{})
		_, err := r.Page(r.opt.Site.Page("/"), site.Standard)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
		if o := render(t, r, "/visit/", site.Standard); len(o.HTML) == 0 {
			t.Errorf("%s: other pages are lost", c.name)
		}
	}
}

func TestMissingMessagesAreReportedOnce(t *testing.T) {
	r := build(t, files(t, "theme/layouts/standard/home.html", `{{define "main"}}{{t "no.such"}}{{t "no.such"}}{{end}}`), Options{})
	o := render(t, r, "/", site.Standard)
	if !bytes.Contains(o.HTML, []byte("no.suchno.such")) {
		t.Errorf("the key is not printed in place of the text:\n%s", o.HTML)
	}
	got := r.Missing()
	if len(got) != 1 || got[0].Code != "missing-message" || got[0].Severity != diag.Error || !strings.Contains(got[0].Msg, `"no.such"`) ||
		got[0].Pos.String() != "theme/layouts/standard/home.html:1:20" {
		t.Errorf("missing: %v; want one error about no.such at home.html:1:20", got)
	}
}

func TestPagesCanBeRenderedAtTheSameTime(t *testing.T) {
	r := build(t, files(t), Options{Spans: true})
	want := string(render(t, r, "/services/card/", site.Care).HTML)
	done := make(chan string)
	for range 8 {
		go func() {
			for range 20 {
				o, err := r.Page(r.opt.Site.Page("/services/card/"), site.Care)
				if err != nil || string(o.HTML) != want {
					done <- "the page differs"
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if msg := <-done; msg != "" {
			t.Error(msg)
		}
	}
}
