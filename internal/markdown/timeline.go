package markdown

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// timeline writes the numbered lists of the directive timeline: what is done,
// what happens now, what lies ahead. The state of an item is said in words
// before anything shows it by its shape.
func (r *renderer) timeline(n ast.Node, d *Directive) {
	now, _ := strconv.Atoi(d.Attrs["now"])
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if l, ok := c.(*ast.List); ok && l.IsOrdered() {
			r.states(l, now)
		} else {
			r.block(c)
		}
	}
}

func (r *renderer) states(n *ast.List, now int) {
	r.inQuote++
	r.enterAttrs(tagOl, blockPos(n))
	r.out = append(r.out, ` class="states" role="list">`...)
	i := 1
	for item := n.FirstChild(); item != nil; item, i = item.NextSibling(), i+1 {
		class, word := "done", r.words.Past
		switch {
		case i == now:
			class, word = "now", r.words.Now
		case i > now:
			class, word = "ahead", r.words.Ahead
		}
		r.enterAttrs(tagLi, blockPos(item))
		r.attr("class", class)
		r.out = append(r.out, '>')
		r.stage(item, word)
		r.leave()
	}
	r.leave()
	r.inQuote--
}

// stage writes an item with its state at the head of its first line.
func (r *renderer) stage(item ast.Node, word string) {
	first := item.FirstChild()
	r.enter(tagP, blockPos(item))
	r.enter(tagB, blockPos(item))
	r.replaceText(blockPos(item), word)
	r.leave()
	switch first.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		if !strings.HasSuffix(word, "：") { // a wide colon has its own space
			r.space(blockPos(first))
		}
		r.inlines(first)
		first = first.NextSibling()
	}
	r.leave()
	for ; first != nil; first = first.NextSibling() {
		r.block(first)
	}
}
