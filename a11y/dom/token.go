package dom

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// space holds the white-space characters of HTML.
const space = " \t\n\f\r"

// kind is the kind of a token.
type kind uint8

const (
	textToken kind = iota
	startToken
	endToken
	commentToken
	doctypeToken
	eofToken
)

// A token is what the tree builder works on.
type token struct {
	kind        kind
	atom        atom.Atom
	name        string
	attrs       []Attr
	selfClosing bool
	acked       bool // the self-closing flag was acted on
	text        string
	plain       bool // text is the source between pos and end
	pos, end    int
	doctype     doctype
}

// next reads the next token into p.tok. Offsets are sums of the raw lengths,
// as the raw bytes of tokens partition the source.
func (p *parser) next() {
	t := &p.tok
	for {
		p.z.AllowCDATA(p.inForeign())
		tt := p.z.Next()
		raw := len(p.z.Raw())
		start := p.off
		p.off += raw
		*t = token{pos: start, end: p.off}
		switch tt {
		case html.ErrorToken:
			t.kind, t.pos, t.end = eofToken, len(p.src), len(p.src)
			return
		case html.TextToken:
			t.kind = textToken
			p.readText(t)
			if t.text == "" {
				continue
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t.kind = startToken
			t.selfClosing = tt == html.SelfClosingTagToken
			p.readStart(t)
			return
		case html.EndTagToken:
			t.kind = endToken
			t.name, t.atom, _ = p.tagName(t.pos + 2)
			return
		case html.DoctypeToken:
			t.kind = doctypeToken
			t.doctype = parseDoctype(p.src[start:p.off])
			return
		default:
			if p.src[start:p.off] == "</>" {
				continue
			}
			t.kind = commentToken
			t.text = commentData(p.src[start:p.off])
			return
		}
	}
}

// readText sets the text of a text token; where nothing is escaped it is a
// slice of the source.
func (p *parser) readText(t *token) {
	s := p.src[t.pos:t.end]
	if strings.HasPrefix(s, "<![CDATA[") && p.inForeign() && !p.rawText {
		s = strings.TrimSuffix(s[len("<![CDATA["):], "]]>")
		t.text = strings.ReplaceAll(normalNewlines(s), "\x00", "\uFFFD")
		return
	}
	if strings.IndexByte(s, '&') < 0 && strings.IndexByte(s, '\r') < 0 && (!p.rawText || strings.IndexByte(s, 0) < 0) {
		t.text, t.plain = s, true
		return
	}
	t.text = string(p.z.Text())
}

// tagName reads a tag name at the offset and returns where it ends.
func (p *parser) tagName(off int) (string, atom.Atom, int) {
	end := off
	lower := true
	for end < len(p.src) {
		c := p.src[end]
		if c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r' || c == '/' || c == '>' {
			break
		}
		if c >= 'A' && c <= 'Z' || c == 0 {
			lower = false
		}
		end++
	}
	name := p.src[off:end]
	if !lower {
		name = strings.ReplaceAll(asciiLower(name), "\x00", "\uFFFD")
	}
	if len(name) <= maxAtom {
		p.buf = append(p.buf[:0], name...)
		if a := atom.Lookup(p.buf); a != 0 {
			return a.String(), a, end
		}
	}
	return name, 0, end
}

// maxAtom is longer than any tag name that atom knows.
const maxAtom = 32

// readStart reads name and attributes of a start tag out of the source.
func (p *parser) readStart(t *token) {
	var off int
	t.name, t.atom, off = p.tagName(t.pos + 1)
	end := t.end - 1
	first := len(p.attrs)
	if cap(p.attrs)-first < 16 {
		p.attrs, first = make([]Attr, 0, attrSlab), 0
	}
	escaped := false
	for {
		off = skipSpaceAnd(p.src, off, end)
		if off >= end {
			break
		}
		nameStart := off
		off++ // a leading '=' belongs to the name
		for off < end && !isNameEnd(p.src[off]) {
			off++
		}
		name := p.src[nameStart:off]
		value := ""
		value, off = attrValue(p.src, off, end)
		if strings.IndexByte(value, '&') >= 0 || strings.IndexByte(value, '\r') >= 0 || strings.IndexByte(value, 0) >= 0 {
			escaped = true
		}
		p.addAttr(first, attrName(name), value, nameStart)
	}
	t.attrs = p.attrs[first:len(p.attrs):len(p.attrs)]
	if escaped {
		p.unescape(t)
	}
}

// attrSlab is how many attributes are allocated at once.
const attrSlab = 256

// manyAttrs is the number of attributes of a tag from which on their names are
// kept in a set, so that a tag with a million of them stays linear.
const manyAttrs = 64

// addAttr appends an attribute unless the tag already has that name.
func (p *parser) addAttr(first int, name, value string, pos int) {
	switch n := len(p.attrs) - first; {
	case n < manyAttrs:
		for i := first; i < len(p.attrs); i++ {
			if p.attrs[i].Name == name {
				return
			}
		}
	case n == manyAttrs:
		p.names = make(map[string]bool, 4*manyAttrs)
		for i := first; i < len(p.attrs); i++ {
			p.names[p.attrs[i].Name] = true
		}
		fallthrough
	default:
		if p.names[name] {
			return
		}
		p.names[name] = true
	}
	p.attrs = append(p.attrs, Attr{Name: name, Value: value, Pos: pos})
}

// unescape takes the values from the tokenizer, which resolves character
// references as attributes want it.
func (p *parser) unescape(t *token) {
	if _, more := p.z.TagName(); !more {
		return
	}
	for i := range t.attrs {
		_, val, more := p.z.TagAttr()
		if string(val) != t.attrs[i].Value {
			t.attrs[i].Value = string(val)
		}
		if !more {
			return
		}
	}
}

// attrValue reads "= value" at the offset, if there is one.
func attrValue(s string, off, end int) (string, int) {
	i := off
	for i < end && isSpace(s[i]) {
		i++
	}
	if i >= end || s[i] != '=' {
		return "", i
	}
	i++
	for i < end && isSpace(s[i]) {
		i++
	}
	if i >= end {
		return "", i
	}
	if q := s[i]; q == '"' || q == '\'' {
		j := strings.IndexByte(s[i+1:end], q)
		if j < 0 {
			return s[i+1 : end], end
		}
		return s[i+1 : i+1+j], i + 2 + j
	}
	start := i
	for i < end && !isSpace(s[i]) {
		i++
	}
	return s[start:i], i
}

func skipSpaceAnd(s string, off, end int) int {
	for off < end && (isSpace(s[off]) || s[off] == '/') {
		off++
	}
	return off
}

func isNameEnd(c byte) bool { return c == '=' || c == '/' || isSpace(c) }

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'
}

// attrName lower-cases the name of an attribute.
func attrName(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' || c == 0 {
			return strings.ReplaceAll(asciiLower(s), "\x00", "\uFFFD")
		}
	}
	return s
}

// commentData returns the data of a comment or bogus comment.
func commentData(raw string) string {
	s := raw
	switch {
	case raw == "<!-->" || raw == "<!--->":
		return ""
	case strings.HasPrefix(raw, "<!--"):
		s = raw[len("<!--"):]
		for _, end := range []string{"-->", "--!>", "--!", "--", "-"} {
			if t, ok := strings.CutSuffix(s, end); ok {
				s = t
				break
			}
		}
	case strings.HasPrefix(raw, "<?"):
		s = strings.TrimSuffix(raw[1:], ">")
	default: // "<!" or "</"
		s = strings.TrimSuffix(raw[2:], ">")
	}
	return strings.ReplaceAll(normalNewlines(s), "\x00", "\uFFFD")
}

// normalNewlines turns CR and CRLF into LF.
func normalNewlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// asciiLower lower-cases A–Z only, as HTML does.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
