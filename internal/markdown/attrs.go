package markdown

import (
	"strings"

	"github.com/yuin/goldmark/util"
)

// An attribute is one entry of {key=value #id .class flag}.
type attribute struct {
	key, value string
	bare       bool // a word without "="
	pos        int  // of the key
	valuePos   int
}

type attrList []attribute

// value returns the value of the first attribute with the key.
func (l attrList) value(key string) string {
	for _, a := range l {
		if a.key == key {
			return a.value
		}
	}
	return ""
}

func (l attrList) has(key string) bool {
	for _, a := range l {
		if a.key == key {
			return true
		}
	}
	return false
}

func (a attribute) flag() bool { return a.bare }

// parseAttrs reads an attribute list at the start of b, which begins with "{"
// and stands at src. It returns how many bytes the list takes. The list must
// end on the line it began on.
func parseAttrs(b []byte, src int) (attrs attrList, n int, ok bool) {
	i := 1
	for {
		for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
			i++
		}
		if i >= len(b) || b[i] == '\n' || b[i] == '\r' {
			return nil, 0, false
		}
		if b[i] == '}' {
			return attrs, i + 1, true
		}
		a, next, ok := parseAttr(b, i, src)
		if !ok {
			return nil, 0, false
		}
		attrs = append(attrs, a)
		i = next
	}
}

// parseAttr reads one attribute at b[i] and returns where it ends.
func parseAttr(b []byte, i, src int) (attribute, int, bool) {
	a := attribute{pos: src + i, valuePos: src + i}
	if c := b[i]; c == '#' || c == '.' {
		end := i + 1
		for end < len(b) && !endsName(b[end]) && b[end] != '#' && (c == '#' || b[end] != '.') {
			end++
		}
		a.key, a.value, a.valuePos = "id", string(b[i+1:end]), src+i+1
		if c == '.' {
			a.key = "class"
		}
		return a, end, end > i+1
	}
	end := i
	for end < len(b) && !endsName(b[end]) {
		end++
	}
	if end == i {
		return a, 0, false
	}
	a.key = strings.ToLower(string(b[i:end]))
	if end >= len(b) || b[end] != '=' {
		a.bare = true
		return a, end, true
	}
	return attrValue(a, b, end+1, src)
}

func attrValue(a attribute, b []byte, i, src int) (attribute, int, bool) {
	if i >= len(b) {
		return a, 0, false
	}
	if q := b[i]; q == '"' || q == '\'' {
		var v []byte
		for j := i + 1; j < len(b); j++ {
			switch {
			case b[j] == q:
				a.value, a.valuePos = string(v), src+i+1
				return a, j + 1, true
			case b[j] == '\n':
				return a, 0, false
			case b[j] == '\\' && j+1 < len(b) && util.IsPunct(b[j+1]):
				j++
			}
			v = append(v, b[j])
		}
		return a, 0, false
	}
	end := i
	for end < len(b) && b[end] > ' ' && b[end] != '}' && b[end] != '"' && b[end] != '\'' {
		end++
	}
	a.value, a.valuePos = string(b[i:end]), src+i
	return a, end, end > i
}

// endsName reports whether c cannot be part of the name of an attribute.
func endsName(c byte) bool {
	switch c {
	case '=', '}', '{', '"', '\'', '<', '>', '`', '[', ']', '(', ')', '|', ',', ';':
		return true
	}
	return c <= ' ' || c == 0x7f
}
