package css

import (
	"slices"
	"strings"
)

// A Sheet is a parsed style sheet.
type Sheet struct {
	Source string
	Rules  []*Rule
	Errors []Error
}

// A Rule is a style rule or, with At set, an at-rule.
type Rule struct {
	At       string  // "media", "supports", …; empty for a style rule
	Prelude  []Token // of an at-rule, without outer white space
	Selector SelectorList
	Decls    []Decl
	Rules    []*Rule
	Block    bool // an at-rule with { }
	Pos, End int
}

// A Decl is a declaration. Custom properties keep the case of their name.
type Decl struct {
	Name      string
	Value     []Token // without outer white space and !important
	Important bool
	Pos, End  int // from the name to past the value
}

// Text returns the value as it stands in src, the source of the sheet.
func (d *Decl) Text(src string) string { return Text(src, d.Value) }

// Text returns the source between the first and the last token.
func Text(src string, toks []Token) string {
	if len(toks) == 0 {
		return ""
	}
	return src[toks[0].Pos:toks[len(toks)-1].End]
}

// maxNesting bounds blocks in blocks; what lies deeper is dropped.
const maxNesting = 64

// Parse reads a style sheet.
func Parse(src string) *Sheet {
	toks, errs := Tokenize(src)
	p := &parser{src: src, toks: toks, errs: errs}
	s := &Sheet{Source: src}
	s.Rules = p.rules(false, nil, 0)
	s.Errors = p.errs
	slices.SortStableFunc(s.Errors, func(a, b Error) int { return a.Pos - b.Pos })
	return s
}

// ParseDecls reads the declarations of a style attribute.
func ParseDecls(src string) ([]Decl, []Error) {
	toks, errs := Tokenize(src)
	p := &parser{src: src, toks: toks, errs: errs}
	var r Rule
	p.body(&r, nil, 0)
	return r.Decls, p.errs
}

type parser struct {
	src  string
	toks []Token
	i    int
	errs []Error
}

func (p *parser) fail(pos int, msg string) { p.errs = append(p.errs, Error{pos, msg}) }

func (p *parser) peek() Token {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return Token{Kind: EOF, Pos: len(p.src), End: len(p.src)}
}

func (p *parser) space() {
	for p.i < len(p.toks) && p.toks[p.i].Kind == Space {
		p.i++
	}
}

// rules reads rules up to the end, or to the brace that closes a block.
func (p *parser) rules(nested bool, parent SelectorList, depth int) []*Rule {
	var out []*Rule
	for {
		t := p.peek()
		switch t.Kind {
		case EOF:
			return out
		case CloseBrace:
			if nested {
				return out
			}
			p.fail(t.Pos, "unexpected }")
			p.i++
		case Space, CDO, CDC, Semicolon:
			p.i++
		case AtKeyword:
			if r := p.atRule(parent, false, depth); r != nil {
				out = append(out, r)
			}
		default:
			if r := p.styleRule(parent, depth); r != nil {
				out = append(out, r)
			}
		}
	}
}

// trim drops white space at both ends.
func trim(toks []Token) []Token {
	for len(toks) > 0 && toks[0].Kind == Space {
		toks = toks[1:]
	}
	for len(toks) > 0 && toks[len(toks)-1].Kind == Space {
		toks = toks[:len(toks)-1]
	}
	return toks
}

// component moves past one component value: a token, or a block with all that
// is in it.
func (p *parser) component() {
	open := p.peek()
	p.i++
	var want []Kind
	switch open.Kind {
	case Function, OpenParen:
		want = append(want, CloseParen)
	case OpenSquare:
		want = append(want, CloseSquare)
	case OpenBrace:
		want = append(want, CloseBrace)
	}
	for len(want) > 0 {
		t := p.peek()
		switch t.Kind {
		case EOF:
			return
		case Function, OpenParen:
			want = append(want, CloseParen)
		case OpenSquare:
			want = append(want, CloseSquare)
		case OpenBrace:
			want = append(want, CloseBrace)
		case want[len(want)-1]:
			want = want[:len(want)-1]
		}
		p.i++
	}
}

// prelude reads component values up to a block or one of the stops.
func (p *parser) prelude(semicolon, brace bool) []Token {
	start := p.i
	for {
		switch p.peek().Kind {
		case EOF, OpenBrace:
			return trim(p.toks[start:p.i])
		case Semicolon:
			if semicolon {
				return trim(p.toks[start:p.i])
			}
		case CloseBrace:
			if brace {
				return trim(p.toks[start:p.i])
			}
		}
		p.component()
	}
}

// holdsRules says whether the block of the at-rule has rules in it.
func holdsRules(name string) bool {
	switch name {
	case "media", "supports", "layer", "container", "scope", "document", "-moz-document", "starting-style":
		return true
	}
	return false
}

// atRule reads an at-rule.
func (p *parser) atRule(parent SelectorList, inStyle bool, depth int) *Rule {
	t := p.peek()
	p.i++
	r := &Rule{At: strings.ToLower(t.Text), Pos: t.Pos}
	r.Prelude = p.prelude(true, inStyle || depth > 0)
	switch p.peek().Kind {
	case Semicolon:
		p.i++
	case OpenBrace:
		r.Block = true
		switch {
		case depth >= maxNesting:
			p.fail(t.Pos, "blocks nested too deep")
			p.component()
			return nil
		case holdsRules(r.At):
			p.i++
			if inStyle {
				p.body(r, parent, depth+1)
			} else {
				r.Rules = p.rules(true, parent, depth+1)
			}
			p.closeBlock(t.Pos)
		case r.At == "font-face" || r.At == "page" || r.At == "property" || r.At == "counter-style":
			p.i++
			p.body(r, nil, depth+1)
			p.closeBlock(t.Pos)
		default: // @keyframes and what we do not know
			p.component()
		}
	}
	r.End = p.end()
	return r
}

// end is the offset past the last token read.
func (p *parser) end() int {
	if p.i == 0 {
		return 0
	}
	return p.toks[min(p.i, len(p.toks))-1].End
}

func (p *parser) closeBlock(pos int) {
	if p.peek().Kind == CloseBrace {
		p.i++
		return
	}
	p.fail(pos, "unclosed {")
}

// styleRule reads a qualified rule; nil when its selector is invalid.
func (p *parser) styleRule(parent SelectorList, depth int) *Rule {
	start := p.peek().Pos
	sel := p.prelude(false, depth > 0)
	if p.peek().Kind != OpenBrace {
		if len(sel) > 0 {
			p.fail(start, "selector without a block: "+excerpt(Text(p.src, sel)))
		}
		return nil
	}
	if depth >= maxNesting {
		p.fail(start, "blocks nested too deep")
		p.component()
		return nil
	}
	r := &Rule{Pos: start}
	list, err := parseSelectors(p.src, sel, parent)
	if err != nil {
		p.errs = append(p.errs, *err)
	}
	p.i++
	r.Selector = list
	p.body(r, list, depth+1)
	p.closeBlock(start)
	r.End = p.end()
	if err != nil {
		return nil
	}
	return r
}

// body reads the contents of a style rule: declarations and nested rules. A
// declaration after a nested rule goes into a rule of its own, so that order is
// kept.
func (p *parser) body(r *Rule, list SelectorList, depth int) {
	into := &r.Decls
	if list != nil && r.At != "" {
		into = nil // declarations right inside a nested at-rule
	}
	add := func(d Decl) {
		if into == nil {
			n := &Rule{Selector: list, Pos: d.Pos, End: d.End}
			r.Rules = append(r.Rules, n)
			into = &n.Decls
		}
		*into = append(*into, d)
	}
	for {
		t := p.peek()
		switch t.Kind {
		case EOF, CloseBrace:
			if t.Kind == CloseBrace && depth == 0 { // a style attribute
				p.fail(t.Pos, "unexpected }")
				p.i++
				continue
			}
			return
		case Space, Semicolon:
			p.i++
		case AtKeyword:
			if n := p.atRule(list, true, depth); n != nil {
				r.Rules = append(r.Rules, n)
				into = nil
			}
		default:
			if d, ok := p.declaration(depth); ok {
				add(d)
				continue
			}
			if list == nil || !p.startsNested() {
				p.badDeclaration()
				continue
			}
			if n := p.styleRule(list, depth); n != nil {
				r.Rules = append(r.Rules, n)
				into = nil
			}
		}
	}
}

// startsNested says whether a block comes before the next semicolon.
func (p *parser) startsNested() bool {
	save := p.i
	defer func() { p.i = save }()
	for {
		switch p.peek().Kind {
		case EOF, Semicolon, CloseBrace:
			return false
		case OpenBrace:
			return true
		}
		p.component()
	}
}

// badDeclaration notes and skips what is no declaration.
func (p *parser) badDeclaration() {
	start := p.i
	for {
		k := p.peek().Kind
		if k == EOF || k == Semicolon || k == CloseBrace {
			break
		}
		p.component()
	}
	bad := trim(p.toks[start:p.i])
	p.fail(bad[0].Pos, "not a declaration: "+excerpt(Text(p.src, bad)))
}

// declaration reads "name: value"; ok is false, and nothing read, when there
// is none.
func (p *parser) declaration(depth int) (Decl, bool) {
	save := p.i
	name := p.peek()
	if name.Kind != Ident {
		return Decl{}, false
	}
	p.i++
	p.space()
	if p.peek().Kind != Colon {
		p.i = save
		return Decl{}, false
	}
	p.i++
	d := Decl{Name: name.Text, Pos: name.Pos}
	custom := strings.HasPrefix(d.Name, "--")
	if !custom {
		d.Name = strings.ToLower(d.Name)
	}
	start := p.i
	for {
		k := p.peek().Kind
		if k == EOF || k == Semicolon || k == CloseBrace && depth > 0 {
			break
		}
		if k == OpenBrace && !custom {
			p.i = save // a nested rule such as a:hover { }
			return Decl{}, false
		}
		p.component()
	}
	d.Value = trim(p.toks[start:p.i])
	d.cutImportant()
	d.End = p.end()
	if bad := badToken(d.Value); bad != nil || len(d.Value) == 0 && !custom {
		p.fail(d.Pos, "invalid value for "+d.Name)
		d.Value = nil
		return d, true
	}
	return d, true
}

// cutImportant takes !important off the value.
func (d *Decl) cutImportant() {
	n := len(d.Value)
	if n == 0 || !d.Value[n-1].Is("important") {
		return
	}
	v := trim(d.Value[:n-1])
	if len(v) > 0 && v[len(v)-1].IsDelim('!') {
		d.Important = true
		d.Value = trim(v[:len(v)-1])
	}
}

// badToken finds a token that makes any value invalid.
func badToken(toks []Token) *Token {
	depth := 0
	for i := range toks {
		switch toks[i].Kind {
		case BadString, BadURL:
			return &toks[i]
		case Function, OpenParen, OpenSquare, OpenBrace:
			depth++
		case CloseParen, CloseSquare, CloseBrace:
			if depth--; depth < 0 {
				return &toks[i]
			}
		case Delim:
			if toks[i].Text == "!" && depth == 0 {
				return &toks[i]
			}
		}
	}
	return nil
}

// excerpt shortens a piece of source for a message.
func excerpt(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
