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
func (r *renderer) table(n *east.Table) {
	r.inQuote++
	r.inCell = true
	pos := blockPos(n)
	r.enter(tagTable, pos)
	head := n.FirstChild()
	rowHeads := head != nil && isEmptyCell(head.FirstChild()) && !emptyRow(head)
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
			r.enter(tagThead, rowPos)
		case !inBody:
			r.enter(tagTbody, rowPos)
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
	r.leave()
	r.inCell = false
	r.inQuote--
}

func (r *renderer) tableRow(row ast.Node, pos int, isHead, rowHeads bool) {
	r.enter(tagTr, pos)
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		cell := c.(*east.TableCell)
		if l := cell.Lines(); l.Len() > 0 {
			pos = l.At(0).Start
		}
		t, scope := tagTd, ""
		switch {
		case isEmptyCell(c):
		case isHead:
			t, scope = tagTh, "col"
		case rowHeads && c == row.FirstChild():
			t, scope = tagTh, "row"
		}
		r.enterAttrs(t, pos)
		if scope != "" {
			r.attr("scope", scope)
		}
		if class := alignClass[cell.Alignment]; class != "" {
			r.attr("class", class)
		}
		r.out = append(r.out, '>')
		r.inlines(cell)
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
