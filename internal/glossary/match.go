package glossary

import (
	"unicode"
	"unicode/utf8"
)

// A Match is a word of the glossary in a text.
type Match struct {
	Start, End int
	Term       *Entry // a Term or a Short, or nil
	Full       bool   // it is what the Short stands for
	Reading    *Entry // nil when its pronunciation is not listed
}

// matcher is a tree of all forms, one byte a step. A text is looked through
// once; at the characters that some word begins with, the tree is walked as
// far as the longest word reaches.
type matcher struct {
	nodes []node
	first [65536 / 64]uint64 // characters that words begin with
}

type node struct {
	next    map[byte]int32
	term    *Entry
	full    bool
	reading *Entry
	wordEnd bool // the form ends in a letter of a script that parts words
}

// builder collects the forms of a language.
type builder struct{ nodes []node }

func (b *builder) at(form string) *node {
	if len(b.nodes) == 0 {
		b.nodes = append(b.nodes, node{})
	}
	at := int32(0)
	for i := range len(form) {
		n := &b.nodes[at]
		next, ok := n.next[form[i]]
		if !ok {
			next = int32(len(b.nodes))
			if n.next == nil {
				n.next = map[byte]int32{}
			}
			n.next[form[i]] = next
			b.nodes = append(b.nodes, node{})
		}
		at = next
	}
	last, _ := utf8.DecodeLastRuneInString(form)
	n := &b.nodes[at]
	n.wordEnd = partsWords(last)
	return n
}

// add adds a form; the first entry that claims it has it.
func (b *builder) add(form string, e *Entry) {
	if n := b.at(form); n.term == nil {
		n.term = e
	}
}

func (b *builder) addFull(form string, e *Entry) {
	if n := b.at(form); n.term == nil {
		n.term, n.full = e, true
	}
}

func (b *builder) addReading(form string, e *Entry) { b.at(form).reading = e }

func (b *builder) matcher() matcher {
	m := matcher{nodes: b.nodes}
	if len(m.nodes) == 0 {
		return m
	}
	var walk func(at int32, prefix []byte)
	walk = func(at int32, prefix []byte) {
		if utf8.FullRune(prefix) {
			if r, _ := utf8.DecodeRune(prefix); r < 65536 {
				m.first[r/64] |= 1 << (r % 64)
			}
			return
		}
		for c, next := range m.nodes[at].next {
			walk(next, append(prefix[:len(prefix):len(prefix)], c))
		}
	}
	walk(0, nil)
	return m
}

// partsWords reports whether r is a letter or digit of a script that writes
// spaces between words, so that a word in it ends only where no such letter
// follows.
func partsWords(r rune) bool {
	switch {
	case r < 0x80:
		return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
	case r >= 0x2E80 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF || r >= 0xFF00 && r <= 0xFF0F || r >= 0x20000:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// Next returns the first word of the glossary in b from at on: the longest at
// its place. before is the character before b[at], or 0.
func (g *Glossary) Next(b []byte, at int, before rune) (Match, bool) {
	m := &g.matcher
	if len(m.nodes) == 0 {
		return Match{}, false
	}
	inWord := partsWords(before)
	for at < len(b) {
		r, size := rune(b[at]), 1
		switch {
		case r < 0x80:
			word := r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
			if inWord && word || m.first[r/64]&(1<<(r%64)) == 0 {
				inWord = word
				at++
				continue
			}
		case r >= 0xE0 && r < 0xF0 && at+2 < len(b):
			r, size = r&0xF<<12|rune(b[at+1]&0x3F)<<6|rune(b[at+2]&0x3F), 3
			if m.first[r/64]&(1<<(r%64)) == 0 {
				inWord = (r < 0x2E80 || r > 0x9FFF) && partsWords(r)
				at += 3
				continue
			}
		default:
			r, size = utf8.DecodeRune(b[at:])
			if r >= 65536 || m.first[r/64]&(1<<(r%64)) == 0 {
				inWord = partsWords(r)
				at += size
				continue
			}
		}
		word := partsWords(r)
		if !inWord || !word {
			if x, ok := m.longest(b, at); ok {
				if x.Term != nil && x.Term.Kind == none {
					x.Term = nil
				}
				if x.Term != nil || x.Reading != nil {
					return x, true
				}
				at = x.End
				last, _ := utf8.DecodeLastRune(b[:at])
				inWord = partsWords(last)
				continue
			}
		}
		inWord = word
		at += size
	}
	return Match{}, false
}

// Find returns the terms in a text, in their order; an abbreviation counts
// only where the text does not say what it stands for.
func (g *Glossary) Find(text string) []*Entry {
	var out []*Entry
	full := map[*Entry]bool{}
	b := []byte(text)
	for at, before := 0, rune(0); ; {
		m, ok := g.Next(b, at, before)
		if !ok {
			return out
		}
		switch {
		case m.Full:
			full[m.Term] = true
		case m.Term != nil && !full[m.Term]:
			out = append(out, m.Term)
		}
		at = m.End
		before, _ = utf8.DecodeLastRune(b[:at])
	}
}

// longest walks the tree at a place.
func (m *matcher) longest(b []byte, at int) (Match, bool) {
	x := Match{Start: at}
	n := &m.nodes[0]
	for i := at; i < len(b); i++ {
		next, ok := n.next[b[i]]
		if !ok {
			break
		}
		n = &m.nodes[next]
		if n.term == nil && n.reading == nil {
			continue
		}
		if n.wordEnd {
			if r, _ := utf8.DecodeRune(b[i+1:]); i+1 < len(b) && partsWords(r) {
				continue
			}
		}
		x.End, x.Term, x.Full, x.Reading = i+1, n.term, n.full, n.reading
	}
	return x, x.End > 0
}
