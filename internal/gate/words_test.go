package gate

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"handrail/a11y/act"
	"handrail/i18n"
	"handrail/internal/diag"
)

// codes finds the codes of diagnostics in Go source.
var codes = regexp.MustCompile(`(?:Code(?:: | = |, d\.Msg(?:, d\.Hint)? = )|flaw\{|message = |(?:problem|warn|notice|report|fail|say|broken)\([^"\n]*|code, msg = |code = )"([a-z0-9]+(?:-[a-z0-9]+)+)"`)

// notCodes are words that the pattern finds and that no author is told.
var notCodes = []string{"not-found", "too-large"} // what handraild calls its answers

func toolCatalogue(t *testing.T, lang string) *i18n.Catalogue {
	t.Helper()
	layer := i18n.Embedded()
	layer.Dir += "/tool"
	set, diags := i18n.Load(layer)
	if len(diags) > 0 {
		t.Fatal(diags[0])
	}
	return set.For(lang)
}

// TestMistakesAreToldInChinese keeps a translation for everything that any
// stage tells an author.
func TestMistakesAreToldInChinese(t *testing.T) {
	zh := toolCatalogue(t, "zh-Hans")
	found := 0
	for _, dir := range []string{"../../internal", "../../i18n"} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			src, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, m := range codes.FindAllStringSubmatch(string(src), -1) {
				found++
				if zh.Message("diag."+m[1]) == nil && !slices.Contains(notCodes, m[1]) {
					t.Errorf("%s: %q has no words in i18n/locales/tool/zh-Hans.yaml", name, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 150 {
		t.Errorf("only %d codes found; does the pattern still fit?", found)
	}
}

// TestCataloguesAgree holds the two catalogues of the tool to the same keys
// and placeholders. Mistakes have English in the code that finds them.
func TestCataloguesAgree(t *testing.T) {
	en, zh := toolCatalogue(t, "en"), toolCatalogue(t, "zh-Hans")
	for _, pair := range [][2]*i18n.Catalogue{{en, zh}, {zh, en}} {
		for _, key := range pair[0].Keys() {
			if strings.HasPrefix(key, "diag.") && pair[0] == zh {
				continue
			}
			a, b := pair[0].Message(key), pair[1].Message(key)
			if a.Tag != pair[0].Tag {
				t.Errorf("%s is missing in %s.yaml", key, pair[0].Tag)
				continue
			}
			if b == nil || b.Tag != pair[1].Tag {
				t.Errorf("%s is missing in %s.yaml", key, pair[1].Tag)
				continue
			}
			x, y := a.Placeholders(), b.Placeholders()
			slices.Sort(x)
			slices.Sort(y)
			if !slices.Equal(x, y) {
				t.Errorf("%s: placeholders %q in %s and %q in %s", key, x, pair[0].Tag, y, pair[1].Tag)
			}
		}
	}
}

// TestWordsFitTheMistake tells mistakes of one code in different words,
// according to what they give.
func TestWordsFitTheMistake(t *testing.T) {
	w := Words(toolCatalogue(t, "zh-Hans"))
	for _, c := range []struct {
		code, hint          string
		args                map[string]any
		message, wantedHint string
	}{
		{"bad-date", "write it so", map[string]any{"date": "soon"},
			"“soon”不是日期", "写成 2026-09-18，或带时间 2026-09-18T09:00:00+08:00"},
		{"bad-date", "", map[string]any{"field": "date", "value": "soon"}, "“date”不是日期：“soon”", ""},
		{"missing-attribute", "write it so", map[string]any{"name": "audio", "attributes": "a, b", "use": "::audio"},
			"指令“audio”要写上其中一项：a, b", "写成 ::audio"},
		{"unknown-directive", "", map[string]any{"name": "nota", "guess": "note"},
			"没有“nota”这个指令；是不是想写“note”？", ""},
		{"stray-end-tag", "", map[string]any{"more-than": 200}, "这一页里同样的问题超过 200 处，后面的不再列出", ""},
		{"template-error", "did you mean .Title?", nil, "版式文件有错误：english", "did you mean .Title?"},
	} {
		f := FromDiagnostic(&diag.Diagnostic{Code: c.code, Msg: "english", Hint: c.hint, Args: c.args})
		if got := w.Message(f.Rule, f.Message, f.Args); got != c.message {
			t.Errorf("%s: message %q, want %q", c.code, got, c.message)
		}
		if f.Outcome != act.Failed {
			t.Errorf("%s: outcome %v; its severity says what it weighs", c.code, f.Outcome)
		}
		hint := ""
		for _, id := range f.Hints {
			hint = w.Hint(f.Rule, id, f.Args)
		}
		if hint != c.wantedHint {
			t.Errorf("%s: hint %q, want %q", c.code, hint, c.wantedHint)
		}
	}
}
