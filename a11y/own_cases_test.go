package a11y_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handrail/a11y"
	"handrail/a11y/act"
)

const ownCases = "testdata/own"

// TestOwnCases runs the rules over cases of our own, written from the texts of
// W3C's rules. A file is named after the rule; a line is the outcome, a tab and
// the page, whose head may be left out; lines that begin with # say from
// which clause of the rule the next ones come. Passed and inapplicable are
// interchangeable, as in W3C's reports; "unsure" is cantTell: what needs eyes.
func TestOwnCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(ownCases, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	by := implemented()
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(id, func(t *testing.T) {
			if by[id] == nil {
				t.Fatal("no rule of ours keeps this one")
			}
			checker := a11y.NewChecker(a11y.Options{Rules: by[id], Passed: true})
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			clause := ""
			for lines := bufio.NewScanner(f); lines.Scan(); {
				want, page, ok := strings.Cut(lines.Text(), "\t")
				if !ok {
					clause = strings.TrimPrefix(want, "# ")
					continue
				}
				ownCase(t, checker, clause, want, page)
			}
		})
	}
}

func ownCase(t *testing.T, checker *a11y.Checker, clause, want, page string) {
	t.Helper()
	if !strings.HasPrefix(strings.ToLower(page), "<!doctype") {
		page = `<!DOCTYPE html><html lang="en"><title>Tides</title>` + page
	}
	res := checker.Check("case.html", page)
	for _, err := range res.Errors {
		t.Error(err)
	}
	got := act.Inapplicable
	for _, f := range res.Findings {
		got = max(got, f.Outcome)
	}
	said := got.String()
	switch got {
	case act.CantTell:
		said = "unsure"
	case act.Passed, act.Inapplicable:
		if want == "passed" || want == "inapplicable" {
			said = want
		}
	}
	if said != want {
		t.Errorf("%s: %s, want %s\n\t%s", clause, said, want, page)
	}
}
