package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// alertTransformer turns a quotation that begins with [!NOTE] into the box of
// that name. A title may follow on the same line.
type alertTransformer struct{}

func (alertTransformer) Transform(node *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote, ok := node.Parent().(*ast.Blockquote)
	if !ok || quote.FirstChild() != ast.Node(node) {
		return
	}
	lines := node.Lines()
	seg := lines.At(0)
	line := reader.Source()[seg.Start:seg.Stop]
	pad := len(line) - len(bytes.TrimLeft(line, " \t"))
	if !bytes.HasPrefix(line[pad:], []byte("[!")) {
		return
	}
	end := bytes.IndexByte(line, ']')
	if end < 0 {
		return
	}
	name := strings.ToLower(string(line[pad+2 : end]))
	spec, kind := lookUp(name)
	if spec == nil || spec.name != "note" && spec.name != "info" && spec.name != "warning" {
		return
	}
	box := &directiveNode{
		form: container, spec: spec, kind: kind, name: name, closed: true,
		src: seg.Start + pad, namePos: seg.Start + pad + 2, lineEnd: seg.Stop,
	}
	if title := bytes.TrimSpace(line[end+1:]); len(title) > 0 {
		start := seg.Start + end + 1 + bytes.Index(line[end+1:], title)
		box.hasTitle = true
		quote.InsertBefore(quote, node, newTitle(start, start+len(title)))
	}
	lines.SetSliced(1, lines.Len())
	if lines.Len() == 0 {
		quote.RemoveChild(quote, node)
	}
	quote.SetAttribute(alertMark, box)
}

// alertMark is an attribute of quotations that are alerts; its value is the
// directive.
var alertMark = []byte("alert")

// alertOf returns the directive that a quotation stands for, with the content
// of the quotation, or nil.
func alertOf(n *ast.Blockquote) *directiveNode {
	v, ok := n.Attribute(alertMark)
	if !ok {
		return nil
	}
	box := v.(*directiveNode)
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		box.AppendChild(box, c)
	}
	return box
}
