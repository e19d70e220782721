package site

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"handrail/i18n"
)

// codes finds the codes of diagnostics in Go source.
var codes = regexp.MustCompile(`(?:Code(?:: | = |, d\.Msg(?:, d\.Hint)? = )|flaw\{|(?:problem|report|say|broken|notice)\([^"\n]*|code, msg = |code = )"([a-z0-9]+(?:-[a-z0-9]+)+)"`)

// TestMistakesAreToldInChinese keeps a translation for everything that the
// model and the stages below it tell an author.
func TestMistakesAreToldInChinese(t *testing.T) {
	layer := i18n.Embedded()
	layer.Dir += "/tool"
	set, diags := i18n.Load(layer)
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	zh := set.For("zh-Hans")
	found := 0
	for _, pkg := range []string{"schema", "config", "source", "site"} {
		files, err := filepath.Glob("../" + pkg + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range codes.FindAllStringSubmatch(string(src), -1) {
				found++
				if _, ok := zh.Text("diag." + m[1]); !ok {
					t.Errorf("%s: %q has no words in i18n/locales/tool/zh-Hans.yaml", filepath.Base(name), m[1])
				}
			}
		}
	}
	if found < 70 {
		t.Errorf("only %d codes found; does the pattern still fit?", found)
	}
}
