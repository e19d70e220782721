package rules

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// FuzzRules runs every rule over any page: none may panic, whatever the
// page, and all must point into it.
func FuzzRules(f *testing.F) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range ar.Files {
			f.Add(string(c.Data))
		}
	}
	f.Fuzz(func(t *testing.T, html string) {
		doc := dom.Parse(html)
		page := act.NewPage(doc, style.Resolve(doc, style.Sheets(doc, nil), style.Mode{Name: "light"}))
		for _, r := range All() {
			results, err := act.Eval(r, page)
			if err != nil {
				t.Fatal(err)
			}
			for _, res := range results {
				if res.AtPos > len(html) || res.Message == "" {
					t.Errorf("%s: position %d in %d bytes, message %q", r.ID, res.AtPos, len(html), res.Message)
				}
			}
		}
	})
}
