package formsource

import (
	"os"
	"strings"
	"testing"
	"time"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/forms"
	"handrail/internal/markdown"
	"handrail/internal/site"
	"handrail/internal/source"
)

// load reads a site's model.
func load(t *testing.T, dir string) (*site.Site, diag.List) {
	t.Helper()
	fsys := os.DirFS(dir)
	cfg, diags := config.Load(fsys, "site.yaml")
	if diags.Errors() > 0 {
		t.Fatal(diags[0])
	}
	conv := markdown.New(markdown.Options{DefaultLang: cfg.DefaultLang})
	tree, diags, err := source.Load(t.Context(), fsys, cfg, conv, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, more := site.Build(cfg, tree, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), site.Options{})
	return s, append(diags, more...)
}

// The forms of the repository's own site have no mistakes, and each speaks
// both of its languages.
func TestOwnForms(t *testing.T) {
	s, read := load(t, "../..")
	list, diags := Compile(s)
	for _, d := range append(diags, read...) {
		if strings.Contains(d.Pos.File, "/forms/") {
			t.Error(d)
		}
	}
	if len(list) < 5 {
		t.Fatalf("%d forms; want at least 5", len(list))
	}
	for _, f := range list {
		if len(f.Def.Languages) < 2 {
			t.Errorf("%s speaks %v only", f.Def.ID, f.Def.Languages)
		}
		data, err := f.Def.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := forms.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if back.Version() != f.Def.Version() {
			t.Errorf("%s: the version changes when the file is read", f.Def.ID)
		}
	}
}
