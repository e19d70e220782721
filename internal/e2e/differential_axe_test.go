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

	unsure bool                                // of what axe-core finds: we ask a person to look
	ink    string                              // of what axe-core finds: the colour of the text that it read
	found  a11y.Finding                        // of what we find
	theirs map[*htmldom.Node]map[string]answer // what axe-core says, by rule of ours
}

// axe is what axe-core says of an element.
func (v *verdict) axe(n *htmldom.Node) answer { return v.theirs[n][v.rule] }

// An answer is what axe-core says of an element: the gravest of what those of its
// rules say that one of ours covers.
type answer int

const (
	unseen answer = iota // they do not look at it
	passes
	incomplete // they ask a person to look
	violations
)

var answers = map[string]answer{"passes": passes, "incomplete": incomplete, "violations": violations}

func (v *verdict) String() string {
	where := "the page"
	if v.node != nil {
		where = v.node.Path()
	}
	return fmt.Sprintf("%s %s: %s: %s", v.page, v.look, where, v.rule)
}

type axeFinding struct {
	Rule    string `json:"rule"`
	Outcome string `json:"outcome"`
	Place   int    `json:"place"`
	Ink     string `json:"ink"`
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

// covered are the rules of ours that axe-core has one for.
var covered = func() map[string]bool {
	m := map[string]bool{}
	for _, ours := range axeRules {
		for _, r := range ours {
			m[r] = true
		}
	}
	return m
}()

type axeTally struct {
	pages, theirs, found, both, alone, unlisted int
	missed, extra                               map[string]int
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
	theirs := map[*htmldom.Node]map[string]answer{} // by rule of ours
	for _, a := range want {
		v := on
		v.rule, v.ink = a.Rule, a.Ink
		if a.Place >= 0 && a.Place < len(nodes) {
			v.node = nodes[a.Place]
		}
		for _, r := range axeRules[a.Rule] {
			if theirs[v.node] == nil {
				theirs[v.node] = map[string]answer{}
			}
			theirs[v.node][r] = max(theirs[v.node][r], answers[a.Outcome])
		}
		if answers[a.Outcome] != violations {
			continue
		}
		c.theirs++
		for _, r := range axeRules[a.Rule] {
			v.unsure = v.unsure || ours[v.node][r] == act.CantTell
		}
		if v.failsToo(ours) {
			c.found++
			continue
		}
		c.judge(t, "axe-core alone", &v, missedKinds, c.missed)
	}
	for _, f := range got.Findings {
		if f.Outcome != act.Failed {
			continue
		}
		if !covered[f.Rule] {
			c.alone++
			continue
		}
		v := on
		v.rule, v.node = f.Rule, byPath[f.Target]
		if v.node != nil && near(v.node, theirs, f.Rule) {
			c.both++
			continue
		}
		v.found, v.theirs = f, theirs
		c.judge(t, "ours alone", &v, extraKinds, c.extra)
	}
}

// failsToo reports whether one of our rules fails the element, one round it or
// one in it; axe-core points at another part of some things.
func (v *verdict) failsToo(ours map[*htmldom.Node]map[string]act.Outcome) bool {
	for n, of := range ours {
		if n != nil && v.node != nil && !related(n, v.node) {
			continue
		}
		for _, r := range axeRules[v.rule] {
			if of[r] == act.Failed {
				return true
			}
		}
	}
	return false
}

func near(n *htmldom.Node, theirs map[*htmldom.Node]map[string]answer, rule string) bool {
	for at, of := range theirs {
		if of[rule] == violations && (at == nil || related(n, at)) {
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
		if slices.Contains(k.rules, v.rule) && k.is(v) {
			count[k.id]++
			return
		}
	}
	c.unlisted++
	t.Errorf("%s: %s", side, v)
}

func (c *axeTally) report(t *testing.T) {
	t.Logf("%d views of pages; axe-core finds %d things that rules of ours cover, %d of them we too; %d findings of ours are axe-core's too, of %d it has no rule; %d unlisted",
		c.pages, c.theirs, c.found, c.both, c.alone, c.unlisted)
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
