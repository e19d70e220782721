package markdown

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// captionWords begin the paragraph that names the table below it, as Pandoc
// writes it: "Table: Fees", "Table 2: Fees", "表：收费", "表2：收费".
var captionWords = []string{"Table", "table", "表", "جدول", "الجدول"}

// A tableCaption is a paragraph that names the table after it.
type tableCaption struct {
	paragraph *ast.Paragraph
	from, to  int // the word and the colon, which are not shown
}

// captionOf returns the caption that stands before a table, or nil.
func captionOf(n *east.Table, src []byte) *tableCaption {
	p, ok := n.PreviousSibling().(*ast.Paragraph)
	if !ok {
		return nil
	}
	return captionIn(p, src)
}

// isCaption reports whether a paragraph is the caption of the table after it.
func isCaption(p *ast.Paragraph, src []byte) bool {
	_, ok := p.NextSibling().(*east.Table)
	return ok && captionIn(p, src) != nil
}

func captionIn(p *ast.Paragraph, src []byte) *tableCaption {
	l := p.Lines()
	if l.Len() == 0 {
		return nil
	}
	seg := l.At(0)
	line := src[seg.Start:seg.Stop]
	for _, word := range captionWords {
		rest, ok := bytes.CutPrefix(line, []byte(word))
		if !ok {
			continue
		}
		number := bytes.TrimLeft(rest, " ")
		rest = bytes.TrimLeftFunc(number, func(c rune) bool {
			return unicode.IsDigit(c) || c == '-' || c == '.' || strings.ContainsRune("一二三四五六七八九十", c)
		})
		numbered := len(rest) < len(number)
		colon, size := utf8.DecodeRune(bytes.TrimLeft(rest, " "))
		if colon != ':' && colon != '：' {
			continue
		}
		rest = bytes.TrimLeft(bytes.TrimLeft(rest, " ")[size:], " ")
		if len(bytes.TrimSpace(rest)) == 0 {
			return nil
		}
		c := &tableCaption{paragraph: p, from: seg.Start, to: seg.Stop - len(rest)}
		if numbered { // the number is quoted elsewhere in the text: it stays
			c.to = c.from
		}
		return c
	}
	return nil
}

// caption writes the caption inside its table.
func (r *renderer) caption(c *tableCaption) {
	if c == nil {
		return
	}
	r.enter(tagCaption, c.from)
	hidden := r.hidden
	r.hidden = [2]int{c.from, c.to}
	r.unmarked(func() { r.inlines(c.paragraph) })
	r.hidden = hidden
	r.leave()
}

// regionName names the region that a wide table scrolls in.
func (r *renderer) regionName(c *tableCaption) string {
	if c == nil {
		return r.words.Wide
	}
	text := r.plainText(c.paragraph)
	if n := c.to - c.from; n > 0 {
		_, text, _ = cutColon(text)
	}
	return strings.TrimSpace(text)
}

// cutColon splits a text behind its first colon.
func cutColon(s string) (before, after string, ok bool) {
	i := strings.IndexAny(s, ":：")
	if i < 0 {
		return s, "", false
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return s[:i], s[i+size:], true
}
