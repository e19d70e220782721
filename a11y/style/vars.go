package style

import (
	"strings"

	"handrail/a11y/css"
)

// scope holds the custom properties that an element has, its own and those it
// inherits.
type scope struct {
	parent *scope
	own    map[string]*variable
}

// variable is a custom property of some element.
type variable struct {
	text    string
	src     string // that the tokens are of
	toks    []css.Token
	state   uint8 // 0 not resolved, 1 being resolved, 2 resolved
	invalid bool
	toward  *scope // where its own var() look
}

// lookup finds a custom property.
func (s *scope) lookup(name string) *variable {
	for ; s != nil; s = s.parent {
		if v, ok := s.own[name]; ok {
			return v
		}
	}
	return nil
}

// newScope makes the scope of an element that declares custom properties.
func newScope(parent *scope, custom []winner) *scope {
	if len(custom) == 0 {
		return parent
	}
	s := &scope{parent: parent, own: make(map[string]*variable, len(custom))}
	for i := range custom {
		d := custom[i].decl
		switch d.wide {
		case wideInherit, wideUnset, wideRevert, wideRevertLayer:
			continue
		case wideInitial:
			s.own[d.custom] = &variable{state: 2, invalid: true}
			continue
		}
		v := &variable{src: d.src, toks: d.toks, text: css.Text(d.src, d.toks), toward: s}
		if !usesVar(d.toks) {
			v.state = 2
		}
		s.own[d.custom] = v
	}
	return s
}

// maxSubstituted bounds the text that var() may grow to, and maxVarDepth how
// deep one may refer to the next: a page can ask for 2¹⁰⁰ characters in a
// hundred lines.
const (
	maxSubstituted = 1 << 16
	maxVarDepth    = 64
)

// resolve returns the text of a custom property with its own references put in.
// A property in a cycle has no value.
func (v *variable) resolve(depth int) (string, bool) {
	switch v.state {
	case 1:
		v.invalid = true
		return "", false
	case 2:
		return v.text, !v.invalid
	}
	v.state = 1
	if depth > maxVarDepth {
		v.invalid = true
	}
	if !v.invalid {
		text, ok := substitute(v.toward, v.src, v.toks, depth+1)
		v.invalid = v.invalid || !ok
		v.text = text
	}
	v.state = 2
	return v.text, !v.invalid
}

// substitute puts the values of custom properties in the place of var(). ok is
// false when one has no value and no fallback.
func substitute(s *scope, src string, toks []css.Token, depth int) (string, bool) {
	var b strings.Builder
	ok := appendSubstituted(&b, s, src, toks, depth)
	return b.String(), ok
}

func appendSubstituted(b *strings.Builder, s *scope, src string, toks []css.Token, depth int) bool {
	if depth > maxVarDepth {
		return false
	}
	c := &cursor{src: src, toks: toks}
	for c.i < len(c.toks) {
		if b.Len() > maxSubstituted {
			return false
		}
		t := c.peek()
		if t.Kind != css.Function {
			write(b, src[t.Pos:t.End])
			c.i++
			continue
		}
		switch asciiLower(t.Text) {
		case "var":
			if !appendVar(b, s, c.function(), depth) {
				return false
			}
		case "env":
			args := c.function().split()
			if len(args) < 2 || !appendSubstituted(b, s, src, args[1].toks, depth+1) {
				return false
			}
		case "if":
			return false
		default:
			args := c.function()
			write(b, src[t.Pos:t.End])
			if !appendSubstituted(b, s, src, args.toks, depth+1) {
				return false
			}
			b.WriteString(")")
		}
	}
	return true
}

// write appends text, and a space where two tokens would become one.
func write(b *strings.Builder, text string) {
	if old := b.String(); old != "" && text != "" && joins(old[len(old)-1]) && joins(text[0]) {
		b.WriteByte(' ')
	}
	b.WriteString(text)
}

// joins says whether a byte can be part of a longer token.
func joins(c byte) bool {
	return c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("_-%#@.+\\", c) >= 0
}

// appendVar writes the value of one var(--name, fallback).
func appendVar(b *strings.Builder, s *scope, args *cursor, depth int) bool {
	args.space()
	name := args.peek()
	if name.Kind != css.Ident || !strings.HasPrefix(name.Text, "--") {
		return false
	}
	args.i++
	args.space()
	if v := s.lookup(name.Text); v != nil {
		if text, ok := v.resolve(depth + 1); ok {
			write(b, text)
			return b.Len() <= maxSubstituted
		}
	}
	if args.peek().Kind != css.Comma {
		return false
	}
	return appendSubstituted(b, s, args.src, args.toks[args.i+1:], depth+1)
}

// A parsedKey is a declaration with custom properties put in.
type parsedKey struct{ name, text string }

// A propValue is a property that a declaration sets.
type propValue struct {
	prop  prop
	value value
}

// parsed reads a declaration with custom properties put in, once for all modes
// and for all properties that a shorthand sets: nothing but the two texts decides
// what it says. nil means that it says nothing valid.
func (c *store) parsed(name, text string) []propValue {
	k := parsedKey{name, text}
	got, known := c.substituted[k]
	if !known {
		got = parseSubstituted(name, text)
		c.substituted[k] = got
	}
	return got
}

func parseSubstituted(name, text string) []propValue {
	toks, _ := css.Tokenize(text)
	for len(toks) > 0 && toks[0].Kind == css.Space {
		toks = toks[1:]
	}
	for len(toks) > 0 && toks[len(toks)-1].Kind == css.Space {
		toks = toks[:len(toks)-1]
	}
	if len(toks) == 0 {
		return nil
	}
	var out []propValue
	if !parseDeclaration(name, &cursor{src: text, toks: toks}, func(p prop, v value) { out = append(out, propValue{p, v}) }) {
		return nil
	}
	return out
}
