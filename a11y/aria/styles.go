package aria

import (
	"strconv"
	"strings"

	"handrail/a11y/dom"
)

// generated returns the text that ::before or ::after adds to the element.
func (t *Tree) generated(n *dom.Node, before bool) string {
	name := "after"
	if before {
		name = "before"
	}
	c := t.styles.Pseudo(n, name)
	if c == nil || c.Display() == "none" || c.Visibility() != "visible" {
		return ""
	}
	return generatedText(n, c.Content())
}

// generatedText is the text of a value of the content property: its strings
// and attr() values, or the alternative after the slash (CSS Generated Content
// 3, 1.2).
func generatedText(n *dom.Node, content string) string {
	var b strings.Builder
	for content != "" {
		switch c := content[0]; {
		case c == '"' || c == '\'':
			s, rest := cssString(content)
			b.WriteString(s)
			content = rest
		case c == '/':
			b.Reset()
			content = content[1:]
		case strings.HasPrefix(content, "attr("):
			name, rest, _ := strings.Cut(content[len("attr("):], ")")
			name, _, _ = strings.Cut(strings.Trim(name, whitespace), ",")
			b.WriteString(n.Get(strings.ToLower(strings.Trim(name, whitespace))))
			content = rest
		case strings.HasPrefix(content, "url("):
			_, content, _ = strings.Cut(content, ")")
		default:
			content = content[1:]
		}
	}
	return b.String()
}

// cssString reads the quoted string that s starts with (CSS Syntax 3, 4.3.5
// and 4.3.7).
func cssString(s string) (text, rest string) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case s[0]:
			return b.String(), s[i+1:]
		case '\\':
			hex := i + 1
			for hex < len(s) && hex < i+7 && strings.IndexByte("0123456789abcdefABCDEF", s[hex]) >= 0 {
				hex++
			}
			switch code, err := strconv.ParseUint(s[i+1:hex], 16, 32); {
			case err == nil:
				b.WriteRune(rune(code))
				if hex < len(s) && strings.IndexByte(whitespace, s[hex]) >= 0 {
					hex++
				}
				i = hex - 1
			case i+1 < len(s):
				i++
				if s[i] != '\n' {
					b.WriteByte(s[i])
				}
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

// isBlock reports whether the element is set apart from what stands before
// and after it.
func (t *Tree) isBlock(n *dom.Node) bool {
	display, _, _ := strings.Cut(t.styles.Of(n).Display(), " ")
	switch display {
	case "inline", "inline-block", "contents", "none", "ruby", "inline-flex", "inline-grid", "inline-table", "ruby-base", "ruby-text":
		return false
	}
	return true
}
