package style

import (
	"hash/maphash"
	"math"
	"math/bits"
)

// A Digest stands for computed values: equal values have equal digests. It
// holds in one process only.
type Digest uint64

// Digests are those of the groups of values that rules read.
type Digests struct {
	Semantics Digest // what makes boxes, and what hides them
	Colour    Digest
	Metrics   Digest
}

// Mix returns the digest of d and what v stands for.
func (d Digest) Mix(v uint64) Digest {
	hi, lo := bits.Mul64(uint64(d)^v, 0x9E3779B97F4A7C15)
	return Digest(hi ^ lo + 0x632BE59BD9B4E019)
}

// Mix mixes in the digests of another style.
func (d *Digests) Mix(o *Digests) {
	d.Semantics = d.Semantics.Mix(uint64(o.Semantics))
	d.Colour = d.Colour.Mix(uint64(o.Colour))
	d.Metrics = d.Metrics.Mix(uint64(o.Metrics))
}

// Digests returns the digests of all styles of the page. Whether an element is
// rendered or visible follows from them and the document. One element of each
// frame speaks for the others: which elements these are is the same in all modes.
func (s *Styles) Digests() Digests {
	sum := Digests{1, 2, 3}
	// Colours of the system and of the browser hang on the mode itself.
	sum.Colour = sum.Colour.text(s.mode.Scheme)
	if s.mode.Forced {
		sum.Colour = sum.Colour.Mix(1)
	}
	// Sizes are judged otherwise on paper.
	if s.mode.Print {
		sum.Metrics = sum.Metrics.Mix(1)
	}
	for _, f := range s.frames {
		d := &s.digests[f.id]
		if *d == (Digests{}) {
			*d = s.digestOf(f)
		}
		sum.Mix(d)
	}
	return sum
}

// digestOf returns the digests of the elements of a frame and of what is
// generated in them.
func (s *Styles) digestOf(f *frame) Digests {
	sum := *s.frame(f.id).digest()
	parts := f.slots[s.variant.id].parts
	for i := range parts {
		if c := s.world.of(parts[i].slot); c != nil {
			sum.Mix(&Digests{1, 2, 3})
			sum.Mix(c.digest())
		} else {
			sum.Mix(&Digests{})
		}
	}
	return sum
}

// digest returns the digests of one style, computed once.
func (c *Computed) digest() *Digests {
	if c.digests == nil {
		c.digests = &Digests{semantics(c), colour(c), metricsOf(c)}
	}
	return c.digests
}

func (d Digest) text(s string) Digest    { return d.Mix(maphash.String(seed, s)) }
func (d Digest) number(f float64) Digest { return d.Mix(math.Float64bits(f)) }

func (d Digest) color(c Color) Digest {
	return d.number(c.R).number(c.G).number(c.B).number(c.A)
}

func (d Digest) line(l Line) Digest { return d.text(l.Style).number(l.Width).color(l.Color) }

func (d Digest) length(l Length) Digest {
	return d.Mix(uint64(l.Kind)).number(l.Px).number(l.Percent).text(l.Word)
}

func semantics(c *Computed) Digest {
	return Digest(1).text(c.Display()).text(c.Visibility()).text(c.ContentVisibility()).text(c.Content()).
		text(c.Float()).text(c.Position()).text(c.unseen())
}

func colour(c *Computed) Digest {
	d := Digest(2).color(c.Color()).color(c.BackgroundColor()).text(c.BackgroundImage()).text(c.BackgroundClip()).
		number(c.Opacity()).text(c.TextShadow()).text(c.Filter()).text(c.BoxShadow()).text(c.ColorScheme()).
		line(c.Outline()).line(c.TextDecoration()).text(c.TextDecorationLine())
	for s := Top; s <= Left; s++ {
		d = d.line(c.Border(s))
	}
	for _, name := range [...]string{"forced-color-adjust", "-webkit-text-fill-color", "mix-blend-mode", "backdrop-filter", "mask-image"} {
		d = d.text(c.Value(name))
	}
	return d
}

func metricsOf(c *Computed) Digest {
	lh := c.LineHeight()
	x, y := c.Overflow()
	d := Digest(3).number(c.FontSize()).Mix(uint64(c.FontWeight())).number(lh.Number).number(lh.Px).
		number(c.LetterSpacing()).number(c.WordSpacing()).length(c.TextIndent()).text(x).text(y).
		text(c.Position()).text(c.Float()).text(c.Clip()).text(c.ClipPath()).text(c.Transform()).
		length(c.Width()).length(c.Height()).length(c.MinWidth()).length(c.MinHeight()).
		length(c.MaxWidth()).length(c.MaxHeight()).text(c.TextAlign()).text(c.WhiteSpace()).
		number(c.OutlineOffset()).text(c.WritingMode()).text(c.Direction()).text(c.FontStyle()).text(c.FontFamily()).
		text(c.VerticalAlign()).text(c.TextTransform()).text(c.PointerEvents()).text(c.Animation()).text(c.Value("rotate")).text(c.Value("scale")).text(c.Value("translate")).text(c.Value("box-sizing"))
	for s := Top; s <= Left; s++ {
		d = d.length(c.Margin(s)).length(c.Padding(s)).length(c.Inset(s)).line(c.Border(s))
	}
	return d
}
