package build

import (
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

// TestFaintInDarkModeOnly lowers one colour of an own theme, for the reader's
// dark theme alone, and demands that the gate closes, names the dark modes and
// leads to the theme's line.
func TestFaintInDarkModeOnly(t *testing.T) {
	const tokens = "assets/css/tokens.css"
	shipped, err := fs.ReadFile(themes.FS, "civic/"+tokens)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(shipped), ":root[data-theme=\"dark\"]")
	head, tail, ok := strings.Cut(rest, "--ink: #f3eee4")
	if !found || !ok {
		t.Fatal("the tokens are written otherwise: mend this test")
	}
	ar, err := txtar.ParseFile("testdata/parity.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := unpack(t, ar)
	own := "themes/civic/" + tokens
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(own)), 0o755); err != nil {
		t.Fatal(err)
	}
	faint := before + ":root[data-theme=\"dark\"]" + head + "--ink: #55524c" + tail
	if err := os.WriteFile(filepath.Join(dir, own), []byte(faint), 0o644); err != nil {
		t.Fatal(err)
	}
	_, res := buildDir(t, dir, Options{})
	n := 0
	for _, f := range res.Report.Findings {
		if f.Rule != "contrast-minimum" || f.Outcome != act.Failed {
			continue
		}
		n++
		if f.Severity != report.Error || slices.ContainsFunc(f.Modes, func(m string) bool { return !strings.Contains(m, "dark") }) {
			t.Fatalf("%s in modes %v; want an error in dark modes only", f.Severity, f.Modes)
		}
		if !strings.HasPrefix(f.Related.File, "themes/civic/assets/") || f.Related.Line == 0 {
			t.Fatalf("the style is said to be at %s; want a line of the theme", f.Related)
		}
		if f.Source.File == "" || f.Source.Line == 0 {
			t.Fatalf("%s leads nowhere", f.Target)
		}
	}
	if n == 0 {
		t.Error("no finding: the gate stayed open")
	}
}
