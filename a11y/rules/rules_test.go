package rules

import (
	"iter"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"handrail/a11y/act"
	"handrail/a11y/act/acttest"
	"handrail/a11y/texts"
)

func archive(t *testing.T, r *act.Rule) *txtar.Archive {
	t.Helper()
	ar, err := txtar.ParseFile(filepath.Join("testdata", r.ID+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return ar
}

// casesOf returns the pages of an archive, ready for rules.
func casesOf(ar *txtar.Archive) iter.Seq2[txtar.File, func(testing.TB) (*act.Page, []string)] {
	return func(yield func(txtar.File, func(testing.TB) (*act.Page, []string)) bool) {
		site := acttest.SiteOf(ar)
		for _, f := range ar.Files {
			if strings.HasPrefix(f.Name, "site/") {
				continue
			}
			parse := func(t testing.TB) (*act.Page, []string) {
				p, want := acttest.Parse(t, f.Name, f.Data)
				if site != nil {
					p.Site = site
				}
				return p, want
			}
			if !yield(f, parse) {
				return
			}
		}
	}
}

func TestRules(t *testing.T) {
	for _, r := range All() {
		t.Run(r.ID, func(t *testing.T) {
			for f, parse := range casesOf(archive(t, r)) {
				t.Run(f.Name, func(t *testing.T) {
					page, want := parse(t)
					got := acttest.Format(act.Eval(r, page))
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("outcomes (-want +got):\n%s", diff)
					}
				})
			}
		})
	}
}

var expectation = regexp.MustCompile(`expect="([a-zA-Z]+) ([^"]+)"`)

// TestObligations holds every rule to what readers may rely on: an ID of its
// own, words in every language for all it says, and cases of every kind.
func TestObligations(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range All() {
		t.Run(r.ID, func(t *testing.T) {
			if seen[r.ID] {
				t.Error("the ID is not unique")
			}
			seen[r.ID] = true
			kinds := map[string]bool{}
			messages := map[string]bool{}
			for f := range casesOf(archive(t, r)) {
				found := expectation.FindAllStringSubmatch(string(f.Data), -1)
				for _, m := range found {
					kinds[m[1]] = true
					messages[m[2]] = true
				}
				if len(found) == 0 {
					kinds["inapplicable"] = true
				}
			}
			kinds["failed"] = kinds["failed"] || kinds["cantTell"] // some only ask
			for _, k := range []string{"passed", "failed", "inapplicable"} {
				if !kinds[k] {
					t.Errorf("no case is %s", k)
				}
			}
			for _, lang := range texts.Languages() {
				checkWords(t, texts.For(lang), r, messages)
			}
		})
	}
}

// checkWords looks up all that a rule says. Its hints are found by running
// its cases.
func checkWords(t *testing.T, words *texts.Texts, r *act.Rule, messages map[string]bool) {
	t.Helper()
	for _, key := range []string{"title", "why", "fix"} {
		if s, ok := words.Lookup(r.ID + "." + key); !ok || s == "" {
			t.Errorf("%s: no %s", words.Lang(), key)
		}
	}
	for m := range messages {
		if _, ok := words.Lookup(r.ID + "." + m); !ok {
			t.Errorf("%s: no words for message %s", words.Lang(), m)
		}
	}
	for _, parse := range casesOf(archive(t, r)) {
		page, _ := parse(t)
		results, err := act.Eval(r, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, res := range results {
			checkSentence(t, words, r, res.Verdict)
		}
	}
}

var placeholder = regexp.MustCompile(`\{(ratio|need|got|name|attr|value|id|role|lang|seconds|count|level|before|want|child|target|label|reason|colour|background|degrees|element|file|near)\}`)

// checkSentence fails when a message or hint has no words, or asks for an
// argument that the verdict does not bring.
func checkSentence(t *testing.T, words *texts.Texts, r *act.Rule, v act.Verdict) {
	t.Helper()
	sentence := words.Message(r.ID, v.Message, v.Args())
	if left := placeholder.FindString(sentence); left != "" {
		t.Errorf("%s: %s: %s is not filled in: %s", words.Lang(), v.Message, left, sentence)
	}
	for _, h := range v.Hints {
		if _, ok := words.Lookup(r.ID + ".hint." + h); !ok {
			t.Errorf("%s: no words for hint %s", words.Lang(), h)
		}
		if s := words.Hint(r.ID, h, v.Args()); placeholder.MatchString(s) {
			t.Errorf("%s: hint %s is not filled in: %s", words.Lang(), h, s)
		}
	}
}

func TestAllIsInIDOrder(t *testing.T) {
	if !slices.IsSortedFunc(All(), func(a, b *act.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("All() is not in ID order")
	}
}

// TestEveryArchiveHasARule finds cases that nothing runs, and texts that no
// rule says.
func TestEveryArchiveHasARule(t *testing.T) {
	ids := map[string]bool{"report": true}
	for _, r := range All() {
		ids[r.ID] = true
	}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if id := strings.TrimSuffix(filepath.Base(f), ".txtar"); !ids[id] {
			t.Errorf("%s has no rule", f)
		}
	}
	for key := range texts.For("en").All() {
		if id, _, _ := strings.Cut(key, "."); !ids[id] {
			t.Errorf("text %s has no rule", key)
		}
	}
}

func TestSelect(t *testing.T) {
	for _, c := range []struct {
		name string
		ids  []string
		want string
	}{
		{"by ID, in ID order", []string{"link-name", "image-name"}, "image-name link-name"},
		{"by ACT rule", []string{"23a2a8"}, "image-name"},
		{"unknown", []string{"no-such-rule"}, `there is no rule "no-such-rule"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rules, err := Select(c.ids)
			got := ""
			if err != nil {
				got = err.Error()
			}
			for _, r := range rules {
				got = strings.TrimSpace(got + " " + r.ID)
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if rules, err := Select(nil); err != nil || len(rules) != len(All()) {
		t.Errorf("Select(nil) = %d rules, %v; want all", len(rules), err)
	}
}

func TestCareRulesAreForCareOnly(t *testing.T) {
	for _, r := range For(false) {
		if Care(r) {
			t.Errorf("%s is a care rule", r.ID)
		}
	}
	if len(For(true)) != len(All()) {
		t.Error("care does not run every rule")
	}
}
