package markdown

import (
	"math"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"handrail/internal/chart"
)

// chart draws the table of a chart. The first column names the rows, every
// other column is a series. The table itself is the body of the directive, so
// nobody depends on the drawing.
func (r *renderer) chart(n *directiveNode, d *Directive) {
	if d.Title == "" {
		d.Title = d.Attrs["title"]
		d.TitleHTML = string(appendAttr(nil, d.Title))
		d.TitleSrc = d.AttrSrc["title"]
	}
	if d.Title == "" {
		r.problem("missing-title", n.namePos, "directive \"{name}\" needs a title", "write {use}", "name", n.name, "use", n.spec.use)
	}
	t := firstTable(n)
	if t == nil {
		r.problem("chart-table", n.src, "a chart needs a table with a header row, names in its first column and numbers in the others",
			"put the table between {use} and :::", "use", n.spec.use)
		return
	}
	c := &chart.Chart{Kind: d.Attrs["type"], Title: d.Title, RTL: r.words.RTL}
	if c.Kind == "" {
		c.Kind = chart.Bar
	}
	if !r.chartTable(c, t) {
		return
	}
	img := &ChartImage{Src: blockPos(t)}
	img.HTML, img.Summary = c.Draw(r.words.Chart)
	d.Chart = img
}

func firstTable(n ast.Node) *east.Table {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*east.Table); ok {
			return t
		}
	}
	return nil
}

// chartTable reads the numbers of a table. It reports what cannot be drawn.
func (r *renderer) chartTable(c *chart.Chart, t *east.Table) bool {
	head := t.FirstChild()
	columns, rows := head.ChildCount()-1, t.ChildCount()-1
	switch {
	case columns < 1 || rows < 1 || emptyRow(head):
		r.problem("chart-table", blockPos(t), "a chart needs a table with a header row, names in its first column and numbers in the others", "")
		return false
	case columns > chart.MaxSeries || rows > chart.MaxRows:
		r.problem("chart-too-large", blockPos(t), "a chart shows at most {series} columns of numbers and {rows} rows",
			"leave this table without a chart, or part it", "series", chart.MaxSeries, "rows", chart.MaxRows)
		return false
	}
	for cell := head.FirstChild().NextSibling(); cell != nil; cell = cell.NextSibling() {
		c.Series = append(c.Series, chart.Series{Name: strings.TrimSpace(r.plainText(cell))})
	}
	units := make([]string, len(c.Series))
	good := true
	for row := head.NextSibling(); row != nil; row = row.NextSibling() {
		cell := row.FirstChild()
		c.Labels = append(c.Labels, strings.TrimSpace(r.plainText(cell)))
		for i := range c.Series {
			v, text := math.NaN(), ""
			if cell != nil {
				cell = cell.NextSibling()
			}
			if cell != nil {
				text = strings.TrimSpace(r.plainText(cell))
				var ok bool
				if v, ok = r.chartCell(c.Kind, cell, text, &units[i]); !ok {
					good = false
				}
			}
			c.Series[i].Values = append(c.Series[i].Values, v)
			c.Series[i].Texts = append(c.Series[i].Texts, text)
		}
	}
	return good
}

// chartCell reads one number. All numbers of a column have the same unit, or
// the bars would lie.
func (r *renderer) chartCell(kind string, cell ast.Node, text string, unit *string) (float64, bool) {
	pos := blockPos(cell)
	if l := cell.Lines(); l.Len() > 0 {
		pos = l.At(0).Start
	}
	n, ok := chart.Parse(text)
	switch {
	case !ok:
		r.problem("chart-number", pos, "\"{text}\" is no number, so the chart cannot be drawn", "write digits, or — where there is no number", "text", text)
		return 0, false
	case math.IsNaN(n.Value):
		return n.Value, true
	case n.Value < 0 && kind == chart.Stacked:
		r.problem("chart-negative", pos, "a stacked chart cannot show numbers below zero", "use type=bar", "text", text)
		return 0, false
	}
	if *unit == "" {
		*unit = n.Unit
	} else if n.Unit != "" && n.Unit != *unit {
		r.problem("chart-unit", pos, "\"{text}\" has another unit than the numbers above it ({unit})", "give all numbers of a column the same unit",
			"text", text, "unit", *unit)
		return 0, false
	}
	return n.Value, true
}
