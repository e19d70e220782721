package asset

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"handrail/internal/diag"
	"handrail/internal/theme"
)

func load(t *testing.T, files map[string]string) *theme.Theme {
	t.Helper()
	m := fstest.MapFS{"layouts/standard/base.html": {Data: []byte("x")}}
	for k, v := range files {
		m[k] = &fstest.MapFile{Data: []byte(v)}
	}
	th, diags := theme.Load([]theme.Layer{{FS: m, Name: "themes/own"}}, []string{"standard"}, theme.API{})
	for _, d := range diags {
		t.Fatal(d)
	}
	return th
}

const config = "editions:\n  standard:\n    styles: [s.css]\n    scripts: [m.ts]\nhead-script: head.ts\n"

func sources(changes ...string) map[string]string {
	m := map[string]string{
		"theme.yaml":         config,
		"assets/s.css":       "@import \"parts/p.css\";\n\na {\n  color: #112233;\n  color: var(--link);\n}\n",
		"assets/parts/p.css": "/* 安 */ b { inset: 0; color: rgb(0 0 0 / 50%); background: url(../dot.svg) }\n@media (min-width: 40em) { i { margin-inline-start: 1px } }\n",
		"assets/dot.svg":     `<svg xmlns="http://www.w3.org/2000/svg"  viewBox="0 0 30 20"> <!-- x --> <rect width="3" height="2"/></svg>`,
		"assets/m.ts":        "import { half } from \"./lib\";\nconst n: number = half(4);\ndocument.title = `${n}`;\n",
		"assets/lib.ts":      "export const half = (n: number) => n / 2;\nexport const unused = 1;\n",
		"assets/head.ts":     "document.documentElement.className = \"js\";\n",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		m[changes[i]] = changes[i+1]
	}
	return m
}

func build(t *testing.T, opt Options) *Assets {
	t.Helper()
	a, diags := Build(opt)
	for _, d := range diags {
		t.Errorf("%v", d)
	}
	return a
}

func content(t *testing.T, a *Assets, name string) string {
	t.Helper()
	url, err := a.URL(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files() {
		if "/"+f.Path == url {
			return string(f.Data)
		}
	}
	t.Fatalf("%s has the URL %s, but no file has that path", name, url)
	return ""
}

func TestStyleSheetsAreBundledForOldEngines(t *testing.T) {
	a := build(t, Options{Theme: load(t, sources())})
	css := content(t, a, "s.css")
	for _, want := range []string{"top:0", "rgba(0,0,0,.5)", "#123", "color:var(--link)", "margin-inline-start:1px", `url("/assets/dot-`} {
		if !strings.Contains(css, want) {
			t.Errorf("no %s in %s", want, css)
		}
	}
	if strings.Contains(css, "inset:") || strings.Contains(css, "安") {
		t.Errorf("newer syntax or comments are left in %s", css)
	}
	found := false
	for _, f := range a.Files() {
		found = found || strings.HasPrefix(f.Path, "assets/dot-") && f.Immutable
	}
	if !found {
		t.Error("the picture that the style sheet names is not published")
	}
}

func TestScriptsAreBundledAndStripped(t *testing.T) {
	a := build(t, Options{Theme: load(t, sources())})
	js := content(t, a, "m.ts")
	if strings.Contains(js, "number") || strings.Contains(js, "import") || strings.Contains(js, "unused") || !strings.Contains(js, "document.title") {
		t.Errorf("script: %s", js)
	}
	if url, _ := a.URL("m.ts"); !strings.HasSuffix(url, ".js") {
		t.Errorf("URL %s; want a .js file", url)
	}
	if h := a.HeadScript(); !strings.Contains(h, `className="js"`) || a.HeadScriptHash() != hash([]byte(h)) {
		t.Errorf("head script %q with hash %s", h, a.HeadScriptHash())
	}
}

func TestRulesLeadToTheSource(t *testing.T) {
	a := build(t, Options{Theme: load(t, sources())})
	url, _ := a.URL("s.css")
	s := a.Sheet(url)
	for word, want := range map[string]string{
		"color:var(--link)": "themes/own/assets/s.css:5:3",
		"a{":                "themes/own/assets/s.css:3:1",
		"b{":                "themes/own/assets/parts/p.css:1:9",
		"rgba(":             "themes/own/assets/parts/p.css:1:30",
		"margin-inline":     "themes/own/assets/parts/p.css:2:32",
	} {
		i := strings.Index(s.CSS, word)
		if got := s.Pos(i).String(); i < 0 || got != want {
			t.Errorf("%s at %d of %s comes from %s; want %s", word, i, s.CSS, got, want)
		}
	}
}

func TestFingerprintsFollowTheContent(t *testing.T) {
	a := build(t, Options{Theme: load(t, sources())})
	b := build(t, Options{Theme: load(t, sources("assets/parts/p.css", "b { color: red }"))})
	for _, name := range []string{"s.css", "m.ts"} {
		x, _ := a.URL(name)
		y, _ := b.URL(name)
		if changed := x != y; changed != (name == "s.css") {
			t.Errorf("%s: %s and then %s", name, x, y)
		}
	}
}

func TestTheSiteOverridesTheTheme(t *testing.T) {
	th := load(t, sources())
	own := fstest.MapFS{"parts/p.css": {Data: []byte("u { top: 0 }")}, "extra.svg": {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)}}
	a := build(t, Options{Theme: th, Site: own, Name: "assets", Static: func(n string) bool { return n == "logo.png" }})
	if css := content(t, a, "s.css"); !strings.HasPrefix(css, "u{top:0}") {
		t.Errorf("style sheet %s; want the site's own part first", css)
	}
	if url, err := a.URL("logo.png"); url != "/logo.png" || err != nil {
		t.Errorf("static file: %s, %v", url, err)
	}
	if got := content(t, a, "extra.svg"); !strings.HasPrefix(got, "<svg") {
		t.Errorf("picture %q", got)
	}
	if _, err := a.URL("none.svg"); err == nil || !strings.Contains(err.Error(), `no asset "none.svg"`) {
		t.Errorf("missing asset: %v", err)
	}
}

func TestNothingIsBuiltTwice(t *testing.T) {
	th := load(t, sources())
	a := build(t, Options{Theme: th})
	if b := build(t, Options{Theme: th, Prev: a}); a != b {
		t.Error("the same sources were built again")
	}
	if b := build(t, Options{Theme: load(t, sources("assets/head.ts", "var a = 1")), Prev: a}); a == b {
		t.Error("changed sources were not built again")
	}
}

func TestMistakesHaveTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"css syntax", "assets/s.css", "a {\n  color red;\n}\n", "themes/own/assets/s.css:2:8: "},
		{"css unclosed", "assets/s.css", "安 { color: red;\n", "themes/own/assets/s.css:2:1: "},
		{"css import", "assets/s.css", "@import \"no.css\";\n", "themes/own/assets/s.css:1:9: "},
		{"css picture", "assets/s.css", "a { background: url(no.svg) }\n", "themes/own/assets/s.css:1:17: "},
		{"ts syntax", "assets/m.ts", "let x: number = ;\n", "themes/own/assets/m.ts:1:17: "},
		{"ts import", "assets/lib.ts", "import \"./none\";\nexport const half = 1;\n", "themes/own/assets/lib.ts:1:8: "},
	} {
		_, diags := Build(Options{Theme: load(t, sources(c.file, c.text))})
		if diags.Errors() == 0 || !strings.HasPrefix(diags[0].Error(), c.want) {
			t.Errorf("%s: %v; want an error at %s", c.name, diags, c.want)
		}
	}
	_, diags := Build(Options{Theme: load(t, sources("theme.yaml", "editions:\n  standard:\n    styles: [none.css]\n"))})
	if diags.Errors() == 0 || !strings.Contains(diags[0].Error(), "none.css") {
		t.Errorf("missing entry: %v", diags)
	}
	_, diags = Build(Options{Theme: load(t, sources("assets/head.ts", "document.title = \""+strings.Repeat("x", 700)+"\""))})
	if len(diags) != 1 || diags[0].Severity != diag.Warning || diags[0].Code != "head-script" {
		t.Errorf("a long head script: %v; want one warning", diags)
	}
}

func TestImageSizes(t *testing.T) {
	png, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAC0lEQVR4nGNgQAYAAA4AAamRc7EAAAAASUVORK5CYII=")
	if err != nil {
		t.Fatal(err)
	}
	webp, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	svg := func(attrs string) []byte { return []byte("<?xml version=\"1.0\"?><!-- x --><svg " + attrs + ">") }
	m := fstest.MapFS{
		"a.png": {Data: png}, "b.webp": {Data: webp},
		"c.svg": {Data: svg(`viewBox="0 0 30.4 20"`)}, "d.svg": {Data: svg(`width="60px" viewBox="0,0,30,20"`)},
		"e.svg": {Data: svg(`width="100%" height="5em"`)}, "f.txt": {Data: []byte("x")}, "g.svg": {Data: []byte("<html>")},
		"h.SVG": {Data: svg(`width="4" height="8"`)},
	}
	s := NewSizes(m)
	for name, want := range map[string][2]int{
		"a.png": {3, 2}, "b.webp": {1, 1}, "c.svg": {30, 20}, "d.svg": {60, 40}, "e.svg": {}, "f.txt": {}, "g.svg": {}, "h.SVG": {4, 8}, "none.png": {},
	} {
		for range 2 {
			if w, h := s.Of(name); w != want[0] || h != want[1] {
				t.Errorf("%s: %d × %d; want %d × %d", name, w, h, want[0], want[1])
			}
		}
	}
}

func TestASizeIsReadAgainWhenTheFileChanges(t *testing.T) {
	dir := t.TempDir()
	write := func(w string) {
		if err := os.WriteFile(dir+"/a.svg", []byte(`<svg width="`+w+`" height="2">`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := NewSizes(os.DirFS(dir))
	write("1")
	if w, _ := s.Of("a.svg"); w != 1 {
		t.Errorf("width %d; want 1", w)
	}
	write("1000")
	if w, _ := s.Of("a.svg"); w != 1000 {
		t.Errorf("width %d after the change; want 1000", w)
	}
}

func TestVLQ(t *testing.T) {
	got := decodeVLQ("AAgBC")
	if len(got) != 4 || got[0] != 0 || got[1] != 0 || got[2] != 16 || got[3] != 1 {
		t.Errorf("%v; want 0 0 16 1", got)
	}
	if got := decodeVLQ("D"); len(got) != 1 || got[0] != -1 {
		t.Errorf("%v; want -1", got)
	}
}

func TestSizesAreKeptAcrossRuns(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	write := func(svg string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "a.svg"), []byte(svg), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>`)
	first := NewSizes(os.DirFS(dir))
	first.Of("a.svg")
	if err := first.SaveCache(cache); err != nil {
		t.Fatal(err)
	}
	again := NewSizes(os.DirFS(dir))
	again.LoadCache(cache)
	if w, h := again.Of("a.svg"); w != 40 || h != 30 || again.fresh {
		t.Errorf("size = %d × %d, read again: %v; want 40 × 30 from the cache", w, h, again.fresh)
	}
	write(`<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>`)
	if w, h := again.Of("a.svg"); w != 400 || h != 300 {
		t.Errorf("after a change: %d × %d; want 400 × 300", w, h)
	}
	if err := os.WriteFile(filepath.Join(cache, sizesFile), []byte("{damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	third := NewSizes(os.DirFS(dir))
	third.LoadCache(cache)
	if w, _ := third.Of("a.svg"); w != 400 {
		t.Errorf("with a damaged cache: %d; want 400", w)
	}
}
