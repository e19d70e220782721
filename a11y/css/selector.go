package css

import (
	"strings"
)

// A SelectorList is a comma-separated list of selectors.
type SelectorList []*Selector

// A Selector is a complex selector: compounds joined by combinators.
type Selector struct {
	Compounds []Compound
	Pseudo    string // pseudo-element, lower case; empty without one
	Spec      Specificity
	States    States // dynamic states that it asks for anywhere
	Relative  bool   // :has(> a): the first combinator is relative to the anchor
	Pos       int
}

// A Compound is a sequence of simple selectors about one element.
type Compound struct {
	Comb    Combinator // to the compound before it
	Simples []Simple
}

// A Combinator joins compounds.
type Combinator byte

// The combinators.
const (
	Descendant Combinator = ' '
	Child      Combinator = '>'
	Adjacent   Combinator = '+'
	Sibling    Combinator = '~'
)

// SimpleKind is the kind of a Simple.
type SimpleKind uint8

// The kinds of simple selectors.
const (
	Universal SimpleKind = iota
	Type
	ID
	Class
	Attribute
	PseudoClass
)

// A Simple is a simple selector.
type Simple struct {
	Kind  SimpleKind
	Op    byte // of Attribute: 0 (present), '=', '~', '|', '^', '$', '*'
	Fold  bool // of Attribute: ASCII case does not matter (flag i)
	Exact bool // of Attribute: case matters (flag s)
	Name  string
	Lower string // Name in lower case
	Value string
	A, B  int          // of :nth-*()
	List  SelectorList // of :is() and the like, and of "of S"
	Args  []string     // of :lang() and :dir()
	State States       // of a dynamic pseudo-class
}

// States is a set of dynamic states.
type States uint8

// The dynamic states.
const (
	Hover States = 1 << iota
	Focus
	FocusVisible
	FocusWithin
	Active
	Visited
	Target
)

// Specificity packs the three counts of a specificity, so that they compare as
// one number.
type Specificity uint32

// MakeSpecificity packs a, b and c; each stops at 1023.
func MakeSpecificity(a, b, c int) Specificity {
	return Specificity(min(a, 1023)<<20 | min(b, 1023)<<10 | min(c, 1023))
}

// Parts unpacks the three counts.
func (s Specificity) Parts() (a, b, c int) {
	return int(s >> 20), int(s >> 10 & 1023), int(s & 1023)
}

func (s Specificity) add(t Specificity) Specificity {
	a, b, c := s.Parts()
	d, e, f := t.Parts()
	return MakeSpecificity(a+d, b+e, c+f)
}

// max returns the highest specificity of a list.
func (l SelectorList) max() Specificity {
	var m Specificity
	for _, s := range l {
		m = max(m, s.Spec)
	}
	return m
}

// ParseSelectors reads a selector list, as querySelectorAll takes it.
func ParseSelectors(src string) (SelectorList, *Error) {
	toks, errs := Tokenize(src)
	if len(errs) > 0 {
		return nil, &errs[0]
	}
	return parseSelectors(src, trim(toks), nil)
}

// parseSelectors reads the selector list of a rule. With a parent list the rule
// is nested: & stands for the parent.
func parseSelectors(src string, toks []Token, parent SelectorList) (SelectorList, *Error) {
	p := &selParser{src: src, toks: toks, parent: parent}
	end := len(src)
	if len(toks) > 0 {
		end = toks[len(toks)-1].End
	}
	p.eof = Token{Kind: EOF, Pos: end, End: end}
	l := p.list(parent != nil, 0)
	if p.err == nil && p.i < len(p.toks) {
		p.fail(p.peek())
	}
	if p.err != nil {
		return nil, p.err
	}
	return l, nil
}

type selParser struct {
	src    string
	toks   []Token
	i      int
	eof    Token
	parent SelectorList
	err    *Error
	nest   bool // & was seen in the current selector
}

func (p *selParser) peek() Token {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return p.eof
}

func (p *selParser) fail(t Token) {
	if p.err != nil {
		return
	}
	msg := "selector ends too early"
	if t.Kind != EOF {
		msg = "invalid selector at " + excerpt(p.src[t.Pos:min(len(p.src), max(t.End, t.Pos+1))])
	}
	p.err = &Error{t.Pos, msg}
}

func (p *selParser) space() bool {
	start := p.i
	for p.peek().Kind == Space {
		p.i++
	}
	return p.i > start
}

// list reads selectors up to a closing parenthesis or the end.
func (p *selParser) list(relative bool, depth int) SelectorList {
	var l SelectorList
	for p.err == nil {
		s := p.complex(relative, depth)
		if p.err != nil {
			return nil
		}
		l = append(l, s)
		p.space()
		if p.peek().Kind != Comma {
			return l
		}
		p.i++
	}
	return nil
}

// forgiving reads the list of :is() and :where(), in which an invalid selector
// only drops itself.
func (p *selParser) forgiving(depth int) SelectorList {
	var l SelectorList
	for {
		p.space()
		k := p.peek().Kind
		if k == CloseParen || k == EOF {
			return l
		}
		s := p.complex(false, depth)
		p.space()
		if k := p.peek().Kind; p.err == nil && (k == Comma || k == CloseParen || k == EOF) {
			l = append(l, s)
		}
		p.err = nil
		p.skipToComma()
		if p.peek().Kind == Comma {
			p.i++
		}
	}
}

// skipToComma moves to the comma or parenthesis that ends a list item.
func (p *selParser) skipToComma() {
	depth := 0
	for ; p.i < len(p.toks); p.i++ {
		switch p.toks[p.i].Kind {
		case Function, OpenParen, OpenSquare:
			depth++
		case Comma:
			if depth == 0 {
				return
			}
		case CloseParen, CloseSquare:
			if depth == 0 {
				return
			}
			depth--
		}
	}
}

// maxSelectorDepth bounds :is(:is(…)).
const maxSelectorDepth = 16

// complex reads one selector.
func (p *selParser) complex(relative bool, depth int) *Selector {
	p.space()
	s := &Selector{Pos: p.peek().Pos}
	if depth > maxSelectorDepth {
		p.fail(p.peek())
		return s
	}
	outer := p.nest
	p.nest = false
	defer func() { p.nest = outer || p.nest }()
	comb := Descendant
	if relative {
		if c := p.combinator(); c != 0 {
			comb, s.Relative = c, true
		}
	}
	for {
		c, ok := p.compound(s, depth)
		if !ok {
			p.fail(p.peek())
			return s
		}
		c.Comb = comb
		s.Compounds = append(s.Compounds, c)
		if comb = p.combinator(); comb == 0 {
			break
		}
		if s.Pseudo != "" {
			p.fail(p.peek())
			return s
		}
	}
	if p.parent != nil && depth == 0 && (s.Relative || !p.nest) {
		s.nestIn(p.parent)
	}
	for i := range s.Compounds {
		for j := range s.Compounds[i].Simples {
			s.States |= s.Compounds[i].Simples[j].states()
		}
	}
	return s
}

// nestIn puts the parent rule's selector in front.
func (s *Selector) nestIn(parent SelectorList) {
	first := Compound{Comb: Descendant, Simples: []Simple{nesting(parent)}}
	s.Compounds = append([]Compound{first}, s.Compounds...)
	s.Spec = s.Spec.add(parent.max())
	s.Relative = false
}

func nesting(parent SelectorList) Simple {
	return Simple{Kind: PseudoClass, Name: "is", Lower: "is", List: parent}
}

// states returns the dynamic states that a simple selector asks for.
func (s *Simple) states() States {
	st := s.State
	for _, l := range s.List {
		st |= l.States
	}
	return st
}

// combinator reads white space and a combinator; 0 when the selector ends.
func (p *selParser) combinator() Combinator {
	sp := p.space()
	t := p.peek()
	if t.Kind == Delim {
		switch t.Text {
		case ">", "+", "~":
			p.i++
			p.space()
			return Combinator(t.Text[0])
		}
	}
	if sp && t.Kind != EOF && t.Kind != Comma && t.Kind != CloseParen {
		return Descendant
	}
	return 0
}

// compound reads simple selectors that stand together.
func (p *selParser) compound(s *Selector, depth int) (Compound, bool) {
	var c Compound
	ok := p.typeSelector(s, &c)
	for p.err == nil {
		t := p.peek()
		switch {
		case t.Kind == Hash && t.ID:
			p.i++
			s.Spec = s.Spec.add(MakeSpecificity(1, 0, 0))
			c.Simples = append(c.Simples, Simple{Kind: ID, Name: t.Text})
		case t.IsDelim('.') && p.next(1).Kind == Ident:
			s.Spec = s.Spec.add(MakeSpecificity(0, 1, 0))
			c.Simples = append(c.Simples, Simple{Kind: Class, Name: p.next(1).Text})
			p.i += 2
		case t.Kind == OpenSquare:
			p.i++
			s.Spec = s.Spec.add(MakeSpecificity(0, 1, 0))
			c.Simples = append(c.Simples, p.attribute())
		case t.Kind == Colon:
			if !p.pseudo(s, &c, depth) {
				return c, false
			}
		case t.IsDelim('&') && p.parent != nil:
			p.i++
			p.nest = true
			s.Spec = s.Spec.add(p.parent.max())
			c.Simples = append(c.Simples, nesting(p.parent))
		case t.IsDelim('&'): // outside a nested rule & is :scope
			p.i++
			c.Simples = append(c.Simples, Simple{Kind: PseudoClass, Name: "scope", Lower: "scope"})
		default:
			return c, ok
		}
		ok = true
	}
	return c, false
}

func (p *selParser) next(n int) Token {
	if p.i+n < len(p.toks) {
		return p.toks[p.i+n]
	}
	return p.eof
}

// typeSelector reads a type or universal selector. Namespace prefixes are read
// and, but for the empty one, not told apart.
func (p *selParser) typeSelector(s *Selector, c *Compound) bool {
	name := func(t Token) bool { return t.Kind == Ident || t.IsDelim('*') }
	t := p.peek()
	switch {
	case name(t) && p.next(1).IsDelim('|') && name(p.next(2)):
		p.i += 2
	case t.IsDelim('|') && name(p.next(1)):
		p.i++
	}
	t = p.peek()
	switch {
	case t.Kind == Ident:
		p.i++
		s.Spec = s.Spec.add(MakeSpecificity(0, 0, 1))
		c.Simples = append(c.Simples, Simple{Kind: Type, Name: t.Text, Lower: strings.ToLower(t.Text)})
	case t.IsDelim('*'):
		p.i++
		c.Simples = append(c.Simples, Simple{Kind: Universal})
	default:
		return false
	}
	return true
}

// attribute reads an attribute selector after its bracket.
func (p *selParser) attribute() Simple {
	s := Simple{Kind: Attribute}
	p.space()
	if p.peek().IsDelim('*') && p.next(1).IsDelim('|') {
		p.i += 2
	} else if p.peek().IsDelim('|') {
		p.i++
	}
	t := p.peek()
	if t.Kind != Ident {
		p.fail(t)
		return s
	}
	p.i++
	if p.peek().IsDelim('|') && p.next(1).Kind == Ident { // a namespace prefix
		p.i++
		t = p.peek()
		p.i++
	}
	s.Name, s.Lower = t.Text, strings.ToLower(t.Text)
	p.space()
	if p.peek().Kind == CloseSquare {
		p.i++
		return s
	}
	op := p.peek()
	if op.Kind != Delim || !strings.Contains("=~|^$*", op.Text) {
		p.fail(op)
		return s
	}
	p.i++
	s.Op = op.Text[0]
	if s.Op != '=' {
		if !p.peek().IsDelim('=') {
			p.fail(p.peek())
			return s
		}
		p.i++
	}
	p.space()
	v := p.peek()
	if v.Kind != Ident && v.Kind != String {
		p.fail(v)
		return s
	}
	p.i++
	s.Value = v.Text
	p.space()
	switch f := p.peek(); {
	case f.Is("i"):
		s.Fold = true
		p.i++
	case f.Is("s"):
		s.Exact = true
		p.i++
	}
	p.space()
	if p.peek().Kind != CloseSquare {
		p.fail(p.peek())
		return s
	}
	p.i++
	return s
}
