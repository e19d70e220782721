package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// ruby writes one <ruby> for each character when there is one reading for
// each: of several <rt> in one <ruby>, Chromium's accessibility tree keeps the
// first only. When the numbers differ, the reading stands for the word as a
// whole.
func (r *renderer) ruby(n *spanNode) {
	base := strings.TrimSpace(r.plainText(n))
	readings := strings.FieldsFunc(string(n.raw), func(ru rune) bool { return ru == ' ' || ru == '|' })
	switch {
	case len(readings) == 0:
		r.problem("missing-attribute", n.start+1, "directive \"ruby\" needs a reading", "write {use}", "name", "ruby", "attributes", "hàn zì", "use", ":ruby[汉字]{hàn zì}")
		r.inlines(n)
	case base == "":
		r.problem("missing-title", n.open, "directive \"ruby\" needs characters to read", "write {use}", "name", "ruby", "use", ":ruby[汉字]{hàn zì}")
	case len(readings) != utf8.RuneCountInString(base):
		if len(readings) > 1 && !strings.Contains(string(n.raw), "|") && isHan([]rune(base)[0]) {
			r.notice("ruby-count", n.start, "{characters} characters have {readings} readings; the reading stands for all of them together", "",
				"characters", utf8.RuneCountInString(base), "readings", len(readings))
		}
		r.rubyPair(base, n.open+1, strings.Join(readings, " "), n.rawPos, n.start)
	default:
		at := 0
		for i, ru := range []rune(base) {
			off := bytes.Index(n.raw[at:], []byte(readings[i]))
			r.rubyPair(string(ru), n.open+1+r.baseOffset(n, i), readings[i], n.rawPos+at+off, n.start)
			at += off + len(readings[i])
		}
	}
}

// baseOffset returns where character i of the base lies after "[".
func (r *renderer) baseOffset(n *spanNode, i int) int {
	b := bytes.TrimLeft(r.src[n.open+1:], " ")
	off := len(r.src) - n.open - 1 - len(b)
	for ; i > 0 && len(b) > 0; i-- {
		_, size := utf8.DecodeRune(b)
		b, off = b[size:], off+size
	}
	return off
}

func (r *renderer) rubyPair(base string, basePos int, reading string, readingPos, pos int) {
	r.enter(tagRuby, pos)
	r.replaceText(basePos, base)
	r.rubyReading(reading, readingPos, pos)
	r.leave()
}

// rubyReading writes the reading of a <ruby> that is open.
func (r *renderer) rubyReading(reading string, readingPos, pos int) {
	// The reading is no text of the page: it is not counted, nor part of a
	// heading's or link's plain text.
	saved, han, words := r.capture, r.doc.Han, r.doc.Words
	r.capture = 0
	r.enter(tagRp, pos)
	r.replaceText(readingPos, "(")
	r.leave()
	r.enter(tagRt, readingPos)
	r.replaceText(readingPos, reading)
	r.leave()
	r.enter(tagRp, pos)
	r.replaceText(readingPos, ")")
	r.leave()
	r.capture, r.doc.Han, r.doc.Words = saved, han, words
}
