package theme

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"handrail/internal/diag"
)

func files(m map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for k, v := range m {
		out[k] = &fstest.MapFile{Data: []byte(v)}
	}
	return out
}

// A thing is what the templates of these tests see.
type thing struct {
	Name string
	List []int
}

func (t *thing) Upper() string        { return strings.ToUpper(t.Name) }
func (t *thing) Plus(s string) string { return t.Name + s }
func (t *thing) HTML() Markup         { return (*markup)(&t.Name) }
func (t *thing) None() *thing         { return nil }
func (t *thing) String() string       { return t.Name }

type markup string

func (*markup) IsMarkup() {}

var api = API{
	Funcs: map[string]Func{
		"t":    func(_ Call, args []any) (any, error) { return Text(args[0]), nil },
		"fail": func(Call, []any) (any, error) { return nil, errors.New("it failed") },
	},
	Types: map[reflect.Type]Members{
		reflect.TypeFor[*thing](): {"Upper": Get((*thing).Upper), "Plus": GetBy((*thing).Plus), "HTML": Get((*thing).HTML), "None": Get((*thing).None)},
	},
}

func load(t *testing.T, layers ...map[string]string) *Theme {
	t.Helper()
	var ls []Layer
	for i, l := range layers {
		ls = append(ls, Layer{FS: files(l), Name: "themes/" + string(rune('a'+i))})
	}
	th, diags := Load(ls, []string{"standard", "care"}, api)
	for _, d := range diags {
		t.Errorf("Load: %v", d)
	}
	return th
}

const base = `<!DOCTYPE html>
<html>
<head><title>{{block "title" .}}Plain   title{{end}}</title></head>
<!-- a note -->
<body   class="x"
  data-y=1>
  {{block "main" .}}  nothing  {{end}}
  <pre>
 kept   as is </pre>
</body></html>
`

// A recorder is a Writer that notes where everything comes from.
type recorder struct {
	theme *Theme
	buf   []byte
	log   []string
}

func (r *recorder) Text(id uint32, s string) {
	for i := range len(s) {
		p := r.theme.Position(id, []byte(s), i)
		if i == 0 {
			r.log = append(r.log, p.String())
		}
		n := r.theme.nodes[id]
		at := align(n.unit.src, int(n.pos), []byte(s), i)
		if at < len(n.unit.src) && !isSpace(s[i]) && n.unit.src[at] != s[i] {
			r.log = append(r.log, "misplaced "+s[:i+1])
		}
	}
	r.buf = append(r.buf, s...)
}

func (r *recorder) Value(id uint32, s string, esc Escaping) {
	r.log = append(r.log, "value at "+r.theme.At(id).String())
	r.buf = esc.Append(r.buf, s)
}

func (r *recorder) Markup(_ uint32, m Markup) error {
	r.buf = append(r.buf, *m.(*markup)...)
	return nil
}

func render(t *testing.T, th *Theme, edition, layout string, data any) *recorder {
	t.Helper()
	r := &recorder{theme: th}
	if err := th.Layout(edition, layout).Run(r, nil, data); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLayoutsAreSqueezedAndKeepTheirPlaces(t *testing.T) {
	th := load(t, map[string]string{
		"layouts/standard/base.html":    base,
		"layouts/care/base.html":        "care",
		"layouts/standard/page.html":    "{{define \"title\"}}A {{.}}{{end}}\n{{define \"main\"}}<h1>\n{{.}}</h1>\n {{template \"partials/p.html\" .}}{{end}}",
		"layouts/partials/p.html":       "<p>partial</p>",
		"layouts/care/partials/p.html":  "<p>care</p>",
		"directives/note.html":          "note",
		"layouts/standard/page.md":      "not a template",
		"layouts/other/strange-name.md": "neither",
	})
	r := render(t, th, "standard", "page", "X")
	want := "<!DOCTYPE html>\n<html>\n<head><title>A X</title></head>\n<body class=\"x\" data-y=1>\n<h1>\nX</h1>\n<p>partial</p>\n<pre>\n kept   as is </pre>\n</body></html>\n"
	if got := string(r.buf); got != want {
		t.Errorf("page:\n%s\nwant:\n%s", got, want)
	}
	log := strings.Join(r.log, " ")
	for _, want := range []string{"themes/a/layouts/standard/base.html:1:1", "themes/a/layouts/standard/page.html:1:19", "page.html:2:18", "partials/p.html:1:1", "value at themes/a/layouts/standard/page.html:1:23", "value at themes/a/layouts/standard/page.html:3:3"} {
		if !strings.Contains(log, want) {
			t.Errorf("places %v; want one at %s", r.log, want)
		}
	}
	for _, l := range r.log {
		if strings.HasPrefix(l, "misplaced") {
			t.Error(l)
		}
	}
}

func TestAnOwnThemeOverridesFileByFile(t *testing.T) {
	th := load(t,
		map[string]string{"layouts/partials/p.html": "own", "theme.yaml": "name: own\neditions:\n  care:\n    styles: [own.css]\n"},
		map[string]string{
			"layouts/partials/p.html": "shipped", "layouts/standard/base.html": `{{template "partials/p.html"}}`,
			"layouts/care/base.html": "x", "theme.yaml": "name: civic\neditions:\n  standard:\n    styles: [s.css]\n  care:\n    styles: [c.css]\n    modes: [{name: dark, scheme: dark, attrs: {data-theme: dark}}]\n",
		})
	if got := render(t, th, "standard", "base", nil).buf; string(got) != "own" {
		t.Errorf("page %q; want the own theme's partial", got)
	}
	f := th.File("layouts/partials/p.html")
	if f.Layer != "themes/a" || len(f.Shadows) != 1 || f.Shadows[0] != "themes/b" {
		t.Errorf("file %+v; want a winning over b", f)
	}
	c := th.Config
	if c.Name != "own" || c.Editions["standard"].Styles[0] != "s.css" || c.Editions["care"].Styles[0] != "own.css" {
		t.Errorf("config %+v; want each key of the nearest layer that has it", c)
	}
	if m := c.Editions["care"].Modes; len(m) != 1 || m[0].Scheme != "dark" || m[0].Attrs["data-theme"] != "dark" || m[0].Scale != 1 {
		t.Errorf("modes %+v", m)
	}
}

func TestMistakesInAThemeHaveTheirPlace(t *testing.T) {
	ok := map[string]string{"layouts/standard/base.html": "{{block \"main\" .}}{{end}}", "layouts/care/base.html": "x"}
	for _, c := range []struct{ name, file, text, want string }{
		{"unknown function", "layouts/standard/page.html", "{{define \"main\"}}\n  <p>{{nope .}}</p>{{end}}", `themes/a/layouts/standard/page.html:2:8: function "nope" not defined`},
		{"open action", "layouts/standard/page.html", "{{define \"main\"}}\n{{if .X}}{{end}}", `themes/a/layouts/standard/page.html:2:1: unexpected EOF`},
		{"text outside", "layouts/care/page.html", "{{define \"main\"}}{{end}}\n\n stray", `themes/a/layouts/care/page.html:3:2: this stands outside of {{define}} and would not be printed`},
		{"unknown key", "theme.yaml", "name: a\nstile: b\n", `themes/a/theme.yaml:2:1: unknown key "stile"`},
		{"bad mode", "theme.yaml", "editions:\n  care:\n    modes: [{name: x, scheme: blue}]\n", `themes/a/theme.yaml:3:31:`},
		{"open attribute", "layouts/standard/page.html", "{{define \"main\"}}<a href=\"{{if .X}}a\"{{end}}>x</a>{{end}}", `themes/a/layouts/standard/page.html:1:`},
		{"no such template", "layouts/standard/page.html", "{{define \"main\"}}{{template \"partials/no.html\"}}{{end}}", `themes/a/layouts/standard/page.html:1:`},
	} {
		m := files(ok)
		m[c.file] = &fstest.MapFile{Data: []byte(c.text)}
		_, diags := Load([]Layer{{FS: m, Name: "themes/a"}}, []string{"standard", "care"}, api)
		if len(diags) != 1 || !strings.HasPrefix(diags[0].Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, diags, c.want)
		}
	}
}

// page runs a base.html on a thing, with some partials.
func page(t *testing.T, base string, data any, more ...string) (string, error) {
	t.Helper()
	m := map[string]string{"layouts/standard/base.html": base, "layouts/care/base.html": "x"}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	th := load(t, m)
	r := &recorder{theme: th}
	err := th.Layout("standard", "base").Run(r, nil, data)
	return string(r.buf), err
}

func TestTheTemplateLanguage(t *testing.T) {
	data := &thing{Name: `a<b>'"`, List: []int{3, 4}}
	for _, c := range []struct{ in, want string }{
		{`{{.Name}}`, "a&lt;b&gt;&#39;&#34;"},
		{`{{.}}`, "a&lt;b&gt;&#39;&#34;"},
		{`<a title="{{.Name}}">`, `<a title="a&lt;b&gt;&#39;&#34;">`},
		{`<a href="{{"/x y?ü&z"}}">`, `<a href="/x%20y?ü&amp;z">`},
		{`<a href="{{"javascript:alert(1)"}}">`, `<a href="#unsafe-url">`},
		{`<a href="/s?q={{"a&b=c/ü"}}">`, `<a href="/s?q=a%26b%3Dc%2Fü">`},
		{`<a href={{"a b"}}>`, `<a href=a%20b>`},
		{`<a title={{"a b"}} {{"onclick"}}="x" {{"lang"}}="y">`, `<a title=a&#32;b data-refused="x" lang="y">`},
		{`<title>{{.Name}}</title>`, "<title>a&lt;b&gt;&#39;&#34;</title>"},
		{`<!-- {{.Name}} -->x`, "x"},
		{`{{.HTML}}`, `a<b>'"`},
		{`{{.Upper}} {{.Plus "!" | len}} {{len .List}}`, "A&lt;B&gt;&#39;&#34; 7 2"},
		{`{{range .List}}[{{.}}]{{end}}{{range $i, $x := .List}}{{$i}}={{$x}},{{end}}`, "[3][4]0=3,1=4,"},
		{`{{range .None}}x{{else}}none{{end}}{{range 3}}{{.}}{{end}}`, "none012"},
		{`{{range .List}}{{if eq . 4}}{{continue}}{{end}}{{.}}{{end}}{{range .List}}{{.}}{{break}}{{end}}`, "33"},
		{`{{with .None}}x{{else with .Name}}{{len .}}{{end}}`, "6"},
		{`{{$x := 1}}{{if true}}{{$x = 2}}{{$y := 3}}{{$y}}{{end}}{{$x}}`, "32"},
		{`{{range .List}}{{$.Name | len}}{{end}}`, "66"},
		{`{{with $x := .Name}}{{len $x}}{{end}}`, "6"},
		{`{{and 1 0}}{{or 0 "x"}}{{not 1}}`, "0xfalse"},
		{`{{eq 1 2 1}}{{ne "a" "b"}}{{lt 1 2}}{{ge 2 2}}{{eq .None nil}}`, "truetruetruetruefalse"},
		{`{{index .List 1}}{{print "a" 1}}{{printf "%03d" 7}}{{slice "abc" 1 2}}`, "4a1007b"},
		{`{{(t "key") | len}}{{(print "x" "y")}}`, "3xy"},
		{`{{template "partials/p.html" .Name}}`, "p:a&lt;b&gt;&#39;&#34;"},
		{`<a title="{{template "partials/p.html" .Name}}">`, `<a title="p:a&lt;b&gt;&#39;&#34;">`},
	} {
		got, err := page(t, c.in, data, "layouts/partials/p.html", "p:{{.}}")
		if err != nil || got != c.want {
			t.Errorf("%s\n got %s, %v\nwant %s", c.in, got, err, c.want)
		}
	}
}

func TestErrorsOfARunNameTheirPlace(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<p>\n 安{{.Nam}}</p>", `base.html:2:5: a thing has no "Nam"`},
		{`{{fail}}`, `base.html:1:3: it failed`},
		{`{{.Name.X}}`, `base.html:1:8: a string has no "X"`},
		{`{{.Upper 1}}`, `base.html:1:3: this takes no arguments`},
		{`<a title="{{.HTML}}">`, `base.html:1:13: markup is printed where only text may stand`},
		{`{{range .Name}}{{end}}`, `base.html:1:9: range needs a list, not a string`},
		{`{{eq .List "x"}}`, `base.html:1:3: a list cannot be compared with a string`},
		{`{{range 1000000000000}}{{end}}`, `base.html:1:9: this loop was stopped after 1000000 turns`},
		{"\n{{template \"partials/a.html\" .}}", `partials/b.html:1:17: this was stopped: templates call one another`},
	} {
		_, err := page(t, c.in, &thing{Name: "x", List: []int{1}},
			"layouts/partials/a.html", `{{template "partials/b.html" .}}`, "layouts/partials/b.html", `{{.}}{{template "partials/a.html" .}}`)
		d, ok := errors.AsType[*diag.Diagnostic](err)
		if !ok || !strings.Contains(d.Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.in, err, c.want)
		}
	}
}

func TestValuesMayNotStandInScriptsAndStyles(t *testing.T) {
	for in, want := range map[string]string{
		`<script>{{.}}</script>`:      "inside a script",
		`<style>{{.}}</style>`:        "inside a style",
		`<p onclick="{{.}}">`:         "inside a script",
		`<p style="color:{{.}}">`:     "inside a style",
		`<img srcset="{{.}}">`:        "inside srcset",
		`<p title="{{if .}}a"{{end}}`: "",
	} {
		_, diags := Load([]Layer{{FS: files(map[string]string{"layouts/standard/base.html": in}), Name: "t"}}, []string{"standard"}, api)
		if len(diags) != 1 || !strings.Contains(diags[0].Msg, want) || diags[0].Pos.Line != 1 {
			t.Errorf("%s: %v; want one mistake %q in line 1", in, diags, want)
		}
	}
}
