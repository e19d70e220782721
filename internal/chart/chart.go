// Package chart draws charts from the numbers of a table: as HTML with SVG
// inside, without script, style or any size in pixels. Words stand in HTML, so
// they wrap, grow with the reader's text and follow the page's direction;
// lengths are percentages and em, so a chart fits every screen. The drawing is
// one picture to a screen reader; the table that it was made from stands
// beside it and has everything.
//
// It is used by package markdown and knows nothing of where tables come from.
package chart

import (
	"math"
	"strings"
)

// Kinds of charts.
const (
	Bar     = "bar"     // one bar for each number
	Stacked = "stacked" // the numbers of a row follow each other in one bar
	Line    = "line"    // one line for each column
)

// MaxSeries is how many columns of numbers a chart may show: more cannot be
// told apart. MaxRows is how many rows.
const (
	MaxSeries = 6
	MaxRows   = 60
)

// A Chart is what is to be drawn.
type Chart struct {
	Kind   string
	Title  string // names the drawing
	Labels []string
	Series []Series
	RTL    bool // the page runs from right to left
}

// A Series is one column of numbers.
type Series struct {
	Name   string
	Values []float64 // NaN where there is no number
	Texts  []string  // as the author wrote them
}

// Words are what a drawing says in the language of its page. {label} and
// {value} are filled in.
type Words struct {
	Bar, Line, Stacked string // what kind of drawing it is
	None               string // in the place of a number that is missing
	Most, Least        string
	Same               string // all numbers are equal
	First, Last        string // of a line
	Of                 string // before what is said of one of several series: "{name}: "
	Between            string // between two sentences
}

// English is what charts say in a language without words of its own.
var English = Words{
	Bar: "Bar chart", Line: "Line chart", Stacked: "Stacked bar chart", None: "no figure",
	Most: "The most: {label}, {value}.", Least: "The least: {label}, {value}.", Same: "All are {value}.",
	First: "It begins with {label}: {value}.", Last: "It ends with {label}: {value}.",
	Of: "{name}: ", Between: " ",
}

// Draw returns the drawing and, for everybody to read, what it shows.
func (c *Chart) Draw(w Words) (drawing, summary string) {
	d := &drawer{c: c, w: w}
	d.low, d.high = c.extent()
	kind := map[string]string{Bar: w.Bar, Stacked: w.Stacked, Line: w.Line}[c.Kind]
	d.open("div", "class", "chart-plot", "role", "img", "aria-label", join(kind, c.Title))
	if c.Kind == Line {
		d.lines()
	} else {
		d.rows()
	}
	d.close("div")
	return d.b.String(), c.summary(w)
}

func join(kind, title string) string {
	if title == "" {
		return kind
	}
	return kind + ": " + title
}

// extent is the range that the drawing covers. It holds zero, because a bar
// that does not begin at zero lies; lines of positive numbers begin there too.
func (c *Chart) extent() (low, high float64) {
	for row := range c.Labels {
		up, down := 0.0, 0.0
		for _, s := range c.Series {
			v := s.Values[row]
			switch {
			case math.IsNaN(v):
			case c.Kind != Stacked:
				up, down = max(up, v), min(down, v)
			default:
				up += max(v, 0)
			}
		}
		low, high = min(low, down), max(high, up)
	}
	if low == high {
		high = low + 1
	}
	return low, high
}

// summary says in words what the drawing shows at a glance.
func (c *Chart) summary(w Words) string {
	var out []string
	for _, s := range c.Series {
		said := c.extremes(s, w)
		if c.Kind == Line {
			said = c.ends(s, w)
		}
		if len(said) > 0 && len(c.Series) > 1 {
			said[0] = strings.ReplaceAll(w.Of, "{name}", s.Name) + said[0]
		}
		out = append(out, said...)
	}
	return strings.Join(out, w.Between)
}

// extremes says which numbers of a series are the largest and the smallest.
func (c *Chart) extremes(s Series, w Words) []string {
	most, least := -1, -1
	for i, v := range s.Values {
		if math.IsNaN(v) {
			continue
		}
		if most < 0 || v > s.Values[most] {
			most = i
		}
		if least < 0 || v < s.Values[least] {
			least = i
		}
	}
	switch {
	case most < 0:
		return nil
	case most == least && c.count(s) > 1:
		return []string{c.say(w.Same, s, most)}
	case most == least: // the only one
		return []string{c.say(w.Most, s, most)}
	}
	return []string{c.say(w.Most, s, most), c.say(w.Least, s, least)}
}

// count is how many numbers a series has.
func (c *Chart) count(s Series) int {
	n := 0
	for _, v := range s.Values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

// ends says where a line begins and where it ends.
func (c *Chart) ends(s Series, w Words) []string {
	first, last := -1, -1
	for i, v := range s.Values {
		if math.IsNaN(v) {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	switch {
	case first < 0:
		return nil
	case first == last:
		return []string{c.say(w.First, s, first)}
	}
	return []string{c.say(w.First, s, first), c.say(w.Last, s, last)}
}

func (c *Chart) say(text string, s Series, row int) string {
	return strings.NewReplacer("{label}", c.Labels[row], "{value}", s.Texts[row]).Replace(text)
}
