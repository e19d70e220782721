package css

import (
	"strconv"
	"strings"
)

// words makes a set of names.
func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

var (
	// plainPseudo holds pseudo-classes without arguments.
	plainPseudo = words(`root empty first-child last-child only-child first-of-type last-of-type
		only-of-type link any-link scope checked disabled enabled required optional read-only
		read-write placeholder-shown default indeterminate valid invalid user-valid user-invalid
		in-range out-of-range open closed modal popover-open fullscreen picture-in-picture
		playing paused seeking muted stalled buffering volume-locked defined host current past
		future blank target-within local-link autofill -webkit-autofill -moz-focusring
		-webkit-full-screen -webkit-any-link first left right active-view-transition
		interest-source interest-target target-current has-slotted`)

	dynamicPseudo = map[string]States{"hover": Hover, "focus": Focus, "focus-visible": FocusVisible,
		"focus-within": FocusWithin, "active": Active, "visited": Visited, "target": Target}

	pseudoElements = words(`before after first-line first-letter marker placeholder selection
		backdrop cue cue-region file-selector-button grammar-error spelling-error target-text
		details-content picker-icon checkmark view-transition scroll-marker scroll-marker-group
		column search-text`)

	pseudoElementFuncs = words(`part slotted highlight cue cue-region picker scroll-button
		view-transition-group view-transition-image-pair view-transition-old view-transition-new`)
)

// pseudo reads a pseudo-class or pseudo-element.
func (p *selParser) pseudo(s *Selector, c *Compound, depth int) bool {
	p.i++
	element := false
	if p.peek().Kind == Colon {
		element = true
		p.i++
	}
	t := p.peek()
	if t.Kind != Ident && t.Kind != Function {
		p.fail(t)
		return false
	}
	name := strings.ToLower(t.Text)
	p.i++
	switch {
	case element:
		return p.pseudoElement(t, name, s)
	case t.Kind == Function:
		return p.function(t, name, s, c, depth)
	}
	switch name {
	case "before", "after", "first-line", "first-letter":
		return p.pseudoElement(t, name, s)
	}
	simple := Simple{Kind: PseudoClass, Name: name, Lower: name, State: dynamicPseudo[name]}
	if simple.State == 0 && !plainPseudo[name] {
		p.fail(t)
		return false
	}
	s.Spec = s.Spec.add(MakeSpecificity(0, 1, 0))
	c.Simples = append(c.Simples, simple)
	return true
}

func (p *selParser) pseudoElement(t Token, name string, s *Selector) bool {
	ok := pseudoElements[name] || strings.HasPrefix(name, "-webkit-")
	if t.Kind == Function {
		ok = pseudoElementFuncs[name]
		p.skipParens()
	}
	if !ok || s.Pseudo != "" && name != "marker" {
		p.fail(t)
		return false
	}
	if s.Pseudo != "" {
		name = s.Pseudo + "::" + name
	}
	s.Pseudo = name
	s.Spec = s.Spec.add(MakeSpecificity(0, 0, 1))
	return true
}

// skipParens moves past the parenthesis that closes a function.
func (p *selParser) skipParens() {
	depth := 1
	for p.i < len(p.toks) && depth > 0 {
		switch p.toks[p.i].Kind {
		case Function, OpenParen:
			depth++
		case CloseParen:
			depth--
		}
		p.i++
	}
}

// closeParen reads the parenthesis at the end of a function; the end of the
// sheet closes it too.
func (p *selParser) closeParen() bool {
	p.space()
	if t := p.peek(); t.Kind != CloseParen {
		if t.Kind != EOF {
			p.fail(t)
		}
		return p.err == nil
	}
	p.i++
	return true
}

// function reads a functional pseudo-class.
func (p *selParser) function(t Token, name string, s *Selector, c *Compound, depth int) bool {
	f := Simple{Kind: PseudoClass, Name: name, Lower: name}
	spec := MakeSpecificity(0, 1, 0)
	switch name {
	case "is", "where", "matches", "-webkit-any", "-moz-any":
		f.List = p.forgiving(depth + 1)
		spec = f.List.max()
		if name == "where" {
			spec = 0
		}
		f.Name, f.Lower = "is", "is"
	case "not":
		f.List = p.list(false, depth+1)
		spec = f.List.max()
	case "has":
		f.List = p.list(true, depth+1)
		spec = f.List.max()
	case "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type":
		spec = spec.add(p.nth(&f, strings.HasSuffix(name, "child"), depth))
	case "lang", "dir":
		p.args(&f)
	case "host", "host-context", "state", "current", "active-view-transition-type":
		p.skipParens()
		p.i--
		if p.peek().Kind != CloseParen {
			p.i++
		}
	default:
		p.fail(t)
		return false
	}
	if p.err != nil || !p.closeParen() {
		return false
	}
	s.Spec = s.Spec.add(spec)
	c.Simples = append(c.Simples, f)
	return true
}

// args reads the comma-separated arguments of :lang() and :dir().
func (p *selParser) args(f *Simple) {
	for {
		p.space()
		t := p.peek()
		text := t.Text
		if t.IsDelim('*') && p.next(1).Kind == Ident { // *-Hans
			p.i++
			text = "*" + p.peek().Text
		} else if t.Kind != Ident && t.Kind != String {
			p.fail(t)
			return
		}
		p.i++
		f.Args = append(f.Args, strings.ToLower(text))
		p.space()
		if p.peek().Kind != Comma {
			return
		}
		p.i++
	}
}

// nth reads "2n+1", "even" and "of S"; it returns the specificity of S.
func (p *selParser) nth(f *Simple, of bool, depth int) Specificity {
	p.space()
	start := p.i
	for {
		t := p.peek()
		if t.Kind == CloseParen || t.Kind == EOF || t.Is("of") {
			break
		}
		p.i++
	}
	var b strings.Builder
	for i, t := range trim(p.toks[start:p.i]) {
		if t.Kind == Space {
			prev, next := p.toks[start+i-1], p.toks[start+i+1]
			sign := func(t Token) bool { return t.IsDelim('+') || t.IsDelim('-') }
			if i == 1 && sign(prev) || !sign(prev) && !sign(next) && !strings.HasSuffix(strings.ToLower(prev.Text), "n-") && !next.Signed {
				p.fail(next)
				return 0
			}
			continue
		}
		b.WriteString(strings.ToLower(p.src[t.Pos:t.End]))
	}
	var ok bool
	if f.A, f.B, ok = parseAnB(b.String()); !ok {
		p.i = start
		p.fail(p.peek())
		return 0
	}
	if p.peek().Is("of") {
		if !of {
			p.fail(p.peek())
			return 0
		}
		p.i++
		f.List = p.list(false, depth+1)
		return f.List.max()
	}
	return 0
}

// parseAnB reads the An+B notation without white space.
func parseAnB(s string) (a, b int, ok bool) {
	switch s {
	case "even":
		return 2, 0, true
	case "odd":
		return 2, 1, true
	}
	i := strings.IndexByte(s, 'n')
	if i < 0 {
		b, err := strconv.Atoi(s)
		return 0, b, err == nil
	}
	switch head := s[:i]; head {
	case "", "+":
		a = 1
	case "-":
		a = -1
	default:
		v, err := strconv.Atoi(head)
		if err != nil {
			return 0, 0, false
		}
		a = v
	}
	tail := s[i+1:]
	if tail == "" {
		return a, 0, true
	}
	if tail[0] != '+' && tail[0] != '-' || len(tail) > 1 && !isDigit(tail[1]) {
		return 0, 0, false
	}
	b, err := strconv.Atoi(tail)
	return a, b, err == nil
}
