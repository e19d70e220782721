package aria_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// How many of the web-platform-tests for roles and names were right when
// these floors were set: of those with which Chromium agrees, and of the rest.
const (
	wptFloor         = 359
	wptDisputedFloor = 1
)

// TestWebPlatformTests runs web-platform-tests' own cases, those in testdata or in
// the directory that HANDRAIL_WPT names, and writes results.jsonl to the
// test's artifacts for a scorer.
func TestWebPlatformTests(t *testing.T) {
	dir := "testdata/wpt"
	if d := os.Getenv("HANDRAIL_WPT"); d != "" {
		dir = d
	}
	disputed := disputedTests(t)
	var results strings.Builder
	var agreed, disputes tally
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".html" {
			return err
		}
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		for n, a := range answers(string(src)) {
			fmt.Fprintf(&results, "{\"file\":%q,\"n\":%d,\"role\":%q,\"name\":%q}\n", name, n, a.role, a.name)
			to := &agreed
			if disputed[fmt.Sprintf("%s %d", name, n)] {
				to = &disputes
			}
			got, want, ok := a.verdict()
			if to.count(ok); !ok && to == &agreed {
				t.Logf("%s #%d %s: %q, want %q", name, n, a.test, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "results.jsonl"), []byte(results.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("wpt-aria: %d/%d, disputed %d/%d", agreed.right, agreed.all, disputes.right, disputes.all)
	if agreed.right < wptFloor || disputes.right < wptDisputedFloor {
		t.Errorf("%d right, %d of the disputed; want at least %d, %d", agreed.right, disputes.right, wptFloor, wptDisputedFloor)
	}
}

type tally struct{ right, all int }

func (t *tally) count(ok bool) {
	t.all++
	if ok {
		t.right++
	}
}

func disputedTests(t *testing.T) map[string]bool {
	b, err := os.ReadFile("testdata/wpt/disputed.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		out[strings.TrimSpace(line)] = true
	}
	return out
}

type answer struct {
	test, role, name   string
	wantRole, wantName string
	asksRole, asksName bool
}

// verdict compares the answer with what the element expects.
func (a answer) verdict() (got, want string, ok bool) {
	switch {
	case a.asksName:
		return a.name, a.wantName, a.name == aria.Collapse(a.wantName)
	case a.asksRole:
		r, _ := aria.RoleByName(a.wantRole)
		return a.role, a.wantRole, a.role == r.String()
	}
	return a.role, "generic or none", a.role == "generic" || a.role == "none" || a.role == ""
}

// answers returns role and name of the elements with class ex or ex-generic.
func answers(src string) []answer {
	doc := dom.Parse(src)
	tree := aria.New(doc, style.Resolve(doc, style.Sheets(doc, nil), style.Mode{}))
	var out []answer
	for e := range doc.Elements() {
		for class := range strings.FieldsSeq(e.Get("class")) {
			if class != "ex" && class != "ex-generic" {
				continue
			}
			a := answer{test: e.Get("data-testname"), role: tree.Role(e).String(), name: tree.Name(e)}
			a.wantRole, a.asksRole = e.Attr("data-expectedrole")
			a.wantName, a.asksName = e.Attr("data-expectedlabel")
			out = append(out, a)
			break
		}
	}
	return out
}
