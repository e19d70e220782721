package dom

import (
	"strings"

	"golang.org/x/net/html/atom"
)

func inTemplateMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case startToken:
		var m mode
		switch t.atom {
		case atom.Base, atom.Basefont, atom.Bgsound, atom.Link, atom.Meta, atom.Noframes,
			atom.Script, atom.Style, atom.Template, atom.Title:
			return inHeadMode(p)
		case atom.Caption, atom.Colgroup, atom.Tbody, atom.Tfoot, atom.Thead:
			m = inTableMode
		case atom.Col:
			m = inColumnGroupMode
		case atom.Tr:
			m = inTableBodyMode
		case atom.Td, atom.Th:
			m = inRowMode
		default:
			m = inBodyMode
		}
		p.templateModes[len(p.templateModes)-1] = m
		p.mode = m
		return false
	case endToken:
		if t.atom == atom.Template {
			p.endTemplate()
		}
		return true
	case eofToken:
		if !p.hasOpen(atom.Template) {
			return true
		}
		p.popUntil(atom.Template)
		p.clearToMarker()
		p.templateModes = p.templateModes[:len(p.templateModes)-1]
		p.resetMode()
		return false
	}
	return inBodyMode(p)
}

func afterBodyMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		rest := *t
		if lead := rest.leadingSpace(); lead.text != "" {
			p.tok = lead
			inBodyMode(p)
			p.tok = rest
		}
		if rest.text == "" {
			return true
		}
	case commentToken:
		insertBefore(p.open[0], p.comment(), nil)
		return true
	case doctypeToken:
		return true
	case startToken:
		if t.atom == atom.Html {
			return inBodyMode(p)
		}
	case endToken:
		if t.atom == atom.Html {
			if p.context == nil {
				p.mode = afterAfterBodyMode
			}
			return true
		}
	case eofToken:
		return true
	}
	p.mode = inBodyMode
	return false
}

func afterAfterBodyMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case commentToken:
		insertBefore(p.doc.Root, p.comment(), nil)
		return true
	case doctypeToken:
		return inBodyMode(p)
	case textToken:
		rest := *t
		if lead := rest.leadingSpace(); lead.text != "" {
			p.tok = lead
			inBodyMode(p)
			p.tok = rest
		}
		if rest.text == "" {
			return true
		}
	case startToken:
		if t.atom == atom.Html {
			return inBodyMode(p)
		}
	case eofToken:
		return true
	}
	p.mode = inBodyMode
	return false
}

// insertSpaceOnly inserts the white space of a text token and drops the rest.
func (p *parser) insertSpaceOnly() {
	s := strings.Map(func(r rune) rune {
		if r < 0x80 && isSpace(byte(r)) {
			return r
		}
		return -1
	}, p.tok.text)
	if s != p.tok.text {
		p.tok.text, p.tok.plain = s, false
	}
	if s != "" {
		p.insertText()
	}
}

func inFramesetMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		p.insertSpaceOnly()
	case commentToken:
		p.insertComment()
	case startToken:
		switch t.atom {
		case atom.Html:
			return inBodyMode(p)
		case atom.Frameset:
			p.insertHTML()
		case atom.Frame:
			p.insertVoid()
		case atom.Noframes:
			return inHeadMode(p)
		}
	case endToken:
		if t.atom == atom.Frameset && len(p.open) > 1 {
			p.pop()
			if p.context == nil && !p.current().isAtom(atom.Frameset) {
				p.mode = afterFramesetMode
			}
		}
	}
	return true
}

func afterFramesetMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		p.insertSpaceOnly()
	case commentToken:
		p.insertComment()
	case startToken:
		switch t.atom {
		case atom.Html:
			return inBodyMode(p)
		case atom.Noframes:
			return inHeadMode(p)
		}
	case endToken:
		if t.atom == atom.Html {
			p.mode = afterAfterFramesetMode
		}
	}
	return true
}

func afterAfterFramesetMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		p.insertSpaceOnly()
	case commentToken:
		insertBefore(p.doc.Root, p.comment(), nil)
	case startToken:
		switch t.atom {
		case atom.Html:
			return inBodyMode(p)
		case atom.Noframes:
			return inHeadMode(p)
		}
	}
	return true
}
