package style

import (
	"maps"
	"slices"

	"handrail/a11y/dom"
)

// A Cache keeps what the pages of a site have in common: computed styles of
// elements that match the same rules under the same parents. Pages may come
// in any order and have any sheets. A Cache is not safe for concurrent use;
// goroutines take one each.
type Cache struct {
	stores []*store // the last used last
}

// Bounds of a cache: lists of sheets that it remembers, and slots of each. A
// site of one theme needs a few lists and a few thousand slots.
const (
	maxStores = 8
	maxSlots  = 1 << 15
)

// NewCache returns an empty cache.
func NewCache() *Cache { return &Cache{} }

// Matcher is NewMatcher with what the cache knows. It may be used until the
// cache makes the next one.
func (c *Cache) Matcher(doc *dom.Doc, sheets []*Sheet) *Matcher {
	m := &Matcher{doc: doc, plan: planFor(sheets, doc), places: &places{doc: doc}}
	m.single = doc.QuirksMode || m.plan.scoped || slices.ContainsFunc(doc.Nodes, func(n *dom.Node) bool { return n.Shadow != nil })
	m.cache = c.store(m.plan, colorSchemes(doc))
	m.addExtras()
	return m
}

// store returns the store for a plan and what the page says of colour schemes,
// on which the initial style depends.
func (c *Cache) store(p *plan, meta string) *store {
	i := slices.IndexFunc(c.stores, func(s *store) bool { return s.plan == p && s.meta == meta })
	var s *store
	if i >= 0 {
		s = c.stores[i]
		c.stores = slices.Delete(c.stores, i, i+1)
	}
	if s == nil || len(s.slots) > maxSlots || len(s.frames) > maxSlots {
		s = newStore(p, meta)
	}
	if len(c.stores) == maxStores {
		c.stores = slices.Delete(c.stores, 0, 1)
	}
	c.stores = append(c.stores, s)
	return s
}

// A store is the part of a cache for one list of sheets.
type store struct {
	plan   *plan
	meta   string
	rules  map[uint64][]*ruleSet
	slots  map[slotKey]*slot
	extras map[string]*extra
	frames map[string]*frame // see collector.element
	all    []*frame          // by id
	worlds []*world
	sights []*sight
	notes  map[any][]Note // see Styles.Notes

	variants []*variant
	byAttrs  map[string]*variant

	// Equal values are one, in all worlds.
	boxes   map[box]*box
	inherit map[inherited]*inherited

	substituted map[parsedKey][]propValue // see parsed

	cascader cascader
	cascades map[uint64][]*cascaded
	stamp    uint32
	scratch  []uint32
}

func newStore(p *plan, meta string) *store {
	return &store{plan: p, meta: meta, rules: map[uint64][]*ruleSet{}, slots: map[slotKey]*slot{}, frames: map[string]*frame{},
		notes: map[any][]Note{}, variants: []*variant{{}}, byAttrs: map[string]*variant{},
		extras: map[string]*extra{}, cascades: map[uint64][]*cascaded{},
		boxes: map[box]*box{}, inherit: map[inherited]*inherited{}, substituted: map[parsedKey][]propValue{}}
}

// shared returns the value in the map that equals v: a copy when it is new.
func shared[T comparable](known map[T]*T, v *T) *T {
	if got := known[*v]; got != nil {
		return got
	}
	c := *v
	known[c] = &c
	return &c
}

// A world is one display mode: it turns slots into computed styles. Modes that
// differ only in the attributes that they set share one.
type world struct {
	cache     *store
	mode      Mode
	forced    bool
	dark      bool    // the mode prefers dark
	holds     []bool  // by plan.conds
	on        []bool  // by plan.rules: its conditions hold; nil when all do
	root      metrics // with the root element's font size while computing
	computeds map[shareKey]*Computed
	shared    map[valuesKey]*values
	boxes     map[boxKey]*box
	values    map[valueKey]valueOf
	initial   *Computed
	scratch   []uint32

	// Where a style is computed before it is known whether it is a new one.
	setter setter
	inh    inherited
	box    box
}

// shareKey identifies equal computed styles: same parent, same cascade.
type shareKey struct {
	parent *Computed
	cas    *cascaded
}

// A sight is what a mode comes to: media and other settings, and attributes.
// It keeps what was found out of each frame, for all pages.
type sight struct {
	mode Mode
	*world
	*variant
	styles  []*Computed // by frame
	digests []Digests   // by frame; zero where nobody asked yet
	bit     uint64      // in notes; 0 for all after 64 sights
}

// sight returns what a mode comes to.
func (c *store) sight(mode Mode) *sight {
	for i := range c.sights {
		if c.sights[i].mode.alike(mode) && maps.Equal(c.sights[i].mode.Attrs, mode.Attrs) {
			return c.sights[i]
		}
	}
	s := &sight{mode: mode, world: c.worldOf(mode), variant: c.variant(mode.Attrs)}
	if len(c.sights) < 64 {
		s.bit = 1 << len(c.sights)
	}
	c.sights = append(c.sights, s)
	return s
}

// grow makes room for all frames of the store.
func (s *sight) grow() {
	n := len(s.cache.all)
	s.styles = slices.Grow(s.styles, n-len(s.styles))[:n]
	s.digests = slices.Grow(s.digests, n-len(s.digests))[:n]
}

// worldOf returns the world of a mode.
func (c *store) worldOf(mode Mode) *world {
	for _, w := range c.worlds {
		if w.mode.alike(mode) {
			return w
		}
	}
	w := &world{cache: c, mode: mode, forced: mode.Forced, dark: mode.Scheme == "dark", root: mode.metrics(),
		computeds: map[shareKey]*Computed{}, shared: map[valuesKey]*values{}, boxes: map[boxKey]*box{}, values: map[valueKey]valueOf{}}
	w.holds = c.plan.holding(newEnv(mode))
	w.on = c.plan.active(w.holds)
	w.initial = w.initialStyle()
	c.worlds = append(c.worlds, w)
	return w
}

// alike says whether modes differ at most in their names and attributes.
func (m Mode) alike(o Mode) bool {
	return m.Width == o.Width && m.Scheme == o.Scheme && m.Contrast == o.Contrast && m.Forced == o.Forced &&
		m.ReducedMotion == o.ReducedMotion && m.Print == o.Print && m.TextScale == o.TextScale &&
		m.TextSpacing == o.TextSpacing && m.turned == o.turned
}

// of returns the computed style of a slot, nil for a pseudo-element that is
// not made.
func (w *world) of(s *slot) *Computed {
	for i := range s.made {
		if s.made[i].in == w {
			return s.made[i].style
		}
	}
	c := w.compute(s)
	s.made = append(s.made, made{w, c})
	return c
}

// compute computes the style of a slot, those above it first.
func (w *world) compute(s *slot) *Computed {
	parent := w.initial
	if s.parent != nil {
		parent = w.of(s.parent)
	}
	list := w.filter(s.rules.own)
	if s.pseudo && len(list) == 0 {
		return nil
	}
	w.root.rem, w.root.rlh = w.initial.inh.FontSize, w.initial.inh.LineHeight.Px
	if s.parent != nil {
		root := w.of(s.root()).inh
		w.root.rem, w.root.rlh = root.FontSize, root.LineHeight.Px
	}
	return w.share(parent, w.cache.cascaded(list, s.extra))
}

// filter drops the rules whose conditions do not hold.
func (w *world) filter(list []uint32) []uint32 {
	if w.on == nil {
		return list
	}
	out := w.scratch[:0]
	for _, id := range list {
		if w.on[id] {
			out = append(out, id)
		}
	}
	w.scratch = out
	return out
}

// share returns the computed style for a parent and a cascade.
func (w *world) share(parent *Computed, cas *cascaded) *Computed {
	k := shareKey{parent, cas}
	if c := w.computeds[k]; c != nil {
		return c
	}
	c := w.resolve(parent, cas)
	w.computeds[k] = c
	return c
}
