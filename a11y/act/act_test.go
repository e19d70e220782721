package act_test

import (
	"iter"
	"strings"
	"testing"

	"handrail/a11y/act"
	"handrail/a11y/act/acttest"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

func images(p *act.Page) iter.Seq[*dom.Node] {
	return p.Where(func(n *dom.Node) bool { return n.Is("img") && !p.Hidden(n) })
}

func TestEvalGivesVerdictsInDocumentOrder(t *testing.T) {
	r := &act.Rule{ID: "named", Applicability: images, Expectation: func(p *act.Page, n *dom.Node) act.Verdict {
		if p.Name(n) == "" {
			return act.Fail("no-name", "describe-image")
		}
		return act.Pass("named")
	}}
	p, want := acttest.Parse(t, "x.html", []byte(`<img alt="a" expect="passed named"><img hidden><p><img expect="failed no-name">`))
	got := acttest.Format(act.Eval(r, p))
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestEvalTurnsAPanicIntoAnError(t *testing.T) {
	r := &act.Rule{ID: "broken", Applicability: images, Expectation: func(*act.Page, *dom.Node) act.Verdict {
		panic("oops")
	}}
	p, _ := acttest.Parse(t, "page.html", []byte(`<img alt="a">`))
	results, err := act.Eval(r, p)
	if err == nil || len(results) != 0 {
		t.Fatalf("Eval = %v, %v; want an error", results, err)
	}
	for _, part := range []string{"broken", "page.html", "img", "oops"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not name %q", err, part)
		}
	}
}

func TestVerdictWithKeepsTheFirst(t *testing.T) {
	a := act.Fail("contrast").With("ratio", "3")
	b := a.With("ratio", "4").With("want", "4.5")
	if a.Args()["ratio"] != "3" || len(a.Args()) != 1 || b.Args()["ratio"] != "4" || b.Args()["want"] != "4.5" {
		t.Errorf("a = %v, b = %v", a.Args(), b.Args())
	}
}

func TestRuleLevel(t *testing.T) {
	for _, tt := range []struct {
		rule act.Rule
		want string
	}{
		{act.Rule{}, "best"},
		{act.Rule{Criteria: []wcag.SC{"1.4.6", "1.4.3"}}, "AA"},
		{act.Rule{Criteria: []wcag.SC{"2.4.9", "2.4.4"}}, "A"},
		{act.Rule{Criteria: []wcag.SC{"2.4.4"}, Level: "AAA"}, "AAA"},
	} {
		if got := string(tt.rule.At()); got != tt.want {
			t.Errorf("At(%v) = %s, want %s", tt.rule.Criteria, got, tt.want)
		}
	}
}
