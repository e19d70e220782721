package style

import (
	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// bloom is a set of hashed names: of tags, ids and classes. It answers "is it
// there?" with no or perhaps.
type bloom [4]uint64

// anyBloom has every name.
var anyBloom = bloom{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

func (b *bloom) add(h uint32)                { b[h>>6&3] |= 1 << (h & 63) }
func (b *bloom) addName(kind byte, s string) { b.add(hashName(kind, s)) }
func (b *bloom) covers(need *bloom) bool {
	return need[0]&^b[0]|need[1]&^b[1]|need[2]&^b[2]|need[3]&^b[3] == 0
}

// hashName is FNV-1a.
func hashName(kind byte, s string) uint32 {
	h := uint32(2166136261) ^ uint32(kind)
	h *= 16777619
	for i := 0; i < len(s); i++ {
		h ^= uint32(s[i])
		h *= 16777619
	}
	return h ^ h>>15
}

// addElement adds what selectors may ask of an ancestor.
func (b *bloom) addElement(n *dom.Node) {
	b.addName('t', n.Name)
	for i := range n.Attrs {
		switch n.Attrs[i].Name {
		case "id":
			b.addName('#', n.Attrs[i].Value)
		case "class":
			for w := range fields(n.Attrs[i].Value) {
				b.addName('.', w)
			}
		}
	}
}

// fields yields the words of a class attribute.
func fields(s string) func(func(string) bool) {
	return func(yield func(string) bool) {
		start := -1
		for i := 0; i <= len(s); i++ {
			if i == len(s) || s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r' || s[i] == '\f' {
				if start >= 0 && !yield(s[start:i]) {
					return
				}
				start = -1
			} else if start < 0 {
				start = i
			}
		}
	}
}

// requiredAncestors collects the names that the compounds before the last one
// ask of ancestors.
func requiredAncestors(sel *css.Selector) bloom {
	var b bloom
	for i := len(sel.Compounds) - 2; i >= 0; i-- {
		switch sel.Compounds[i+1].Comb {
		case css.Descendant, css.Child:
		default:
			continue // a sibling; what is before it may still be an ancestor
		}
		for _, x := range sel.Compounds[i].Simples {
			switch x.Kind {
			case css.Type:
				if x.Name == x.Lower {
					b.addName('t', x.Lower)
				}
			case css.Class:
				b.addName('.', x.Name)
			case css.ID:
				b.addName('#', x.Name)
			}
		}
	}
	return b
}

// index finds the rules that may match an element by its id, classes and name.
type index struct {
	ids, classes, tags map[string][]int32
	attrs              map[string][]int32
	rest               []int32
	rules              []int32 // all of them
}

// newIndex returns the index of the rules that pick chooses.
func newIndex(rules []globalRule, pick func(id int) bool) index {
	ix := index{ids: map[string][]int32{}, classes: map[string][]int32{}, tags: map[string][]int32{}, attrs: map[string][]int32{}}
	for i := range rules {
		if pick(i) {
			ix.rules = append(ix.rules, int32(i))
			ix.add(rules[i].sel, int32(i))
		}
	}
	return ix
}

func (ix *index) add(sel *css.Selector, i int32) {
	last := sel.Compounds[len(sel.Compounds)-1]
	m, name := ix.bucket(last.Simples)
	if m == nil {
		// :is(a, b) as the whole of a compound goes under each of its names.
		if len(last.Simples) == 1 && last.Simples[0].Lower == "is" && ix.addEach(last.Simples[0].List, i) {
			return
		}
		ix.rest = append(ix.rest, i)
		return
	}
	m[name] = append(m[name], i)
}

// addEach puts a rule under the last compound of every selector of a list; it
// does nothing and says false when one of them has no name to go by.
func (ix *index) addEach(list css.SelectorList, i int32) bool {
	type place struct {
		m    map[string][]int32
		name string
	}
	var places []place
	for _, sub := range list {
		m, name := ix.bucket(sub.Compounds[len(sub.Compounds)-1].Simples)
		if m == nil {
			return false
		}
		places = append(places, place{m, name})
	}
	for _, p := range places {
		if l := p.m[p.name]; len(l) == 0 || l[len(l)-1] != i {
			p.m[p.name] = append(l, i)
		}
	}
	return true
}

// bucket chooses where a compound is found: the rarest kind of name it has.
func (ix *index) bucket(simples []css.Simple) (map[string][]int32, string) {
	var m map[string][]int32
	var name string
	rank := 0
	for _, x := range simples {
		switch {
		case x.Kind == css.ID && rank < 4:
			m, name, rank = ix.ids, x.Name, 4
		case x.Kind == css.Class && rank < 3:
			m, name, rank = ix.classes, x.Name, 3
		case x.Kind == css.Type && rank < 2:
			m, name, rank = ix.tags, x.Lower, 2
		case x.Kind == css.Attribute && rank < 1:
			m, name, rank = ix.attrs, x.Lower, 1
		}
	}
	return m, name
}
