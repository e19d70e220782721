package aria

import (
	"strings"

	"handrail/a11y/dom"
)

// Headers returns the header cells assigned to the cell: those that its
// headers attribute names, else those that the scan of the HTML Standard
// (4.9.12.3) finds.
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
			if h != c && !contains(out, h.Node) && !blank(h.Node) {
				out = append(out, h.Node)
			}
		}
	}
	for y := c.Y; y < c.Y+c.H; y++ {
		add(m.scan(c, c.X, y, false))
	}
	for x := c.X; x < c.X+c.W; x++ {
		add(m.scan(c, x, c.Y, true))
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

// scan is the "internal algorithm for scanning and assigning header cells",
// upwards or to the left. Runs of data cells above are jumped over.
func (m *TableModel) scan(principal *TableCell, x, y int, up bool) (found []*TableCell) {
	var opaque, block []*TableCell
	inBlock := principal.Node.Is("th")
	if inBlock {
		block = append(block, principal)
	}
	for {
		var c *TableCell
		passed := false // a data cell on the way
		if up {
			above := m.headerAbove(x, y)
			passed, y = above < y-1, above
		} else {
			x--
		}
		if x < 0 || y < 0 {
			return found
		}
		c = m.At(x, y)
		if c == nil || c == principal {
			continue
		}
		header := c.Node.Is("th")
		if inBlock && (passed || !header) {
			opaque = append(opaque, block...)
			block, inBlock = nil, false
		}
		if !header {
			continue
		}
		inBlock = true
		block = append(block, c)
		if !m.blocked(c, opaque, up) {
			found = append(found, c)
		}
	}
}

// blocked reports whether a header cell is not taken: it heads something
// else, or an equal one nearer hides it.
func (m *TableModel) blocked(c *TableCell, opaque []*TableCell, up bool) bool {
	if kind := m.Heads(c.Node); up && kind != HeadsColumn || !up && kind != HeadsRow {
		return true
	}
	for _, o := range opaque {
		if up && o.X == c.X && o.W == c.W || !up && o.Y == c.Y && o.H == c.H {
			return true
		}
	}
	return false
}

// headerAbove returns the row of the nearest header cell above a slot, -1
// when there is none.
func (m *TableModel) headerAbove(x, y int) int {
	if m.above == nil {
		m.above = make([]int32, len(m.slots))
		for i := range m.slots {
			row := i / m.Width
			switch c := m.At(i%m.Width, row-1); {
			case row == 0:
				m.above[i] = -1
			case c != nil && c.Node.Is("th"):
				m.above[i] = int32(row - 1)
			default:
				m.above[i] = m.above[i-m.Width]
			}
		}
	}
	return int(m.above[y*m.Width+x])
}

// groupHeaders returns the headers of row and column groups that the cell is
// in, above or before it.
func (m *TableModel) groupHeaders(c *TableCell) (found []*TableCell) {
	for _, i := range m.groups {
		h := &m.Cells[i]
		inGroup := h.group == c.group
		if m.Heads(h.Node) == HeadsColumnGroup {
			inGroup = h.colgroup != 0 && h.colgroup == c.colgroup
		}
		if inGroup && h.X < c.X+c.W && h.Y < c.Y+c.H {
			found = append(found, h)
		}
	}
	return found
}
