package aria

import (
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
	index map[*dom.Node]int
}

// A TableCell is a td or th with the slots that it covers.
type TableCell struct {
	Node       *dom.Node
	X, Y, W, H int
	group      int // row group
	colgroup   int
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
	x, n := 0, 0
	for g := range table.Children() {
		if !g.Is("colgroup") {
			continue
		}
		n++
		start := x
		for col := range g.Children() {
			if col.Is("col") {
				x += span(col.Get("span"), 1, maxSpan)
			}
		}
		if x == start {
			x += span(g.Get("span"), 1, maxSpan)
		}
		for i := range b.m.Cells {
			if c := &b.m.Cells[i]; c.X >= start && c.X < x {
				c.colgroup = n
			}
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
	for i := range m.Cells {
		c := &m.Cells[i]
		for y := c.Y; y < c.Y+c.H && y < m.Height; y++ {
			for x := c.X; x < c.X+c.W && x < m.Width; x++ {
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
	case !m.hasData(0, c.Y, m.Width, c.H):
		return HeadsColumn
	case !m.hasData(c.X, 0, c.W, m.Height):
		return HeadsRow
	}
	return HeadsNothing
}

// hasData reports whether a data cell covers one of the slots.
func (m *TableModel) hasData(x0, y0, w, h int) bool {
	for y := y0; y < y0+h; y++ {
		for x := x0; x < x0+w; x++ {
			if c := m.At(x, y); c != nil && c.Node.Is("td") {
				return true
			}
		}
	}
	return false
}

// Headers returns the header cells assigned to the cell: those that its
// headers attribute names, else those that the scan of the HTML Standard
// finds.
func (m *TableModel) Headers(t *Tree, n *dom.Node) []*dom.Node {
	c := m.Cell(n)
	if c == nil {
		return nil
	}
	if ids, ok := n.Attr("headers"); ok {
		return m.named(t, n, ids)
	}
	var out []*dom.Node
	add := func(list []*TableCell) {
		for _, h := range list {
			if h != c && !contains(out, h.Node) && strings.Trim(h.Node.TextContent(), whitespace) != "" {
				out = append(out, h.Node)
			}
		}
	}
	for y := c.Y; y < c.Y+c.H; y++ {
		add(m.scan(c, c.X, y, -1, 0))
	}
	for x := c.X; x < c.X+c.W; x++ {
		add(m.scan(c, x, c.Y, 0, -1))
	}
	add(m.groupHeaders(c))
	return out
}

func (m *TableModel) named(t *Tree, n *dom.Node, ids string) []*dom.Node {
	var out []*dom.Node
	for id := range strings.FieldsSeq(ids) {
		h := t.ByID(n, id)
		if h != nil && h != n && m.Cell(h) != nil && !contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// scan is the "internal algorithm for scanning and assigning header cells".
func (m *TableModel) scan(principal *TableCell, x, y, dx, dy int) (found []*TableCell) {
	var opaque, block []*TableCell
	inBlock := principal.Node.Is("th")
	if inBlock {
		block = append(block, principal)
	}
	for {
		x, y = x+dx, y+dy
		if x < 0 || y < 0 {
			return found
		}
		c := m.At(x, y)
		if c == nil || c == principal {
			continue
		}
		if !c.Node.Is("th") {
			if inBlock {
				inBlock = false
				opaque = append(opaque, block...)
				block = nil
			}
			continue
		}
		inBlock = true
		block = append(block, c)
		kind := m.Heads(c.Node)
		blocked := dx == 0 && kind != HeadsColumn || dy == 0 && kind != HeadsRow
		for _, o := range opaque {
			if dx == 0 && o.X == c.X && o.W == c.W || dy == 0 && o.Y == c.Y && o.H == c.H {
				blocked = true
			}
		}
		if !blocked {
			found = append(found, c)
		}
	}
}

func (m *TableModel) groupHeaders(c *TableCell) (found []*TableCell) {
	for i := range m.Cells {
		h := &m.Cells[i]
		if !h.Node.Is("th") {
			continue
		}
		switch m.Heads(h.Node) {
		case HeadsRowGroup:
			if h.group == c.group && h.X < c.X+c.W && h.Y < c.Y+c.H {
				found = append(found, h)
			}
		case HeadsColumnGroup:
			if h.colgroup != 0 && h.colgroup == c.colgroup && h.X < c.X+c.W && h.Y < c.Y+c.H {
				found = append(found, h)
			}
		}
	}
	return found
}

func contains(list []*dom.Node, n *dom.Node) bool {
	for _, m := range list {
		if m == n {
			return true
		}
	}
	return false
}
