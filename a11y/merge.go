package a11y

import (
	"cmp"
	"slices"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// A merger makes findings of results: one per rule, target and outcome, with
// the modes in which it was found.
type merger struct {
	page   string
	doc    *dom.Doc
	modes  []style.Mode
	result Result
	passed func(*dom.Node) // pass

	rule    *act.Rule
	targets bool
	passing []bool // by Node.Index: targets that passed, of which no finding is made
	found   []found
	all     []found
	results []act.Result // scratch
}

// A found is a result with the modes that it holds in.
type found struct {
	act.Result
	page  *act.Page
	modes []int // shared with the run until there is more than one
	first bool  // found in the first run
}

func (m *merger) begin(r *act.Rule) {
	m.rule, m.targets = r, false
	m.found = m.found[:0]
	if m.passing == nil {
		m.passing = make([]bool, len(m.doc.Nodes))
	}
	clear(m.passing)
}

// pass takes a target that passed and of which no finding is made.
func (m *merger) pass(n *dom.Node) {
	m.targets = true
	if !m.passing[n.Index] {
		m.passing[n.Index] = true
		m.result.Passed++
	}
}

type verdict struct {
	target  int
	outcome act.Outcome
}

// fail takes the error of a rule.
func (m *merger) fail(err error) {
	if err != nil {
		m.result.Errors = append(m.result.Errors, err)
	}
}

// across evaluates a rule in all its runs at once.
func (m *merger) across(r *act.Rule, runs []run) {
	pages := make([]*act.Page, len(runs))
	for i := range runs {
		pages[i] = runs[i].page
	}
	var byRun [][]act.Result
	m.fail(act.Across(r, pages, m.passed, func(i int, x act.Result) {
		if byRun == nil {
			byRun = make([][]act.Result, len(runs))
		}
		byRun[i] = append(byRun[i], x)
	}))
	for i := range byRun {
		m.add(byRun[i], runs[i], i == 0)
	}
}

// extend says that what the first run found holds in more modes, but for what
// is unlike there.
func (m *merger) extend(modes []int, unlike []bool) {
	for i := range m.found {
		if f := &m.found[i]; f.first && !unlike[f.Target.Index] {
			f.modes = append(f.modes, modes...)
		}
	}
}

// add takes the results of one run.
func (m *merger) add(results []act.Result, from run, first bool) {
	if len(results) == 0 {
		return
	}
	m.targets = true
	earlier := m.earlier()
	for i := range results {
		r := &results[i]
		if at, ok := earlier[verdict{r.Target.Index, r.Outcome}]; ok {
			f := &m.found[at]
			f.modes = append(f.modes, from.modes...)
			continue
		}
		m.found = append(m.found, found{*r, from.page, slices.Clip(from.modes), first})
	}
}

// earlier returns the findings of earlier runs of the rule by target and
// outcome.
func (m *merger) earlier() map[verdict]int {
	if len(m.found) == 0 {
		return nil
	}
	index := make(map[verdict]int, len(m.found))
	for i := range m.found {
		index[verdict{m.found[i].Target.Index, m.found[i].Outcome}] = i
	}
	return index
}

// end closes the rule.
func (m *merger) end() {
	if !m.targets {
		m.result.Inapplicable = append(m.result.Inapplicable, m.rule.ID)
		return
	}
	for i := range m.found {
		if m.found[i].Outcome == act.Passed {
			m.result.Passed++
		}
	}
	m.all = append(m.all, m.found...)
}

func (m *merger) names(modes []int) []string {
	modes = slices.Clone(modes)
	slices.Sort(modes)
	if modes = slices.Compact(modes); len(modes) == len(m.modes) {
		return []string{"*"}
	}
	names := make([]string, len(modes))
	for i, x := range modes {
		names[i] = m.modes[x].Name
	}
	return names
}

// finish makes the findings.
func (m *merger) finish() Result {
	findings := make([]Finding, len(m.all))
	order := make([]int, len(m.all))
	for i := range m.all {
		findings[i] = m.finding(&m.all[i])
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(findings[a].Offset, findings[b].Offset), cmp.Compare(a, b))
	})
	m.result.Findings = make([]Finding, len(findings))
	for i, at := range order {
		m.result.Findings[i] = findings[at]
	}
	return m.result
}

func (m *merger) finding(r *found) Finding {
	at := r.Target
	if r.At != nil {
		at = r.At
	}
	f := Finding{
		Page: m.page, Rule: r.Rule.ID, ACT: r.Rule.ACT, WCAG: r.Rule.Criteria, Level: r.Rule.At(),
		Outcome: r.Outcome, Target: r.Target.Path(), Modes: m.names(r.modes),
		Message: r.Message, Hints: r.Hints, Args: r.Args(),
	}
	f.Offset, f.End = place(at)
	if r.AtPos > 0 {
		f.Offset, f.End = r.AtPos, r.AtPos
	}
	if r.Prop != "" {
		f.Style = blame(m.page, r.page.Styles, at, r.Prop)
	}
	return f
}

// place returns where the node stands; a node that the parser made up stands
// where the next one above it does.
func place(n *dom.Node) (start, end int) {
	for ; n != nil; n = n.Parent {
		if n.Pos >= 0 && n.Type != dom.Document {
			return n.Pos, n.End
		}
	}
	return 0, 0
}
