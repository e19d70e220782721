package style

import (
	"fmt"
	"math"
)

// A Color is an sRGB colour with channels 0 to 1, not premultiplied.
type Color struct {
	R, G, B, A float64
}

// Colours that are used often.
var (
	Black       = Color{0, 0, 0, 1}
	White       = Color{1, 1, 1, 1}
	Transparent = Color{}
)

// Over composites c over an opaque backdrop.
func (c Color) Over(b Color) Color {
	if c.A >= 1 {
		return c
	}
	a := c.A + b.A*(1-c.A)
	if a == 0 {
		return Transparent
	}
	mix := func(x, y float64) float64 { return (x*c.A + y*b.A*(1-c.A)) / a }
	return Color{mix(c.R, b.R), mix(c.G, b.G), mix(c.B, b.B), a}
}

// Fade multiplies the alpha.
func (c Color) Fade(opacity float64) Color {
	c.A *= opacity
	return c
}

// Luminance is the relative luminance of WCAG 2; alpha is not looked at.
func (c Color) Luminance() float64 {
	lin := func(v float64) float64 {
		v = clamp01(v)
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

// Contrast is the contrast ratio of WCAG 2 between two opaque colours, 1 to 21.
func Contrast(a, b Color) float64 {
	x, y := a.Luminance(), b.Luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// String writes the colour as #rrggbb or #rrggbbaa.
func (c Color) String() string {
	b := func(v float64) int { return int(math.Round(clamp01(v) * 255)) }
	if c.A >= 1 {
		return fmt.Sprintf("#%02x%02x%02x", b(c.R), b(c.G), b(c.B))
	}
	return fmt.Sprintf("#%02x%02x%02x%02x", b(c.R), b(c.G), b(c.B), b(c.A))
}

func clamp01(v float64) float64 { return min(max(v, 0), 1) }
