package report

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"handrail/a11y/texts"
)

// TestSARIFIsWellFormed holds a log to what SARIF 2.1.0 requires of the
// parts that we write.
func TestSARIFIsWellFormed(t *testing.T) {
	var b bytes.Buffer
	findings := sample()
	findings[0].Source.File = "content/en/a b 文.md"
	if err := SARIF(&b, findings, Options{Words: texts.For("zh-Hans"), All: true}); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	dec := json.NewDecoder(&b)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 {
		t.Fatalf("head: version %q, schema %q, %d runs", log.Version, log.Schema, len(log.Runs))
	}
	run := log.Runs[0]
	if run.Tool.Driver.Name == "" || run.ColumnKind != "unicodeCodePoints" {
		t.Errorf("tool %q, columnKind %q", run.Tool.Driver.Name, run.ColumnKind)
	}
	checkRules(t, run.Tool.Driver.Rules)
	if len(run.Results) != len(findings) {
		t.Errorf("%d results for %d findings", len(run.Results), len(findings))
	}
	for _, r := range run.Results {
		checkResult(t, run.Tool.Driver.Rules, r)
	}
}

func checkRules(t *testing.T, rules []sarifRule) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range rules {
		if seen[r.ID] {
			t.Errorf("rule %s occurs twice", r.ID) // SARIF 3.19.23: unique
		}
		seen[r.ID] = true
		if r.ShortDescription.Text == "" {
			t.Errorf("rule %s has no description", r.ID)
		}
		tags := slices.Clone(r.Properties.Tags)
		slices.Sort(tags)
		if len(slices.Compact(tags)) != len(r.Properties.Tags) {
			t.Errorf("rule %s: tags %v are not unique", r.ID, r.Properties.Tags)
		}
	}
}

func checkResult(t *testing.T, rules []sarifRule, r sarifResult) {
	t.Helper()
	if r.RuleIndex < 0 || r.RuleIndex >= len(rules) || rules[r.RuleIndex].ID != r.RuleID {
		t.Fatalf("%s: ruleIndex %d does not lead to it", r.RuleID, r.RuleIndex)
	}
	if r.Message.Text == "" {
		t.Errorf("%s: no message", r.RuleID)
	}
	// SARIF 3.27.9: level is none unless kind is fail.
	if !slices.Contains([]string{"fail", "review", "pass", "notApplicable"}, r.Kind) || (r.Kind == "fail") == (r.Level == "none") {
		t.Errorf("%s: kind %q with level %q", r.RuleID, r.Kind, r.Level)
	}
	if len(r.PartialFingerprints) == 0 {
		t.Errorf("%s: no fingerprint", r.RuleID)
	}
	for _, l := range slices.Concat(r.Locations, r.RelatedLocations) {
		if l.Physical == nil {
			continue
		}
		if u, err := url.Parse(l.Physical.Artifact.URI); err != nil || u.IsAbs() || u.Path == "" || u.String() != l.Physical.Artifact.URI {
			t.Errorf("%s: %q is no relative URI reference", r.RuleID, l.Physical.Artifact.URI)
		}
		if g := l.Physical.Region; g != nil && (g.StartLine < 1 || g.StartColumn < 0) {
			t.Errorf("%s: region %+v", r.RuleID, g)
		}
	}
}
