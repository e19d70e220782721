package markdown

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

func (r *renderer) inlines(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		r.inline(n)
	}
}

func (r *renderer) inline(n ast.Node) {
	if r.skipUntil > 0 && n.Pos() >= 0 && n.Pos() < r.skipUntil {
		return
	}
	if len(r.stack) >= maxOpen {
		r.problem("nesting-too-deep", n.Pos(), "more than {max} elements lie inside one another; the rest is written as text",
			"", "max", maxOpen)
		r.capturedText(n)
		return
	}
	switch n := n.(type) {
	case *ast.Text:
		r.text(n)
	case *ast.CodeSpan:
		r.codeSpan(n)
	case *ast.Emphasis:
		t := tagEm
		if n.Level == 2 {
			t = tagStrong
		}
		r.wrap(n, t)
	case *east.Strikethrough:
		r.wrap(n, tagDel)
	case *ast.Link:
		r.link(n)
	case *ast.AutoLink:
		r.autoLink(n)
	case *ast.Image:
		r.image(n)
	case *ast.RawHTML:
		r.inlineHTML(n)
	case *east.TaskCheckBox:
		r.taskMark(n)
	case *spanNode:
		r.unmarked(func() { r.span(n) })
	case *footnoteRef:
		r.footnoteRef(n)
	case *ast.String:
		r.replaceText(r.top().src, string(n.Value))
	default:
		panic("markdown: no rule for inline " + n.Kind().String())
	}
}

// wrap writes an inline element with its content.
func (r *renderer) wrap(n ast.Node, t tag) {
	r.enter(t, n.Pos())
	r.inlines(n)
	r.leave()
}

// capturedText writes only the text of n.
func (r *renderer) capturedText(n ast.Node) {
	if t, ok := n.(*ast.Text); ok {
		r.text(t)
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.capturedText(c)
	}
}

// text writes a text node and the line break after it. A soft break between
// two characters of Chinese or Japanese is nothing, elsewhere a space.
func (r *renderer) text(n *ast.Text) {
	start, stop := n.Segment.Start, n.Segment.Stop
	if start >= r.hidden[0] && start < r.hidden[1] {
		start = min(r.hidden[1], stop)
	}
	stop = max(min(stop, r.hideFrom), start)
	if r.marks() {
		r.runningText(r.src[start:stop], start)
	} else {
		r.writeText(r.src[start:stop], start, asMarkdown)
	}
	switch {
	case stop < n.Segment.Stop && n.Segment.Stop > r.hideFrom:
	case n.HardLineBreak():
		r.void(tagBr, n.Segment.Stop)
		r.plainBreak()
	case n.SoftLineBreak():
		a, b := cjk(r.last), cjk(r.firstRune(n.NextSibling()))
		if a+b < 3 || a == 0 || b == 0 {
			r.space(n.Segment.Stop)
		}
	}
}

// firstRune returns the first character of the text of n.
func (r *renderer) firstRune(n ast.Node) rune {
	for ; n != nil; n = n.FirstChild() {
		if t, ok := n.(*ast.Text); ok {
			ru, _ := utf8.DecodeRune(r.src[t.Segment.Start:t.Segment.Stop])
			return ru
		}
	}
	return 0
}

func (r *renderer) codeSpan(n *ast.CodeSpan) {
	r.enter(tagCode, n.Pos())
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		seg := c.(*ast.Text).Segment
		r.codeText(r.src[seg.Start:seg.Stop], seg.Start)
	}
	r.leave()
}

// codeText writes the text of a code span: a line break is a space and, in a
// pipe table, an escaped bar is a bar.
func (r *renderer) codeText(b []byte, src int) {
	for len(b) > 0 {
		i := bytes.IndexAny(b, "\n\\")
		if i < 0 {
			break
		}
		switch {
		case b[i] == '\n':
			r.writeText(bytes.TrimSuffix(b[:i], []byte("\r")), src, asCode)
			r.space(src + i)
		case r.inCell && i+1 < len(b) && b[i+1] == '|':
			r.writeText(b[:i], src, asCode)
		default:
			r.writeText(b[:i+1], src, asCode)
		}
		b, src = b[i+1:], src+i+1
	}
	r.writeText(b, src, asCode)
}
