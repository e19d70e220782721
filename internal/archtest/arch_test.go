// Package archtest keeps the arrows of ARCHITECTURE.md: which package may
// not reach which other one, however indirectly.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// forbidden says which imports would turn the arrows of ARCHITECTURE.md
// around. A new entry needs a reason there. A trailing "/..." takes in the
// packages below; except lists what the first column may reach all the same.
var forbidden = []struct {
	pkg, mustNotReach string
	except            []string
}{
	{"handrail/a11y/...", "handrail/internal/...", nil}, // the checker stands alone
	{"handrail/a11y/...", "handrail/i18n", nil},         // and speaks message IDs
	{"handrail/a11y/...", "handrail/themes", nil},
	{"handrail/a11y/dom", "handrail/a11y/...", []string{"handrail/a11y/dom"}},
	{"handrail/a11y/css", "handrail/a11y/...", []string{"handrail/a11y/css"}},
	{"handrail/a11y/style", "handrail/a11y/aria", nil},
	{"handrail/a11y/aria", "handrail/a11y/act", nil},
	{"handrail/a11y/act", "handrail/a11y/rules", nil},
	{"handrail/a11y/report", "handrail/a11y/rules", nil},
	{"handrail/internal/diag", "handrail/...", []string{"handrail/internal/diag"}}, // the bottom
	{"handrail/i18n", "handrail/internal/...", []string{"handrail/internal/diag"}},
	{"handrail/internal/config", "handrail/internal/source", nil},
	{"handrail/internal/markdown", "handrail/internal/...", []string{"handrail/internal/diag", "handrail/internal/markdown", "handrail/internal/block", "handrail/internal/chart", "handrail/internal/glossary", "handrail/internal/schema"}},
	{"handrail/internal/source", "handrail/internal/site", nil},
	{"handrail/internal/block", "handrail/...", []string{"handrail/internal/block"}},   // a twin in the browser's script has no more
	{"handrail/internal/speech", "handrail/...", []string{"handrail/internal/speech"}}, // texts only
	{"handrail/internal/audio", "handrail/...", []string{"handrail/internal/audio"}},
	{"handrail/internal/site", "handrail/internal/render", nil}, // the model knows no HTML
	{"handrail/internal/site", "handrail/internal/theme", nil},
	{"handrail/internal/site", "html/template", nil},
	{"handrail/internal/render", "handrail/a11y/...", nil},
	{"handrail/internal/render", "handrail/internal/gate", nil},
	{"handrail/internal/gate", "handrail/internal/publish", nil},
	{"handrail/internal/publish", "handrail/...", []string{"handrail/internal/publish", "handrail/internal/diag"}},
	{"handrail/internal/build", "handrail/internal/dev", nil},
	{"handrail/internal/...", "handrail/cmd/...", nil},
	{"handrail/...", "github.com/spf13/cobra", []string{"handrail/cmd/handrail", "handrail/cmd/handraild", "handrail/internal/cli"}}, // commands only

	// The companion server faces the Internet: it links neither the bundler
	// nor the Markdown reader, and reads what the build wrote.
	{"handrail/cmd/handraild", "github.com/evanw/esbuild/...", nil},
	{"handrail/cmd/handraild", "github.com/yuin/goldmark/...", nil},
	{"handrail/cmd/handraild", "github.com/chromedp/...", nil},
	{"handrail/cmd/handraild", "handrail/a11y/...", nil},
	{"handrail/cmd/handraild", "handrail/themes", nil},
	{"handrail/cmd/handraild", "handrail/internal/markdown", nil},
	{"handrail/cmd/handraild", "handrail/internal/render", nil},
	{"handrail/cmd/handraild", "handrail/internal/theme", nil},
	{"handrail/cmd/handraild", "handrail/internal/site", nil},
	{"handrail/cmd/handraild", "handrail/internal/asset", nil},
	{"handrail/cmd/handrail", "modernc.org/sqlite", nil}, // and the generator no database
	{"handrail/internal/store", "handrail/...", []string{"handrail/internal/store"}},
	{"handrail/internal/store/...", "handrail/internal/server", nil},
	{"handrail/internal/seal", "handrail/...", []string{"handrail/internal/seal"}},
	{"handrail/internal/upload", "handrail/...", []string{"handrail/internal/upload"}},
	{"handrail/internal/serve", "handrail/...", []string{"handrail/internal/serve"}},
	{"handrail/internal/server", "modernc.org/sqlite", nil}, // it knows the interface only
	{"handrail/internal/server", "handrail/internal/store/sqlite", nil},
	{"handrail/internal/server", "handrail/internal/store/postgres", nil},
	{"handrail/internal/server", "github.com/jackc/pgx/...", nil},
	{"handrail/cmd/handrail", "github.com/jackc/pgx/...", nil},
}

type pkg struct {
	ImportPath string
	Deps       []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Deps", "handrail/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func matches(pattern, importPath string) bool {
	base, tree := strings.CutSuffix(pattern, "/...")
	return importPath == base || tree && strings.HasPrefix(importPath, base+"/")
}

func TestArrows(t *testing.T) {
	all := packages(t)
	for _, f := range forbidden {
		seen := false
		for _, p := range all {
			if !matches(f.pkg, p.ImportPath) || slices.Contains(f.except, p.ImportPath) {
				continue
			}
			seen = true
			for _, d := range p.Deps {
				if d != p.ImportPath && matches(f.mustNotReach, d) && !slices.Contains(f.except, d) && !insideTree(f.pkg, f.mustNotReach, d) {
					t.Errorf("%s reaches %s: the arrow %s → %s must not be", p.ImportPath, d, f.pkg, f.mustNotReach)
				}
			}
		}
		if !seen && len(f.except) == 0 {
			t.Errorf("no package matches %s: mend the table", f.pkg)
		}
	}
}

// insideTree lets the packages of one tree import each other where the tree
// as a whole is told to stand alone.
func insideTree(from, to, dep string) bool {
	return from != to && strings.HasSuffix(from, "/...") && matches(from, dep) && matches(to, dep)
}

// TestNames keeps words that say nothing out of package names.
func TestNames(t *testing.T) {
	for _, p := range packages(t) {
		switch name := path.Base(p.ImportPath); name {
		case "util", "utils", "common", "helpers", "types", "models", "misc":
			t.Errorf("%s: %q says nothing; the code belongs to whoever calls it", p.ImportPath, name)
		}
	}
}
