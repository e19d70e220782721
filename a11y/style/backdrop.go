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

// layers is what the painting of an element and its ancestors amounts to.
type layers struct {
	backdrop Backdrop
	group    Color // what lies behind the element's own group, for opacity
}

// Backdrop returns the colour behind the text of n: all backgrounds from the
// element up to the canvas composited, with the opacity of each.
func (s *Styles) Backdrop(n *dom.Node) Backdrop { return s.layersOf(element(n)).backdrop }

// Text returns the colour in which the text of n is seen: its colour composited
// over the backdrop, faded by the opacity of all ancestors.
func (s *Styles) Text(n *dom.Node) (Color, Backdrop) {
	e := element(n)
	b := s.Backdrop(e)
	col := s.Of(e).inh.Color
	if fill := s.Of(e).Value("-webkit-text-fill-color"); fill != "currentcolor" && fill != "" {
		toks, _ := css.Tokenize(fill)
		if v, ok := (&cursor{src: fill, toks: toks}).color(); ok {
			col, _ = v.resolve(colorEnv{col, s.dark})
		}
	}
	return s.paint(e, col, b), b
}

// paint composites a colour that n draws, over its backdrop.
func (s *Styles) paint(n *dom.Node, col Color, b Backdrop) Color {
	out := col.Over(b.Color)
	// Undo nothing here: the backdrop has the opacities in it already, so the
	// drawn colour is faded towards what lies behind each group.
	for e := n; e != nil; e = e.ParentElement() {
		if op := s.Of(e).box.Opacity; op < 1 {
			out = out.Fade(op).Over(s.layersOf(e).group)
		}
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

// canvas is the colour under everything.
func (s *Styles) canvas() Color {
	dark := false
	if html := s.m.doc.HTML(); html != nil {
		st := &setter{s: s, c: s.Of(html)}
		dark = st.dark()
	}
	return systemColor("canvas", dark)
}

// layersOf computes the layers of n, its ancestors first.
func (s *Styles) layersOf(n *dom.Node) *layers {
	if s.backdrops == nil {
		s.backdrops = map[*dom.Node]*layers{}
	}
	var chain []*dom.Node
	l := (*layers)(nil)
	for e := n; e != nil; e = e.ParentElement() {
		if l = s.backdrops[e]; l != nil {
			break
		}
		chain = append(chain, e)
	}
	if l == nil {
		l = &layers{backdrop: Backdrop{Color: s.canvas()}}
	}
	for i := len(chain) - 1; i >= 0; i-- {
		l = s.over(l, chain[i])
		s.backdrops[chain[i]] = l
	}
	return l
}

// over paints the background of e over what its parent has.
func (s *Styles) over(parent *layers, e *dom.Node) *layers {
	c := s.Of(e)
	b := c.box
	l := &layers{backdrop: parent.backdrop, group: parent.backdrop.Color}
	out := &l.backdrop
	note := func(reason string) {
		if out.Reason == "" {
			out.Reason, out.At = reason, e
		}
	}
	if s.forced && c.inh.ForcedAdjust != "none" {
		note(BackdropForced)
	}
	if b.Position == "absolute" || b.Position == "fixed" || b.Position == "sticky" || pulled(b) {
		note(BackdropOverlap)
	}
	if b.Filter != "none" && !plainFilter(b.Filter) || b.MixBlendMode != "normal" || b.MaskImage != "none" || b.BackdropFilter != "none" {
		note(BackdropBlend)
	}
	bg := b.BackgroundColor
	if strings.Contains(b.BackgroundClip, "text") {
		note(BackdropImage)
		return l
	}
	opaque := bg.A*b.Opacity >= 1
	if opaque { // whatever lies behind is covered
		keep := out.Reason == BackdropForced || out.Reason == BackdropBlend
		if !keep {
			out.Reason, out.Stops, out.At = "", nil, nil
		}
	}
	out.Color = bg.Fade(b.Opacity).Over(out.Color)
	for i := range out.Stops {
		out.Stops = append([]Color(nil), out.Stops...)
		out.Stops[i] = bg.Fade(b.Opacity).Over(out.Stops[i])
	}
	if b.BackgroundImage != "none" {
		s.paintImage(l, c, e)
	}
	return l
}

// paintImage adds a background image to the layers.
func (s *Styles) paintImage(l *layers, c *Computed, e *dom.Node) {
	out := &l.backdrop
	stops, ok := gradientStops(c.box.BackgroundImage, colorEnv{c.inh.Color, (&setter{s: s, c: c}).dark()})
	if !ok {
		out.Reason, out.Stops, out.At = BackdropImage, nil, e
		return
	}
	under := out.Stops
	if under == nil {
		under = []Color{out.Color}
	}
	var seen []Color
	for _, stop := range stops {
		for _, u := range under {
			seen = append(seen, stop.Fade(c.box.Opacity).Over(u))
		}
	}
	if len(seen) > 64 {
		out.Reason, out.Stops, out.At = BackdropImage, nil, e
		return
	}
	if same(seen) && (out.Reason == "" || out.Reason == BackdropGradient) {
		out.Color, out.Reason, out.Stops, out.At = seen[0], "", nil, nil
		return
	}
	if out.Reason == "" || out.Reason == BackdropGradient {
		out.Reason, out.At = BackdropGradient, e
	}
	out.Stops = seen
}

func same(cs []Color) bool {
	for _, c := range cs {
		if c != cs[0] {
			return false
		}
	}
	return len(cs) > 0
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
