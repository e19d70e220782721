package style

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"handrail/a11y/dom"
)

// theme has most of what tells modes apart.
const theme = `
:root { --ink: #1d1d1f; --paper: #fff; color-scheme: light dark; font-size: 1.125rem }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --ink: #eee; --paper: #111 } }
:root[data-theme=dark] { --ink: #eee; --paper: #000 }
:root[data-size="3"] { font-size: 2rem }
[data-theme] .card { border-color: currentcolor }
body { background: var(--paper); color: var(--ink); margin: 0 }
@media (prefers-contrast: more) { body { --ink: #000 } a { text-decoration-thickness: 2px } }
@media (min-width: 60em) { nav ul { display: flex } .grid { display: grid } }
@media print { nav { display: none } }
@media (forced-colors: active) { .card { border: 1px solid CanvasText } }
.wide { width: 50vw }
a { color: light-dark(#0b57d0, #a8c7fa) }
a:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
.card { padding: 1em; background: rgb(0 0 0 / 5%) }
li:nth-child(even) { background: color-mix(in srgb, var(--paper), var(--ink) 5%) }
.more::after { content: " →" }
`

const page = `<!doctype html><html lang=en><title>t</title><body><nav><ul><li><a href=/>a</a><li><a href=/b class=more>b</a></ul></nav>
<main><div class="card wide"><p>text <a href=#x>link</a></p></div><p style="color:#555">x</p></main></html>`

func modes() []Mode {
	var out []Mode
	for _, attrs := range []map[string]string{nil, {"data-theme": "dark"}, {"data-theme": "light"}, {"data-size": "3"}, {"data-other": "1"}} {
		for _, scheme := range []string{"light", "dark"} {
			for _, width := range []int{320, 1280} {
				for _, forced := range []bool{false, true} {
					for _, contrast := range []string{"", "more"} {
						out = append(out, Mode{Attrs: attrs, Scheme: scheme, Width: width, Forced: forced, Contrast: contrast})
					}
				}
			}
		}
	}
	return append(out, Mode{Print: true}, Mode{TextScale: 2}, Mode{TextSpacing: true}, Mode{ReducedMotion: true})
}

// TestClasses holds the shared result equal to running each mode alone, on the
// page with the attributes written into it.
func TestClasses(t *testing.T) {
	sheets := []*Sheet{ParseSheet(theme, "theme.css")}
	m := NewMatcher(dom.Parse(page), sheets)
	all := modes()
	classes := m.Classes(all)
	if len(classes) >= len(all) {
		t.Errorf("%d classes of %d modes", len(classes), len(all))
	}
	covered := 0
	for _, class := range classes {
		shared := m.Styles(all[class[0]])
		for _, i := range class {
			covered++
			var attrs strings.Builder
			for k, v := range all[i].Attrs {
				fmt.Fprintf(&attrs, ` %s="%s"`, k, v)
			}
			alone := all[i]
			alone.Attrs = nil
			doc := dom.Parse(strings.Replace(page, "<html lang=en", "<html lang=en"+attrs.String(), 1))
			compareStyles(t, fmt.Sprintf("%+v", all[i]), shared, Resolve(doc, sheets, alone))
		}
	}
	if covered != len(all) {
		t.Errorf("%d modes in classes; want %d", covered, len(all))
	}
}

func compareStyles(t *testing.T, mode string, a, b *Styles) {
	t.Helper()
	if len(a.m.doc.Nodes) != len(b.m.doc.Nodes) {
		t.Fatal("pages differ")
	}
	for i, n := range a.m.doc.Nodes {
		if n.Type != dom.Element {
			continue
		}
		o := b.m.doc.Nodes[i]
		for _, pair := range [][2]*Computed{
			{a.Of(n), b.Of(o)}, {a.Pseudo(n, "after"), b.Pseudo(o, "after")},
			{a.OfState(n, FocusVisible), b.OfState(o, FocusVisible)},
		} {
			if (pair[0] == nil) != (pair[1] == nil) {
				t.Errorf("%s: %s: one has a pseudo-element", mode, n.Path())
				continue
			}
			if pair[0] == nil {
				continue
			}
			if !reflect.DeepEqual(pair[0].inh, pair[1].inh) || !reflect.DeepEqual(pair[0].box, pair[1].box) {
				t.Errorf("%s: %s: styles differ\n%+v\n%+v\n%+v\n%+v", mode, n.Path(), pair[0].inh, pair[1].inh, pair[0].box, pair[1].box)
				return
			}
		}
		if x, y := a.Backdrop(n), b.Backdrop(o); x.Color != y.Color || x.Reason != y.Reason {
			t.Errorf("%s: %s: backdrops differ: %v %v", mode, n.Path(), x, y)
		}
	}
}

func TestFocusStyle(t *testing.T) {
	doc := dom.Parse(page)
	s := Resolve(doc, []*Sheet{ParseSheet(theme, "theme.css")}, Mode{})
	a := doc.Body().FirstChild.FirstElement().FirstElement().FirstElement()
	if a.Name != "a" {
		t.Fatal(a.Name)
	}
	if s.Of(a).Outline().Drawn() {
		t.Error("an outline without focus")
	}
	o := s.OfState(a, Focus|FocusVisible).Outline()
	if o.Style != "solid" || o.Width != 3 || o.Color.String() != "#1d1d1f" {
		t.Errorf("outline %+v", o)
	}
	main := doc.Body().FirstChild
	if o := s.OfState(main, FocusVisible).Outline(); o.Style != "auto" {
		t.Errorf("browser's outline %+v", o)
	}
}

func TestHoverOnAncestor(t *testing.T) {
	doc, s := resolve(`<!doctype html><style>div:hover p{color:red}div:focus-within p{color:blue}</style><div><p id=x>`, Mode{})
	x := doc.ByID("x")
	if got := s.OfState(x, Hover).Color().String(); got != "#ff0000" {
		t.Errorf("hovered: %s", got)
	}
	if got := s.OfState(x, Focus).Color().String(); got != "#0000ff" {
		t.Errorf("focused: %s", got)
	}
	if got := s.Of(x).Color().String(); got != "#000000" {
		t.Errorf("at rest: %s", got)
	}
}

func TestWhere(t *testing.T) {
	const src = `<!doctype html><style>
p { color: red }
#x { background: #eee }</style><div style="font-size: 20px"><p id=x style='margin: 0; padding: 2px'>`
	doc, s := resolve(src, Mode{})
	x := doc.ByID("x")
	for prop, want := range map[string]string{"color": "color: red", "background-color": "background: #eee",
		"font-size": "font-size: 20px", "padding-left": "padding: 2px", "margin-top": "margin: 0"} {
		sheet, off, ok := s.Where(x, prop)
		if !ok || sheet != "" || !strings.HasPrefix(src[off:], want) {
			t.Errorf("%s: %q at %d, %t; want it at %q", prop, sheet, off, ok, want)
		}
	}
	if _, _, ok := s.Where(x, "display"); ok {
		t.Error("display: found, but only the browser decides it")
	}
	sheet := ParseSheet("b{}\np { color : blue }", "a/theme.css")
	s = Resolve(dom.Parse("<!doctype html><p id=x><b>"), []*Sheet{sheet}, Mode{})
	name, off, ok := s.Where(s.Doc().ByID("x").FirstChild, "color")
	if name != "a/theme.css" || off != 8 || !ok {
		t.Errorf("color: %q %d %t", name, off, ok)
	}
	if src, _ := s.WhereOf(s.Doc().ByID("x"), "color"); src.Name != "color" {
		t.Errorf("name = %q", src.Name)
	}
}

func TestImport(t *testing.T) {
	files := map[string]string{
		"a.css":     `@import "b/b.css"; @import url(c.css) (width > 9999px); @import 'd.css' layer(low); p { color: red }`,
		"b/b.css":   `@import "../e.css"; p { margin-left: 1px; color: blue }`,
		"c.css":     `p { margin-right: 2px }`,
		"d.css":     `#x { color: green; padding-left: 3px }`,
		"e.css":     `p { padding-right: 4px }`,
		"loop.css":  `@import "loop.css"; p { color: red }`,
		"theme.css": ``,
	}
	var asked []string
	var resolver Resolver
	resolver = func(base, href string) *Sheet {
		name := filepath.Join(filepath.Dir(base), href)
		asked = append(asked, name)
		src, ok := files[name]
		if !ok || len(asked) > 20 {
			return nil
		}
		return ParseSheetWith(src, name, resolver)
	}
	doc := dom.Parse(`<!doctype html><link rel=stylesheet href=a.css><link rel="alternate stylesheet" href=alt.css><p id=x>`)
	s := Resolve(doc, Sheets(doc, resolver), Mode{})
	x := s.Of(doc.ByID("x"))
	for prop, want := range map[string]string{"color": "#ff0000", "margin-left": "1px", "margin-right": "0px", "padding-left": "3px", "padding-right": "4px"} {
		if got := x.Value(prop); got != want {
			t.Errorf("%s = %s; want %s", prop, got, want)
		}
	}
	if got := strings.Join(asked, " "); got != "a.css b/b.css e.css c.css d.css" {
		t.Errorf("asked for %s", got)
	}
}

func TestPseudo(t *testing.T) {
	doc, s := resolve(`<!doctype html><style>p::before{content:"a" attr(x);color:red}p:first-line{color:blue}q{quotes:auto}</style><p id=x><q id=q>`, Mode{})
	before := s.Pseudo(doc.ByID("x"), "before")
	if before == nil || before.Content() != `"a" attr(x)` || before.Color().String() != "#ff0000" {
		t.Fatalf("before = %+v", before)
	}
	if s.Pseudo(doc.ByID("x"), "after") != nil {
		t.Error("p has an ::after")
	}
	if q := s.Pseudo(doc.ByID("q"), "before"); q == nil || q.Content() != "open-quote" {
		t.Error("q has no opening quote")
	}
}

func TestSelectorsMatch(t *testing.T) {
	doc := dom.Parse(`<!doctype html><html lang=zh-Hans-CN><body><main id=m class="a b"><p class=a>1<p lang=en>2<p dir=rtl class="A">3</main>
<form><input name=i required disabled><fieldset disabled><legend><input name=l></legend><input name=f></fieldset><input type=checkbox checked name=c>
<select><option selected>1<option>2</select><button name=sub>s</button></form><svg><linearGradient/></svg><ul><li>1<li>2<li>3<li>4<li>5</ul></html>`)
	tests := []struct {
		sel  string
		want int
	}{
		{"p", 3}, {"p.a", 1}, {"#m > p", 3}, {"main p + p", 2}, {"p ~ p", 2}, {"p:first-child", 1}, {"p:last-of-type", 1},
		{"li:nth-child(odd)", 3}, {"li:nth-child(2n)", 2}, {"li:nth-last-child(1)", 1}, {"li:nth-child(-n+2)", 2},
		{"li:not(:first-child):not(:last-child)", 3}, {":lang(zh)", 24}, {"p:lang(en)", 1}, {"p:lang('*-Hans')", 2},
		{"p:dir(rtl)", 1}, {":root", 1}, {"html > body", 1}, {"input:disabled", 2}, {"input:enabled", 2}, {":checked", 2},
		{"input:required", 1}, {"input:optional", 3}, {":default", 3}, {"lineargradient", 0}, {"linearGradient", 1},
		{"[class~=b]", 1}, {"[class^=a]", 2}, {"[class=a i]", 2}, {"[lang|=zh]", 1}, {"[type=CHECKBOX]", 1}, {"[type=CHECKBOX s]", 0},
		{"main:has(> .a)", 1}, {"p:has(+ [lang])", 1}, {"body:has(form input)", 1}, {":is(p, li):nth-child(2)", 2},
		{":where(main .a, li)", 6}, {"ul:empty", 0}, {"input:empty", 4}, {":scope > body", 1}, {"p:only-child", 0},
	}
	for _, tt := range tests {
		s := ParseSheet(tt.sel+"{color:red}", "")
		if len(s.Errors) > 0 {
			t.Errorf("%s: %v", tt.sel, s.Errors)
			continue
		}
		m := NewMatcher(doc, []*Sheet{s})
		m.match()
		got := 0
		for n := range doc.Elements() {
			for _, id := range m.cache.all[m.at[n.Index]].rules[0].all {
				if m.insts[m.rules[id].inst].sheet == s {
					got++
				}
			}
		}
		if got != tt.want && !(tt.sel == ":lang(zh)" && got > 10) {
			t.Errorf("%s matches %d; want %d", tt.sel, got, tt.want)
		}
	}
}

func TestForcedColours(t *testing.T) {
	doc, s := resolve(`<!doctype html><style>p{color:#777;background:#eee;border:1px solid red;box-shadow:0 0 1px}
.keep{forced-color-adjust:none}a{color:green}.sys{color:Highlight;background:rgb(1 2 3/25%)}</style><p id=x><p id=k class=keep><a id=a href=/>l</a><p id=s class=sys><p><a id=l href=/>l</a>`, Mode{Forced: true})
	if got := s.Of(doc.ByID("l")).Color(); got != systemColor("linktext", false) {
		t.Errorf("a link that its author coloured: %v", got) // as the browser's own sheet says
	}
	x := s.Of(doc.ByID("x"))
	if x.Color() != Black || x.BackgroundColor() != White || x.Border(Top).Color != Black || x.BoxShadow() != "none" {
		t.Errorf("forced: %v on %v, border %v, shadow %s", x.Color(), x.BackgroundColor(), x.Border(Top).Color, x.BoxShadow())
	}
	if got := s.Of(doc.ByID("k")).Color().String(); got != "#777777" {
		t.Errorf("forced-color-adjust: none gives %s", got)
	}
	if got := s.Of(doc.ByID("a")).Color().String(); got != "#0000ee" && got != "#008000" {
		t.Errorf("link: %s", got)
	}
	if got := s.Of(doc.ByID("s")).Color(); got != systemColor("highlight", false) {
		t.Errorf("system colour: %v", got)
	}
	if got := s.Of(doc.ByID("s")).BackgroundColor().String(); got != "#ffffff40" {
		t.Errorf("half a background: %s", got)
	}
	if r := s.Backdrop(doc.ByID("x")).Reason; r != BackdropForced {
		t.Errorf("backdrop: %q", r)
	}
}

func TestTextModes(t *testing.T) {
	const src = `<!doctype html><style>html{font-size:100%}p{font-size:1rem;line-height:1.2}</style><p id=x>`
	doc, s := resolve(src, Mode{TextScale: 2})
	if got := s.Of(doc.ByID("x")).FontSize(); got != 32 {
		t.Errorf("font-size at 200%% = %v", got)
	}
	doc, s = resolve(src, Mode{TextSpacing: true})
	x := s.Of(doc.ByID("x"))
	if x.LineHeight().Px != 24 || x.LetterSpacing() != 1.92 || x.WordSpacing() != 2.56 {
		t.Errorf("spacing: %+v %v %v", x.LineHeight(), x.LetterSpacing(), x.WordSpacing())
	}
}

// TestSlowSheets: sheets and pages that would take a careless matcher minutes.
func TestSlowSheets(t *testing.T) {
	deep := strings.Repeat("<div class=a>", 500)
	for name, src := range map[string]string{
		"custom property bomb": func() string {
			var b strings.Builder
			b.WriteString("<style>:root{--x0:aaaaaaaaaa;")
			for i := range 60 {
				fmt.Fprintf(&b, "--x%d:var(--x%d) var(--x%d);", i+1, i, i)
			}
			return b.String() + "}p{content:var(--x60)}</style><p>"
		}(),
		"long table":       "<style>tr:nth-child(odd){color:red}td:nth-last-of-type(2){color:blue}</style><table>" + strings.Repeat("<tr><td>1<td>2", 20000) + "</table>",
		"deep descendants": "<style>.a .a .a .a .b{color:red}</style>" + deep + "<p>x",
		"nested has":       "<style>div:has(div:has(div:has(p))){color:red}</style>" + strings.Repeat("<div class=a>", 100) + "<p>x",
	} {
		t.Run(name, func(t *testing.T) { resolve("<!doctype html>"+src, Mode{}) })
	}
}

func FuzzStyle(f *testing.F) {
	for _, s := range []string{"p{color:red}", theme, "p{font:1px/2 a;background:url(a) #fff;border:1px solid;margin:1px 2px 3px}",
		"p{width:calc(1px + (2em * 3) / 4);color:color-mix(in oklch, red 20%, blue);transform:translate(1px)}", "p{--a:var(--a);color:var(--a, red)}",
		"@layer a{p{color:red!important}}p{all:unset;color:revert-layer;flex:1;animation:a 1s;text-decoration:underline dotted 2px}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, css string) {
		doc := dom.Parse(page)
		m := NewMatcher(doc, []*Sheet{ParseSheet(css, "x")})
		for _, mode := range []Mode{{}, {Forced: true, Scheme: "dark", Width: 320, Attrs: map[string]string{"data-theme": "dark"}}} {
			s := m.Styles(mode)
			for n := range doc.Elements() {
				s.Visible(n)
				s.Text(n)
				s.OfState(n, Hover|FocusVisible)
				for i := range properties {
					s.Of(n).Value(properties[i].name)
				}
				if off, ok := s.Of(n).Where("color"); ok && (off.Offset < 0 || !off.UA && !off.Page && off.Offset > len(css)) {
					t.Fatalf("declaration at %d of %d", off.Offset, len(css))
				}
			}
		}
	})
}

// perfPage is a page of ordinary shape, or the one that HANDRAIL_PERF_PAGE
// names.
func perfPage(tb testing.TB) string {
	if name := os.Getenv("HANDRAIL_PERF_PAGE"); name != "" {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		return string(b)
	}
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title></head><body><nav aria-label="Main"><ul>`)
	for i := range 12 {
		fmt.Fprintf(&b, `<li class="nav-item"><a href="/section-%d/" class="nav-link">Section %d</a></li>`, i, i)
	}
	b.WriteString(`</ul></nav><main id="main"><h1>A page of ordinary length</h1>`)
	for i := range 60 {
		fmt.Fprintf(&b, `<section id="s%d"><h2>Part %d</h2><p>Some text with <a href="#s%d">a link</a> and <em>stress</em>.</p>`+
			`<ul class="list"><li class="card">One</li><li>Two</li></ul></section>`, i, i, i)
	}
	b.WriteString(`</main></body></html>`)
	return b.String()
}

// perfTheme is a sheet of ordinary size.
func perfTheme() string {
	var b strings.Builder
	b.WriteString(theme)
	for i := range 150 {
		fmt.Fprintf(&b, ".c%d > .d a:hover { color: var(--ink) } .e%d { margin-block: %drem; border: 1px solid #ddd }\n", i, i, i%5)
	}
	return b.String()
}

func BenchmarkMatch(b *testing.B) {
	src := perfPage(b)
	doc := dom.Parse(src)
	sheets := append([]*Sheet{ParseSheet(perfTheme(), "theme.css")}, Sheets(doc, nil)...)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		NewMatcher(doc, sheets)
	}
}

func BenchmarkStyles(b *testing.B) {
	src := perfPage(b)
	doc := dom.Parse(src)
	m := NewMatcher(doc, append([]*Sheet{ParseSheet(perfTheme(), "theme.css")}, Sheets(doc, nil)...))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		m.Styles(Mode{})
	}
}

// BenchmarkPage is all that a page in 20 modes costs.
func BenchmarkPage(b *testing.B) {
	src := perfPage(b)
	sheet := ParseSheet(perfTheme(), "theme.css")
	all := modes()[:20]
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		doc := dom.Parse(src)
		m := NewMatcher(doc, append([]*Sheet{sheet}, Sheets(doc, nil)...))
		for _, class := range m.Classes(all) {
			m.Styles(all[class[0]])
		}
	}
}

func TestImportLoop(t *testing.T) {
	files := map[string]string{"a.css": `@import "b.css"; p{color:red}`, "b.css": `@import "a.css"; @import "b.css"; #x{color:blue}`}
	var read Resolver
	read = func(base, href string) *Sheet { return ParseSheetWith(files[href], href, read) }
	doc := dom.Parse(`<!doctype html><link rel=stylesheet href=a.css><p id=x>`)
	s := Resolve(doc, Sheets(doc, read), Mode{})
	if got := s.Of(doc.ByID("x")).Color().String(); got != "#0000ff" {
		t.Errorf("colour %s", got)
	}
}

// TestPlanShared: pages with the same sheets share the plan, and pages with
// other sheets get their own.
func TestPlanShared(t *testing.T) {
	a, b := ParseSheet("p{color:red}", "a.css"), ParseSheet("p{color:blue}", "b.css")
	one, two := dom.Parse("<!doctype html><p>"), dom.Parse("<!doctype html><p><p>")
	if NewMatcher(one, []*Sheet{a, b}).plan != NewMatcher(two, []*Sheet{a, b}).plan {
		t.Error("no plan is shared")
	}
	if got := Resolve(one, []*Sheet{a}, Mode{}).Of(one.Body().FirstChild).Color().String(); got != "#ff0000" {
		t.Errorf("with a.css alone: %s", got)
	}
	first := a.WithMedia("print")
	if again := a.WithMedia("print"); again != first || first == a || a.WithMedia("") != a {
		t.Error("media variants are not shared")
	}
}

// TestConcurrent: pages share sheets across goroutines; the race detector looks.
func TestConcurrent(t *testing.T) {
	var read Resolver
	read = func(base, href string) *Sheet {
		return ParseSheetWith(map[string]string{"a.css": "@import 'b.css';" + theme, "b.css": "p{margin:0}"}[href], href, read)
	}
	shared := read("", "a.css")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			doc := dom.Parse(page)
			m := NewMatcher(doc, []*Sheet{shared, shared.WithMedia("print")})
			for _, mode := range modes()[:6] {
				if got := m.Styles(mode).Of(doc.Body()).Margin(Top).Px; got != 0 {
					t.Errorf("margin %v", got)
				}
			}
		})
	}
	wg.Wait()
}
