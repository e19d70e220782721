package theme

import (
	"bytes"
	"strings"
)

// A squeezer makes the text of a layout small: a run of white space becomes
// one space, or one line end if it has one, and comments go. The document
// keeps its elements and its words. pre, textarea, script and style stay as
// they are. One squeezer walks all text nodes of a file in order, because a
// tag or a pre may stretch over several of them.
type squeezer struct {
	mode  squeezeMode
	quote byte   // in a quoted attribute value
	name  []byte // of the tag or raw element
	close bool   // the tag is an end tag
}

type squeezeMode uint8

const (
	inText squeezeMode = iota
	inTagName
	inTag
	inValue   // a quoted attribute value
	inRaw     // an element whose white space counts
	inComment // a comment that holds an action: html/template drops it
)

var rawElements = map[string]bool{"pre": true, "textarea": true, "script": true, "style": true, "title": false}

// squeeze returns the small form of one text node.
func (s *squeezer) squeeze(in []byte) []byte {
	out := make([]byte, 0, len(in))
	for i := 0; i < len(in); {
		c := in[i]
		switch s.mode {
		case inText:
			if bytes.HasPrefix(in[i:], []byte("<!--")) {
				if end := bytes.Index(in[i:], []byte("-->")); end >= 0 {
					i += end + 3
					continue
				}
				s.mode = inComment
				continue
			}
			if isSpace(c) {
				out, i = appendSpace(out, in, i, true)
				continue
			}
			if c == '<' && i+1 < len(in) && (in[i+1] == '/' || isLetter(in[i+1])) {
				s.mode, s.name, s.close = inTagName, nil, in[i+1] == '/'
				if s.close {
					out = append(out, c)
					i++
					c = '/'
				}
			}
		case inTagName:
			switch {
			case isSpace(c) || c == '/' || c == '>':
				s.mode = inTag
				continue
			default:
				s.name = append(s.name, lower(c))
			}
		case inTag:
			switch {
			case isSpace(c):
				out, i = appendSpace(out, in, i, false)
				continue
			case c == '"' || c == '\'':
				s.mode, s.quote = inValue, c
			case c == '>':
				s.mode = inText
				if !s.close && rawElements[string(s.name)] {
					s.mode = inRaw
				}
			}
		case inValue:
			if c == s.quote {
				s.mode = inTag
			}
		case inRaw:
			if c == '<' && endsRaw(in[i:], s.name) {
				s.mode = inText
				continue
			}
		case inComment:
			if bytes.HasPrefix(in[i:], []byte("-->")) {
				out = append(out, "-->"...)
				i += 3
				s.mode = inText
				continue
			}
		}
		out = append(out, c)
		i++
	}
	return out
}

// appendSpace writes the run of white space at in[i:] as one byte, unless
// out already ends with one, and returns where the run ends.
func appendSpace(out, in []byte, i int, lines bool) ([]byte, int) {
	b := byte(' ')
	for ; i < len(in) && isSpace(in[i]); i++ {
		if lines && in[i] == '\n' {
			b = '\n'
		}
	}
	if len(out) > 0 && isSpace(out[len(out)-1]) {
		return out, i
	}
	return append(out, b), i
}

func endsRaw(in, name []byte) bool {
	return len(in) > len(name)+1 && in[1] == '/' && strings.EqualFold(string(in[2:2+len(name)]), string(name))
}

func isSpace(c byte) bool  { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }
func isLetter(c byte) bool { return 'a' <= lower(c) && lower(c) <= 'z' }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// align finds the place in src, from pos on, of byte off of text, which is
// what became of the text at pos: white space has been joined, comments are
// gone, and html/template may have added quotes or escaped a "<".
func align(src string, pos int, text []byte, off int) int {
	j := pos
	for i := 0; i <= off && i < len(text); i++ {
		j = skipDropped(src, j, text[i])
		if i == off || j >= len(src) {
			break
		}
		switch {
		case isSpace(text[i]):
			for j < len(src) && isSpace(src[j]) {
				j++
			}
		case src[j] == text[i]:
			j++
		case src[j] == '<' && bytes.HasPrefix(text[i:], []byte("&lt;")):
			if off < i+4 {
				return j
			}
			i += 3
			j++
		}
	}
	return min(j, len(src))
}

// skipDropped steps over what has no counterpart before the byte next.
func skipDropped(src string, j int, next byte) int {
	for j < len(src) {
		switch {
		case strings.HasPrefix(src[j:], "<!--") && !isSpace(next):
			end := strings.Index(src[j:], "-->")
			if end < 0 {
				return j
			}
			j += end + 3
		case isSpace(src[j]) && !isSpace(next) && src[j] != next:
			j++
		default:
			return j
		}
	}
	return j
}
