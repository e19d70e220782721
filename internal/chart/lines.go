package chart

import (
	"math"
	"slices"
)

// Where a line drawing has its parts, in em from the top.
const (
	plotTop    = 1.5
	plotBottom = 9
	plotHeight = "11em"
	labelLine  = 10.5
)

// Where the first and the last row stand, in percent from the side.
const (
	plotFrom = 2
	plotTo   = 98
)

// lines draws one line for each series over time from left to right, also on
// pages that run from right to left, as graphs do there. Each series has a
// marker of its own shape.
func (d *drawer) lines() {
	d.open("svg", "class", "chart-lines", "width", "100%", "height", plotHeight, "direction", "ltr")
	d.grid()
	for i, s := range d.c.Series {
		d.line(i, s)
	}
	d.ends()
	d.close("svg")
	d.keys(func(s Series) string { return s.Name })
}

func (d *drawer) x(row int) float64 {
	n := len(d.c.Labels)
	if n < 2 {
		return 50
	}
	return plotFrom + float64(row)/float64(n-1)*(plotTo-plotFrom)
}

func (d *drawer) y(v float64) float64 {
	return plotBottom - (v-d.low)/(d.high-d.low)*(plotBottom-plotTop)
}

func em(v float64) string { return number(v) + "em" }

// grid draws the lowest and the highest line, with what they stand for.
func (d *drawer) grid() {
	for _, v := range []float64{d.low, 0, d.high} {
		if v == 0 && d.low == 0 && v != d.low {
			continue
		}
		y := d.y(v)
		d.void("line", "stroke-width", "1", "x1", "0", "x2", "100%", "y1", em(y), "y2", em(y))
		if v == 0 && d.low != 0 {
			continue
		}
		d.open("text", "class", "chart-text", "x", "0", "y", em(y-.3))
		d.text(d.scale(v))
		d.close("text")
	}
}

// scale prints an end of the scale the way its author writes it, where some
// number of the table is just that.
func (d *drawer) scale(v float64) string {
	for _, s := range d.c.Series {
		for i, x := range s.Values {
			if x == v {
				return s.Texts[i]
			}
		}
	}
	return number(v)
}

// line draws one series; a missing number leaves a gap.
func (d *drawer) line(i int, s Series) {
	last := -1
	for row, v := range s.Values {
		if math.IsNaN(v) {
			last = -1
			continue
		}
		if last >= 0 {
			d.void("line", append(stroke(i), "x1", percent(d.x(last)), "x2", percent(d.x(row)),
				"y1", em(d.y(s.Values[last])), "y2", em(d.y(v)))...)
		}
		last = row
	}
	for row, v := range s.Values {
		if !math.IsNaN(v) {
			d.marker(i, percent(d.x(row)), em(d.y(v)))
		}
	}
}

// marker draws a point: round, square, upright, flat, a cross or a ring, in
// an inner SVG whose middle is the place.
func (d *drawer) marker(i int, x, y string) {
	mark := func(name string, at ...string) {
		d.void(name, slices.Concat(colour(i), []string{"fill", "currentColor"}, at)...)
	}
	ring := func(name string, at ...string) { d.void(name, append(colour(i), at...)...) }
	d.open("svg", "x", x, "y", y, "overflow", "visible")
	switch i % MaxSeries {
	case 0:
		mark("circle", "r", ".3em")
	case 1:
		mark("rect", "x", "-.3em", "y", "-.3em", "width", ".6em", "height", ".6em")
	case 2:
		mark("rect", "x", "-.15em", "y", "-.45em", "width", ".3em", "height", ".9em")
	case 3:
		mark("rect", "x", "-.45em", "y", "-.15em", "width", ".9em", "height", ".3em")
	case 4:
		ring("line", "x1", "-.35em", "x2", ".35em", "y1", "-.35em", "y2", ".35em")
		ring("line", "x1", "-.35em", "x2", ".35em", "y1", ".35em", "y2", "-.35em")
	default:
		ring("circle", "r", ".35em")
	}
	d.close("svg")
}

// ends names the first and the last row; the others are in the table.
func (d *drawer) ends() {
	n := len(d.c.Labels)
	if n == 0 {
		return
	}
	d.open("text", "class", "chart-text", "x", "0", "y", em(labelLine))
	d.text(d.c.Labels[0])
	d.close("text")
	if n == 1 {
		return
	}
	d.open("text", "class", "chart-text", "x", "100%", "y", em(labelLine), "text-anchor", "end")
	d.text(d.c.Labels[n-1])
	d.close("text")
}
