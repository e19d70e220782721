package style

import (
	"math"
	"strconv"
	"strings"

	"handrail/a11y/css"
)

// colorOp is the kind of a colorExpr.
type colorOp uint8

const (
	colorFixed colorOp = iota
	colorCurrent
	colorSystem
	colorMix
	colorLightDark
	colorUnknown // valid, but not to be computed here
)

// A colorExpr is a colour as written: fixed, or depending on the element.
type colorExpr struct {
	op     colorOp
	c      Color
	name   string // of a system colour; interpolation space of a mix
	a, b   *colorExpr
	pa, pb float64 // of a mix, 0 to 1
	alpha  float64 // of a mix whose percentages do not reach 100
}

// colorEnv is what a colorExpr depends on.
type colorEnv struct {
	current Color
	dark    bool
}

// resolve computes the colour. ok is false when it cannot be known.
func (e *colorExpr) resolve(env colorEnv) (Color, bool) {
	switch e.op {
	case colorFixed:
		return e.c, true
	case colorCurrent:
		return env.current, true
	case colorSystem:
		return systemColor(e.name, env.dark), true
	case colorLightDark:
		if env.dark {
			return e.b.resolve(env)
		}
		return e.a.resolve(env)
	case colorMix:
		a, ok1 := e.a.resolve(env)
		b, ok2 := e.b.resolve(env)
		m := mix(e.name, a, b, e.pa, e.pb)
		m.A *= e.alpha
		return m, ok1 && ok2
	}
	return env.current, false
}

// system says whether the colour is the system's or the current one, which
// forced colours leave alone.
func (e *colorExpr) system() bool { return e.op == colorSystem || e.op == colorCurrent }

// color reads a colour.
func (c *cursor) color() (*colorExpr, bool) {
	c.space()
	t := c.peek()
	switch t.Kind {
	case css.Hash:
		c.i++
		v, ok := parseHex(t.Text)
		return &colorExpr{c: v}, ok
	case css.Ident:
		e := namedColor(asciiLower(t.Text))
		if e == nil {
			return nil, false
		}
		c.i++
		return e, true
	case css.Function:
		return c.colorFunction()
	}
	return nil, false
}

func namedColor(name string) *colorExpr {
	if e := namedColors[name]; e != nil {
		return e
	}
	switch name {
	case "currentcolor":
		return currentColor
	case "transparent":
		return &colorExpr{}
	}
	if _, ok := systemColors[name]; ok {
		return &colorExpr{op: colorSystem, name: name}
	}
	return nil
}

var currentColor = &colorExpr{op: colorCurrent}

// parseHex reads the digits of #rgb, #rgba, #rrggbb and #rrggbbaa.
func parseHex(s string) (Color, bool) {
	switch len(s) {
	case 3, 4:
		long := make([]byte, 0, 8)
		for i := 0; i < len(s); i++ {
			long = append(long, s[i], s[i])
		}
		s = string(long)
	case 6, 8:
	default:
		return Color{}, false
	}
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return Color{}, false
	}
	if len(s) == 6 {
		v = v<<8 | 0xFF
	}
	f := func(shift uint) float64 { return float64(v>>shift&0xFF) / 255 }
	return Color{f(24), f(16), f(8), f(0)}, true
}

func (c *cursor) colorFunction() (*colorExpr, bool) {
	name := asciiLower(c.peek().Text)
	switch name {
	case "rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color":
		args := c.function()
		if args.space(); args.peek().Is("from") {
			return &colorExpr{op: colorUnknown}, true
		}
		return args.channels(name)
	case "color-mix":
		return c.function().colorMix()
	case "light-dark":
		args := c.function().split()
		if len(args) != 2 {
			return nil, false
		}
		a, ok1 := args[0].color()
		b, ok2 := args[1].color()
		return &colorExpr{op: colorLightDark, a: a, b: b}, ok1 && ok2 && args[0].done() && args[1].done()
	case "contrast-color", "device-cmyk", "-webkit-gradient":
		c.skip()
		return &colorExpr{op: colorUnknown}, true
	}
	return nil, false
}

// channel is one argument of a colour function.
type channel struct {
	v       float64
	percent bool
}

// channels reads the arguments of rgb() and its like.
func (c *cursor) channels(fn string) (*colorExpr, bool) {
	space := strings.TrimSuffix(fn, "a")
	if fn == "color" {
		c.space()
		space = asciiLower(c.peek().Text)
		if c.peek().Kind != css.Ident || !isColorSpace(space) {
			return nil, false
		}
		c.i++
	}
	var ch [3]channel
	commas := false
	for i := range ch {
		c.space()
		if i == 1 && c.peek().Kind == css.Comma {
			commas = true
		}
		if i > 0 && commas {
			if c.peek().Kind != css.Comma {
				return nil, false
			}
			c.i++
		}
		var ok bool
		if ch[i], ok = c.channel(); !ok {
			return nil, false
		}
	}
	alpha := channel{v: 1}
	c.space()
	if t := c.peek(); commas && t.Kind == css.Comma || !commas && t.IsDelim('/') {
		c.i++
		var ok bool
		if alpha, ok = c.channel(); !ok {
			return nil, false
		}
		if alpha.percent {
			alpha.v /= 100
		}
	}
	if !c.done() {
		return nil, false
	}
	col := fromChannels(space, ch)
	col.A = clamp01(alpha.v)
	return &colorExpr{c: col}, true
}

// channel reads a number, percentage, angle or none.
func (c *cursor) channel() (channel, bool) {
	c.space()
	t := c.peek()
	switch t.Kind {
	case css.Ident:
		c.i++
		return channel{}, t.Is("none")
	case css.Dimension:
		c.i++
		switch asciiLower(t.Text) {
		case "deg":
			return channel{v: t.Num}, true
		case "rad":
			return channel{v: t.Num * 180 / math.Pi}, true
		case "grad":
			return channel{v: t.Num * 0.9}, true
		case "turn":
			return channel{v: t.Num * 360}, true
		}
		return channel{}, false
	case css.Percentage:
		c.i++
		return channel{t.Num, true}, true
	case css.Number:
		c.i++
		return channel{v: t.Num}, true
	}
	e, ok := c.length(0)
	if !ok {
		return channel{}, false
	}
	q := e.eval(&metrics{percentOf: math.NaN()})
	if q.pct != 0 {
		return channel{q.pct, true}, q.ok
	}
	return channel{v: q.px}, q.ok && q.number
}

// colorMix reads the arguments of color-mix().
func (c *cursor) colorMix() (*colorExpr, bool) {
	args := c.split()
	if len(args) == 2 { // the space may be left out
		args = append([]*cursor{{toks: []css.Token{{Kind: css.Ident, Text: "in"}, {Kind: css.Space}, {Kind: css.Ident, Text: "oklab"}}}}, args...)
	}
	if len(args) != 3 {
		return nil, false
	}
	e := &colorExpr{op: colorMix, alpha: 1}
	in := args[0]
	in.space()
	if !in.peek().Is("in") {
		return nil, false
	}
	in.i++
	in.space()
	e.name = asciiLower(in.peek().Text)
	in.i++
	if !in.done() {
		e.op = colorUnknown // a hue interpolation method
	}
	if !isMixSpace(e.name) {
		return nil, false
	}
	var p [2]float64
	var has [2]bool
	kids := [2]**colorExpr{&e.a, &e.b}
	for i, arg := range args[1:] {
		for !arg.done() {
			if t := arg.peek(); t.Kind == css.Percentage {
				p[i], has[i] = t.Num/100, true
				arg.i++
				continue
			}
			col, ok := arg.color()
			if !ok || *kids[i] != nil {
				return nil, false
			}
			*kids[i] = col
		}
		if *kids[i] == nil || p[i] < 0 || p[i] > 1 {
			return nil, false
		}
	}
	switch {
	case !has[0] && !has[1]:
		p = [2]float64{0.5, 0.5}
	case !has[0]:
		p[0] = 1 - p[1]
	case !has[1]:
		p[1] = 1 - p[0]
	}
	sum := p[0] + p[1]
	if sum == 0 {
		return nil, false
	}
	e.pa, e.pb, e.alpha = p[0]/sum, p[1]/sum, min(sum, 1)
	return e, true
}
