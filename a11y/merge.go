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
	passed bool
	result Result

	rule    *act.Rule
	order   int
	targets bool
	found   []found
	all     []found
}

type found struct {
	finding Finding
	rule    int // place of the rule in the list
	target  int // index of the target
	modes   []int
}

func (m *merger) begin(r *act.Rule) {
	m.rule, m.targets, m.found = r, false, m.found[:0]
	m.order++
}

// add takes the results of one run.
func (m *merger) add(results []act.Result, from run) {
	m.targets = m.targets || len(results) > 0
	earlier := m.earlier()
	for i := range results {
		r := &results[i]
		if at, ok := earlier[verdict{r.Target.Index, r.Outcome}]; ok {
			f := &m.found[at]
			f.modes = append(f.modes, from.modes...)
			continue
		}
		m.found = append(m.found, found{
			finding: m.finding(r, from.page),
			rule:    m.order,
			target:  r.Target.Index,
			modes:   slices.Clone(from.modes),
		})
	}
}

type verdict struct {
	target  int
	outcome act.Outcome
}

// earlier returns the findings of earlier runs of the rule by target and
// outcome.
func (m *merger) earlier() map[verdict]int {
	if len(m.found) == 0 {
		return nil
	}
	index := make(map[verdict]int, len(m.found))
	for i := range m.found {
		index[verdict{m.found[i].target, m.found[i].finding.Outcome}] = i
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
		f := &m.found[i]
		if f.finding.Outcome == act.Passed {
			m.result.Passed++
			if !m.passed {
				continue
			}
		}
		f.finding.Modes = m.names(f.modes)
		m.all = append(m.all, *f)
	}
}

func (m *merger) names(modes []int) []string {
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

func (m *merger) sort() {
	slices.SortStableFunc(m.all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.finding.Offset, b.finding.Offset), cmp.Compare(a.rule, b.rule), cmp.Compare(a.target, b.target))
	})
	m.result.Findings = make([]Finding, len(m.all))
	for i := range m.all {
		m.result.Findings[i] = m.all[i].finding
	}
}

func (m *merger) finding(r *act.Result, p *act.Page) Finding {
	if r.Outcome == act.Passed && !m.passed {
		return Finding{Outcome: act.Passed}
	}
	at := r.Target
	if r.At != nil {
		at = r.At
	}
	f := Finding{
		Page: m.page, Rule: r.Rule.ID, ACT: r.Rule.ACT, WCAG: r.Rule.Criteria, Level: r.Rule.At(),
		Outcome: r.Outcome, Target: r.Target.Path(),
		Message: r.Message, Hints: r.Hints, Args: r.Args,
	}
	f.Offset, f.End = place(at)
	if r.AtPos > 0 {
		f.Offset, f.End = r.AtPos, r.AtPos
	}
	if r.Prop != "" {
		f.Style = blame(m.page, p.Styles, at, r.Prop)
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
