package schema

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Most front matter is a handful of "key: value" lines and lists of words.
// fastYAML reads that much of YAML by itself, an order of magnitude faster
// than a whole parser is built and torn down. It gives up on the first thing
// that it is not sure of; a fuzz test holds its trees to be the parser's.
type fastYAML struct {
	src      string
	off, end int
	root     *Value
}

// parseFast returns the tree of src[from:to], or false.
func parseFast(src string, from, to int) (*Value, bool) {
	text := src[from:to]
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unsure) {
		return nil, false
	}
	p := &fastYAML{src: src, off: from, end: to, root: &Value{Kind: Object, Off: -1}}
	for p.off < p.end {
		if !p.entry() {
			return nil, false
		}
	}
	return p.root, p.root.Off >= 0
}

// unsure reports characters that YAML treats in a special way: tabs and other
// controls, line breaks beyond \n, byte order marks and non-characters.
func unsure(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\n'
	case r < 0x7F:
		return false
	}
	return r <= 0xA0 || r == 0x2028 || r == 0x2029 || r == 0xFEFF || r&0xFFFE == 0xFFFE
}

// line returns the line at p.off without its end, and where the next begins.
func (p *fastYAML) line() (string, int) {
	if i := strings.IndexByte(p.src[p.off:p.end], '\n'); i >= 0 {
		return p.src[p.off : p.off+i], p.off + i + 1
	}
	return p.src[p.off:p.end], p.end
}

// entry reads one top-level key with its value, an empty line or a comment.
func (p *fastYAML) entry() bool {
	line, next := p.line()
	if line == "" || line[0] == '#' {
		p.off = next
		return true
	}
	n := keyLength(line)
	if n == 0 || p.root.field(line[:n]) != nil {
		return false
	}
	v := &Value{Key: line[:n], KeyOff: p.off}
	if p.root.Off < 0 {
		p.root.Off, p.root.KeyOff = p.off, p.off
	}
	p.root.Map = append(p.root.Map, v)
	rest := line[n+1:]
	text := strings.Trim(rest, " ")
	begin := p.off + n + 1 + len(rest) - len(strings.TrimLeft(rest, " "))
	p.off = next
	switch {
	case text == "" && rest == "":
		v.Kind, v.Off = Null, begin
		return p.items(v)
	case text == "":
		return false
	}
	v.Off = begin
	if !v.fastScalar(text) {
		return false
	}
	following, _ := p.line() // an indented line would go on with the value
	return following == "" || following[0] != ' '
}

// keyLength returns the length of the plain key that a line begins with when
// a colon follows it, and a space or nothing after that.
func keyLength(line string) int {
	i := 0
	for i < len(line) && (line[i]|0x20 >= 'a' && line[i]|0x20 <= 'z' || i > 0 && (line[i] == '-' || line[i] == '_' || line[i] >= '0' && line[i] <= '9')) {
		i++
	}
	if i == 0 || i == len(line) || line[i] != ':' || i+1 < len(line) && line[i+1] != ' ' {
		return 0
	}
	return i
}

// items reads a list of scalars below a key without a value. Without a list
// the value stays Null.
func (p *fastYAML) items(v *Value) bool {
	indent := -1
	for p.off < p.end {
		line, next := p.line()
		item := strings.TrimLeft(line, " ")
		n := len(line) - len(item)
		if item == "" || item[0] == '#' {
			return n == 0 && line == "" && indent < 0 && p.plainNext(next) || line == "" && indent >= 0 && p.plainNext(next)
		}
		if !strings.HasPrefix(item, "- ") {
			return n == 0 && item[0] != '-'
		}
		if indent < 0 {
			indent = n
			v.Kind, v.Off = List, p.off+n
		}
		text := strings.Trim(item[2:], " ")
		it := &Value{Off: p.off + n + 2 + len(item[2:]) - len(strings.TrimLeft(item[2:], " "))}
		it.KeyOff = it.Off
		if n != indent || text == "" || !it.fastScalar(text) {
			return false
		}
		v.List = append(v.List, it)
		p.off = next
	}
	return true
}

// plainNext reports whether the line at off begins another key: an empty line
// inside a list is left to the parser.
func (p *fastYAML) plainNext(off int) bool {
	return off >= p.end || keyLength(p.src[off:p.end]) > 0 && p.src[off] != ' '
}

// fastScalar reads a scalar that stands on one line.
func (v *Value) fastScalar(text string) bool {
	switch c := text[0]; {
	case c == '"' || c == '\'':
		inner := text[1:]
		if len(inner) == 0 || inner[len(inner)-1] != c || strings.IndexByte(inner[:len(inner)-1], c) >= 0 || c == '"' && strings.IndexByte(inner, '\\') >= 0 {
			return false
		}
		v.Kind, v.Text, v.style = Text, inner[:len(inner)-1], quoted
		return true
	case c >= 0x80, c|0x20 >= 'a' && c|0x20 <= 'z', c == '/', c == '(':
		v.Kind = Text
	case c >= '0' && c <= '9':
		if !v.fastNumber(text) {
			return false
		}
	default:
		return false
	}
	if strings.Contains(text, ": ") || strings.Contains(text, " #") || text[len(text)-1] == ':' {
		return false
	}
	v.Text = text
	if len(text) > 5 || v.Kind != Text {
		return true
	}
	switch strings.ToLower(text) {
	case "true", "false":
		v.Kind, v.Bool = Bool, text == "true"
		return text == "true" || text == "false"
	case "null":
		return false
	}
	return true
}

// fastNumber reads short whole numbers and days.
func (v *Value) fastNumber(text string) bool {
	if len(text) == len(time.DateOnly) && text[4] == '-' {
		_, err := time.Parse(time.DateOnly, text)
		v.Kind = Date
		return err == nil
	}
	if len(text) > 15 || text[0] == '0' && len(text) > 1 {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
		v.Number = v.Number*10 + float64(text[i]-'0')
	}
	v.Kind = Int
	return true
}
