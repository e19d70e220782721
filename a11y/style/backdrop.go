package style

import (
	"math"
	"strings"

	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// A Backdrop is what lies behind the text of an element.
type Backdrop struct {
	Color  Color   // opaque; what is known when Reason is set too
	Reason string  // why the colour cannot be known; empty when it is
	Stops  []Color // of a gradient, each composited: the colour lies between them
	At     *dom.Node
}

// Reasons why a backdrop is not known.
const (
	BackdropImage    = "image"    // a picture
	BackdropGradient = "gradient" // see Stops
	BackdropOverlap  = "overlap"  // the element is out of the flow; what is under it only layout knows
	BackdropBlend    = "blend"    // filter, backdrop-filter, mask or blend mode
	BackdropForced   = "forced"   // the reader's system chooses the colours
)

// A painting says how a colour drawn in an element comes out on the page: it is
// composited over the backgrounds of the element and its ancestors, each faded
// by its opacity. In premultiplied colours that is scale·c + alpha·c.A + base.
type painting struct {
	scale       float64
	alpha, base Color
}

// paint applies the painting to a colour.
func (p *painting) paint(c Color) Color {
	f := func(v, alpha, base float64) float64 { return p.scale*v*c.A + alpha*c.A + base }
	out := Color{f(c.R, p.alpha.R, p.base.R), f(c.G, p.alpha.G, p.base.G), f(c.B, p.alpha.B, p.base.B), 1}
	return Color{round(out.R), round(out.G), round(out.B), 1}
}

// round takes the noise of sums off a channel.
func round(v float64) float64 { return clamp01(math.Round(v*1e9) / 1e9) }

// into returns the painting inside a child with a background and an opacity.
func (p *painting) into(bg Color, opacity float64) painting {
	f := func(v, alpha, base float64) (float64, float64) {
		v *= bg.A
		return -p.scale*opacity*v + alpha*opacity*(1-bg.A), p.scale*opacity*v + alpha*opacity*bg.A + base
	}
	q := painting{scale: p.scale * opacity}
	q.alpha.R, q.base.R = f(bg.R, p.alpha.R, p.base.R)
	q.alpha.G, q.base.G = f(bg.G, p.alpha.G, p.base.G)
	q.alpha.B, q.base.B = f(bg.B, p.alpha.B, p.base.B)
	return q
}

// layers is what is known of the painting in an element.
type layers struct {
	painting
	stops  []painting // one for each stop of a gradient
	reason string
	at     *Computed
	since  float64 // opacity of the groups opened since the reason was set
}

// Backdrop returns the colour behind the text of n: all backgrounds from the
// element up to the canvas composited, with the opacity of each.
func (s *Styles) Backdrop(n *dom.Node) Backdrop {
	l := s.Of(n).paintings()
	b := l.backdrop()
	for e := element(n); e != nil && l.at != nil; e = element(e.Parent) {
		if s.Of(e) == l.at {
			b.At = e
			break
		}
	}
	return b
}

func (l *layers) backdrop() Backdrop {
	b := Backdrop{Color: l.paint(Transparent), Reason: l.reason}
	for i := range l.stops {
		b.Stops = append(b.Stops, l.stops[i].paint(Transparent))
	}
	return b
}

// A Reading is the text of an element with the colours that it is seen in.
type Reading struct {
	Text     Color    // composited over the backdrop, faded by the opacity of all ancestors
	Behind   Backdrop // without At
	Contrast float64  // of Text and Behind.Color
}

// Reading returns the colours in which the text of n is seen. It is computed
// once for all elements with the same style and not to be changed.
func (s *Styles) Reading(n *dom.Node) *Reading {
	c := s.Of(n)
	if c.reading == nil {
		l := c.paintings()
		r := &Reading{Text: l.paint(c.fill()), Behind: l.backdrop()}
		r.Contrast = Contrast(r.Text, r.Behind.Color)
		c.reading = r
	}
	return c.reading
}

// Text returns the colour in which the text of n is seen, and the backdrop.
func (s *Styles) Text(n *dom.Node) (Color, Backdrop) {
	return s.Reading(n).Text, s.Backdrop(n)
}

// fill returns the colour in which letters are drawn.
func (c *Computed) fill() Color {
	col := c.inh.Color
	if fill := c.Value("-webkit-text-fill-color"); fill != "currentcolor" && fill != "" {
		toks, _ := css.Tokenize(fill)
		if v, ok := (&cursor{src: fill, toks: toks}).color(); ok {
			col, _ = v.resolve(colorEnv{col, c.dark()})
		}
	}
	return col
}

// Paint returns the colour in which something of n is seen that is drawn in
// col, such as its outline or border.
func (s *Styles) Paint(n *dom.Node, col Color) Color {
	return s.Of(n).paintings().paint(col)
}

// PaintStops returns the colour of Paint over each stop of Backdrop.Stops.
func (s *Styles) PaintStops(n *dom.Node, col Color) []Color {
	var out []Color
	l := s.Of(n).paintings()
	for i := range l.stops {
		out = append(out, l.stops[i].paint(col))
	}
	return out
}

func element(n *dom.Node) *dom.Node {
	for n != nil && n.Type != dom.Element {
		if n.Type == dom.Fragment {
			n = n.Host
			continue
		}
		n = n.Parent
	}
	return n
}

// paintings computes the layers of an element with the style, which follow
// from the style and those above it.
func (c *Computed) paintings() *layers {
	if c.layers != nil {
		return c.layers
	}
	switch above := c.parent; {
	case above == nil || above == c.world.initial:
		// The canvas lies under everything.
		col := systemColor("canvas", c.dark())
		c.layers = &layers{painting: painting{1, Color{R: -col.R, G: -col.G, B: -col.B}, col}, since: 1}
		if above != nil {
			c.layers = c.layers.inside(c)
		}
	default:
		c.layers = above.paintings().inside(c)
	}
	return c.layers
}

// inside returns the layers of a style whose parent has those.
func (parent *layers) inside(c *Computed) *layers {
	b := c.box
	if parent.reason == "" && b.plain() && !c.world.forced {
		return parent
	}
	l := *parent
	note := func(reason string) {
		if l.reason == "" || l.reason == BackdropGradient {
			l.reason, l.at, l.since = reason, c, 1
		}
	}
	if b.Position == "absolute" || b.Position == "fixed" || b.Position == "sticky" || pulled(b) {
		note(BackdropOverlap)
	}
	l.since *= b.Opacity
	bg := b.BackgroundColor
	if bg.A >= 1 && l.since >= 1 && l.reason != BackdropBlend && l.reason != BackdropForced {
		l.reason, l.at, l.stops = "", nil, nil
	}
	if c.world.forced && c.inh.ForcedAdjust != "none" {
		l.reason, l.at = BackdropForced, c
	}
	if b.Filter != "none" && !plainFilter(b.Filter) || b.MixBlendMode != "normal" || b.MaskImage != "none" || b.BackdropFilter != "none" {
		l.reason, l.at = BackdropBlend, c
	}
	if strings.Contains(b.BackgroundClip, "text") {
		note(BackdropImage)
		bg = Transparent
	}
	l.painting = parent.into(bg, b.Opacity)
	under := l.stops
	l.stops = nil
	for i := range under {
		l.stops = append(l.stops, under[i].into(bg, b.Opacity))
	}
	if b.BackgroundImage != "none" {
		l.image(parent, under, c)
	}
	return &l
}

// plain says whether a box changes nothing in what lies behind it.
func (b *box) plain() bool {
	return b.BackgroundColor.A == 0 && b.BackgroundImage == "none" && b.Opacity == 1 &&
		(b.Position == "static" || b.Position == "relative") && !pulled(b) && b.Filter == "none" &&
		b.MixBlendMode == "normal" && b.MaskImage == "none" && b.BackdropFilter == "none" && b.BackgroundClip == "border-box"
}

// maxStops bounds the colours of gradients over gradients.
const maxStops = 32

// image adds a background image to the layers: a gradient by its stops.
func (l *layers) image(parent *layers, under []painting, c *Computed) {
	stops, ok := gradientStops(c.box.BackgroundImage, colorEnv{c.inh.Color, c.dark()})
	if under == nil {
		under = []painting{parent.painting}
	}
	if !ok || len(stops)*len(under) > maxStops {
		l.reason, l.at, l.since, l.stops = BackdropImage, c, 1, nil
		return
	}
	l.stops = nil
	for _, stop := range stops {
		for i := range under {
			l.stops = append(l.stops, under[i].into(stop.Over(c.box.BackgroundColor), c.box.Opacity))
		}
	}
	if l.reason != "" && l.reason != BackdropGradient {
		return
	}
	if same(l.stops) {
		l.painting, l.stops, l.reason, l.at = l.stops[0], nil, "", nil
		return
	}
	l.reason, l.at, l.since = BackdropGradient, c, 1
}

func same(ps []painting) bool {
	for _, p := range ps {
		if p != ps[0] {
			return false
		}
	}
	return len(ps) > 0
}

// pulled says whether a box in the flow is moved onto others.
func pulled(b *box) bool {
	if b.Position == "relative" {
		for _, l := range b.Inset {
			if l.Kind == Fixed && math.Abs(l.Px)+math.Abs(l.Percent) > 4 {
				return true
			}
		}
	}
	for _, l := range b.Margin {
		if l.Kind == Fixed && l.Px < -8 {
			return true
		}
	}
	return strings.Contains(b.Transform, "translate")
}

// plainFilter says whether a filter leaves colours as they are.
func plainFilter(f string) bool {
	return strings.HasPrefix(f, "drop-shadow(") && strings.Count(f, "(") == strings.Count(f, ")") && !strings.Contains(f, ") ")
}

// gradientStops returns the colours of a list of gradients; ok is false when
// the list has another kind of image.
func gradientStops(text string, env colorEnv) ([]Color, bool) {
	toks, _ := css.Tokenize(text)
	c := &cursor{src: text, toks: toks}
	var stops []Color
	for _, layer := range c.split() {
		layer.space()
		t := layer.peek()
		if t.Is("none") {
			continue
		}
		if t.Kind != css.Function || !strings.HasSuffix(asciiLower(t.Text), "-gradient") || asciiLower(t.Text) == "-webkit-gradient" {
			return nil, false
		}
		for _, arg := range layer.function().split() {
			if e, ok := arg.color(); ok {
				col, known := e.resolve(env)
				if !known {
					return nil, false
				}
				stops = append(stops, col)
			}
		}
	}
	return stops, len(stops) > 0
}

// lengthsIn reads the numbers of a function's arguments in pixels.
func lengthsIn(text string) []float64 {
	toks, _ := css.Tokenize(text)
	c := &cursor{src: text, toks: toks}
	if c.peek().Kind != css.Function {
		return nil
	}
	var out []float64
	args := c.function()
	m := &metrics{em: 16, rem: 16, percentOf: math.NaN()}
	for !args.done() {
		if args.peek().Kind == css.Comma {
			args.i++
			continue
		}
		e, ok := args.length(0)
		q := e.eval(m)
		if !ok || !q.ok || q.pct != 0 {
			return nil
		}
		out = append(out, q.px)
	}
	return out
}

// percents reads percentages; lengths other than 0 end the list.
func percents(fields []string) []float64 {
	var out []float64
	for _, f := range fields {
		toks, _ := css.Tokenize(f)
		if len(toks) != 1 || toks[0].Kind != css.Percentage && toks[0].Num != 0 {
			return out
		}
		out = append(out, toks[0].Num)
	}
	return out
}
