package style

import (
	"fmt"
	"slices"
	"strings"

	"handrail/a11y/dom"
)

// Styles are the computed styles of a page in one mode.
type Styles struct {
	m    *Matcher
	mode Mode
	set  *matchSet
	of   []*Computed // by Node.Index
	on   []bool      // by globalRule: its conditions hold; nil when all do
	root metrics
	dark bool // the mode prefers dark

	computeds map[shareKey]*Computed
	boxes     map[boxKey]*box
	values    map[valueKey]valueOf
	pseudos   map[pseudoKey]*Computed
	backdrops map[*dom.Node]*layers
	shown     []showState
	scratch   []uint32
	initial   *Computed
	forced    bool
	turned    *Styles // see Turned
}

// shareKey identifies equal computed styles: same parent, same cascade.
type shareKey struct {
	parent *Computed
	cas    *cascaded
}

// pseudoKey is an element or, by name, one of its pseudo-elements, while
// another element or itself is in dynamic states.
type pseudoKey struct {
	node, subject *dom.Node
	name          string
	st            State
}

// Resolve computes the styles of a page in a mode.
func Resolve(doc *dom.Doc, sheets []*Sheet, mode Mode) *Styles {
	return NewMatcher(doc, sheets).Styles(mode)
}

// Styles computes the styles of the page in a mode.
func (m *Matcher) Styles(mode Mode) *Styles {
	s := &Styles{m: m, mode: mode, set: m.set(mode.Attrs), forced: mode.Forced, dark: mode.Scheme == "dark",
		computeds: map[shareKey]*Computed{}, boxes: map[boxKey]*box{}}
	s.on = m.active(newEnv(mode))
	s.root = mode.metrics()
	s.initial = s.initialStyle()
	s.of = make([]*Computed, len(m.doc.Nodes))
	s.walk()
	return s
}

// walk computes all elements in document order; those in the contents of
// templates have no style.
func (s *Styles) walk() {
	for _, n := range s.m.doc.Nodes {
		if n.Type != dom.Element || s.inTemplate(n) {
			continue
		}
		c := s.element(n, s.parentOf(n))
		s.of[n.Index] = c
		if n == s.m.doc.HTML() {
			s.root.rem = c.inh.FontSize
			s.root.rlh = c.inh.LineHeight.Px
		}
	}
}

// inTemplate says whether n is in template contents; its parent has been looked
// at before.
func (s *Styles) inTemplate(n *dom.Node) bool {
	switch p := n.Parent; {
	case p == nil || p.Type == dom.Document:
		return false
	case p.Type == dom.Fragment:
		return p.Host == nil || p.Host.Shadow != p || s.of[p.Host.Index] == nil
	default:
		return s.of[p.Index] == nil
	}
}

func (s *Styles) element(n *dom.Node, parent *Computed) *Computed {
	list := s.filter(s.set.lists[n.Index])
	cas := s.m.cascaded(list, s.m.extra(n))
	return s.share(parent, cas)
}

// filter drops the rules whose conditions do not hold.
func (s *Styles) filter(list []uint32) []uint32 {
	if s.on == nil {
		return list
	}
	out := s.scratch[:0]
	for _, id := range list {
		if s.on[id] {
			out = append(out, id)
		}
	}
	s.scratch = out
	return out
}

// share returns the computed style for a parent and a cascade.
func (s *Styles) share(parent *Computed, cas *cascaded) *Computed {
	k := shareKey{parent, cas}
	if c := s.computeds[k]; c != nil {
		return c
	}
	c := s.compute(parent, cas)
	s.computeds[k] = c
	return c
}

// Mode returns the mode that the styles are for.
func (s *Styles) Mode() Mode { return s.mode }

// Doc returns the page.
func (s *Styles) Doc() *dom.Doc { return s.m.doc }

// Of returns the computed style of an element, or of the element that holds a
// text. Elements in template contents have the initial style.
func (s *Styles) Of(n *dom.Node) *Computed {
	for n != nil && n.Type != dom.Element {
		if n.Type == dom.Fragment {
			n = n.Host
			continue
		}
		n = n.Parent
	}
	if n == nil || s.of[n.Index] == nil {
		return s.initial
	}
	return s.of[n.Index]
}

// Pseudo returns the style of a pseudo-element such as "before", or nil when no
// rule makes one.
func (s *Styles) Pseudo(n *dom.Node, name string) *Computed { return s.pseudo(n, name, 0) }

func (s *Styles) pseudo(n *dom.Node, name string, st State) *Computed {
	return s.cached(pseudoKey{n, n, name, st})
}

// cached returns the style for a key, nil for a pseudo-element that is not
// made.
func (s *Styles) cached(k pseudoKey) *Computed {
	if k.st == 0 && !s.mayGenerate(s.set.pseudo[k.node.Index][k.name], k.name) {
		return nil
	}
	if c, ok := s.pseudos[k]; ok {
		return c
	}
	var c *Computed
	if k.st == 0 {
		if list := s.filter(s.set.pseudo[k.node.Index][k.name]); len(list) > 0 {
			c = s.share(s.Of(k.node), s.m.cascaded(list, nil))
		}
	} else {
		c = s.inState(k)
	}
	if s.pseudos == nil {
		s.pseudos = map[pseudoKey]*Computed{}
	}
	s.pseudos[k] = c
	return c
}

// mayGenerate reports whether rules can make a pseudo-element: ::before and
// ::after are there only with content, and *::before { box-sizing } has none.
func (s *Styles) mayGenerate(list []uint32, name string) bool {
	if name != "before" && name != "after" {
		return len(list) > 0
	}
	for _, id := range list {
		if s.m.rules[id].generates() {
			return true
		}
	}
	return false
}

// parentOf returns the style that n inherits from.
func (s *Styles) parentOf(n *dom.Node) *Computed {
	if p := n.ParentElement(); p != nil {
		return s.Of(p)
	}
	if f := n.Parent; f != nil && f.Type == dom.Fragment && f.Host != nil {
		return s.Of(f.Host)
	}
	return s.initial
}

// OfState returns the style of n when it is in dynamic states, such as
// FocusVisible. The styles of its ancestors are taken as they are without.
func (s *Styles) OfState(n *dom.Node, st State) *Computed {
	return s.OfWhen(n, n, st)
}

// OfWhen returns the style of n when another element, the subject, is in
// dynamic states: what a:focus > span and p:focus-within select.
func (s *Styles) OfWhen(n, subject *dom.Node, st State) *Computed {
	if st == 0 {
		return s.Of(n)
	}
	return s.cached(pseudoKey{n, subject, "", st})
}

// inState computes the style of an element, or of its pseudo-element, while
// the subject of the key is in its states.
func (s *Styles) inState(k pseudoKey) *Computed {
	list := s.stateRules(k.node, k.subject, k.st, k.name)
	if k.name != "" {
		if len(list) == 0 {
			return nil
		}
		return s.share(s.OfWhen(k.node, k.subject, k.st), s.m.cascaded(list, nil))
	}
	return s.share(s.parentOf(k.node), s.m.cascaded(list, s.m.extra(k.node)))
}

// PseudoState is Pseudo for an element in dynamic states.
func (s *Styles) PseudoState(n *dom.Node, name string, st State) *Computed {
	return s.pseudo(n, name, st)
}

// stateRules matches the rules of n, or of one of its pseudo-elements, while
// the subject is in dynamic states.
func (s *Styles) stateRules(n, subject *dom.Node, st State, pseudo string) []uint32 {
	c := &collector{m: s.m, ctx: matchContext{doc: s.m.doc, overlay: s.mode.Attrs, places: s.m.places,
		states: cssStates(st), subject: subject}}
	full := bloom{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	var out []uint32
	for _, id := range c.collect(nil, n, &full) {
		if s.m.rules[id].pseudo == pseudo {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return slices.Clone(s.filter(slices.Compact(out)))
}

// A Source tells where a declaration stands.
type Source struct {
	Sheet  string // name of the sheet; empty for the page itself
	Page   bool   // Offset is in the page: a style element or attribute
	UA     bool   // the browser's own sheet
	Offset int    // of the declaration's name
	Name   string // the property as the author wrote it, if known
}

// Where returns the sheet and offset of the declaration that decides a property
// of n: the winner on n or, for inherited properties, on an ancestor. ok is
// false when no declaration does, or only the browser's own.
func (s *Styles) Where(n *dom.Node, prop string) (sheet string, offset int, ok bool) {
	src, ok := s.WhereOf(n, prop)
	return src.Sheet, src.Offset, ok && !src.UA
}

// WhereOf is Where with more detail.
func (s *Styles) WhereOf(n *dom.Node, name string) (Source, bool) {
	return s.Of(n).Where(name)
}

// Where returns the place of the declaration that decides a property.
func (c *Computed) Where(name string) (Source, bool) {
	p, ok := propNames[asciiLower(name)]
	if !ok {
		if strings.HasPrefix(name, "--") {
			return c.customWhere(name)
		}
		return Source{}, false
	}
	for ; c != nil && c.cas != nil; c = c.parent {
		if w := c.winner(p); w != nil {
			if w.decl.wide == wideInherit || w.decl.wide == wideUnset && properties[p].inherited {
				continue
			}
			return w.source(), true
		}
		if !properties[p].inherited {
			break
		}
	}
	return Source{}, false
}

func (c *Computed) customWhere(name string) (Source, bool) {
	for ; c != nil && c.cas != nil; c = c.parent {
		for i := range c.cas.custom {
			if c.cas.custom[i].decl.custom == name {
				return c.cas.custom[i].source(), true
			}
		}
	}
	return Source{}, false
}

// winner finds the winner for a property under any of its names.
func (c *Computed) winner(p prop) *winner {
	best := c.cas.find(p)
	for i := range c.cas.winners {
		w := &c.cas.winners[i]
		if w.prop >= propInlineSize && w.prop < propOther && physicalProp(w.prop, c.inh.WritingMode, c.inh.Direction) == p {
			if best == nil || w.seq > best.seq {
				best = w
			}
		}
	}
	return best
}

func (w *winner) source() Source {
	src := Source{Offset: w.decl.pos, Name: w.decl.short}
	if src.Name == "" {
		src.Name = w.decl.custom
		if w.decl.custom == "" {
			src.Name = properties[w.decl.prop].name
		}
	}
	switch {
	case w.sheet != nil:
		src.Sheet, src.UA = w.sheet.Name, w.sheet.origin == originUA
		src.Offset += w.sheet.Base
		src.Page = w.sheet.inPage
	default:
		src.Page = true
		src.Offset += max(w.page, 0)
	}
	return src
}

// Value returns the computed value of a property as text; empty for a property
// that is not known. Custom properties have their references put in.
func (c *Computed) Value(name string) string {
	if strings.HasPrefix(name, "--") {
		if v := c.vars.lookup(name); v != nil {
			if text, ok := v.resolve(0); ok {
				return clean(text)
			}
		}
		return ""
	}
	p, ok := propNames[asciiLower(name)]
	if !ok {
		return ""
	}
	if p >= propInlineSize && p < propOther {
		p = physicalProp(p, c.inh.WritingMode, c.inh.Direction)
	}
	if p < propOther {
		return c.typed(p)
	}
	return c.textOf(p)
}

// textOf returns the value of a property that is kept as text.
func (c *Computed) textOf(p prop) string {
	info := &properties[p]
	for e := c; e != nil && e.cas != nil; e = e.parent {
		w := e.cas.find(p)
		switch {
		case w == nil && info.inherited, w != nil && w.decl.wide == wideInherit:
			continue
		case w == nil:
			return info.initial
		}
		switch w.decl.wide {
		case wideInitial:
			return info.initial
		case wideUnset, wideRevert, wideRevertLayer:
			if info.inherited {
				continue
			}
			return info.initial
		}
		v, ok := e.value(w)
		if ok {
			return v.text
		}
		if !info.inherited {
			return info.initial
		}
	}
	return info.initial
}

// number writes a float without needless digits.
func number(v float64) string {
	s := fmt.Sprintf("%.4f", v)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}
