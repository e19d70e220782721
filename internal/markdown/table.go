package markdown

import (
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// alignClass is said by class: the pages' policy forbids the style attribute.
var alignClass = map[east.Alignment]string{
	east.AlignLeft: "ta-start", east.AlignRight: "ta-end", east.AlignCenter: "ta-center",
}

// table writes a pipe table. Its first row holds the headers of the columns;
// when the corner is empty, the first column holds the headers of the rows.
// A header row that is empty as a whole is left out, and an empty header is
// an ordinary cell: a header says something.
//
// A table with headers can be stacked by the theme: where there is no room
// for columns, each cell stands under the next with its header before it.
// The cells therefore carry the header's text as data-label, and the roles
// are written out, because browsers forget them when display changes. A table
// with more than maxStacked columns would be a long list of labels: it keeps
// its columns, in a region that scrolls by itself and can be reached by
// keyboard (WCAG 2.1.1; 1.4.10 lets data tables scroll).
func (r *renderer) table(n *east.Table) {
	r.inQuote++
	pos := blockPos(n)
	caption := captionOf(n, r.src)
	head := n.FirstChild()
	wide := head != nil && head.ChildCount() > maxStacked
	if wide {
		r.enterAttrs(tagDiv, pos)
		r.attr("class", "scroll")
		r.attr("role", "region")
		r.attr("tabindex", "0")
		r.attr("aria-label", r.regionName(caption))
		r.out = append(r.out, '>')
	} else {
		r.labels = r.columnLabels(head)
	}
	rowHeads := head != nil && isEmptyCell(head.FirstChild()) && !emptyRow(head)
	r.enterAttrs(tagTable, pos)
	if r.labels != nil {
		r.attr("class", "stack")
	}
	r.role("table")
	r.caption(caption)
	r.inCell = true
	r.tableRows(head, pos, rowHeads)
	r.leave()
	r.labels = nil
	r.inCell = false
	if wide {
		r.leave()
	}
	r.inQuote--
}

// maxStacked is how many columns a table may have to be stacked.
const maxStacked = 8

// tableRows writes the rows with the groups that they lie in.
func (r *renderer) tableRows(head ast.Node, pos int, rowHeads bool) {
	inBody := false
	for row := head; row != nil; row = row.NextSibling() {
		_, isHead := row.(*east.TableHeader)
		if isHead && emptyRow(row) {
			continue
		}
		rowPos := row.Pos()
		if rowPos < 0 {
			rowPos = pos
		}
		switch {
		case isHead:
			r.enterAttrs(tagThead, rowPos)
			r.role("rowgroup")
		case !inBody:
			r.enterAttrs(tagTbody, rowPos)
			r.role("rowgroup")
			inBody = true
		}
		r.tableRow(row, rowPos, isHead, rowHeads)
		if isHead {
			r.leave()
		}
	}
	if inBody {
		r.leave()
	}
}

// columnLabels returns the plain text of the column headers, or nil when the
// table has none.
func (r *renderer) columnLabels(head ast.Node) []string {
	if head == nil || emptyRow(head) {
		return nil
	}
	labels := make([]string, 0, head.ChildCount())
	for c := head.FirstChild(); c != nil; c = c.NextSibling() {
		labels = append(labels, r.plainText(c))
	}
	return labels
}

// role ends a start tag, with the role that it has as part of a table that
// can be stacked.
func (r *renderer) role(role string) {
	if r.labels != nil {
		r.attr("role", role)
	}
	r.out = append(r.out, '>')
}

func (r *renderer) tableRow(row ast.Node, pos int, isHead, rowHeads bool) {
	r.enterAttrs(tagTr, pos)
	r.role("row")
	for i, c := 0, row.FirstChild(); c != nil; i, c = i+1, c.NextSibling() {
		cell := c.(*east.TableCell)
		if l := cell.Lines(); l.Len() > 0 {
			pos = l.At(0).Start
		}
		t, scope, role := tagTd, "", "cell"
		switch {
		case isEmptyCell(c):
		case isHead:
			t, scope, role = tagTh, "col", "columnheader"
		case rowHeads && c == row.FirstChild():
			t, scope, role = tagTh, "row", "rowheader"
		}
		r.enterAttrs(t, pos)
		if scope != "" {
			r.attr("scope", scope)
		}
		if class := alignClass[cell.Alignment]; class != "" {
			r.attr("class", class)
		}
		if t == tagTd && !isHead && !isEmptyCell(c) && i > 0 && i < len(r.labels) && r.labels[i] != "" {
			r.attr("data-label", r.labels[i])
		}
		r.role(role)
		if isHead {
			r.unmarked(func() { r.inlines(cell) })
		} else {
			r.inlines(cell)
		}
		r.leave()
	}
	r.leave()
}

func isEmptyCell(n ast.Node) bool { return n == nil || !n.HasChildren() }

func emptyRow(row ast.Node) bool {
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		if !isEmptyCell(c) {
			return false
		}
	}
	return true
}
