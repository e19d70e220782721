package build

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/internal/formpage"
	"handrail/internal/forms"
)

// TestServerFiles holds what a build writes for the server: it is complete,
// the same in every build, and absent where no server runs.
func TestServerFiles(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/forms.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sink, res := buildDir(t, unpack(t, ar), Options{})
	files := sink.files
	if res.Report.Count(report.Error) > 0 {
		t.Fatalf("%+v", res.Report.Findings)
	}
	second, _ := buildDir(t, unpack(t, ar), Options{})
	again := second.files
	for _, name := range []string{"site.json", "texts/en.json", "shells/standard/en.html", "shells/care/en.html", "templates/step.html", "forms/lamp.json"} {
		name = private + name
		if len(files[name]) == 0 || !bytes.Equal(files[name], again[name]) {
			t.Errorf("%s: %d bytes, then %d", name, len(files[name]), len(again[name]))
		}
	}
	d, err := forms.Parse(files[private+"forms/lamp.json"])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lamp/index.html", "care/lamp/index.html"} {
		page := string(files[name])
		for _, want := range []string{`action="` + strings.TrimSuffix("/"+strings.TrimSuffix(name, "lamp/index.html"), "/") + `/f/lamp/"`, `value="` + d.Version() + `"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
	if !bytes.Contains(files["503.html"], []byte("<main")) || bytes.Contains(files["503.html"], []byte(formpage.TokenMain)) {
		t.Error("503.html is no page")
	}
	if bytes.Contains(files["sitemap.xml"], []byte("-handrail-")) {
		t.Error("the shell is in the site map")
	}
}

// TestFormWithoutServer holds that a form does not pretend.
func TestFormWithoutServer(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/forms.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := range ar.Files {
		ar.Files[i].Data = bytes.Replace(ar.Files[i].Data, []byte("server: true\n"), nil, 1)
	}
	sink, _ := buildDir(t, unpack(t, ar), Options{})
	files := sink.files
	for name := range maps.Keys(files) {
		if strings.HasPrefix(name, private) || name == "503.html" {
			t.Errorf("%s was written without a server", name)
		}
	}
	page := string(files["lamp/index.html"])
	if _, main, _ := strings.Cut(page, "<main"); strings.Contains(main, "<form") || strings.Contains(main, "/f/lamp/") || !strings.Contains(main, "12345") {
		t.Errorf("the page offers what does not work, or hides the other ways:\n%s", main)
	}
}

// TestFindingsInFormsLeadHome breaks a field in a way that only the drawn
// page shows, and wants the field's line.
func TestFindingsInFormsLeadHome(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/forms.txtar")
	if err != nil {
		t.Fatal(err)
	}
	line := 0
	for i := range ar.Files {
		if f := &ar.Files[i]; strings.HasSuffix(f.Name, "lamp.md") {
			f.Data = bytes.Replace(f.Data, []byte("kind: phone, label"), []byte("kind: phone, autocomplete: telephone, label"), 1)
			before, _, _ := bytes.Cut(f.Data, []byte("autocomplete: telephone"))
			line = bytes.Count(before, []byte("\n")) + 1
		}
	}
	_, res := buildDir(t, unpack(t, ar), Options{})
	n := 0
	for _, f := range res.Report.Findings {
		if f.Outcome != act.Failed || !strings.Contains(f.Page, "f/lamp/") {
			continue
		}
		n++
		if f.Source.File != "content/en/lamp.md" || f.Source.Line != line {
			t.Errorf("%s on %s leads to %v; want line %d", f.Rule, f.Page, f.Source, line)
		}
	}
	if n == 0 {
		t.Error("an autocomplete token that does not exist was not found")
	}
}
