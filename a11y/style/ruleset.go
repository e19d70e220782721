package style

import "slices"

// A ruleSet is the list of rules that some element matches, those for its
// pseudo-elements included, in the order of the cascade. Equal lists are one
// ruleSet.
type ruleSet struct {
	all    []uint32
	own    []uint32    // rules for the element itself
	pseudo []pseudoSet // by name
	conds  []int32     // conditions that some of the rules stand under
	asks   bool        // some rule asks for a dynamic state, as in :not(:focus)
}

// A pseudoSet holds the rules for one pseudo-element.
type pseudoSet struct {
	name  string
	rules *ruleSet
	made  bool // some rule can make it
}

// rules returns the set of rules with the ids, which ascend.
func (c *store) ruleSet(ids []uint32) *ruleSet {
	h := hashList(ids)
	for _, r := range c.rules[h] {
		if slices.Equal(r.all, ids) {
			return r
		}
	}
	r := c.newRuleSet(slices.Clone(ids))
	c.rules[h] = append(c.rules[h], r)
	return r
}

func (c *store) newRuleSet(ids []uint32) *ruleSet {
	r := &ruleSet{all: ids}
	var names []string
	byName := map[string][]uint32{}
	for _, id := range ids {
		g := &c.plan.rules[id]
		if g.cond >= 0 && !slices.Contains(r.conds, g.cond) {
			r.conds = append(r.conds, g.cond)
		}
		r.asks = r.asks || g.sel.States != 0
		if g.pseudo == "" {
			r.own = append(r.own, id)
			continue
		}
		if byName[g.pseudo] == nil {
			names = append(names, g.pseudo)
		}
		byName[g.pseudo] = append(byName[g.pseudo], id)
	}
	slices.Sort(names)
	for _, name := range names {
		list := byName[name]
		r.pseudo = append(r.pseudo, pseudoSet{name, &ruleSet{all: list, own: list}, c.plan.mayGenerate(list, name)})
	}
	return r
}

// mayGenerate reports whether rules can make a pseudo-element: ::before and
// ::after are there only with content, and *::before { box-sizing } has none.
func (p *plan) mayGenerate(list []uint32, name string) bool {
	if name != "before" && name != "after" {
		return len(list) > 0
	}
	return slices.ContainsFunc(list, func(id uint32) bool { return p.rules[id].generates() })
}

// stateless returns the ids of the rules that ask for no dynamic state.
func (r *ruleSet) stateless(p *plan, to []uint32) []uint32 {
	for _, id := range r.all {
		if p.rules[id].sel.States == 0 {
			to = append(to, id)
		}
	}
	return to
}

func hashList(list []uint32) uint64 {
	h := uint64(14695981039346656037)
	for _, v := range list {
		h = (h ^ uint64(v)) * 1099511628211
	}
	return h ^ h>>29
}
