package style

import (
	"encoding/binary"
	"slices"

	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// local reports whether a selector asks of an element only what it and those
// above it say by their names and attributes. Other selectors look at siblings,
// contents or text, which two elements of the same frame need not share.
func local(sel *css.Selector) bool {
	for i := range sel.Compounds {
		c := &sel.Compounds[i]
		if i > 0 && c.Comb != css.Descendant && c.Comb != css.Child {
			return false
		}
		for j := range c.Simples {
			if !localSimple(&c.Simples[j]) {
				return false
			}
		}
	}
	return true
}

func localSimple(x *css.Simple) bool {
	if x.Kind == css.PseudoClass && x.State == 0 {
		switch x.Lower {
		case "is", "not", "root", "scope", "lang", "link", "any-link", "-webkit-any-link", "checked", "open", "defined":
		default:
			return false
		}
	}
	return !slices.ContainsFunc(x.List, func(sub *css.Selector) bool { return !local(sub) })
}

// A vocabulary is what the local selectors of a plan can ask of an element.
// Each question has a token; the signature of an element is its name with the
// tokens of the questions to which it says yes.
type vocabulary struct {
	ids, classes map[string]uint32
	attrs        map[string][]attrTest // by name in lower case
	langs        bool                  // some selector asks for the language
	last         uint32
}

// langToken stands before a language in a signature.
const langToken = 1

type attrTest struct {
	simple *css.Simple
	token  uint32
}

func newVocabulary() vocabulary {
	return vocabulary{ids: map[string]uint32{}, classes: map[string]uint32{}, attrs: map[string][]attrTest{}, last: langToken}
}

// learn takes in what a selector asks.
func (v *vocabulary) learn(sel *css.Selector) {
	for i := range sel.Compounds {
		for j := range sel.Compounds[i].Simples {
			x := &sel.Compounds[i].Simples[j]
			switch {
			case x.Kind == css.ID:
				v.word(v.ids, x.Name)
			case x.Kind == css.Class:
				v.word(v.classes, x.Name)
			case x.Kind == css.Attribute:
				v.attr(x)
			case x.Lower == "lang":
				v.langs = true
			}
			for _, sub := range x.List {
				v.learn(sub)
			}
		}
	}
}

func (v *vocabulary) word(known map[string]uint32, name string) {
	if known[name] == 0 {
		v.last++
		known[name] = v.last
	}
}

// attr takes in a test of an attribute, equal ones once.
func (v *vocabulary) attr(x *css.Simple) {
	for _, t := range v.attrs[x.Lower] {
		o := t.simple
		if o.Name == x.Name && o.Op == x.Op && o.Value == x.Value && o.Fold == x.Fold && o.Exact == x.Exact {
			return
		}
	}
	v.last++
	v.attrs[x.Lower] = append(v.attrs[x.Lower], attrTest{x, v.last})
}

// sign appends the signature of an element.
func (v *vocabulary) sign(to []byte, c *matchContext, n *dom.Node) []byte {
	to = append(to, byte(n.NS))
	to = append(to, n.Name...)
	to = append(to, 0)
	if len(n.Attrs) == 0 {
		return to
	}
	to = append(to, formBits(c, n))
	for i := range n.Attrs {
		a := &n.Attrs[i]
		switch a.Name {
		case "id":
			to = token(to, v.ids[a.Value])
		case "class":
			for w := range fields(a.Value) {
				to = token(to, v.classes[w])
			}
		case "lang", "xml:lang":
			if v.langs {
				to = token(to, langToken)
				to = append(to, a.Name...)
				to = append(append(to, '='), a.Value...)
				to = append(to, 0)
			}
		}
		for _, t := range v.attrs[asciiLower(a.Name)] {
			if c.attribute(t.simple, n) {
				to = token(to, t.token)
			}
		}
	}
	return to
}

// token appends a token; 0 is that of words that nobody asks for.
func token(to []byte, t uint32) []byte {
	if t == 0 {
		return to
	}
	return binary.LittleEndian.AppendUint32(to, t)
}

// formBits answers the local pseudo-classes that read attributes.
func formBits(c *matchContext, n *dom.Node) byte {
	var bits byte
	for i, name := range [...]string{"link", "checked", "open"} {
		if c.formPseudo(name, n) {
			bits |= 1 << i
		}
	}
	return bits
}
