package markdown

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// steps writes the numbered lists of the directive steps. On the rail of the
// page they look like the steps of a service, so each item carries its words,
// "Step 1", for themes that name steps instead of numbering them. In a box
// there is no rail: plain numbers do.
func (r *renderer) steps(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		l, ok := c.(*ast.List)
		if !ok || !l.IsOrdered() || l.Start != 1 || n.Parent().Kind() != ast.KindDocument {
			r.block(c)
			continue
		}
		r.inQuote++
		r.enterAttrs(tagOl, blockPos(l))
		r.out = append(r.out, ` class="steps" role="list">`...)
		number := 1
		for item := l.FirstChild(); item != nil; item, number = item.NextSibling(), number+1 {
			r.enterAttrs(tagLi, blockPos(item))
			r.attr("data-step", strings.ReplaceAll(r.words.Step, "{n}", strconv.Itoa(number)))
			r.out = append(r.out, '>')
			r.itemBlocks(item)
			r.leave()
		}
		r.leave()
		r.inQuote--
	}
}
