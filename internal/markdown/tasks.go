package markdown

import (
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// isTaskList reports whether an item of the list begins with a check box.
func isTaskList(n *ast.List) bool {
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if c := item.FirstChild(); c != nil {
			if _, ok := c.FirstChild().(*east.TaskCheckBox); ok {
				return true
			}
		}
	}
	return false
}

// taskMark writes the state of a task as text. A disabled check box would be
// a control that nobody can use, and each would need a name: the mark is for
// the eye, the word for the ear.
func (r *renderer) taskMark(n *east.TaskCheckBox) {
	mark, word := "☐", r.words.Open
	if n.IsChecked {
		mark, word = "☑", r.words.Done
	}
	r.enterAttrs(tagSpan, n.Pos())
	r.out = append(r.out, ` class="task-mark" aria-hidden="true">`...)
	r.out = append(r.out, mark...)
	r.leave()
	r.enterAttrs(tagSpan, n.Pos())
	r.out = append(r.out, ` class="visually-hidden">`...)
	r.replaceText(n.Pos(), word)
	r.leave()
	r.space(n.Pos())
}
