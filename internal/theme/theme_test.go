package theme

import (
	"bytes"
	"html/template"
	"strings"
	"testing"
	"testing/fstest"
)

func files(m map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for k, v := range m {
		out[k] = &fstest.MapFile{Data: []byte(v)}
	}
	return out
}

var nothing = template.FuncMap{
	StepFunc:  func(int) string { return "" },
	EnterFunc: func(int) string { return "" },
	LeaveFunc: func(int) string { return "" },
	"t":       func(s string) string { return s },
}

func load(t *testing.T, layers ...map[string]string) *Theme {
	t.Helper()
	var ls []Layer
	for i, l := range layers {
		ls = append(ls, Layer{FS: files(l), Name: "themes/" + string(rune('a'+i))})
	}
	th, diags := Load(ls, []string{"standard", "care"}, []string{"t"})
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

// A writer that notes what it is given, and which texts it knows.
type recorder struct {
	in  *Instance
	buf bytes.Buffer
	log []string
}

func (r *recorder) Write(b []byte) (int, error) {
	if id, ok := r.in.Text(b); ok {
		for i := range b {
			p := r.in.theme.Position(id, b, i)
			if i == 0 {
				r.log = append(r.log, p.String())
			}
			src := r.in.theme.nodes[id].unit.src
			at := align(src, int(r.in.theme.nodes[id].pos), b, i)
			if at < len(src) && !isSpace(b[i]) && src[at] != b[i] {
				r.log = append(r.log, "misplaced "+string(b[:i+1]))
			}
		}
	} else {
		r.log = append(r.log, "unknown "+string(b))
	}
	return r.buf.Write(b)
}

func run(t *testing.T, th *Theme, edition, layout string, data any) *recorder {
	t.Helper()
	in := th.New(th.Layout(edition, layout), nothing)
	r := &recorder{in: in}
	if err := in.Execute(r, "base.html", data); err != nil {
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
	r := run(t, th, "standard", "page", "X")
	want := "<!DOCTYPE html>\n<html>\n<head><title>A X</title></head>\n<body class=\"x\" data-y=1>\n<h1>\nX</h1>\n<p>partial</p>\n<pre>\n kept   as is </pre>\n</body></html>\n"
	if got := r.buf.String(); got != want {
		t.Errorf("page:\n%s\nwant:\n%s", got, want)
	}
	log := strings.Join(r.log, " ")
	for _, want := range []string{"themes/a/layouts/standard/base.html:1:1", "themes/a/layouts/standard/page.html:1:19", "page.html:2:18", "partials/p.html:1:1"} {
		if !strings.Contains(log, want) {
			t.Errorf("places %v; want one at %s", r.log, want)
		}
	}
	for _, l := range r.log {
		if strings.HasPrefix(l, "unknown") && l != "unknown X" || strings.HasPrefix(l, "misplaced") {
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
	if got := run(t, th, "standard", "base", nil).buf.String(); got != "own" {
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
		th, diags := Load([]Layer{{FS: m, Name: "themes/a"}}, []string{"standard", "care"}, []string{"t"})
		diags = append(diags, th.Check(nothing)...)
		if len(diags) != 1 || !strings.HasPrefix(diags[0].Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, diags, c.want)
		}
	}
}

func TestRunningErrorsNameTheirPlace(t *testing.T) {
	th := load(t, map[string]string{"layouts/standard/base.html": "<p>\n 安{{.Missing}}</p>", "layouts/care/base.html": "x"})
	in := th.New(th.Layout("standard", "base"), nothing)
	err := in.Execute(&bytes.Buffer{}, "base.html", struct{ A int }{})
	if err == nil {
		t.Fatal("no error")
	}
	d, ok := th.Diagnose(err)
	if !ok || d.Pos.String() != "themes/a/layouts/standard/base.html:2:5" {
		t.Errorf("%v; want it at base.html:2:5", d)
	}
}

func TestLoopsAreCounted(t *testing.T) {
	th := load(t, map[string]string{
		"layouts/standard/base.html": "{{range .}}{{end}}\n{{template \"partials/a.html\" .}}", "layouts/care/base.html": "x",
		"layouts/partials/a.html": `{{template "partials/b.html" .}}`,
		"layouts/partials/b.html": `{{with .}}{{template "partials/a.html"}}{{end}}`,
	})
	var steps, depth, deepest int
	funcs := template.FuncMap{
		StepFunc:  func(id int) string { steps++; return th.Place(id).String() },
		EnterFunc: func(int) string { depth++; deepest = max(deepest, depth); return "" },
		LeaveFunc: func(int) string { depth--; return "" },
	}
	in := th.New(th.Layout("standard", "base"), funcs)
	var buf bytes.Buffer
	if err := in.Execute(&buf, "base.html", []int{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	if steps != 3 || depth != 0 || deepest != 4 {
		t.Errorf("steps %d, depth %d, deepest %d; want 3, 0, 4", steps, depth, deepest)
	}
	if got := strings.TrimSpace(buf.String()); got != "" {
		t.Errorf("the counters print %q", got)
	}
}
