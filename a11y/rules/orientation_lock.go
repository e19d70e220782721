package rules

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/css"
	"handrail/a11y/dom"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// orientationLock: nothing is turned by a quarter when the screen is.
var orientationLock = &act.Rule{
	ID:       "orientation-lock",
	ACT:      []string{"b33eff"},
	Criteria: []wcag.SC{"1.3.4"},
	Reads:    act.States,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		turned := p.Styles.Turned()
		if turned == nil {
			return slices.Values[[]*dom.Node](nil)
		}
		return p.Where(func(e *dom.Node) bool {
			if e.NS != dom.HTML || !p.Visible(e) {
				return false
			}
			a, b := p.Styles.Of(e), turned.Of(e)
			return (a.Transform() != b.Transform() || a.Value("rotate") != b.Value("rotate")) && (rotates(a) || rotates(b))
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		a, okA := rotation(p.Styles.Of(e))
		b, okB := rotation(p.Styles.Turned().Of(e))
		if !okA || !okB {
			return act.Unsure("check").Blame("transform")
		}
		by := math.Mod(math.Abs(a-b), 180)
		if math.Abs(by-90) > 1 {
			return act.Pass("free")
		}
		v := act.Fail("rotated").With("degrees", strconv.Itoa(int(math.Round(math.Abs(a-b)))))
		if p.Styles.Of(e).Value("rotate") != p.Styles.Turned().Of(e).Value("rotate") {
			return v.Blame("rotate")
		}
		return v.Blame("transform")
	},
}

// rotates reports whether a style may turn the element about the Z axis.
func rotates(c *style.Computed) bool {
	r := c.Value("rotate")
	return r != "none" && r != "" || strings.Contains(c.Transform(), "rotate") || strings.Contains(c.Transform(), "matrix")
}

// rotation returns the degrees by which rotate and transform turn an element
// about the Z axis; false when they cannot be read.
func rotation(c *style.Computed) (degrees float64, ok bool) {
	if r := c.Value("rotate"); r != "none" && r != "" {
		toks, _ := css.Tokenize(r)
		if degrees, ok = angles(toks); !ok {
			return 0, false
		}
	}
	transform := c.Transform()
	if transform == "none" || transform == "" {
		return degrees, true
	}
	toks, _ := css.Tokenize(transform)
	for len(toks) > 0 {
		t := toks[0]
		toks = toks[1:]
		if t.Kind != css.Function {
			continue
		}
		end := 0
		for end < len(toks) && toks[end].Kind != css.CloseParen {
			end++
		}
		by, ok := turn(strings.ToLower(t.Text), toks[:end])
		if !ok {
			return 0, false
		}
		degrees += by
		toks = toks[end:]
	}
	return degrees, true
}

// turn returns the degrees of one transform function.
func turn(name string, args []css.Token) (degrees float64, ok bool) {
	n := numbers(args)
	switch name {
	case "rotate", "rotatez", "rotate3d":
		return angles(args)
	case "matrix":
		return math.Atan2(at(n, 1), at(n, 0)) * 180 / math.Pi, len(n) == 6
	case "matrix3d":
		return math.Atan2(at(n, 1), at(n, 0)) * 180 / math.Pi, len(n) == 16
	}
	return 0, true
}

func at(n []float64, i int) float64 {
	if i < len(n) {
		return n[i]
	}
	return 0
}

// angles reads an angle with an axis before or after it: none, z, or three
// numbers. Only a turn about Z counts.
func angles(toks []css.Token) (degrees float64, ok bool) {
	axis := numbers(toks)
	for _, t := range toks {
		switch {
		case t.Is("x"), t.Is("y"):
			return 0, true
		case t.Kind == css.Function:
			return 0, false
		case t.Kind == css.Dimension:
			degrees, ok = inDegrees(t)
		case t.Kind == css.Number && t.Num == 0 && len(axis) == 1:
			ok = true // 0 without a unit
		}
	}
	if len(axis) == 3 && (axis[0] != 0 || axis[1] != 0) {
		return 0, axis[2] == 0
	}
	return degrees * sign(at(axis, 2)), ok
}

func sign(f float64) float64 {
	if f < 0 {
		return -1
	}
	return 1
}

func inDegrees(t css.Token) (float64, bool) {
	switch strings.ToLower(t.Text) {
	case "deg":
		return t.Num, true
	case "grad":
		return t.Num * 0.9, true
	case "rad":
		return t.Num * 180 / math.Pi, true
	case "turn":
		return t.Num * 360, true
	}
	return 0, false
}

// numbers returns the plain numbers among the tokens.
func numbers(toks []css.Token) (out []float64) {
	for _, t := range toks {
		if t.Kind == css.Number {
			out = append(out, t.Num)
		}
	}
	return out
}
