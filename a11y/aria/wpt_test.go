package aria_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// The web-platform-tests for roles and names. HANDRAIL_WPT names a directory
// with a manifest.json; results.jsonl is written to the test's artifacts for
// a scorer. The floors are what we had when they were set.
const (
	wptFloor         = 345
	wptDisputedFloor = 55
)

type wptTest struct {
	File     string          `json:"file"`
	N        int             `json:"n"`
	Testname string          `json:"testname"`
	Kind     string          `json:"kind"`
	Expected json.RawMessage `json:"expected"`
	Agreed   bool            `json:"agreed"`
}

func TestWebPlatformTests(t *testing.T) {
	dir := os.Getenv("HANDRAIL_WPT")
	if dir == "" {
		t.Skip("HANDRAIL_WPT names no directory with web-platform-tests")
	}
	var manifest struct {
		Tests []wptTest `json:"tests"`
	}
	b, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &manifest); err != nil {
		t.Fatal(err)
	}
	pages := map[string][]answer{}
	var results strings.Builder
	agreed, right, disputed, disputedRight := 0, 0, 0, 0
	for _, test := range manifest.Tests {
		if pages[test.File] == nil {
			src, err := os.ReadFile(filepath.Join(dir, test.File))
			if err != nil {
				t.Fatal(err)
			}
			pages[test.File] = answers(string(src))
			for n, a := range pages[test.File] {
				fmt.Fprintf(&results, "{\"file\":%q,\"n\":%d,\"role\":%q,\"name\":%q}\n", test.File, n, a.role, a.name)
			}
		}
		var want string
		if test.Kind != "generic" {
			if err := json.Unmarshal(test.Expected, &want); err != nil {
				t.Fatal(err)
			}
		}
		got, ok := pages[test.File][test.N].matches(test.Kind, want)
		switch {
		case test.Agreed:
			agreed++
		default:
			disputed++
		}
		switch {
		case ok && test.Agreed:
			right++
		case ok:
			disputedRight++
		default:
			t.Logf("%s #%d %s: %s %q, want %q, agreed %v", test.File, test.N, test.Testname, test.Kind, got, want, test.Agreed)
		}
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "results.jsonl"), []byte(results.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("wpt-aria: %d/%d, disputed %d/%d", right, agreed, disputedRight, disputed)
	if right < wptFloor {
		t.Errorf("%d right, want at least %d", right, wptFloor)
	}
}

type answer struct{ role, name string }

func (a answer) matches(kind, want string) (got string, ok bool) {
	switch kind {
	case "label":
		return a.name, a.name == aria.Collapse(want)
	case "generic":
		return a.role, a.role == "generic" || a.role == "none" || a.role == ""
	}
	r, _ := aria.RoleByName(want)
	return a.role, a.role == r.String()
}

// answers returns role and name of the elements with class ex or ex-generic.
func answers(src string) []answer {
	doc := dom.Parse(src)
	tree := aria.New(doc, nil)
	var out []answer
	for e := range doc.Elements() {
		for class := range strings.FieldsSeq(e.Get("class")) {
			if class == "ex" || class == "ex-generic" {
				out = append(out, answer{tree.Role(e).String(), tree.Name(e)})
				break
			}
		}
	}
	return out
}
