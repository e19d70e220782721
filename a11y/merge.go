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
	all     []found
	start   int             // of what the rule found, in all
	index   map[verdict]int // of these in all; see same
	results []act.Result    // scratch
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
	m.start = len(m.all)
	m.index = nil
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
	m.fail(act.Across(r, pages, m.passed, func(i int, x act.Result) {
		m.targets = true
		m.take(&x, runs[i], i == 0)
	}))
}

// extend says that what the first run found holds in more modes, but for what
// is unlike there.
func (m *merger) extend(modes []int, unlike []bool) {
	for i := range m.all[m.start:] {
		if f := &m.all[m.start+i]; f.first && !unlike[f.Target.Index] {
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
	for i := range results {
		m.take(&results[i], from, first)
	}
}

// take takes one result of a run.
func (m *merger) take(r *act.Result, from run, first bool) {
	if at, ok := m.same(verdict{r.Target.Index, r.Outcome}, first); ok {
		f := &m.all[at]
		f.modes = append(f.modes, from.modes...)
		return
	}
	m.all = append(m.all, found{*r, from.page, slices.Clip(from.modes), first})
}

// same finds what an earlier run of the rule found of a target with the same
// outcome. The first run finds nothing twice.
func (m *merger) same(v verdict, first bool) (at int, ok bool) {
	if first || m.start == len(m.all) {
		return 0, false
	}
	if m.index == nil {
		m.index = map[verdict]int{}
	}
	for i := m.start + len(m.index); i < len(m.all); i++ {
		m.index[verdict{m.all[i].Target.Index, m.all[i].Outcome}] = i
	}
	at, ok = m.index[v]
	return at, ok
}

// end closes the rule.
func (m *merger) end() {
	if !m.targets {
		m.result.Inapplicable = append(m.result.Inapplicable, m.rule.ID)
		return
	}
	for i := range m.all[m.start:] {
		if m.all[m.start+i].Outcome == act.Passed {
			m.result.Passed++
		}
	}
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
	order := make([]foundAt, len(m.all))
	for i := range m.all {
		order[i].f = &m.all[i]
		order[i].start, order[i].end = m.all[i].place()
	}
	slices.SortStableFunc(order, func(a, b foundAt) int { return cmp.Compare(a.start, b.start) })
	m.result.Findings = make([]Finding, len(order))
	for i := range order {
		m.finding(&m.result.Findings[i], &order[i])
	}
	return m.result
}

// A foundAt is what was found with its place in the page.
type foundAt struct {
	f          *found
	start, end int
}

// place returns where to point at.
func (r *found) place() (start, end int) {
	if r.AtPos > 0 {
		return r.AtPos, r.AtPos
	}
	return place(r.node())
}

// node is the target, or what the verdict points at instead.
func (r *found) node() *dom.Node {
	if r.At != nil {
		return r.At
	}
	return r.Target
}

func (m *merger) finding(to *Finding, at *foundAt) {
	r := at.f
	*to = Finding{
		Page: m.page, Rule: r.Rule.ID, ACT: r.Rule.ACT, WCAG: r.Rule.Criteria, Level: r.Rule.At(),
		Outcome: r.Outcome, Target: r.Target.Path(), Modes: m.names(r.modes),
		Message: r.Message, Hints: r.Hints, Args: r.Args(), Offset: at.start, End: at.end,
	}
	if r.Prop != "" {
		to.Style = blame(m.page, r.page.Styles, r.node(), r.Prop)
	}
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
