package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/a11y/texts"
)

// TestHTMLReportIsAccessible: the report passes the checker that it reports
// of, at level AAA, and shows text from pages as text.
func TestHTMLReportIsAccessible(t *testing.T) {
	var findings []report.Finding
	for i := range 3 {
		findings = append(findings, report.Finding{
			Page: fmt.Sprintf("p%d.html", i), Rule: "image-name", WCAG: []string{"1.1.1"}, ACT: []string{"23a2a8"}, Outcome: act.Failed,
			Target: "main > img", Source: report.Place{File: fmt.Sprintf("p%d.html", i), Line: 4, Col: 1},
			Line: `<img src="x"><script>alert(1)</script>`, Message: "no-name",
		})
	}
	for _, lang := range texts.Languages() {
		for _, all := range [][]report.Finding{nil, findings} {
			var b bytes.Buffer
			if err := report.Write(&b, "html", all, report.Options{Words: texts.For(lang), Version: "1"}); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "<script") {
				t.Errorf("%s: a script from a page is a script in the report", lang)
			}
			if n := strings.Count(b.String(), "<li>\n<p>"); len(all) > 0 && n != 1 {
				t.Errorf("%s: the same mistake on three pages is %d findings", lang, n)
			}
			r := a11y.CheckHTML("report.html", b.String(), a11y.Options{})
			for _, f := range r.Findings {
				// Care rules are about pages for old people; the links to rules lead to lists.
				if f.Outcome == act.Failed && !strings.HasPrefix(f.Rule, "care-") {
					t.Errorf("%s: %s: %s %v at %s", lang, f.Rule, f.Message, f.Args, f.Target)
				}
			}
		}
	}
}
