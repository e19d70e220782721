package markdown

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// origin says who opened an element.
type origin uint8

const (
	fromMarkdown origin = iota // only the renderer closes it
	fromRaw                    // the author's tag: his end tag closes it
	implied                    // ours, so that raw HTML parses as it is written
)

// A frame is an open element.
type frame struct {
	tag     tag // as written out
	name    tag // as the author called it
	origin  origin
	src     int
	out     int
	heading int // index in Headings, or -1
	link    int // 1 + index in Links of a raw link, or 0
	plain   int // where the text of a raw link begins in plain
}

// maxRaw is how deep the stack may be when raw HTML opens one more element;
// maxOpen is the same for inline Markdown. Browsers flatten at 512.
const (
	maxRaw  = 150
	maxOpen = 400
)

// fixed says that what is written from here on comes from src.
func (r *renderer) fixed(src int) {
	m := Mapping{uint32(len(r.out)), uint32(max(src, 0)), true}
	if n := len(r.maps); n > 0 {
		last := &r.maps[n-1]
		if last.Fixed && last.Src == m.Src {
			return
		}
		if last.Out == m.Out {
			*last = m
			return
		}
	}
	r.maps = append(r.maps, m)
}

// inStep says that from here on output and source run in step.
func (r *renderer) inStep(src int) {
	m := Mapping{uint32(len(r.out)), uint32(src), false}
	if n := len(r.maps); n > 0 {
		last := &r.maps[n-1]
		if !last.Fixed && m.Out-last.Out == m.Src-last.Src {
			return
		}
		if last.Out == m.Out {
			*last = m
			return
		}
	}
	r.maps = append(r.maps, m)
}

// enter opens an element of Markdown's.
func (r *renderer) enter(t tag, src int) {
	r.enterAttrs(t, src)
	r.out = append(r.out, '>')
}

// enterAttrs is enter without the ">", so that attributes can follow.
func (r *renderer) enterAttrs(t tag, src int) {
	if r.rawOpen > 0 {
		r.makeRoom(t, src)
	}
	r.push(t, t, fromMarkdown, src)
}

// leave closes the innermost element of Markdown's, and before it whatever
// raw HTML has left open inside.
func (r *renderer) leave() {
	for r.top().origin != fromMarkdown {
		r.popForced()
	}
	r.pop()
}

func (r *renderer) top() *frame {
	if len(r.stack) == 0 {
		return &r.root
	}
	return &r.stack[len(r.stack)-1]
}

func (r *renderer) push(t, name tag, o origin, src int) {
	r.fixed(src)
	r.stack = append(r.stack, frame{tag: t, name: name, origin: o, src: src, out: len(r.out), heading: -1})
	if o != fromMarkdown {
		r.rawOpen++
	}
	if t == tagA {
		r.inLink++
	}
	r.out = append(r.out, '<')
	r.out = append(r.out, elements[t].name...)
	r.afterBlock = t.is(block | structure | cell)
	if r.afterBlock {
		r.inWord = false
		r.widenHeadings()
	}
}

// widenHeadings notes that a block stands in the headings that are open.
func (r *renderer) widenHeadings() {
	if len(r.headingPlain) == 0 {
		return
	}
	for _, f := range r.stack {
		if f.heading >= 0 {
			r.doc.Headings[f.heading].wide = true
		}
	}
}

// pop closes the innermost element.
func (r *renderer) pop() {
	f := r.top()
	if f.link > 0 {
		r.endRawLink(f)
	}
	if f.heading >= 0 {
		r.endHeading(f)
	}
	r.fixed(f.src)
	r.out = append(r.out, '<', '/')
	r.out = append(r.out, elements[f.tag].name...)
	r.out = append(r.out, '>')
	if f.heading >= 0 {
		r.doc.Headings[f.heading].End = uint32(len(r.out))
	}
	if f.origin != fromMarkdown {
		r.rawOpen--
	}
	if f.tag == tagA {
		r.inLink--
	}
	r.afterBlock = f.tag.is(block | structure | cell)
	if r.afterBlock {
		r.inWord = false
		r.plainBreak()
	}
	r.stack = r.stack[:len(r.stack)-1]
}

// popForced closes an element that its author has not closed.
func (r *renderer) popForced() {
	if f := r.top(); f.origin == fromRaw && !f.name.is(impliedEnd) {
		r.notice("unclosed-element", f.src, "element <{name}> is not closed; it ends here with what is around it",
			"write the end tag </{name}>", "name", elements[f.name].name)
	}
	r.pop()
}

// void writes an element without content.
func (r *renderer) void(t tag, src int) {
	if r.rawOpen > 0 {
		r.makeRoom(t, src)
	}
	r.fixed(src)
	r.out = append(r.out, '<')
	r.out = append(r.out, elements[t].name...)
	r.out = append(r.out, '>')
	r.afterBlock = t.is(block)
	r.inWord, r.last = false, 0
}

// attr writes an attribute with a value that needs escaping.
func (r *renderer) attr(name, value string) {
	r.out = append(r.out, ' ')
	r.out = append(r.out, name...)
	r.out = append(r.out, '=', '"')
	r.out = appendAttr(r.out, value)
	r.out = append(r.out, '"')
}

func appendAttr(out []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '&':
			out = append(out, "&amp;"...)
		case '"':
			out = append(out, "&#34;"...)
		case '<':
			out = append(out, "&lt;"...)
		case '>':
			out = append(out, "&gt;"...)
		case 0:
			out = append(out, replacement...)
		case '\r':
			out = append(out, '\n')
		default:
			if c < 0x80 {
				out = append(out, c)
				continue
			}
			ru, n := utf8.DecodeRuneInString(s[i:])
			out = utf8.AppendRune(out, ru)
			i += n - 1
		}
	}
	return out
}

const replacement = "\uFFFD"

// how a piece of text is to be read
type reading uint8

const (
	asMarkdown reading = iota // backslash escapes and character references
	asHTML                    // character references
	asCode                    // every character stands for itself
)

// classes of bytes for writeText
const (
	plainByte   = iota // parts words
	wordByte           // belongs to a word
	specialByte        // may need work
	highByte           // begins a character outside ASCII
)

var byteClass = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= 0x80:
			t[c] = highByte
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '\'', c == '_':
			t[c] = wordByte
		case c == '<', c == '>', c == '&', c == '\\', c < ' ' && c != '\t' && c != '\n', c == 0x7f:
			t[c] = specialByte
		}
	}
	return t
}()

// writeText writes the text b that stands at src, escaped.
func (r *renderer) writeText(b []byte, src int, how reading) {
	if len(b) == 0 {
		return
	}
	r.room(src)
	r.inStep(src)
	r.afterBlock = false
	start := 0
	for i := 0; i < len(b); {
		switch byteClass[b[i]] {
		case wordByte:
			if !r.inWord {
				r.doc.Words++
				r.inWord = true
			}
			i++
		case plainByte:
			r.inWord = false
			i++
		case highByte:
			ru, n := utf8.DecodeRune(b[i:])
			if ru == utf8.RuneError && n == 1 {
				r.flush(b[start:i])
				r.replace(src+i, replacement, replacement)
				i++
				start = i
				r.inStep(src + i)
				continue
			}
			r.count(ru)
			i += n
		default:
			n := r.special(b, i, start, src, how)
			if n == 0 {
				i++
				continue
			}
			i += n
			start = i
			if i < len(b) {
				r.inStep(src + i)
			}
		}
	}
	r.flush(b[start:])
	r.last, _ = utf8.DecodeLastRune(b)
}

// special handles the special byte at b[i]; b[start:i] is not written yet. It
// returns how many bytes it has dealt with, or 0 when the byte stands for
// itself.
func (r *renderer) special(b []byte, i, start, src int, how reading) int {
	switch b[i] {
	case '<':
		r.flush(b[start:i])
		r.replace(src+i, "&lt;", "<")
	case '>':
		r.flush(b[start:i])
		r.replace(src+i, "&gt;", ">")
	case '&':
		text, n := "&", 1
		if how != asCode {
			text, n = reference(b[i:])
		}
		r.flush(b[start:i])
		r.replaceText(src+i, text)
		return n
	case '\\':
		if how != asMarkdown || i+1 == len(b) || !util.IsPunct(b[i+1]) {
			return 0
		}
		r.flush(b[start:i])
		r.replaceText(src+i, string(b[i+1]))
		return 2
	case '\r':
		r.flush(b[start:i])
		if i+1 < len(b) && b[i+1] == '\n' {
			return 1
		}
		r.replace(src+i, "\n", "\n")
	default:
		r.flush(b[start:i])
		r.replace(src+i, replacement, replacement)
	}
	r.inWord = false
	return 1
}

// flush writes text that needs no escaping.
func (r *renderer) flush(b []byte) {
	r.out = append(r.out, b...)
	if r.capture > 0 {
		r.plain = append(r.plain, b...)
	}
}

// replace writes html for the source at src; text is the same as plain text.
func (r *renderer) replace(src int, html, text string) {
	r.fixed(src)
	r.out = append(r.out, html...)
	if r.capture > 0 {
		r.plain = append(r.plain, text...)
	}
}

// replaceText writes text, escaped, for the source at src.
func (r *renderer) replaceText(src int, text string) {
	r.fixed(src)
	for _, ru := range text {
		switch {
		case ru == '<':
			r.out = append(r.out, "&lt;"...)
		case ru == '>':
			r.out = append(r.out, "&gt;"...)
		case ru == '&':
			r.out = append(r.out, "&amp;"...)
		case ru < ' ' && ru != '\n' && ru != '\t' || ru == 0x7f:
			r.out = append(r.out, replacement...)
		default:
			r.out = utf8.AppendRune(r.out, ru)
		}
		r.count(ru)
		r.last = ru
	}
	if r.capture > 0 {
		r.plain = append(r.plain, text...)
	}
	r.afterBlock = false
}

// count counts a character as part of a word or as a Han character.
func (r *renderer) count(ru rune) {
	switch {
	case ru < 0x80:
		if byteClass[ru] != wordByte {
			r.inWord = false
			return
		}
	case isHan(ru):
		r.doc.Han++
		r.inWord = false
		return
	case !unicode.IsLetter(ru) && !unicode.IsDigit(ru) && !unicode.IsMark(ru):
		r.inWord = false
		return
	}
	if !r.inWord {
		r.doc.Words++
		r.inWord = true
	}
}

func isHan(ru rune) bool {
	return ru >= 0x4E00 && ru <= 0x9FFF || ru >= 0x3400 && ru <= 0x4DBF || ru == 0x3007 || ru == 0x3005 ||
		ru >= 0xF900 && ru <= 0xFAFF || ru >= 0x20000 && ru <= 0x3FFFF
}

// cjk says how a character behaves at the end of a line: 2 for one that is
// written without spaces around it, 1 for punctuation that Chinese shares with
// other scripts, 0 for the rest.
func cjk(ru rune) int {
	switch {
	case isHan(ru) || ru >= 0x3000 && ru <= 0x312F || ru >= 0x31A0 && ru <= 0x31BF || ru >= 0xFF00 && ru <= 0xFFEF:
		return 2
	case ru == '—' || ru == '…' || ru == '“' || ru == '”' || ru == '‘' || ru == '’' || ru == '·':
		return 1
	}
	return 0
}

// space writes one space, as at the end of a line.
func (r *renderer) space(src int) {
	r.replace(src, " ", " ")
	r.inWord = false
}

// plainBreak parts the plain text at the end of a block.
func (r *renderer) plainBreak() {
	if n := len(r.plain); r.capture > 0 && n > 0 && r.plain[n-1] != ' ' {
		r.plain = append(r.plain, ' ')
	}
}
