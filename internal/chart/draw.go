package chart

import (
	"math"
	"strconv"
	"strings"
)

// A drawer writes one drawing.
type drawer struct {
	c         *Chart
	w         Words
	low, high float64
	b         strings.Builder
}

func (d *drawer) open(name string, attrs ...string) {
	d.b.WriteByte('<')
	d.b.WriteString(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		d.b.WriteString(" " + attrs[i] + `="`)
		d.b.WriteString(escaper.Replace(attrs[i+1]))
		d.b.WriteByte('"')
	}
	d.b.WriteByte('>')
}

func (d *drawer) close(name string) { d.b.WriteString("</" + name + ">") }

// void writes an element of SVG without content.
func (d *drawer) void(name string, attrs ...string) {
	d.open(name, attrs...)
	d.close(name)
}

func (d *drawer) text(s string) { d.b.WriteString(escaper.Replace(s)) }

// span writes words with a class.
func (d *drawer) span(class, text string) {
	d.open("span", "class", class)
	d.text(text)
	d.close("span")
	d.b.WriteByte(' ')
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

// at is the place of a value across the drawing, in percent.
func (d *drawer) at(v float64) float64 {
	p := (v - d.low) / (d.high - d.low) * 100
	if d.c.RTL {
		return 100 - p
	}
	return p
}

// percent prints a length with two decimals at most: the same bytes on every
// machine.
func percent(p float64) string { return number(p) + "%" }

func number(p float64) string {
	s := strconv.FormatFloat(math.Round(p*100)/100, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// colour is the class of a series: two share a colour, and the last two have
// that of the text.
func colour(i int) []string {
	switch i % MaxSeries / 2 {
	case 0:
		return []string{"class", "chart-c1"}
	case 1:
		return []string{"class", "chart-c2"}
	}
	return nil
}

// area is how the bars of a series look: full, outlined, half full, dashed,
// so that they differ without their colours.
func area(i int) []string {
	switch i % MaxSeries {
	case 0, 4:
		return append(colour(i), "fill", "currentColor")
	case 2, 5:
		return append(colour(i), "fill", "currentColor", "fill-opacity", ".4")
	case 3:
		return append(colour(i), "stroke-dasharray", dashes)
	}
	return colour(i)
}

// stroke is how the lines of a series look: every other one is dashed.
func stroke(i int) []string {
	if i%2 == 1 {
		return append(colour(i), "stroke-dasharray", dashes)
	}
	return colour(i)
}

const dashes = "9 5"

// rows draws a row for each label. Every bar has its words beside it, so
// there is no legend to be looked up and colour is never alone.
func (d *drawer) rows() {
	for row, label := range d.c.Labels {
		d.open("div", "class", "chart-row")
		d.span("chart-label", label)
		if d.c.Kind == Stacked {
			d.stack(row)
		} else {
			d.bars(row)
		}
		d.close("div")
	}
}

func (d *drawer) bars(row int) {
	for i, s := range d.c.Series {
		d.open("span", "class", "chart-line")
		if len(d.c.Series) > 1 {
			d.span("chart-name", s.Name)
		}
		d.svg("chart-bar", "1em")
		if v := s.Values[row]; !math.IsNaN(v) {
			d.bar(i, d.at(0), d.at(v))
		}
		if d.low < 0 {
			d.void("line", "class", "chart-zero", "x1", percent(d.at(0)), "x2", percent(d.at(0)), "y1", "0", "y2", "100%")
		}
		d.close("svg")
		d.b.WriteByte(' ')
		d.span("chart-value", d.value(s, row))
		d.close("span")
	}
}

// value is a number as the author wrote it.
func (d *drawer) value(s Series, row int) string {
	if math.IsNaN(s.Values[row]) {
		return d.w.None
	}
	return s.Texts[row]
}

func (d *drawer) svg(class, height string) {
	d.open("svg", "class", class, "width", "100%", "height", height)
}

// bar draws from one place to another.
func (d *drawer) bar(i int, from, to float64) {
	d.void("rect", append(area(i), "x", percent(min(from, to)), "width", percent(math.Abs(to-from)), "height", "100%")...)
}

// stack draws the numbers of a row one after the other, parted by gaps, and
// under them which is which, in the same order.
func (d *drawer) stack(row int) {
	d.svg("chart-bar", "1.5em")
	sum := 0.0
	for i, s := range d.c.Series {
		if v := s.Values[row]; v > 0 {
			d.bar(i, d.at(sum), d.at(sum+v))
			sum += v
			d.void("line", "class", "chart-gap", "x1", percent(d.at(sum)), "x2", percent(d.at(sum)), "y1", "0", "y2", "100%")
		}
	}
	d.close("svg")
	d.keys(func(s Series) string { return s.Name + " " + d.value(s, row) })
}

// keys writes a line that names the series, each with its swatch.
func (d *drawer) keys(words func(Series) string) {
	d.open("span", "class", "chart-keys")
	for i, s := range d.c.Series {
		d.open("span", "class", "chart-key")
		d.open("svg", "class", "chart-swatch", "width", "1.5em", "height", "1em")
		if d.c.Kind == Line {
			d.void("line", append(stroke(i), "x1", "0", "x2", "100%", "y1", "50%", "y2", "50%")...)
			d.marker(i, "50%", "50%")
		} else {
			d.void("rect", append(area(i), "width", "100%", "height", "100%")...)
		}
		d.close("svg")
		d.b.WriteByte(' ')
		d.text(words(s))
		d.close("span")
		d.b.WriteByte(' ')
	}
	d.close("span")
}
