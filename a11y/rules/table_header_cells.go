package rules

import (
	"iter"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// tableHeaderCells: every header cell heads some cell.
var tableHeaderCells = &act.Rule{
	ID:       "table-header-cells",
	ACT:      []string{"d0f69e"},
	Criteria: []wcag.SC{"1.3.1"},
	Reads:    act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			role := p.Role(e)
			if role != aria.Rowheader && role != aria.Columnheader || e.NS != dom.HTML || !p.Visible(e) || !p.Exposed(e) {
				return false
			}
			table := tableOf(p, e)
			return table != nil && p.Exposed(table)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		table := tableOf(p, e)
		if table.Is("table") && e.Is("td", "th") {
			return headsCells(p, table, e)
		}
		return headsParts(p, table, e)
	},
}

// tableOf returns the nearest table or grid round e.
func tableOf(p *act.Page, e *dom.Node) *dom.Node {
	for n := p.Tree.FlatElement(e); n != nil; n = p.Tree.FlatElement(n) {
		if p.Role(n).Is(aria.Table) {
			return n
		}
	}
	return nil
}

// headsCells judges a cell of a table element by HTML's way of assigning
// header cells. The cell next to a header in its direction always takes it,
// unless a headers attribute says otherwise.
func headsCells(p *act.Page, table, e *dom.Node) act.Verdict {
	m := p.Tree.Table(table)
	cell := m.Cell(e)
	if cell == nil || blank(e.TextContent()) {
		return act.Unsure("check")
	}
	kind := m.Heads(e)
	switch kind {
	case aria.HeadsColumn:
		for x := cell.X; x < cell.X+cell.W; x++ {
			for y := cell.Y + cell.H; y < m.Height; y++ {
				if c := m.At(x, y); c != nil && !c.Node.Has("headers") {
					return act.Pass("has-cells")
				}
			}
		}
	case aria.HeadsRow:
		for y := cell.Y; y < cell.Y+cell.H; y++ {
			for x := cell.X + cell.W; x < m.Width; x++ {
				if c := m.At(x, y); c != nil && !c.Node.Has("headers") {
					return act.Pass("has-cells")
				}
			}
		}
	}
	switch {
	case repeatsAbove(m, cell):
		return act.Pass("has-cells")
	case noData(m) && scripted(p):
		return act.Unsure("check") // the rows may come later
	case namedByHeaders(m, e):
		return act.Pass("has-cells")
	case kind == aria.HeadsColumn || kind == aria.HeadsRow:
		return act.Fail("no-cells")
	case kind == aria.HeadsNothing:
		return act.Unsure("check") // browsers guess where HTML gives up
	case len(m.Cells) > 1:
		return act.Pass("has-cells") // a group: it heads what is in it
	}
	return act.Fail("no-cells")
}

// repeatsAbove reports whether a cell in the foot of a table says again what
// heads its column.
func repeatsAbove(m *aria.TableModel, cell *aria.TableCell) bool {
	if cell.Node.Closest("tfoot") == nil {
		return false
	}
	for y := 0; y < cell.Y; y++ {
		c := m.At(cell.X, y)
		if c != nil && c.Node.Is("th") && bare(c.Node.TextContent()) == bare(cell.Node.TextContent()) {
			return true
		}
	}
	return false
}

// noData reports whether a table has nothing but headers.
func noData(m *aria.TableModel) bool {
	return !slices.ContainsFunc(m.Cells, func(c aria.TableCell) bool { return c.Node.Is("td") })
}

// namedByHeaders reports whether another cell names e in its headers.
func namedByHeaders(m *aria.TableModel, e *dom.Node) bool {
	id := e.Get("id")
	if id == "" {
		return false
	}
	for i := range m.Cells {
		c := m.Cells[i].Node
		if c != e && slices.Contains(strings.Fields(c.Get("headers")), id) {
			return true
		}
	}
	return false
}

// headsParts judges a header in a table made of roles, where columns are
// known only by counting.
func headsParts(p *act.Page, table, e *dom.Node) act.Verdict {
	row := p.Tree.Parent(e)
	if row == nil || p.Role(row) != aria.Row || spans(p, table) {
		return act.Unsure("check")
	}
	column, cells := position(p, row, e)
	if p.Role(e) == aria.Rowheader {
		if cells > 1 {
			return act.Pass("has-cells")
		}
		return act.Fail("no-cells")
	}
	for other := range table.Elements() {
		if p.Role(other) == aria.Row && other != row {
			if _, n := position(p, other, nil); n > column {
				return act.Pass("has-cells") // nearly always the next row
			}
		}
	}
	return act.Fail("no-cells")
}

// position counts the cells of a row, and those before e.
func position(p *act.Page, row, e *dom.Node) (before, count int) {
	for c := range p.Tree.Children(row) {
		if c == e {
			before = count
		}
		count++
	}
	return before, count
}

// spansKey is the table that spans is asked about.
type spansKey struct{ table *dom.Node }

// spans reports whether counting does not give the column.
func spans(p *act.Page, table *dom.Node) bool {
	return act.Fact(p, spansKey{table}, func() bool {
		for e := range table.Elements() {
			if e.Has("aria-colspan") || e.Has("aria-rowspan") || e.Has("aria-colindex") || e.Has("colspan") || e.Has("rowspan") {
				return true
			}
		}
		return false
	})
}
