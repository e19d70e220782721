package act

import (
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// Across evaluates a rule with Candidates on a page in several mode classes at
// once. Targets that pass are handed to passed, other results to other, with
// the index of their page.
//
// Two things are asked once instead of often, by what the rule has promised.
// What Rule.Style says is kept by frame (style.Styles.Frame) and mode, for all
// pages with the same style sheets: elements of a frame have the same styles, and
// so have those above them, which is all that it may look at. And a rule with Near
// is asked for the candidates of the first page alone: on pages whose semantics
// differ these are the same but in Page.Near, where it is asked again. Each
// candidate is judged on every page. TestNearEqualsEachModeAlone holds to it.
func Across(r *Rule, pages []*Page, passed func(*dom.Node), other func(i int, x Result)) (err error) {
	a := across{rule: r, passed: passed, other: other, notes: pages[0].Styles.Notes(r)}
	defer func() {
		if x := recover(); x != nil {
			err = broken(r, pages[0], a.at, x)
		}
	}()
	a.split(pages)
	a.judge(a.groups[0].from, a.groups)
	for i := range a.groups[1:] {
		g := a.groups[i+1 : i+2]
		if g[0].unlike == nil {
			a.judge(g[0].from, g)
		} else {
			a.judge(g[0].from.Near(), g)
		}
	}
	return nil
}

// across is one evaluation of a rule.
type across struct {
	rule   *Rule
	passed func(*dom.Node)
	other  func(int, Result)
	notes  []style.Note
	groups []group
	at     *dom.Node
}

// A group is the pages with the same semantics.
type group struct {
	from  *Page
	pages []*Page
	index []int
	bits  uint64 // of all pages
	// unnoted: some page has no bit.
	unnoted bool
	unlike  []bool // by Node.Index: what differs from the first group; nil for none
}

// split sorts the pages into groups.
func (a *across) split(pages []*Page) {
	for i, p := range pages {
		at := 0
		for at < len(a.groups) && a.groups[at].from.Tree != p.Tree {
			at++
		}
		if at == len(a.groups) {
			a.groups = append(a.groups, group{from: p})
			if at > 0 && a.rule.Near {
				a.groups[at].unlike = p.Tree.Unlike()
			}
		}
		g := &a.groups[at]
		g.pages, g.index, g.bits = append(g.pages, p), append(g.index, i), g.bits|p.Styles.Bit()
		g.unnoted = g.unnoted || p.Styles.Bit() == 0
	}
}

// judge judges the candidates of a page in groups of pages, each but for what
// is unlike there. Groups that have nothing in common with the first are
// judged by themselves.
func (a *across) judge(p *Page, groups []group) {
	for _, n := range a.rule.Candidates(p) {
		a.at = n
		passes := false
		for i := range groups {
			g := &groups[i]
			if i > 0 && (g.unlike == nil || g.unlike[n.Index]) {
				continue
			}
			if a.inGroup(g, n) {
				passes = true
			}
		}
		if passes {
			a.passed(n)
		}
	}
}

// inGroup judges a candidate on the pages of a group and reports whether it
// passes on any.
func (a *across) inGroup(g *group, n *dom.Node) (passes bool) {
	at := g.from.Styles.Frame(n, a.rule.Reads&States != 0)
	if at < 0 || g.unnoted {
		for i := range g.pages {
			passes = a.alone(g, i, n, a.rule.Style(g.pages[i], n)) || passes
		}
		return passes
	}
	note := &a.notes[at]
	if g.bits&^(note.Pass|note.None|note.Ask) != 0 {
		a.note(g, n, note)
	}
	if passes = note.Pass&g.bits != 0; note.Ask&g.bits == 0 {
		return passes
	}
	for i, p := range g.pages {
		if note.Ask&p.Styles.Bit() != 0 {
			passes = a.alone(g, i, n, Ask) || passes
		}
	}
	return passes
}

// note asks for what is not noted yet.
func (a *across) note(g *group, n *dom.Node, to *style.Note) {
	for _, p := range g.pages {
		bit := p.Styles.Bit()
		if (to.Pass|to.None|to.Ask)&bit != 0 {
			continue
		}
		switch a.rule.Style(p, n) {
		case Passes:
			to.Pass |= bit
		case NoTarget:
			to.None |= bit
		default:
			to.Ask |= bit
		}
	}
}

// alone judges a candidate on one page, after what its style says.
func (a *across) alone(g *group, i int, n *dom.Node, said Answer) (passes bool) {
	if said != Ask {
		return said == Passes
	}
	v := a.rule.Expectation(g.pages[i], n)
	if v.Outcome == Passed {
		return true
	}
	a.other(g.index[i], Result{a.rule, n, v})
	return false
}
