package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"handrail/a11y"
	"handrail/a11y/act"
	htmldom "handrail/a11y/dom"
	"handrail/a11y/rules"
	"handrail/a11y/style"
)

// A verdict is what one of the two checkers says of an element, or -1 for the
// page, and the other does not.
type verdict struct {
	page string
	look look
	rule string
	node *htmldom.Node // nil for a thing that is not in the page, such as a frame's content
	ours *act.Page

	unsure bool // the other one asks a person to look
}

func (v *verdict) String() string {
	where := "the page"
	if v.node != nil {
		where = v.node.Path()
	}
	return fmt.Sprintf("%s %s: %s: %s", v.page, v.look, where, v.rule)
}

type axeFinding struct {
	Rule  string `json:"rule"`
	Place int    `json:"place"`
}

// TestDifferentialAxe holds findings against axe-core's, on the pages of
// TestDifferential and in the same looks: what axe finds and a rule of ours
// covers is found, and what it lacks is of a listed kind.
func TestDifferentialAxe(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	axe := axeSource(t)
	tally := axeTally{missed: map[string]int{}, extra: map[string]int{}}
	for _, f := range folders(t) {
		url := f.serve(t)
		checkers := map[look]*a11y.Checker{}
		for _, l := range differentialLooks {
			checkers[l] = a11y.NewChecker(a11y.Options{Rules: rules.For(false), Modes: []style.Mode{l.mode()},
				Sheets: a11y.SheetsFrom(f.fsys), Files: a11y.FilesFrom(f.fsys)})
		}
		for i, name := range f.pages {
			src, err := fs.ReadFile(f.fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			for j, l := range f.looks(i) {
				setLook(t, ctx, l)
				if j == 0 {
					if err := chromedp.Do(ctx, chromedp.Navigate(url+pageURL(name))); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
					eval[bool](t, ctx, axe+"; true")
				}
				on := verdict{page: f.name + "/" + name, look: l, ours: checkers[l].Page(name, string(src))}
				tally.compare(t, on, checkers[l].Check(name, string(src)), axeFindings(t, ctx))
			}
		}
	}
	tally.report(t)
}

// axeFindings runs those rules of axe-core that a rule of ours covers.
func axeFindings(t *testing.T, ctx context.Context) []axeFinding {
	t.Helper()
	listElements(t, ctx, nil)
	names, _ := json.Marshal(slices.Sorted(maps.Keys(axeRules)))
	src, err := os.ReadFile("measure/axe.js")
	if err != nil {
		t.Fatal(err)
	}
	return eval[[]axeFinding](t, ctx, strings.Replace(string(src), "RULES", string(names), 1))
}

type axeTally struct {
	pages, theirs, found, both, unlisted int
	missed, extra                        map[string]int
}

func (c *axeTally) compare(t *testing.T, on verdict, got a11y.Result, want []axeFinding) {
	c.pages++
	nodes := elementsInOrder(on.ours.Doc)
	byPath := map[string]*htmldom.Node{}
	for _, n := range nodes {
		byPath[n.Path()] = n
	}
	ours := map[*htmldom.Node]map[string]act.Outcome{}
	for _, f := range got.Findings {
		n := byPath[f.Target]
		if ours[n] == nil {
			ours[n] = map[string]act.Outcome{}
		}
		ours[n][f.Rule] = max(ours[n][f.Rule], f.Outcome)
	}
	theirs := map[*htmldom.Node]map[string]bool{}
	for _, a := range want {
		v := on
		v.rule = a.Rule
		if a.Place >= 0 && a.Place < len(nodes) {
			v.node = nodes[a.Place]
		}
		for _, r := range axeRules[a.Rule] {
			if theirs[v.node] == nil {
				theirs[v.node] = map[string]bool{}
			}
			theirs[v.node][r] = true
		}
		c.theirs++
		v.unsure = v.says(ours, act.CantTell)
		if v.says(ours, act.Failed) {
			c.found++
			continue
		}
		c.judge(t, "axe-core alone", &v, missedKinds, c.missed)
	}
	for _, f := range got.Findings {
		if f.Outcome != act.Failed {
			continue
		}
		v := on
		v.rule, v.node = f.Rule, byPath[f.Target]
		if v.node != nil && near(v.node, theirs, f.Rule) {
			c.both++
			continue
		}
		c.judge(t, "ours alone", &v, extraKinds, c.extra)
	}
}

// says reports whether one of our rules has the outcome for the element, for one
// round it or for one in it; axe-core points at another part of some things.
func (v *verdict) says(ours map[*htmldom.Node]map[string]act.Outcome, o act.Outcome) bool {
	for n, of := range ours {
		if n != nil && v.node != nil && !related(n, v.node) {
			continue
		}
		for _, r := range axeRules[v.rule] {
			if of[r] == o {
				return true
			}
		}
	}
	return false
}

func near(n *htmldom.Node, theirs map[*htmldom.Node]map[string]bool, rule string) bool {
	for at, of := range theirs {
		if of[rule] && (at == nil || related(n, at)) {
			return true
		}
	}
	return false
}

// related reports whether one node is the other or inside it.
func related(a, b *htmldom.Node) bool { return isIn(a, b) || isIn(b, a) }

func isIn(n, box *htmldom.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == box {
			return true
		}
	}
	return false
}

func (c *axeTally) judge(t *testing.T, side string, v *verdict, kinds []verdictKind, count map[string]int) {
	for _, k := range kinds {
		if slices.Contains(k.rules, v.rule) && (k.is == nil || k.is(v)) {
			count[k.id]++
			return
		}
	}
	c.unlisted++
	t.Errorf("%s: %s", side, v)
}

func (c *axeTally) report(t *testing.T) {
	t.Logf("%d views of pages; axe-core finds %d things that rules of ours cover, %d of them we too; %d findings of ours are axe-core's too; %d unlisted",
		c.pages, c.theirs, c.found, c.both, c.unlisted)
	for _, side := range []struct {
		name  string
		kinds []verdictKind
		count map[string]int
	}{{"axe-core alone", missedKinds, c.missed}, {"ours alone", extraKinds, c.extra}} {
		for _, k := range side.kinds {
			n := side.count[k.id]
			t.Logf("%6d %s, %s: %s", n, side.name, k.id, k.why)
			if n == 0 && !k.rare && !full() {
				t.Errorf("%s does not occur any more: take it off the list", k.id)
			}
		}
	}
}
