package report

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// maxExcerpt is how many columns of a source line are shown; built HTML has
// lines of many thousands.
const maxExcerpt = 100

// excerpt returns a source line and the spaces that put a caret under its
// code point col (from 1), as a terminal shows them: Han, kana and Hangul
// are two columns wide, combining marks none, a tab becomes four spaces.
func excerpt(text string, col int) (shown, pad string) {
	runes := []rune(text)
	at := max(0, min(col-1, len(runes)))
	first, last := window(runes, at)
	var b strings.Builder
	column := 0
	if first > 0 {
		b.WriteString("… ")
		column += 2
	}
	caret := column
	for i := first; i < last; i++ {
		if i == at {
			caret = column
		}
		s, n := cell(runes[i])
		b.WriteString(s)
		column += n
	}
	if at >= last {
		caret = column
	}
	if last < len(runes) {
		b.WriteString(" …")
	}
	return strings.TrimRight(b.String(), " "), strings.Repeat(" ", caret)
}

// window picks the runes round at that fit into an excerpt, a third of it
// before the caret.
func window(runes []rune, at int) (first, last int) {
	total := 0
	for _, r := range runes {
		_, n := cell(r)
		total += n
	}
	if total <= maxExcerpt {
		return 0, len(runes)
	}
	first = at
	for used := 0; first > 0; first-- {
		_, n := cell(runes[first-1])
		if used += n; used > maxExcerpt/3 {
			break
		}
	}
	last = first
	for used := 0; last < len(runes); last++ {
		_, n := cell(runes[last])
		if used += n; used > maxExcerpt {
			break
		}
	}
	return first, last
}

// cell returns how a code point is printed and how many columns it takes.
// Controls and the invisible characters that turn text around are shown as
// a mark: an excerpt must not rearrange a terminal.
func cell(r rune) (string, int) {
	switch {
	case r == '\t':
		return "    ", 4
	case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
		return "\uFFFD", 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return string(r), 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return string(r), 2
	}
	return string(r), 1
}
