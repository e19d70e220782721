package style

import (
	"math"

	"handrail/a11y/css"
)

// viewport is the width that a mode without one has, and the ratio of its
// height.
const (
	defaultWidth  = 1280
	defaultHeight = 800
)

func (m Mode) width() float64 {
	if m.Width == 0 {
		return defaultWidth
	}
	return float64(m.Width)
}

// height is that of the viewport; of a turned one just enough to change its
// orientation.
func (m Mode) height() float64 {
	switch {
	case !m.turned:
		return defaultHeight
	case m.width() > defaultHeight:
		return m.width() + 1
	}
	return m.width() - 1
}

func (m Mode) scale() float64 {
	if m.TextScale == 0 {
		return 1
	}
	return m.TextScale
}

// metrics returns the lengths that depend on the mode alone.
func (m Mode) metrics() metrics {
	size := 16 * m.scale()
	return metrics{em: size, rem: size, lh: normalLineHeight * size, rlh: normalLineHeight * size,
		width: m.width(), height: m.height(), percentOf: math.NaN()}
}

// env answers media queries for a mode.
type env struct {
	mode Mode
	m    metrics
}

func newEnv(m Mode) *env { return &env{m, m.metrics()} }

func (e *env) MediaType(name string) bool {
	if e.mode.Print {
		return name == "print"
	}
	return name == "screen"
}

// Feature implements css.MediaEnv.
func (e *env) Feature(name, op string, v []css.Token) (holds, known bool) {
	if words := e.words(name); words != nil {
		return e.discrete(words, op, v), true
	}
	have, ok := e.number(name)
	if !ok {
		return false, false
	}
	if op == "" {
		return have != 0, true
	}
	want, ok := e.value(v)
	if !ok {
		return false, false
	}
	switch op {
	case "=":
		return math.Abs(have-want) < 1e-6, true
	case "<":
		return have < want, true
	case "<=":
		return have <= want, true
	case ">":
		return have > want, true
	}
	return have >= want, true
}

// words returns the values that a discrete feature has; the first one is what
// makes it false in a boolean context.
func (e *env) words(name string) []string {
	pick := func(yes bool, off, on string) []string {
		if yes {
			return []string{off, on}
		}
		return []string{off, off}
	}
	or := func(v, def string) string {
		if v == "" {
			return def
		}
		return v
	}
	switch name {
	case "prefers-color-scheme":
		return []string{"", or(e.mode.Scheme, "light")}
	case "prefers-contrast":
		if e.mode.Forced && e.mode.Contrast == "" {
			return []string{"no-preference", "custom"}
		}
		return []string{"no-preference", or(e.mode.Contrast, "no-preference")}
	case "forced-colors":
		return pick(e.mode.Forced, "none", "active")
	case "prefers-reduced-motion":
		return pick(e.mode.ReducedMotion, "no-preference", "reduce")
	case "prefers-reduced-transparency", "prefers-reduced-data":
		return []string{"no-preference", "no-preference"}
	case "inverted-colors":
		return []string{"none", "none"}
	case "hover", "any-hover":
		return []string{"none", "hover"}
	case "pointer", "any-pointer":
		return []string{"none", "fine"}
	case "orientation":
		if e.m.width > e.m.height {
			return []string{"", "landscape"}
		}
		return []string{"", "portrait"}
	case "scripting":
		return []string{"none", "enabled"}
	case "update":
		return pick(!e.mode.Print, "none", "fast")
	case "overflow-block":
		if e.mode.Print {
			return []string{"none", "paged"}
		}
		return []string{"none", "scroll"}
	case "overflow-inline":
		return []string{"none", "scroll"}
	case "display-mode":
		return []string{"", "browser"}
	case "color-gamut":
		return []string{"", "srgb"}
	case "dynamic-range", "video-dynamic-range":
		return []string{"", "standard"}
	case "scan":
		return []string{"", "progressive"}
	case "-ms-high-contrast":
		return []string{"none", "none"}
	}
	return nil
}

func (e *env) discrete(words []string, op string, v []css.Token) bool {
	if op == "" {
		return words[1] != words[0]
	}
	return op == "=" && len(v) == 1 && v[0].Kind == css.Ident && asciiLower(v[0].Text) == words[1]
}

// number returns the value of a range feature.
func (e *env) number(name string) (float64, bool) {
	switch name {
	case "width", "device-width":
		return e.m.width, true
	case "height", "device-height":
		return e.m.height, true
	case "aspect-ratio", "device-aspect-ratio":
		return e.m.width / e.m.height, true
	case "resolution", "-webkit-device-pixel-ratio", "device-pixel-ratio":
		return 1, true
	case "color":
		return 8, true
	case "monochrome", "grid", "color-index":
		return 0, true
	}
	return 0, false
}

// value reads a length, number, ratio or resolution.
func (e *env) value(v []css.Token) (float64, bool) {
	c := &cursor{toks: v}
	if t := c.peek(); t.Kind == css.Dimension {
		switch asciiLower(t.Text) {
		case "dppx", "x":
			return t.Num, true
		case "dpi":
			return t.Num / 96, true
		case "dpcm":
			return t.Num * 2.54 / 96, true
		}
	}
	a, ok := c.length(0)
	if !ok {
		return 0, false
	}
	q := a.eval(&e.m)
	if c.space(); c.peek().IsDelim('/') {
		c.i++
		b, ok := c.length(0)
		d := b.eval(&e.m)
		if !ok || d.px == 0 {
			return 0, false
		}
		return q.px / d.px, true
	}
	return q.px, q.ok && c.done()
}

// holding says for each chain of conditions whether it holds.
func (p *plan) holding(e *env) []bool {
	holds := make([]bool, len(p.conds))
	for i := range p.conds {
		holds[i] = p.conds[i].holds(e)
	}
	return holds
}

// active says for each rule whether the conditions that it stands under hold;
// nil when no rule has any.
func (p *plan) active(holds []bool) []bool {
	if len(holds) == 0 {
		return nil
	}
	on := make([]bool, len(p.rules))
	for i := range p.rules {
		on[i] = p.rules[i].cond < 0 || holds[p.rules[i].cond]
	}
	return on
}

func (c *globalCond) holds(e *env) bool {
	if c.never {
		return false
	}
	for i := range c.medias {
		if !c.medias[i].Matches(e) {
			return false
		}
	}
	return true
}

// cssStates converts the states of this package to those of selectors.
func cssStates(s State) css.States { return css.States(s) }
