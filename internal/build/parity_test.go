package build

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/themes"
)

// TestParity takes one thing at a time away from a layout of the care edition
// and demands that the gate closes at that layout's line.
func TestParity(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/parity.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if _, res := buildDir(t, unpack(t, ar), Options{}); res.Report.Count(report.Error) > 0 {
		t.Fatalf("the site is not clean to begin with: %v", said(res))
	}
	for _, tt := range []struct {
		name, partial, cut string
		want               string // in the message's arguments
	}{
		{"field", "service/money.html", `{{with .Get "appeal"}}<div><dt>{{t "service.appeal"}}</dt><dd>{{.HTML}}</dd></div>{{end}}`, "appeal"},
		{"yes or no", "service/others.html", `{{with .Get "by-post"}}<div><dt>{{t "service.by-post"}}</dt><dd>{{template "partials/service/yesno.html" .}}</dd></div>{{end}}`, "service.by-post"},
		{"cell", "service/papers.html", `{{template "partials/service/paper-note.html" .}}`, "Both sides"},
		{"link", "service/law.html", `<a href="{{.URL}}"{{with .Foreign}} hreflang="{{.HTML}}"{{end}}>`, "/measures/"},
		{"date", "policy/doc.html", `<time datetime="{{.ISO}}">`, "2026-01-05"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			shipped, err := fs.ReadFile(themes.FS, "civic/layouts/partials/"+tt.partial)
			if err != nil {
				t.Fatal(err)
			}
			before, after, found := strings.Cut(string(shipped), tt.cut)
			if !found {
				t.Fatalf("%s does not hold %s: mend this test", tt.partial, tt.cut)
			}
			line := 1 + strings.Count(before, "\n")
			dir := unpack(t, ar)
			own := "themes/civic/layouts/care/partials/" + tt.partial
			os.MkdirAll(filepath.Join(dir, filepath.Dir(own)), 0o755)
			if err := os.WriteFile(filepath.Join(dir, own), []byte(before+after), 0o644); err != nil {
				t.Fatal(err)
			}
			_, res := buildDir(t, dir, Options{})
			ok := slices.ContainsFunc(res.Report.Findings, func(f report.Finding) bool {
				return f.Rule == "parity" && f.Outcome == act.Failed && f.Severity == report.Error &&
					strings.Contains(fmt.Sprint(f.Args), tt.want) && f.Source.File == own && abs(f.Source.Line-line) <= 1
			})
			if !ok {
				t.Errorf("no parity error about %q near %s:%d; got:", tt.want, own, line)
				for _, f := range res.Report.Findings {
					if f.Rule == "parity" {
						t.Logf("%s %v", f.Source, f.Args)
					}
				}
			}
		})
	}
}

func abs(n int) int { return max(n, -n) }

// TestExtraIsNotCompared: what an edition adds on purpose is no gap.
func TestExtraIsNotCompared(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/parity.txtar")
	if err != nil {
		t.Fatal(err)
	}
	layout, err := fs.ReadFile(themes.FS, "civic/layouts/partials/service/money.html")
	if err != nil {
		t.Fatal(err)
	}
	for attr, want := range map[string]bool{"": true, " data-extra": false} {
		more := `<p` + attr + `>{{with .Get "code"}}{{.}}{{end}} <a href="/measures/">{{.Title}}</a></p>`
		ar.Files = append(ar.Files, txtar.File{Name: "themes/civic/layouts/care/partials/service/money.html", Data: append(slices.Clone(layout), more...)})
		_, res := buildDir(t, unpack(t, ar), Options{})
		got := slices.ContainsFunc(res.Report.Findings, func(f report.Finding) bool { return f.Rule == "parity" })
		if got != want {
			t.Errorf("with <p%s>: parity finding %v; want %v", attr, got, want)
		}
		ar.Files = ar.Files[:len(ar.Files)-1]
	}
}
