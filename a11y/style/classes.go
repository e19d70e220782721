package style

import (
	"fmt"
	"strings"
)

// Classes groups modes that select the same declarations, so that one Styles
// answers for all modes of a group. It returns, for each class, the indexes of
// its modes; the first stands for the others.
func (m *Matcher) Classes(modes []Mode) [][]int {
	var out [][]int
	seen := map[string]int{}
	for i, mode := range modes {
		key := m.signature(mode)
		c, ok := seen[key]
		if !ok {
			c = len(out)
			seen[key] = c
			out = append(out, nil)
		}
		out[c] = append(out[c], i)
	}
	return out
}

// signature is a text that is equal for modes in which every declaration of
// the page is selected, and computed, alike.
func (m *Matcher) signature(mode Mode) string {
	var b strings.Builder
	holds := m.cache.world(mode).holds
	set := m.set(mode.Attrs)
	for i, used := range m.used(set) {
		if !used {
			continue
		}
		if holds[i] {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	fmt.Fprintf(&b, " %p %t %g %t", set, mode.Forced, mode.scale(), mode.TextSpacing)
	if m.anySheet(func(s *Sheet) bool { return s.viewport }) || m.inlineUses(unitVw, unitVh, unitVmin, unitVmax) {
		fmt.Fprintf(&b, " %g", mode.width())
	}
	if mode.Forced || m.cache.meta != "" || m.anySheet(func(s *Sheet) bool { return s.schemeUsed }) || m.inlineScheme() {
		b.WriteString(" " + mode.Scheme)
	}
	return b.String()
}

// used says which conditions decide about a rule that matches an element of the
// page, or may match one in some state.
func (m *Matcher) used(set *matchSet) []bool {
	if set.conds != nil || len(m.conds) == 0 {
		return set.conds
	}
	set.conds = make([]bool, len(m.conds))
	m.cache.stamp++
	for _, r := range set.rules {
		if r == nil || r.stamp == m.cache.stamp {
			continue
		}
		r.stamp = m.cache.stamp
		for _, c := range r.conds {
			set.conds[c] = true
		}
	}
	for _, id := range m.stateful.rules {
		if c := m.rules[id].cond; c >= 0 {
			set.conds[c] = true
		}
	}
	return set.conds
}

func (m *Matcher) anySheet(f func(*Sheet) bool) bool {
	for i := range m.insts {
		if f(m.insts[i].sheet) {
			return true
		}
	}
	return false
}

// inlineUses says whether a style attribute has a length in one of the units.
func (m *Matcher) inlineUses(us ...unit) bool {
	return m.anyInline(func(d *decl) bool { return d.vars || d.val.ex != nil && d.val.ex.uses(us...) })
}

func (m *Matcher) inlineScheme() bool {
	return m.anyInline(func(d *decl) bool { return d.prop == propColorScheme })
}

func (m *Matcher) anyInline(f func(*decl) bool) bool {
	for _, ex := range m.extras {
		if ex == nil {
			continue
		}
		for i := range ex.inline {
			if f(&ex.inline[i]) {
				return true
			}
		}
	}
	return false
}
