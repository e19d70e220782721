package style

import (
	"hash/maphash"
	"slices"
)

// A winner is the declaration that won for a property.
type winner struct {
	prop   prop
	decl   *decl
	seq    int32 // later declarations beat earlier ones, also over logical names
	sheet  *Sheet
	page   int // offset in the page, for a style attribute; -1 otherwise
	author bool
	under  *decl // the browser's own declaration that this one of the author beats
}

// cascaded is the outcome of the cascade for a list of rules. Elements that
// match the same rules share one.
type cascaded struct {
	winners []winner // by prop, ascending
	custom  []winner // custom properties
	inherit bool     // some winner is an inherited property
	boxed   bool     // some winner is not
	// boxInherits: some property that is not inherited has the value inherit.
	boxInherits bool
	texts       bool // some winner is an inherited property that is kept as text
	// textInherits: one that is not inherited has the value inherit.
	textInherits bool
	key          []uint32
	extra        *extra
}

// find returns the winner for a property, or nil.
func (c *cascaded) find(p prop) *winner {
	i, ok := slices.BinarySearchFunc(c.winners, p, func(w winner, p prop) int { return int(w.prop) - int(p) })
	if !ok {
		return nil
	}
	return &c.winners[i]
}

// cascader runs cascades with scratch memory that is used again.
type cascader struct {
	slots   []winner // by prop; decl is nil where there is none yet
	touched []prop
	custom  map[string]int // index in customs
	customs []winner
	history []applied // what was applied, for revert and revert-layer
	seq     int32
	track   bool
}

// applied is an entry of the history.
type applied struct {
	w     winner
	name  string // of a custom property
	ua    bool
	layer int32
}

// cascade decides the winners for a list of rules, which is in ascending order,
// and an element's own declarations.
func (m *plan) cascade(k *cascader, list []uint32, ex *extra) *cascaded {
	k.reset()
	for _, id := range list {
		for i := range m.rules[id].decls {
			if w := m.rules[id].decls[i].wide; w == wideRevert || w == wideRevertLayer {
				k.track = true
			}
		}
	}
	author := len(list)
	for i, id := range list {
		if m.insts[m.rules[id].inst].sheet.origin == originAuthor {
			author = i
			break
		}
	}
	k.rules(m, list[:author], false)
	if ex != nil {
		k.decls(ex.hints, false, nil, -1, true, -1)
	}
	k.rules(m, list[author:], false)
	if ex != nil {
		k.inline(ex, false)
	}
	k.important(m, list, author, ex)
	return k.result(list, ex)
}

func (k *cascader) reset() {
	if k.slots == nil {
		k.slots = make([]winner, len(properties))
		k.custom = map[string]int{}
	}
	for _, p := range k.touched {
		k.slots[p] = winner{}
	}
	k.touched, k.customs, k.history = k.touched[:0], k.customs[:0], k.history[:0]
	clear(k.custom)
	k.seq, k.track = 0, false
}

// rules applies the normal or the important declarations of rules.
func (k *cascader) rules(m *plan, list []uint32, important bool) {
	for _, id := range list {
		r := &m.rules[id]
		sheet := m.insts[r.inst].sheet
		k.decls(r.decls, important, sheet, -1, sheet.origin == originAuthor, r.layer)
	}
}

// inline applies the style attribute.
func (k *cascader) inline(ex *extra, important bool) {
	k.decls(ex.inline, important, nil, ex.offset, true, 1<<30)
}

// important applies important declarations, where the order of origins and
// layers is turned round.
func (k *cascader) important(m *plan, list []uint32, author int, ex *extra) {
	has := func(ds []decl) bool {
		return slices.ContainsFunc(ds, func(d decl) bool { return d.important })
	}
	some := ex != nil && has(ex.inline)
	for _, id := range list {
		some = some || has(m.rules[id].decls)
	}
	if !some {
		return
	}
	authors := list[author:]
	if m.layered {
		authors = slices.Clone(authors)
		slices.SortStableFunc(authors, func(a, b uint32) int { return int(m.rules[b].layer - m.rules[a].layer) })
	}
	k.rules(m, authors, true)
	if ex != nil {
		k.inline(ex, true)
	}
	k.rules(m, list[:author], true)
}

// decls applies declarations in order.
func (k *cascader) decls(ds []decl, important bool, sheet *Sheet, page int, author bool, layer int32) {
	for i := range ds {
		d := &ds[i]
		if d.important != important {
			continue
		}
		k.seq++
		w := winner{prop: d.prop, decl: d, seq: k.seq, sheet: sheet, page: page, author: author}
		if k.track {
			if d.wide == wideRevert || d.wide == wideRevertLayer {
				w = k.revert(w, d, author, layer)
			}
			k.history = append(k.history, applied{w, d.custom, !author, layer})
		}
		if d.custom != "" {
			k.setCustom(d.custom, w)
			continue
		}
		beaten := &k.slots[d.prop]
		switch {
		case beaten.decl == nil:
			k.touched = append(k.touched, d.prop)
		case !author || w.decl != d:
		case beaten.author:
			w.under = beaten.under
		default:
			w.under = beaten.decl
		}
		*beaten = w
	}
}

// revert finds the declaration that would hold without the origin or layer of
// d. Without any it is as unset.
func (k *cascader) revert(w winner, d *decl, author bool, layer int32) winner {
	for i := len(k.history) - 1; i >= 0; i-- {
		h := &k.history[i]
		if h.w.decl == nil || h.w.prop != d.prop || h.name != d.custom {
			continue
		}
		if h.ua && author || d.wide == wideRevertLayer && h.layer < layer {
			h.w.seq = w.seq
			return h.w
		}
	}
	return w
}

func (k *cascader) setCustom(name string, w winner) {
	if i, ok := k.custom[name]; ok {
		k.customs[i] = w
		return
	}
	k.custom[name] = len(k.customs)
	k.customs = append(k.customs, w)
}

// result packs the winners.
func (k *cascader) result(list []uint32, ex *extra) *cascaded {
	c := &cascaded{key: slices.Clone(list), extra: ex}
	slices.Sort(k.touched)
	c.winners = make([]winner, 0, len(k.touched))
	for _, p := range k.touched {
		c.winners = append(c.winners, k.slots[p])
		switch {
		case properties[p].inherited:
			c.inherit = c.inherit || p < propOther
			c.texts = c.texts || p >= propOther
		case p < propOther:
			c.boxed = true
			c.boxInherits = c.boxInherits || k.slots[p].decl.wide == wideInherit
		default:
			c.textInherits = c.textInherits || k.slots[p].decl.wide == wideInherit
		}
	}
	c.custom = slices.Clone(k.customs)
	return c
}

var seed = maphash.MakeSeed()

// cascaded returns the outcome of the cascade, shared between elements with
// the same rules, in all modes.
func (c *store) cascaded(list []uint32, ex *extra) *cascaded {
	h := hashList(list)
	if ex != nil {
		h ^= maphash.Comparable(seed, ex)
	}
	for _, got := range c.cascades[h] {
		if got.extra == ex && slices.Equal(got.key, list) {
			return got
		}
	}
	got := c.plan.cascade(&c.cascader, list, ex)
	c.cascades[h] = append(c.cascades[h], got)
	return got
}
