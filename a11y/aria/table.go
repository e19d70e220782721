package aria

import (
	"slices"
	"strconv"
	"strings"

	"handrail/a11y/dom"
)

// A TableModel is the grid of a table element: which cells cover which slots.
// HTML Standard, 4.9.12.1.
type TableModel struct {
	Cells         []TableCell // in document order
	Width, Height int

	slots []int32 // index in Cells + 1, by y*Width+x
	// dataRows and dataColumns say where a data cell stands. An empty one, as
	// in the corner of many tables, does not count, as in browsers.
	dataRows, dataColumns []bool
	index                 map[*dom.Node]int
	groups                []int   // cells with scope rowgroup or colgroup
	above                 []int32 // by slot: the nearest header cell above
}

// A TableCell is a td or th with the slots that it covers.
type TableCell struct {
	Node       *dom.Node
	X, Y, W, H int
	group      int // row group
	colgroup   int // column group, 0 for none
}

// HeaderKind says what a header cell heads by itself.
type HeaderKind uint8

// The kinds of header cells.
const (
	HeadsNothing HeaderKind = iota
	HeadsColumn
	HeadsRow
	HeadsColumnGroup
	HeadsRowGroup
)

// maxSpan is the largest colspan that the HTML Standard allows; rows are held
// to what the table has.
const maxSpan = 1000

// Table returns the grid of the table element.
func (t *Tree) Table(table *dom.Node) *TableModel {
	if m := t.grids[table]; m != nil {
		return m
	}
	if t.grids == nil {
		t.grids = map[*dom.Node]*TableModel{}
	}
	m := newTableModel(table)
	t.grids[table] = m
	return m
}

func newTableModel(table *dom.Node) *TableModel {
	b := tableBuilder{m: &TableModel{index: map[*dom.Node]int{}}}
	for c := range table.Children() {
		switch {
		case c.Is("tr"):
			b.row(c)
		case c.Is("thead", "tbody", "tfoot"):
			b.group++
			for r := range c.Children() {
				if r.Is("tr") {
					b.row(r)
				}
			}
			b.endGroup()
		}
	}
	b.endGroup()
	b.columnGroups(table)
	b.fill()
	return b.m
}

type tableBuilder struct {
	m     *TableModel
	group int
	// taken says until which row, by column, a cell from above reaches.
	taken []int
	open  []int // cells with rowspan=0, which reach the end of the group
}

// row lays out the cells of a tr. Spans that would reach past the last row
// are cut by fill.
func (b *tableBuilder) row(tr *dom.Node) {
	y, x := b.m.Height, 0
	b.m.Height++
	for c := range tr.Children() {
		if !c.Is("td", "th") {
			continue
		}
		for x < len(b.taken) && b.taken[x] > y {
			x++
		}
		w := span(c.Get("colspan"), 1, maxSpan)
		h := span(c.Get("rowspan"), 0, 65534)
		cell := TableCell{Node: c, X: x, Y: y, W: w, H: max(h, 1), group: b.group}
		if h == 0 {
			b.open = append(b.open, len(b.m.Cells))
		}
		for len(b.taken) < x+w {
			b.taken = append(b.taken, 0)
		}
		for i := x; i < x+w; i++ {
			b.taken[i] = max(b.taken[i], y+cell.H)
			if h == 0 {
				b.taken[i] = 1 << 30
			}
		}
		b.m.index[c] = len(b.m.Cells)
		b.m.Cells = append(b.m.Cells, cell)
		x += w
	}
	b.m.Width = len(b.taken)
}

// endGroup ends the cells that reach down: none crosses a row group.
func (b *tableBuilder) endGroup() {
	for i := range b.m.Cells {
		c := &b.m.Cells[i]
		if c.group == b.group {
			c.H = min(c.H, b.m.Height-c.Y)
		}
	}
	for _, i := range b.open {
		b.m.Cells[i].H = b.m.Height - b.m.Cells[i].Y
	}
	b.open = b.open[:0]
	for i := range b.taken {
		b.taken[i] = min(b.taken[i], b.m.Height)
	}
	b.group++
}

func span(value string, low, high int) int {
	digits := strings.TrimLeft(value, whitespace)
	end := 0
	for end < len(digits) && digits[end] >= '0' && digits[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(digits[:end])
	if err != nil || n < low {
		return 1
	}
	return min(n, high)
}

// columnGroups numbers the column groups, from 1; cells outside have 0.
func (b *tableBuilder) columnGroups(table *dom.Node) {
	var groups []int // by column
	for g := range table.Children() {
		if !g.Is("colgroup") {
			continue
		}
		wide := 0
		for col := range g.Children() {
			if col.Is("col") {
				wide += span(col.Get("span"), 1, maxSpan)
			}
		}
		if wide == 0 {
			wide = span(g.Get("span"), 1, maxSpan)
		}
		n := 1
		if len(groups) > 0 {
			n = groups[len(groups)-1] + 1
		}
		for range min(wide, b.m.Width-len(groups)) {
			groups = append(groups, n)
		}
	}
	for i := range b.m.Cells {
		if c := &b.m.Cells[i]; c.X < len(groups) {
			c.colgroup = groups[c.X]
		}
	}
}

// maxSlots bounds the memory that a table with huge spans can ask for.
const maxSlots = 1 << 20

func (b *tableBuilder) fill() {
	m := b.m
	if m.Width*m.Height > maxSlots {
		m.Width, m.Height = 0, 0
		return
	}
	m.slots = make([]int32, m.Width*m.Height)
	m.dataRows, m.dataColumns = make([]bool, m.Height), make([]bool, m.Width)
	for i := range m.Cells {
		c := &m.Cells[i]
		if k := m.Heads(c.Node); k == HeadsRowGroup || k == HeadsColumnGroup {
			m.groups = append(m.groups, i)
		}
		data := c.Node.Is("td") && !blank(c.Node)
		for y := c.Y; y < c.Y+c.H && y < m.Height; y++ {
			m.dataRows[y] = m.dataRows[y] || data
			for x := c.X; x < c.X+c.W && x < m.Width; x++ {
				m.dataColumns[x] = m.dataColumns[x] || data
				m.slots[y*m.Width+x] = int32(i + 1)
			}
		}
	}
}

// Cell returns the cell of the td or th, nil when it is not part of the grid.
func (m *TableModel) Cell(n *dom.Node) *TableCell {
	if i, ok := m.index[n]; ok {
		return &m.Cells[i]
	}
	return nil
}

// At returns the cell that covers the slot, nil when none does.
func (m *TableModel) At(x, y int) *TableCell {
	if x < 0 || y < 0 || x >= m.Width || y >= m.Height {
		return nil
	}
	if i := m.slots[y*m.Width+x]; i > 0 {
		return &m.Cells[i-1]
	}
	return nil
}

// Heads returns what the header cell heads (HTML Standard, 4.9.12.2).
func (m *TableModel) Heads(n *dom.Node) HeaderKind {
	c := m.Cell(n)
	if c == nil || !n.Is("th") {
		return HeadsNothing
	}
	switch strings.ToLower(n.Get("scope")) {
	case "col":
		return HeadsColumn
	case "row":
		return HeadsRow
	case "colgroup":
		return HeadsColumnGroup
	case "rowgroup":
		return HeadsRowGroup
	}
	switch {
	case !anyOf(m.dataRows, c.Y, c.H):
		return HeadsColumn
	case !anyOf(m.dataColumns, c.X, c.W):
		return HeadsRow
	}
	return HeadsNothing
}

func anyOf(list []bool, from, count int) bool {
	from = min(from, len(list))
	return slices.Contains(list[from:min(from+count, len(list))], true)
}

// blank reports whether the element holds nothing but white space.
func blank(n *dom.Node) bool {
	return n.FirstElement() == nil && strings.Trim(n.TextContent(), whitespace) == ""
}

func contains(list []*dom.Node, n *dom.Node) bool {
	for _, m := range list {
		if m == n {
			return true
		}
	}
	return false
}
