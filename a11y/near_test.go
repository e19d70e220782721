package a11y_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/act/acttest"
	"handrail/a11y/dom"
	"handrail/a11y/rules"
	"handrail/a11y/style"
)

// nearElements is how many elements of a case have modes that change them.
const nearElements = 12

// nearModes returns a plain mode and, for each element, modes that hide it, put
// text before it or turn its display round, with the sheet that does so.
func nearModes() (modes []style.Mode, sheet *style.Sheet) {
	modes = []style.Mode{{Name: "plain", Width: 1280}}
	var b strings.Builder
	for _, change := range []string{"{display:none}", "::before{content:'more'}", "{display:block}", "{display:inline}", "{visibility:hidden}"} {
		for i := range nearElements {
			n := strconv.Itoa(len(modes))
			modes = append(modes, style.Mode{Name: n, Width: 1280, Attrs: map[string]string{"data-mode": n}})
			fmt.Fprintf(&b, "[data-mode='%s'] [data-n='%d']%s\n", n, i, change)
		}
	}
	return modes, style.ParseSheet(b.String(), "near.css")
}

// nearCase reads a case of a rule in such a way that most of the page is far
// from any of its elements, of which the first are numbered.
func nearCase(t *testing.T, f txtar.File) *dom.Doc {
	src := append([]byte("<!doctype html><link rel=stylesheet href=/near.css>"), f.Data...)
	p, _ := acttest.Parse(t, f.Name, append(src, strings.Repeat("<!---->", len(f.Data)/2+100)...))
	for i, e := range slices.Collect(p.Doc.Body().Elements()) {
		e.Attrs = append(e.Attrs, dom.Attr{Name: "data-n", Value: strconv.Itoa(i), Pos: -1})
	}
	return p.Doc
}

// TestNearEqualsEachModeAlone holds what every rule says of its own cases, in
// many modes at once, to what it says of each mode alone. A rule with Near is
// asked only near what differs; with a Near that one-h1, heading-order or
// landmark-unique must not claim, this fails.
func TestNearEqualsEachModeAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("judges some hundred pages in each of sixty modes")
	}
	modes, sheet := nearModes()
	o := a11y.Options{Sheets: func(string) (*style.Sheet, error) { return sheet, nil }}
	for _, r := range rules.All() {
		t.Run(r.ID, func(t *testing.T) {
			ar, err := txtar.ParseFile(filepath.Join("rules/testdata", r.ID+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			o.Rules, o.Modes = []*act.Rule{r}, modes
			terse := a11y.NewChecker(o)
			o.Passed = true
			full := a11y.NewChecker(o)
			alone := make([]*a11y.Checker, len(modes))
			for i := range modes {
				o.Modes = modes[i : i+1]
				alone[i] = a11y.NewChecker(o)
			}
			o.Passed = false
			for _, f := range ar.Files {
				if !strings.HasPrefix(f.Name, "site/") {
					doc := nearCase(t, f)
					compareModes(t, f.Name, doc, modes, full, terse, alone)
				}
			}
		})
	}
}

func compareModes(t *testing.T, name string, doc *dom.Doc, modes []style.Mode, full, terse *a11y.Checker, alone []*a11y.Checker) {
	all, short := full.CheckDoc(name, doc), terse.CheckDoc(name, doc)
	for i, m := range modes {
		want := alone[i].CheckDoc(name, doc)
		if diff := cmp.Diff(outcomes(want, "*"), outcomes(all, m.Name)); diff != "" {
			t.Errorf("%s in mode %s (-alone +every outcome):\n%s", name, m.Name, diff)
		}
		if terse.Rules()[0].Part {
			continue // such a rule runs only where every outcome is asked for
		}
		want.Findings = slices.DeleteFunc(want.Findings, func(f a11y.Finding) bool { return f.Outcome == act.Passed })
		if diff := cmp.Diff(outcomes(want, "*"), outcomes(short, m.Name)); diff != "" {
			t.Errorf("%s in mode %s (-alone +failures only):\n%s", name, m.Name, diff)
		}
	}
}
