package css

import "strings"

// A Media is a parsed media query list. The zero value holds always.
type Media struct {
	queries []condition
	text    string
}

// MediaEnv answers a media query: it says whether a feature holds. op is one of
// "" (the feature in a boolean context), "=", "<", "<=", ">" and ">=". known is
// false for features that it does not know.
type MediaEnv interface {
	MediaType(name string) bool
	Feature(name, op string, value []Token) (holds, known bool)
}

// condition is a node of a media or support condition.
type condition struct {
	op    condOp
	kids  []condition
	name  string  // media type or feature
	cmp   string  // comparison of a feature
	value []Token // of a feature
	toks  []Token // of a supports test
}

type condOp uint8

const (
	condAnd condOp = iota
	condOr
	condNot
	condType
	condFeature
	condUnknown
	condSupport
)

// ParseMedia reads a media query list.
func ParseMedia(src string) Media {
	toks, _ := Tokenize(src)
	return ParseMediaTokens(src, toks)
}

// ParseMediaTokens reads a media query list from tokens of src.
func ParseMediaTokens(src string, toks []Token) Media {
	m := Media{text: strings.ToLower(strings.Join(strings.Fields(Text(src, trim(toks))), " "))}
	for _, part := range splitCommas(toks) {
		m.queries = append(m.queries, mediaQuery(trim(part)))
	}
	if len(m.queries) == 1 && len(trim(toks)) == 0 {
		m.queries = nil
	}
	return m
}

// String returns the query list in lower case with single spaces.
func (m Media) String() string { return m.text }

// All says whether the list is empty and so holds always.
func (m Media) All() bool { return len(m.queries) == 0 }

// Matches says whether the list holds in env.
func (m Media) Matches(env MediaEnv) bool {
	if len(m.queries) == 0 {
		return true
	}
	for i := range m.queries {
		if m.queries[i].eval(env) == yes {
			return true
		}
	}
	return false
}

// splitCommas splits at top-level commas.
func splitCommas(toks []Token) [][]Token {
	var out [][]Token
	depth, start := 0, 0
	for i, t := range toks {
		switch t.Kind {
		case Function, OpenParen, OpenSquare, OpenBrace:
			depth++
		case CloseParen, CloseSquare, CloseBrace:
			depth--
		case Comma:
			if depth == 0 {
				out = append(out, toks[start:i])
				start = i + 1
			}
		}
	}
	return append(out, toks[start:])
}

// truth is a value of Kleene's logic.
type truth int8

const (
	no truth = iota
	maybe
	yes
)

func of(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (c *condition) eval(env MediaEnv) truth {
	switch c.op {
	case condType:
		return of(c.name == "all" || env.MediaType(c.name))
	case condFeature:
		holds, known := env.Feature(c.name, c.cmp, c.value)
		if !known {
			return maybe
		}
		return of(holds)
	case condNot:
		return yes - c.kids[0].eval(env)
	case condAnd:
		r := yes
		for i := range c.kids {
			r = min(r, c.kids[i].eval(env))
		}
		return r
	case condOr:
		r := no
		for i := range c.kids {
			r = max(r, c.kids[i].eval(env))
		}
		return r
	}
	return maybe
}

var unknown = condition{op: condUnknown}

// notAll is what a query with a syntax error means.
var notAll = condition{op: condNot, kids: []condition{{op: condType, name: "all"}}}

// mediaQuery reads one query: "screen and (width > 40em)".
func mediaQuery(toks []Token) condition {
	c := condParser{toks: toks}
	if len(toks) == 0 {
		return notAll
	}
	t := toks[0]
	if t.Kind != Ident || t.Is("not") && len(toks) > 2 && toks[2].Kind != Ident {
		r, ok := c.condition(true)
		if !ok || c.rest() {
			return notAll
		}
		return r
	}
	negate := t.Is("not")
	if negate || t.Is("only") {
		c.i++
		c.space()
	}
	name := c.peek()
	if name.Kind != Ident || name.Is("and") || name.Is("or") || name.Is("not") || name.Is("only") {
		return notAll
	}
	c.i++
	q := condition{op: condAnd, kids: []condition{{op: condType, name: strings.ToLower(name.Text)}}}
	c.space()
	if c.peek().Is("and") {
		c.i++
		r, ok := c.condition(false)
		if !ok {
			return notAll
		}
		q.kids = append(q.kids, r)
	}
	if c.rest() {
		return notAll
	}
	if negate {
		return condition{op: condNot, kids: []condition{q}}
	}
	return q
}

// condParser reads conditions with and, or, not and parentheses.
type condParser struct {
	toks     []Token
	i        int
	supports bool
	depth    int
}

func (c *condParser) peek() Token {
	if c.i < len(c.toks) {
		return c.toks[c.i]
	}
	return Token{Kind: EOF}
}

func (c *condParser) space() {
	for c.peek().Kind == Space {
		c.i++
	}
}

func (c *condParser) rest() bool {
	c.space()
	return c.i < len(c.toks)
}

// condition reads "not X", "X and Y and Z" or "X or Y".
func (c *condParser) condition(allowOr bool) (condition, bool) {
	c.space()
	if c.peek().Is("not") {
		c.i++
		k, ok := c.inParens()
		return condition{op: condNot, kids: []condition{k}}, ok
	}
	first, ok := c.inParens()
	if !ok {
		return first, false
	}
	word := ""
	r := condition{kids: []condition{first}}
	for {
		c.space()
		t := c.peek()
		if t.Kind == EOF || t.Kind != Ident {
			break
		}
		w := strings.ToLower(t.Text)
		if w != "and" && (w != "or" || !allowOr) || word != "" && w != word {
			return r, false
		}
		word = w
		c.i++
		k, ok := c.inParens()
		if !ok {
			return r, false
		}
		r.kids = append(r.kids, k)
	}
	if word == "or" {
		r.op = condOr
	}
	return r, true
}

// inParens reads a parenthesised condition, a feature or an unknown function.
func (c *condParser) inParens() (condition, bool) {
	c.space()
	t := c.peek()
	if t.Kind != OpenParen && t.Kind != Function {
		return unknown, false
	}
	c.i++
	start := c.i
	depth := 1
	for c.i < len(c.toks) && depth > 0 {
		switch c.toks[c.i].Kind {
		case OpenParen, Function:
			depth++
		case CloseParen:
			depth--
		}
		c.i++
	}
	end := c.i
	if depth == 0 {
		end--
	}
	inner := trim(c.toks[start:end])
	if c.depth++; c.depth > maxNesting {
		return unknown, true
	}
	defer func() { c.depth-- }()
	if t.Kind == Function {
		if c.supports {
			return condition{op: condSupport, name: strings.ToLower(t.Text), toks: inner}, true
		}
		return unknown, true
	}
	if len(inner) > 0 && (inner[0].Kind == OpenParen || inner[0].Is("not") || c.supports && inner[0].Kind == Function) {
		sub := condParser{toks: inner, supports: c.supports, depth: c.depth}
		if r, ok := sub.condition(true); ok && !sub.rest() {
			return r, true
		}
		return unknown, true
	}
	if c.supports {
		return condition{op: condSupport, toks: inner}, true
	}
	return feature(inner), true
}

// feature reads the inside of a feature test: "min-width: 30em", "hover",
// "width >= 30em" or "20em < width <= 40em".
func feature(toks []Token) condition {
	for i, t := range toks {
		if t.Kind == Colon {
			name := trim(toks[:i])
			if len(name) != 1 || name[0].Kind != Ident {
				return unknown
			}
			return prefixed(strings.ToLower(name[0].Text), trim(toks[i+1:]))
		}
	}
	if len(toks) == 1 && toks[0].Kind == Ident {
		return condition{op: condFeature, name: strings.ToLower(toks[0].Text)}
	}
	var parts [][]Token
	var ops []string
	start := 0
	for i := 0; i < len(toks); i++ {
		if t := toks[i]; t.Kind == Delim && (t.Text == "<" || t.Text == ">" || t.Text == "=") {
			op := t.Text
			parts = append(parts, trim(toks[start:i]))
			if op != "=" && i+1 < len(toks) && toks[i+1].IsDelim('=') {
				op += "="
				i++
			}
			ops = append(ops, op)
			start = i + 1
		}
	}
	parts = append(parts, trim(toks[start:]))
	return ranges(parts, ops)
}

// prefixed turns min-width: x into width >= x.
func prefixed(name string, value []Token) condition {
	op := "="
	if s, ok := strings.CutPrefix(name, "min-"); ok {
		name, op = s, ">="
	} else if s, ok := strings.CutPrefix(name, "max-"); ok {
		name, op = s, "<="
	}
	return condition{op: condFeature, name: name, cmp: op, value: value}
}

// ranges makes conditions of "value op name op value".
func ranges(parts [][]Token, ops []string) condition {
	isName := func(p []Token) bool { return len(p) == 1 && p[0].Kind == Ident }
	make1 := func(name []Token, op string, value []Token) condition {
		return condition{op: condFeature, name: strings.ToLower(name[0].Text), cmp: op, value: value}
	}
	switch {
	case len(ops) == 1 && isName(parts[0]):
		return make1(parts[0], ops[0], parts[1])
	case len(ops) == 1 && isName(parts[1]):
		return make1(parts[1], flip(ops[0]), parts[0])
	case len(ops) == 2 && isName(parts[1]) && ops[0][0] == ops[1][0] && ops[0] != "=":
		return condition{op: condAnd, kids: []condition{
			make1(parts[1], flip(ops[0]), parts[0]),
			make1(parts[1], ops[1], parts[2]),
		}}
	}
	return unknown
}

// flip turns a comparison round.
func flip(op string) string {
	switch op[0] {
	case '<':
		return ">" + op[1:]
	case '>':
		return "<" + op[1:]
	}
	return op
}

// Supports evaluates the condition of @supports. test says whether a
// declaration is supported; selectors are supported when they parse.
func Supports(src string, toks []Token, test func(name string, value []Token) bool) bool {
	c := condParser{toks: trim(toks), supports: true}
	r, ok := c.condition(true)
	if !ok || c.rest() {
		return false
	}
	return r.supports(src, test) == yes
}

func (c *condition) supports(src string, test func(string, []Token) bool) truth {
	switch c.op {
	case condNot:
		return yes - c.kids[0].supports(src, test)
	case condAnd, condOr:
		r := c.kids[0].supports(src, test)
		for i := range c.kids[1:] {
			k := c.kids[i+1].supports(src, test)
			if c.op == condAnd {
				r = min(r, k)
			} else {
				r = max(r, k)
			}
		}
		return r
	case condSupport:
		if c.name == "selector" {
			_, err := parseSelectors(src, c.toks, nil)
			return of(err == nil)
		}
		if c.name != "" || len(c.toks) < 3 || c.toks[0].Kind != Ident {
			return no
		}
		rest := trim(c.toks[1:])
		if len(rest) == 0 || rest[0].Kind != Colon {
			return no
		}
		return of(test(c.toks[0].Text, trim(rest[1:])))
	}
	return no
}
