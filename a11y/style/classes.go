package style

import (
	"fmt"
	"strconv"
)

// Classes groups modes that select the same declarations, so that one Styles
// answers for all modes of a group. It returns, for each class, the indexes of
// its modes; the first stands for the others.
func (m *Matcher) Classes(modes []Mode) [][]int {
	for i := range modes {
		m.cache.sight(modes[i])
	}
	m.match()
	k := classifier{m: m, first: make([]*variant, m.known), conds: make([][]bool, m.known)}
	k.viewport = m.anySheet(func(s *Sheet) bool { return s.viewport }) || m.inlineUses(unitVw, unitVh, unitVmin, unitVmax)
	k.scheme = m.cache.meta != "" || m.anySheet(func(s *Sheet) bool { return s.schemeUsed }) || m.inlineScheme()
	var out [][]int
	seen := map[string]int{}
	var key []byte
	for i := range modes {
		key = k.signature(key[:0], modes[i])
		c, ok := seen[string(key)]
		if !ok {
			c = len(out)
			seen[string(key)] = c
			out = append(out, nil)
		}
		out[c] = append(out[c], i)
	}
	return out
}

// A classifier finds the classes of a page.
type classifier struct {
	m                *Matcher
	first            []*variant // by variant: the first one under which elements match the same rules
	conds            [][]bool   // by variant: see used
	viewport, scheme bool       // some declaration hangs on the width, or on the colour scheme
}

// signature is a key that is equal for modes in which every declaration of the
// page is selected, and computed, alike.
func (k *classifier) signature(key []byte, mode Mode) []byte {
	sight := k.m.cache.sight(mode)
	v := k.firstLike(sight.variant)
	for i, used := range k.used(v) {
		if used {
			key = strconv.AppendBool(key, sight.holds[i])
		}
	}
	key = fmt.Appendf(key, " %d %t %g %t %t", v.id, mode.Forced, mode.scale(), mode.TextSpacing, mode.Print)
	if k.viewport {
		key = fmt.Appendf(key, " %g", mode.width())
	}
	if mode.Forced || k.scheme {
		key = append(append(key, ' '), mode.Scheme...)
	}
	return key
}

// firstLike returns the first variant under which the page's elements match the
// same rules.
func (k *classifier) firstLike(v *variant) *variant {
	if k.first[v.id] == nil {
		k.first[v.id] = v
		for _, o := range k.first[:v.id] {
			if o != nil && k.m.same(o, v) {
				k.first[v.id] = o
				break
			}
		}
	}
	return k.first[v.id]
}

// used says which conditions decide about a rule that matches an element of the
// page, or may match one in some state.
func (k *classifier) used(v *variant) []bool {
	m := k.m
	if k.conds[v.id] != nil || len(m.conds) == 0 {
		return k.conds[v.id]
	}
	conds := make([]bool, len(m.conds))
	for at := range m.frames {
		for _, c := range m.rulesOf(at, v).conds {
			conds[c] = true
		}
	}
	for _, id := range m.stateful.rules {
		if c := m.rules[id].cond; c >= 0 {
			conds[c] = true
		}
	}
	k.conds[v.id] = conds
	return conds
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
