package markdown

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// maxReference is the longest name of a character reference with & and ;.
const maxReference = 34

// reference reads a character reference at the start of b, which begins with
// "&". What is none is the ampersand itself.
func reference(b []byte) (text string, n int) {
	end := bytes.IndexByte(b[:min(len(b), maxReference)], ';')
	if end < 2 {
		return "&", 1
	}
	name := b[1:end]
	if name[0] != '#' {
		if e, ok := util.LookUpHTML5EntityByName(string(name)); ok {
			return string(e.Characters), end + 1
		}
		return "&", 1
	}
	digits, base := name[1:], 10
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	if len(digits) == 0 || len(digits) > 7 {
		return "&", 1
	}
	v, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil {
		return "&", 1
	}
	ru := rune(v)
	if v > utf8.MaxRune || !utf8.ValidRune(ru) || ru == 0 || ru < ' ' && ru != '\t' && ru != '\n' && ru != '\r' {
		return replacement, end + 1
	}
	if ru == '\r' {
		return "\n", end + 1
	}
	return string(ru), end + 1
}

// decode resolves backslash escapes and character references of a destination
// or a title.
func decode(b []byte, how reading) string {
	if bytes.IndexByte(b, '\\') < 0 && bytes.IndexByte(b, '&') < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		switch {
		case b[i] == '\\' && how == asMarkdown && i+1 < len(b) && util.IsPunct(b[i+1]):
			out = append(out, b[i+1])
			i += 2
		case b[i] == '&' && how != asCode:
			text, n := reference(b[i:])
			out = append(out, text...)
			i += n
		default:
			out = append(out, b[i])
			i++
		}
	}
	return string(out)
}
