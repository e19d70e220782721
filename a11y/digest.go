package a11y

import (
	"hash/maphash"
	"math"
	"math/bits"

	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// A digest stands for a group of computed values of a whole page: equal
// values have equal digests.
type digest uint64

var seed = maphash.MakeSeed()

// digest computes the digests of the class, once.
func (w *view) digest(doc *dom.Doc) {
	if w.digests != ([3]digest{}) {
		return
	}
	d := digester{styles: w.styles, known: map[*style.Computed][3]digest{}}
	sum := [3]digest{1, 2, 3}
	// Colours of the system and of the browser hang on the mode itself.
	mode := w.styles.Mode()
	sum[1] = sum[1].text(mode.Scheme)
	if mode.Forced {
		sum[1] = sum[1].mix(1)
	}
	for _, n := range doc.Nodes {
		if n.Type != dom.Element {
			continue
		}
		c := d.styles.Of(n)
		if c == nil {
			continue
		}
		one := d.of(c)
		if d.styles.Rendered(n) {
			one[0] += 1
		}
		if d.styles.Visible(n) {
			one[0] += 2
		}
		mixAll(&sum, one)
		for _, pseudo := range [...]string{"before", "after"} {
			if c := d.styles.Pseudo(n, pseudo); c != nil {
				mixAll(&sum, d.of(c))
			}
		}
	}
	w.digests = sum
}

func mixAll(sum *[3]digest, with [3]digest) {
	for i := range sum {
		sum[i] = sum[i].mix(uint64(with[i]))
	}
}

func (d digest) mix(v uint64) digest {
	hi, lo := bits.Mul64(uint64(d)^v, 0x9E3779B97F4A7C15)
	return digest(hi ^ lo + 0x632BE59BD9B4E019)
}

func (d digest) text(s string) digest    { return d.mix(maphash.String(seed, s)) }
func (d digest) number(f float64) digest { return d.mix(math.Float64bits(f)) }

func (d digest) color(c style.Color) digest {
	return d.number(float64(c.R)).number(float64(c.G)).number(float64(c.B)).number(float64(c.A))
}

func (d digest) line(l style.Line) digest { return d.text(l.Style).number(l.Width).color(l.Color) }

func (d digest) length(l style.Length) digest {
	return d.mix(uint64(l.Kind)).number(l.Px).number(l.Percent).text(l.Word)
}

// A digester remembers the digests of styles: there are far fewer of them
// than elements.
type digester struct {
	styles *style.Styles
	known  map[*style.Computed][3]digest
}

func (d *digester) of(c *style.Computed) [3]digest {
	if got, ok := d.known[c]; ok {
		return got
	}
	got := [3]digest{semantics(c), colour(c), metrics(c)}
	d.known[c] = got
	return got
}

func semantics(c *style.Computed) digest {
	return digest(1).text(c.Display()).text(c.Visibility()).text(c.ContentVisibility()).text(c.Content()).text(c.Float()).text(c.Position())
}

func colour(c *style.Computed) digest {
	d := digest(2).color(c.Color()).color(c.BackgroundColor()).text(c.BackgroundImage()).text(c.BackgroundClip()).
		number(c.Opacity()).text(c.TextShadow()).text(c.Filter()).text(c.BoxShadow()).text(c.ColorScheme()).
		line(c.Outline()).line(c.TextDecoration()).text(c.TextDecorationLine())
	for s := style.Top; s <= style.Left; s++ {
		d = d.line(c.Border(s))
	}
	for _, name := range [...]string{"forced-color-adjust", "-webkit-text-fill-color", "mix-blend-mode", "backdrop-filter", "mask-image"} {
		d = d.text(c.Value(name))
	}
	return d
}

func metrics(c *style.Computed) digest {
	lh := c.LineHeight()
	x, y := c.Overflow()
	d := digest(3).number(c.FontSize()).mix(uint64(c.FontWeight())).number(lh.Number).number(lh.Px).
		number(c.LetterSpacing()).number(c.WordSpacing()).length(c.TextIndent()).text(x).text(y).
		text(c.Position()).text(c.Float()).text(c.Clip()).text(c.ClipPath()).text(c.Transform()).
		length(c.Width()).length(c.Height()).length(c.MinWidth()).length(c.MinHeight()).
		length(c.MaxWidth()).length(c.MaxHeight()).text(c.TextAlign()).text(c.WhiteSpace()).
		number(c.OutlineOffset()).text(c.WritingMode()).text(c.Direction()).text(c.FontStyle()).text(c.FontFamily()).
		text(c.VerticalAlign()).text(c.TextTransform()).text(c.PointerEvents()).text(c.Animation()).text(c.Value("rotate")).text(c.Value("scale")).text(c.Value("translate")).text(c.Value("box-sizing"))
	for s := style.Top; s <= style.Left; s++ {
		d = d.length(c.Margin(s)).length(c.Padding(s)).length(c.Inset(s)).line(c.Border(s))
	}
	return d
}
