package dom

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// inForeign says whether the adjusted current node is not an HTML element.
func (p *parser) inForeign() bool {
	n := p.adjusted()
	return n != nil && n.NS != HTML
}

// useForeign says whether the current token goes by the rules for foreign
// content.
func (p *parser) useForeign() bool {
	n := p.adjusted()
	if n == nil || n.NS == HTML {
		return false
	}
	t := &p.tok
	if t.kind == eofToken {
		return false
	}
	if mathTextPoint(n) {
		if t.kind == textToken || t.kind == startToken && t.name != "mglyph" && t.name != "malignmark" {
			return false
		}
	}
	if n.NS == MathML && n.Name == "annotation-xml" && t.kind == startToken && t.atom == atom.Svg {
		return false
	}
	if htmlPoint(n) && (t.kind == startToken || t.kind == textToken) {
		return false
	}
	return true
}

// mathTextPoint says whether n is a MathML text integration point.
func mathTextPoint(n *Node) bool {
	if n.NS != MathML {
		return false
	}
	switch n.Name {
	case "mi", "mo", "mn", "ms", "mtext":
		return true
	}
	return false
}

// htmlPoint says whether n is an HTML integration point.
func htmlPoint(n *Node) bool {
	switch n.NS {
	case MathML:
		if n.Name != "annotation-xml" {
			return false
		}
		switch asciiLower(n.Get("encoding")) {
		case "text/html", "application/xhtml+xml":
			return true
		}
	case SVG:
		switch n.Name {
		case "foreignObject", "desc", "title":
			return true
		}
	}
	return false
}

// foreign handles the current token by the rules for foreign content.
func (p *parser) foreign() bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		if strings.IndexByte(t.text, 0) >= 0 {
			t.text, t.plain = strings.ReplaceAll(t.text, "\x00", "\uFFFD"), false
		}
		if strings.Trim(t.text, space+"\uFFFD") != "" {
			p.noFrameset = true
		}
		p.insertText()
	case commentToken:
		p.insertComment()
	case startToken:
		if p.breaksOut() {
			p.leaveForeign()
			return p.mode(p)
		}
		p.foreignStart(p.adjusted().NS)
	case endToken:
		if t.atom == atom.Br || t.atom == atom.P {
			p.leaveForeign()
			return p.mode(p)
		}
		return p.foreignEnd()
	}
	return true
}

// breaksOut says whether a start tag ends foreign content.
func (p *parser) breaksOut() bool {
	t := &p.tok
	if t.atom == atom.Font {
		for _, a := range t.attrs {
			if a.Name == "color" || a.Name == "face" || a.Name == "size" {
				return true
			}
		}
		return false
	}
	return t.atom != 0 && breakout[t.atom]
}

// leaveForeign closes foreign elements up to an integration point or HTML.
func (p *parser) leaveForeign() {
	for len(p.open) > 1 {
		n := p.current()
		if n.NS == HTML || mathTextPoint(n) || htmlPoint(n) {
			return
		}
		p.pop()
	}
}

// foreignStart inserts a foreign element for the current start tag.
func (p *parser) foreignStart(ns Namespace) {
	t := &p.tok
	adjustForeign(t, ns)
	n := p.element(ns)
	p.insertNode(n)
	t.acked = true
	if t.selfClosing {
		return
	}
	p.push(n)
}

// adjustForeign corrects the spelling of tag and attribute names.
func adjustForeign(t *token, ns Namespace) {
	if ns == SVG {
		if name, ok := svgTags[t.name]; ok {
			t.name = name
			t.atom = atom.Lookup([]byte(name))
		}
	}
	for i := range t.attrs {
		a := &t.attrs[i]
		switch {
		case ns == SVG:
			if name, ok := svgAttrs[a.Name]; ok {
				a.Name = name
			}
		case a.Name == "definitionurl":
			a.Name = "definitionURL"
		}
	}
}

// foreignEnd closes the foreign element that an end tag names.
func (p *parser) foreignEnd() bool {
	name := p.tok.name
	for i := len(p.open) - 1; i > 0; i-- {
		n := p.open[i]
		if n.NS == HTML {
			return p.mode(p)
		}
		if n.Name == name || asciiLower(n.Name) == name {
			p.truncate(i)
			return true
		}
	}
	return true
}
