package aria_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/a11y/aria"
)

// TestAriaQuery compares our table of roles with that of npm's aria-query,
// which axe, jest-dom and eslint-plugin-jsx-a11y build on. Differences are
// listed in testdata/aria-query/differences.txt, each with its reason.
func TestAriaQuery(t *testing.T) {
	var got []string
	differ := func(role, what, ours, theirs string) {
		if ours != theirs {
			got = append(got, role+" "+what+": "+ours+", aria-query "+theirs)
		}
	}
	for _, line := range tableLines(t, "testdata/aria-query/roles.tsv") {
		f := strings.Split(line, "\t")
		if len(f) != 4 {
			t.Fatalf("malformed line %q", line)
		}
		role, ok := aria.RoleByName(f[0])
		if !ok {
			got = append(got, f[0]+" role: none")
			continue
		}
		info := role.Info()
		differ(f[0], "children", word(info.ChildrenPresentational, "presentational"), f[1])
		differ(f[0], "name", word(info.NameFromContent, "contents"), f[2])
		var required []string
		for a := range info.Required.All() {
			required = append(required, a.String())
		}
		slices.Sort(required)
		differ(f[0], "requires", word(len(required) > 0, strings.Join(required, " ")), f[3])
	}
	var want []string
	for _, line := range tableLines(t, "testdata/aria-query/differences.txt") {
		difference, reason, ok := strings.Cut(line, "\t")
		if !ok || reason == "" {
			t.Errorf("no reason for %q", line)
		}
		want = append(want, difference)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences from aria-query (-listed +found):\n%s", diff)
	}
}

// word returns s where ok, else the sign for nothing.
func word(ok bool, s string) string {
	if ok {
		return s
	}
	return "-"
}

// tableLines returns the lines of a file that are no comments.
func tableLines(t *testing.T, name string) (out []string) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}
