package style

import (
	"fmt"
	"strings"

	"handrail/a11y/dom"
)

// Styles are the computed styles of a page in one mode.
type Styles struct {
	*sight
	m      *Matcher
	mode   Mode // as the caller calls it
	at     []int32
	frames []*frame
	states map[stateKey]*slot

	shown  []showState
	turned *Styles // see Turned
}

// Resolve computes the styles of a page in a mode.
func Resolve(doc *dom.Doc, sheets []*Sheet, mode Mode) *Styles {
	return NewMatcher(doc, sheets).Styles(mode)
}

// Styles returns the styles of the page in a mode. Each is computed when it is
// first asked for.
func (m *Matcher) Styles(mode Mode) *Styles {
	s := &Styles{sight: m.cache.sight(mode), m: m, mode: mode}
	m.match()
	s.at, s.frames = m.at, m.frames
	s.grow()
	for at := range m.frames {
		m.slotOf(at, s.variant)
	}
	return s
}

// slot returns the slot of an element, nil in the contents of templates.
func (s *Styles) slot(n *dom.Node) *slot {
	if id := s.at[n.Index]; id >= 0 {
		return s.cache.all[id].slots[s.variant.id]
	}
	return nil
}

// Frame returns a number that only elements share which have the same styles,
// as those above them have, and in dynamic states too if states is set; -1
// where that cannot be said.
func (s *Styles) Frame(n *dom.Node, states bool) int {
	if s.m.single || states && len(s.m.statefulContext.rules) > 0 {
		return -1
	}
	return int(s.at[n.Index])
}

// A Note keeps what a caller found out of the elements of a frame, by modes: each
// has a bit, which Styles.Bit returns.
type Note struct{ Pass, None, Ask uint64 }

// Notes returns what was noted under the key, on this page and on others with
// the same style sheets, by the numbers that Frame returns. The caller may note
// more.
func (s *Styles) Notes(key any) []Note {
	c := s.m.cache
	list := c.notes[key]
	if n := len(c.all); len(list) < n {
		list = append(list, make([]Note, n-len(list))...)
		c.notes[key] = list
	}
	return list
}

// Bit returns the bit of the mode in notes, 0 where it has none: there are 64.
func (s *Styles) Bit() uint64 { return s.sight.bit }

// Unlike reports for each node of the page whether the semantics of its own
// style, or of what is generated in it, differ between two modes. Digests has been
// called on both.
func (s *Styles) Unlike(o *Styles) func(*dom.Node) bool {
	differ := make([]bool, len(s.cache.all))
	for _, f := range s.frames {
		differ[f.id] = s.digests[f.id].Semantics != o.digests[f.id].Semantics
	}
	return func(n *dom.Node) bool { return s.at[n.Index] >= 0 && differ[s.at[n.Index]] }
}

// Shared reports whether elements of the page may share frames.
func (s *Styles) Shared() bool { return !s.m.single }

// frame returns the style of the elements of a frame.
func (s *Styles) frame(id int32) *Computed {
	c := s.styles[id]
	if c == nil {
		c = s.world.of(s.cache.all[id].slots[s.variant.id])
		s.styles[id] = c
	}
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
	if n == nil || s.at[n.Index] < 0 {
		return s.world.initial
	}
	return s.frame(s.at[n.Index])
}

// Pseudo returns the style of a pseudo-element such as "before", or nil when no
// rule makes one.
func (s *Styles) Pseudo(n *dom.Node, name string) *Computed {
	if slot := s.slot(n); slot != nil {
		if slot = slot.part(name); slot != nil {
			return s.world.of(slot)
		}
	}
	return nil
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

// Pinned reports whether the style attribute sets the property with !important,
// to a value of its own: nobody else's style sheet can change it then.
func (c *Computed) Pinned(name string) bool {
	p, ok := propNames[asciiLower(name)]
	if !ok || c.cas == nil {
		return false
	}
	w := c.winner(p)
	return w != nil && w.sheet == nil && w.decl.important && (w.decl.wide == notWide || w.decl.wide == wideInitial)
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
