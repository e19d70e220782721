package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/a11y/act"
	"handrail/a11y/texts"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample has what reports have to cope with: wide characters before the
// caret, a finding many pages share, more of one rule than are shown, a
// style position, modes, and every outcome.
func sample() []Finding {
	fs := []Finding{
		{
			Page: "en/a/index.html", Rule: "image-name", ACT: []string{"23a2a8"}, WCAG: []string{"1.1.1"},
			Outcome: act.Failed, Target: "main > img:nth-of-type(2)",
			Source: Place{"content/en/a.md", 12, 4}, Line: "See ![](map.png) for the way.",
			Message: "no-name", Hints: []string{"describe-image", "mark-decorative"},
		},
		{
			Page: "zh/b/index.html", Rule: "link-name", ACT: []string{"c487ae"}, WCAG: []string{"2.4.4", "4.1.2"},
			Outcome: act.Failed, Target: "main > p > a",
			Source: Place{"content/zh-Hans/b.md", 3, 9}, Line: "办理地点见这里：[](map.md)，带好e证件。",
			Message: "no-name", Hints: []string{"write-text"},
		},
		{
			Page: "en/a/index.html", Rule: "contrast-minimum", ACT: []string{"afw4f7"}, WCAG: []string{"1.4.3"},
			Outcome: act.Failed, Severity: Warning, Target: "footer > p",
			Source: Place{"themes/civic/layouts/standard/base.html", 40, 3}, Line: "\t<p>© Anhe</p>",
			Related: Place{"themes/civic/assets/standard.css", 210, 9}, Modes: []string{"dark", "dark-320"},
			Message: "low", Args: map[string]string{"ratio": "3.1", "need": "4.5", "colour": "#777777", "background": "#111111"},
		},
		{
			Page: "en/a/index.html", Rule: "autoplay", ACT: []string{"80f0bf"}, WCAG: []string{"1.4.2"},
			Outcome: act.CantTell, Target: "main > video", Source: Place{"content/en/a.md", 20, 1},
			Message: "check", Args: map[string]string{"element": "<video>"},
		},
		{Page: "en/a/index.html", Rule: "page-title", Outcome: act.Passed, Target: "html", Message: "present"},
		{Page: "en/a/index.html", Rule: "svg-name", ACT: []string{"7d6734"}, WCAG: []string{"1.1.1"}, Outcome: act.Inapplicable},
	}
	fs = append(fs, Finding{
		Page: "plain.html", Rule: "page-lang", ACT: []string{"b5c3f8"}, WCAG: []string{"3.1.1"}, Outcome: act.Failed,
		Target: "html", Source: Place{"plain.html", 1, 1}, Line: "<html>", Message: "missing",
	})
	for i := range 5 {
		fs = append(fs, Finding{
			Page: "en/c/index.html", Rule: "heading-order", Outcome: act.Failed, Severity: Notice,
			Target: "h4", Source: Place{"content/en/c.md", 10 + i, 1}, Line: "#### Fees",
			Message: "skipped", Args: map[string]string{"level": "4", "before": "2", "want": "3"},
		})
	}
	for _, page := range []string{"index.html", "en/index.html", "en/a/index.html"} {
		fs = append(fs, Finding{
			Page: page, Rule: "landmark-unique", Outcome: act.Failed, Severity: Warning, Target: "body > nav",
			Source: Place{"themes/civic/layouts/standard/base.html", 12, 1}, Line: "<nav>",
			Message: "no-names", Args: map[string]string{"role": "navigation", "count": "2"},
		})
	}
	return fs
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestReports(t *testing.T) {
	for _, c := range []struct {
		name, format string
		o            Options
	}{
		{"text.en", "text", Options{Words: texts.For("en")}},
		{"text.zh-Hans", "text", Options{Words: texts.For("zh-Hans")}},
		{"text.verbose", "text", Options{Words: texts.For("en"), Verbose: true, All: true}},
		{"text.colour", "text", Options{Words: texts.For("en"), Colour: true, Show: 1}},
		{"jsonl.failed", "jsonl", Options{Words: texts.For("en")}},
		{"jsonl.all", "jsonl", Options{Words: texts.For("zh-Hans"), All: true}},
		{"sarif", "sarif", Options{Words: texts.For("en"), All: true, Version: "1.0"}},
		{"junit", "junit", Options{Words: texts.For("en"), All: true}},
		{"earl", "earl", Options{Words: texts.For("en"), All: true, Version: "1.0"}},
		{"github", "github", Options{Words: texts.For("zh-Hans")}},
		{"html.en", "html", Options{Words: texts.For("en"), All: true, Version: "1.0"}},
		{"html.zh-Hans", "html", Options{Words: texts.For("zh-Hans"), Version: "1.0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Write(&b, c.format, sample(), c.o); err != nil {
				t.Fatal(err)
			}
			golden(t, c.name, b.Bytes())
		})
	}
}

func TestSummary(t *testing.T) {
	for _, lang := range texts.Languages() {
		var b bytes.Buffer
		if err := Summary(&b, sample(), Options{Words: texts.For(lang)}); err != nil {
			t.Fatal(err)
		}
		golden(t, "summary."+lang, b.Bytes())
	}
}

func TestUnknownFormat(t *testing.T) {
	err := Write(&bytes.Buffer{}, "pdf", nil, Options{Words: texts.For("en")})
	if err == nil || !strings.Contains(err.Error(), "text, jsonl, sarif, junit, earl, html, github") {
		t.Errorf("err = %v", err)
	}
}

func TestOrderOfFindingsDoesNotMatter(t *testing.T) {
	a, b := sample(), sample()
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	for _, format := range Formats() {
		var x, y bytes.Buffer
		o := Options{Words: texts.For("en"), All: true}
		if err := Write(&x, format, a, o); err != nil {
			t.Fatal(err)
		}
		if err := Write(&y, format, b, o); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x.String(), y.String()); diff != "" {
			t.Errorf("%s differs:\n%s", format, diff)
		}
	}
}

// TestJSONLinesKeepTheContract reads the lines back with the names that the
// contract promises, and no others.
func TestJSONLinesKeepTheContract(t *testing.T) {
	var b bytes.Buffer
	if err := JSONLines(&b, sample(), Options{Words: texts.For("en"), All: true}); err != nil {
		t.Fatal(err)
	}
	want := []string{"page", "rule", "act", "wcag", "outcome", "target", "source", "modes", "message", "fix"}
	for l := range strings.Lines(b.String()) {
		dec := json.NewDecoder(strings.NewReader(l))
		var got []string
		depth := 0
		for tok, err := dec.Token(); err == nil; tok, err = dec.Token() {
			switch v := tok.(type) {
			case json.Delim:
				if v == '{' || v == '[' {
					depth++
				} else {
					depth--
				}
			case string:
				if depth == 1 && len(got) < len(want) && v == want[len(got)] {
					got = append(got, v)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", l, diff)
		}
	}
}
