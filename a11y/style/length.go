package style

import (
	"math"
	"strings"

	"handrail/a11y/css"
)

// unit is a unit of length; unitNone is a plain number.
type unit uint8

const (
	unitNone unit = iota
	unitPx
	unitPercent
	unitEm
	unitRem
	unitEx
	unitCh
	unitIc
	unitLh
	unitRlh
	unitVw
	unitVh
	unitVmin
	unitVmax
)

// units maps names to a unit and the factor to it.
var units = map[string]struct {
	unit   unit
	factor float64
}{
	"px": {unitPx, 1}, "cm": {unitPx, 96 / 2.54}, "mm": {unitPx, 9.6 / 2.54}, "q": {unitPx, 2.4 / 2.54},
	"in": {unitPx, 96}, "pt": {unitPx, 96.0 / 72}, "pc": {unitPx, 16},
	"em": {unitEm, 1}, "rem": {unitRem, 1}, "ex": {unitEx, 1}, "rex": {unitRem, 0.5}, "ch": {unitCh, 1},
	"rch": {unitRem, 0.5}, "ic": {unitIc, 1}, "ric": {unitRem, 1}, "cap": {unitEm, 0.7}, "lh": {unitLh, 1}, "rlh": {unitRlh, 1},
	"vw": {unitVw, 1}, "svw": {unitVw, 1}, "lvw": {unitVw, 1}, "dvw": {unitVw, 1}, "vi": {unitVw, 1},
	"svi": {unitVw, 1}, "lvi": {unitVw, 1}, "dvi": {unitVw, 1}, "cqw": {unitVw, 1}, "cqi": {unitVw, 1},
	"vh": {unitVh, 1}, "svh": {unitVh, 1}, "lvh": {unitVh, 1}, "dvh": {unitVh, 1}, "vb": {unitVh, 1},
	"svb": {unitVh, 1}, "lvb": {unitVh, 1}, "dvb": {unitVh, 1}, "cqh": {unitVh, 1}, "cqb": {unitVh, 1},
	"vmin": {unitVmin, 1}, "svmin": {unitVmin, 1}, "lvmin": {unitVmin, 1}, "dvmin": {unitVmin, 1}, "cqmin": {unitVmin, 1},
	"vmax": {unitVmax, 1}, "svmax": {unitVmax, 1}, "lvmax": {unitVmax, 1}, "dvmax": {unitVmax, 1}, "cqmax": {unitVmax, 1},
}

// An expr is a length or number, possibly a math function.
type expr struct {
	op   byte // 0 leaf, '+', '*', '/', 'm' min, 'M' max, 'c' clamp, 'a' abs, 's' sign, 'r' round
	num  float64
	unit unit
	kids []expr
}

// metrics is what relative units refer to.
type metrics struct {
	em, rem       float64
	lh, rlh       float64
	width, height float64 // of the viewport
	percentOf     float64 // px that 100% is; NaN when only layout knows
}

// quantity is the result of an expr: px and percent, or a plain number.
type quantity struct {
	px, pct float64
	number  bool
	ok      bool
}

func (e *expr) eval(m *metrics) quantity {
	switch e.op {
	case 0:
		return e.leaf(m)
	case '+':
		return e.sum(m)
	case '*', '/':
		a, b := e.kids[0].eval(m), e.kids[1].eval(m)
		if !a.ok || !b.ok {
			return quantity{}
		}
		if e.op == '/' {
			if !b.number || b.px == 0 {
				return quantity{}
			}
			return quantity{a.px / b.px, a.pct / b.px, a.number, true}
		}
		if !b.number {
			a, b = b, a
		}
		if !b.number {
			return quantity{}
		}
		return quantity{a.px * b.px, a.pct * b.px, a.number, true}
	}
	return e.compare(m)
}

func (e *expr) leaf(m *metrics) quantity {
	v := e.num
	switch e.unit {
	case unitNone:
		return quantity{px: v, number: true, ok: true}
	case unitPercent:
		if !math.IsNaN(m.percentOf) {
			return quantity{px: v / 100 * m.percentOf, ok: true}
		}
		return quantity{pct: v, ok: true}
	case unitEm, unitIc:
		v *= m.em
	case unitRem:
		v *= m.rem
	case unitEx, unitCh:
		v *= m.em * 0.5
	case unitLh:
		v *= m.lh
	case unitRlh:
		v *= m.rlh
	case unitVw:
		v *= m.width / 100
	case unitVh:
		v *= m.height / 100
	case unitVmin:
		v *= min(m.width, m.height) / 100
	case unitVmax:
		v *= max(m.width, m.height) / 100
	}
	return quantity{px: v, ok: true}
}

func (e *expr) sum(m *metrics) quantity {
	r := e.kids[0].eval(m)
	for i := range e.kids[1:] {
		k := e.kids[i+1].eval(m)
		if !k.ok || k.number != r.number {
			return quantity{}
		}
		r.px += k.px
		r.pct += k.pct
	}
	return r
}

// compare evaluates min, max, clamp, abs, sign and round. Percentages that only
// layout knows make the result unknown, unless there is nothing to choose.
func (e *expr) compare(m *metrics) quantity {
	vs := make([]quantity, len(e.kids))
	for i := range e.kids {
		vs[i] = e.kids[i].eval(m)
		if !vs[i].ok || vs[i].number != vs[0].number {
			return quantity{}
		}
		if vs[i].pct != 0 && len(e.kids) > 1 {
			return quantity{}
		}
	}
	r := vs[0]
	switch e.op {
	case 'm':
		for _, v := range vs[1:] {
			r.px = min(r.px, v.px)
		}
	case 'M':
		for _, v := range vs[1:] {
			r.px = max(r.px, v.px)
		}
	case 'c':
		if len(vs) != 3 {
			return quantity{}
		}
		r.px = max(vs[0].px, min(vs[1].px, vs[2].px))
	case 'a':
		if r.pct != 0 {
			return quantity{}
		}
		r.px = math.Abs(r.px)
	case 's':
		r = quantity{px: float64(sign(r.px)), number: true, ok: true}
	case 'r':
		if len(vs) != 2 || vs[1].px == 0 {
			return quantity{}
		}
		r.px = math.Round(vs[0].px/vs[1].px) * vs[1].px
	}
	return r
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// uses says whether the expression has one of the units in it.
func (e *expr) uses(us ...unit) bool {
	if e.op == 0 {
		for _, u := range us {
			if e.unit == u {
				return true
			}
		}
		return false
	}
	for i := range e.kids {
		if e.kids[i].uses(us...) {
			return true
		}
	}
	return false
}

// cursor walks over the tokens of a value.
type cursor struct {
	src  string
	toks []css.Token
	i    int
}

func (c *cursor) peek() css.Token {
	if c.i < len(c.toks) {
		return c.toks[c.i]
	}
	return css.Token{Kind: css.EOF, Pos: -1}
}

func (c *cursor) space() bool {
	start := c.i
	for c.i < len(c.toks) && c.toks[c.i].Kind == css.Space {
		c.i++
	}
	return c.i > start
}

func (c *cursor) done() bool {
	c.space()
	return c.i >= len(c.toks)
}

// skip moves past one component value and returns its tokens.
func (c *cursor) skip() []css.Token {
	start, depth := c.i, 0
	for c.i < len(c.toks) {
		switch c.toks[c.i].Kind {
		case css.Function, css.OpenParen, css.OpenSquare, css.OpenBrace:
			depth++
		case css.CloseParen, css.CloseSquare, css.CloseBrace:
			depth--
		}
		c.i++
		if depth <= 0 {
			break
		}
	}
	return c.toks[start:c.i]
}

// function returns a cursor over the arguments of the function that stands
// here, and moves past it.
func (c *cursor) function() *cursor {
	toks := c.skip()
	end := len(toks)
	if end > 1 && toks[end-1].Kind == css.CloseParen {
		end--
	}
	return &cursor{src: c.src, toks: toks[1:end]}
}

// split splits at top-level commas.
func (c *cursor) split() []*cursor {
	var out []*cursor
	start := c.i
	for c.i < len(c.toks) {
		if c.peek().Kind == css.Comma {
			out = append(out, &cursor{src: c.src, toks: c.toks[start:c.i]})
			c.i++
			start = c.i
			continue
		}
		c.skip()
	}
	return append(out, &cursor{src: c.src, toks: c.toks[start:]})
}

// text returns the source of all tokens, with single spaces.
func (c *cursor) text() string { return clean(css.Text(c.src, c.toks)) }

// clean trims and single-spaces text, unless that might change a string.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, "\"'") || !strings.ContainsAny(s, "\n\t\r\f") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// maxCalcDepth bounds nested parentheses in math functions.
const maxCalcDepth = 32

// length reads a number, dimension, percentage or math function.
func (c *cursor) length(depth int) (expr, bool) {
	c.space()
	t := c.peek()
	switch t.Kind {
	case css.Number:
		c.i++
		return expr{num: t.Num}, true
	case css.Percentage:
		c.i++
		return expr{num: t.Num, unit: unitPercent}, true
	case css.Dimension:
		u, ok := units[asciiLower(t.Text)]
		if !ok {
			return expr{}, false
		}
		c.i++
		return expr{num: t.Num * u.factor, unit: u.unit}, true
	case css.Function:
		if depth > maxCalcDepth {
			return expr{}, false
		}
		return c.math(depth)
	}
	return expr{}, false
}

// math reads a math function.
func (c *cursor) math(depth int) (expr, bool) {
	var op byte
	switch asciiLower(c.peek().Text) {
	case "calc", "-webkit-calc", "-moz-calc":
		args := c.function()
		e, ok := args.calcSum(depth + 1)
		return e, ok && args.done()
	case "min":
		op = 'm'
	case "max":
		op = 'M'
	case "clamp":
		op = 'c'
	case "abs":
		op = 'a'
	case "sign":
		op = 's'
	case "round":
		op = 'r'
	default:
		return expr{}, false
	}
	e := expr{op: op}
	for _, arg := range c.function().split() {
		k, ok := arg.calcSum(depth + 1)
		if !ok || !arg.done() {
			return expr{}, false
		}
		e.kids = append(e.kids, k)
	}
	if op == 'c' && len(e.kids) != 3 {
		return expr{}, false
	}
	if op == 'r' && len(e.kids) == 1 {
		e.kids = append(e.kids, expr{num: 1})
	}
	return e, true
}

// calcSum reads a + b - c.
func (c *cursor) calcSum(depth int) (expr, bool) {
	first, ok := c.calcProduct(depth)
	if !ok {
		return first, false
	}
	sum := expr{op: '+', kids: []expr{first}}
	for {
		c.space()
		t := c.peek()
		if !t.IsDelim('+') && !t.IsDelim('-') {
			break
		}
		c.i++
		k, ok := c.calcProduct(depth)
		if !ok {
			return k, false
		}
		if t.IsDelim('-') {
			k = expr{op: '*', kids: []expr{k, {num: -1}}}
		}
		sum.kids = append(sum.kids, k)
	}
	if len(sum.kids) == 1 {
		return first, true
	}
	return sum, true
}

// calcProduct reads a * b / c.
func (c *cursor) calcProduct(depth int) (expr, bool) {
	e, ok := c.calcValue(depth)
	for ok {
		c.space()
		t := c.peek()
		if !t.IsDelim('*') && !t.IsDelim('/') {
			break
		}
		c.i++
		var k expr
		k, ok = c.calcValue(depth)
		e = expr{op: t.Text[0], kids: []expr{e, k}}
	}
	return e, ok
}

func (c *cursor) calcValue(depth int) (expr, bool) {
	c.space()
	t := c.peek()
	switch t.Kind {
	case css.OpenParen:
		if depth > maxCalcDepth {
			return expr{}, false
		}
		args := c.function()
		e, ok := args.calcSum(depth + 1)
		return e, ok && args.done()
	case css.Ident:
		v, ok := map[string]float64{"pi": math.Pi, "e": math.E, "infinity": math.MaxFloat32, "-infinity": -math.MaxFloat32}[asciiLower(t.Text)]
		c.i++
		return expr{num: v}, ok
	}
	return c.length(depth)
}

func asciiLower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}
