package a11y_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/rules"
)

var update = flag.Bool("update", false, "rewrite the archives of W3C cases from HANDRAIL_ACT")

// What W3C's cases said when these floors were set: cases that are right, and
// rules that are consistent (no false positive, a failed case flagged).
const (
	actRightFloor      = 579
	actConsistentFloor = 56
)

const (
	actArchives = "rules/testdata/act"
	actBase     = "WAI/content-assets/wcag-act-rules/"
)

// An actCase is a page for which W3C says the outcome of one rule.
type actCase struct {
	rule, id, expected string
	page               string // path in the file system
	html               string
}

// TestACTCases runs the rules over W3C's own cases, in the modes of a foreign
// site. A case that W3C calls passed or inapplicable is never failed by us.
func TestACTCases(t *testing.T) {
	cases, fsys := archivedCases(t)
	s := judge(t, cases, fsys, nil)
	t.Log(s)
	if s.right < actRightFloor || s.consistent < actConsistentFloor {
		t.Errorf("right %d, consistent %d; want at least %d, %d", s.right, s.consistent, actRightFloor, actConsistentFloor)
	}
}

// TestAllACTCases does the same for a directory with a manifest.json, named
// by HANDRAIL_ACT, and writes results.jsonl to the test's artifacts for a scorer.
func TestAllACTCases(t *testing.T) {
	dir := os.Getenv("HANDRAIL_ACT")
	if dir == "" {
		t.Skip("HANDRAIL_ACT names no directory with W3C's cases")
	}
	cases := manifestCases(t, dir)
	if *update {
		archive(t, dir, cases)
	}
	var lines strings.Builder
	s := judge(t, cases, prefixed{os.DirFS(dir)}, &lines)
	t.Log(s)
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "results.jsonl"), []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// prefixed is a file system whose files are named with actBase before.
type prefixed struct{ fs.FS }

func (p prefixed) Open(name string) (fs.File, error) {
	return p.FS.Open(strings.TrimPrefix(name, actBase))
}

// implemented returns our rules by the ID of the W3C rule.
func implemented() map[string][]*act.Rule {
	by := map[string][]*act.Rule{}
	for _, r := range rules.All() {
		for _, id := range r.ACT {
			by[id] = append(by[id], r)
		}
	}
	return by
}

func archivedCases(t *testing.T) ([]actCase, fs.FS) {
	files, err := filepath.Glob(filepath.Join(actArchives, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives of W3C cases: %v", err)
	}
	fsys := fstest.MapFS{}
	var cases []actCase
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rule := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for _, f := range ar.Files {
			if strings.HasPrefix(f.Name, actBase) {
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
				continue
			}
			expected, id, _ := strings.Cut(f.Name, "/")
			cases = append(cases, actCase{rule, strings.TrimSuffix(id, path.Ext(id)), expected,
				actBase + "testcases/" + rule + "/" + id, string(f.Data)})
		}
	}
	return cases, fsys
}

func manifestCases(t *testing.T, dir string) []actCase {
	var manifest struct {
		Testcases []struct {
			ID       string `json:"id"`
			RuleID   string `json:"ruleId"`
			Expected string `json:"expected"`
			File     string `json:"file"`
		} `json:"testcases"`
	}
	b, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &manifest); err != nil {
		t.Fatal(err)
	}
	var cases []actCase
	for _, c := range manifest.Testcases {
		src, err := os.ReadFile(filepath.Join(dir, c.File))
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, actCase{c.RuleID, c.ID, c.Expected, actBase + c.File, string(src)})
	}
	return cases
}

// archive writes one archive per W3C rule that we implement.
func archive(t *testing.T, dir string, cases []actCase) {
	by := implemented()
	archives := map[string]*txtar.Archive{}
	for _, c := range cases {
		if by[c.rule] == nil {
			continue
		}
		ar := archives[c.rule]
		if ar == nil {
			ar = &txtar.Archive{Comment: []byte("W3C's cases for the ACT rule " + c.rule +
				", https://www.w3.org/WAI/standards-guidelines/act/rules/" + c.rule + "/\nTerms and changes: NOTICE.\n\n")}
			archives[c.rule] = ar
		}
		ar.Files = append(ar.Files, txtar.File{Name: c.expected + "/" + path.Base(c.page), Data: []byte(c.html)})
		for _, name := range linkedFiles(dir, c) {
			data, err := os.ReadFile(filepath.Join(dir, strings.TrimPrefix(name, actBase)))
			known := slices.ContainsFunc(ar.Files, func(f txtar.File) bool { return f.Name == name })
			if err == nil && !known {
				ar.Files = append(ar.Files, txtar.File{Name: name, Data: data})
			}
		}
	}
	for rule, ar := range archives {
		slices.SortStableFunc(ar.Files, func(a, b txtar.File) int { return strings.Compare(a.Name, b.Name) })
		if err := os.WriteFile(filepath.Join(actArchives, rule+".txtar"), txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var assetLink = regexp.MustCompile(`test-assets/[^"'\s#?)]+`)

// linkedFiles are the style sheets, scripts and pages that a case leads to.
func linkedFiles(dir string, c actCase) (out []string) {
	for _, link := range assetLink.FindAllString(c.html, -1) {
		for _, name := range []string{link, path.Join(link, "index.html")} {
			switch path.Ext(name) {
			case ".css", ".js", ".html":
				if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
					out = append(out, actBase+name)
				}
			}
		}
	}
	return out
}

// A score counts as W3C's implementation reports do: passed and inapplicable
// are interchangeable, cantTell is neither right nor a false positive.
type score struct {
	cases, right, falsePositives        int
	rules, consistent, complete, misses int
}

func (s score) String() string {
	return fmt.Sprintf("act: rules consistent %d/%d, complete %d/%d, cases %d/%d, false positives %d, misses %d",
		s.consistent, s.rules, s.complete, s.rules, s.right, s.cases, s.falsePositives, s.misses)
}

func judge(t *testing.T, cases []actCase, fsys fs.FS, lines *strings.Builder) (s score) {
	by := implemented()
	type tally struct{ cases, right, fp, failed, flagged int }
	tallies := map[string]*tally{}
	checkers := map[string]*a11y.Checker{}
	for id, list := range by {
		checkers[id] = a11y.NewChecker(a11y.Options{Rules: list, Sheets: a11y.SheetsFrom(fsys), Files: a11y.FilesFrom(fsys), Passed: true})
	}
	for _, c := range cases {
		y := tallies[c.rule]
		if y == nil {
			y = &tally{}
			tallies[c.rule] = y
		}
		y.cases++
		if c.expected == "failed" {
			y.failed++
		}
		checker := checkers[c.rule]
		if checker == nil {
			continue
		}
		res := checker.Check(c.page, c.html)
		for _, err := range res.Errors {
			t.Errorf("%s %s: %v", c.rule, c.id, err)
		}
		got := act.Inapplicable
		for _, f := range res.Findings {
			got = max(got, f.Outcome)
		}
		if lines != nil {
			fmt.Fprintf(lines, "{\"testcaseId\":%q,\"ruleId\":%q,\"outcome\":%q}\n", c.id, c.rule, got)
		}
		switch {
		case c.expected == "failed" && got == act.Failed:
			y.right++
			y.flagged++
		case c.expected == "failed":
			s.misses++
			t.Logf("miss: %s %s: %s, want failed", c.rule, c.id, got)
		case got == act.Failed:
			y.fp++
			t.Errorf("false positive: %s %s: failed, want %s: %+v", c.rule, c.id, c.expected, res.Findings)
		case got == act.CantTell:
			t.Logf("unsure: %s %s: cantTell, want %s", c.rule, c.id, c.expected)
		default:
			y.right++
		}
	}
	for _, y := range tallies {
		s.cases += y.cases
		s.right += y.right
		s.falsePositives += y.fp
		if y.failed == 0 {
			continue
		}
		s.rules++
		if y.fp == 0 && y.flagged > 0 {
			s.consistent++
		}
		if y.right == y.cases && y.fp == 0 {
			s.complete++
		}
	}
	return s
}
