package dom

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// clearTo closes elements up to one of the names, html or template.
func (p *parser) clearTo(names ...atom.Atom) {
	for len(p.open) > 0 && !p.current().isAtom(names...) && !p.current().isAtom(atom.Html, atom.Template) {
		p.pop()
	}
}

// foster handles the token by the rules of "in body", with foster parenting.
func (p *parser) foster() bool {
	p.fostering = true
	done := inBodyMode(p)
	p.fostering = false
	return done
}

func inTableMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		if p.current().isAtom(atom.Table, atom.Tbody, atom.Template, atom.Tfoot, atom.Thead, atom.Tr) {
			p.tableText = p.tableText[:0]
			p.inTable = p.mode
			p.mode = inTableTextMode
			return false
		}
	case commentToken:
		p.insertComment()
		return true
	case doctypeToken:
		return true
	case startToken:
		if done, ok := p.tableStart(); ok {
			return done
		}
	case endToken:
		switch t.atom {
		case atom.Table:
			if p.inScope(tableScope, atom.Table) {
				p.popUntil(atom.Table)
				p.resetMode()
			}
			return true
		case atom.Body, atom.Caption, atom.Col, atom.Colgroup, atom.Html, atom.Tbody, atom.Td,
			atom.Tfoot, atom.Th, atom.Thead, atom.Tr:
			return true
		case atom.Template:
			return inHeadMode(p)
		}
	case eofToken:
		return inBodyMode(p)
	}
	return p.foster()
}

// tableStart handles the start tags of the "in table" mode.
func (p *parser) tableStart() (done, ok bool) {
	t := &p.tok
	switch t.atom {
	case atom.Caption:
		p.clearTo(atom.Table)
		p.formatting = append(p.formatting, nil)
		p.insertHTML()
		p.mode = inCaptionMode
	case atom.Colgroup:
		p.clearTo(atom.Table)
		p.insertHTML()
		p.mode = inColumnGroupMode
	case atom.Col:
		p.clearTo(atom.Table)
		p.insertImplied(atom.Colgroup)
		p.mode = inColumnGroupMode
		return false, true
	case atom.Tbody, atom.Tfoot, atom.Thead:
		p.clearTo(atom.Table)
		p.insertHTML()
		p.mode = inTableBodyMode
	case atom.Td, atom.Th, atom.Tr:
		p.clearTo(atom.Table)
		p.insertImplied(atom.Tbody)
		p.mode = inTableBodyMode
		return false, true
	case atom.Table:
		if !p.inScope(tableScope, atom.Table) {
			return true, true
		}
		p.popUntil(atom.Table)
		p.resetMode()
		return false, true
	case atom.Style, atom.Script, atom.Template:
		return inHeadMode(p), true
	case atom.Input:
		if v, _ := p.attr("type"); !strings.EqualFold(v, "hidden") {
			return false, false
		}
		p.insertVoid()
	case atom.Form:
		if !p.hasOpen(atom.Template) && p.form == nil {
			p.form = p.insertHTML()
			p.pop()
		}
	default:
		return false, false
	}
	return true, true
}

// attr returns an attribute of the current token.
func (p *parser) attr(name string) (string, bool) {
	for i := range p.tok.attrs {
		if p.tok.attrs[i].Name == name {
			return p.tok.attrs[i].Value, true
		}
	}
	return "", false
}

// inTableTextMode collects text in a table: white space stays, all else is
// foster-parented.
func inTableTextMode(p *parser) bool {
	if p.tok.kind == textToken {
		if p.tok.dropNUL(); p.tok.text != "" {
			p.tableText = append(p.tableText, p.tok)
		}
		return true
	}
	blank := true
	for i := range p.tableText {
		if strings.TrimLeft(p.tableText[i].text, space) != "" {
			blank = false
		}
	}
	saved := p.tok
	for i := range p.tableText {
		p.tok = p.tableText[i]
		if blank {
			p.insertText()
		} else {
			p.foster()
		}
	}
	p.tok = saved
	p.mode = p.inTable
	return false
}

// dropNUL removes NUL characters from a text token.
func (t *token) dropNUL() {
	if strings.IndexByte(t.text, 0) >= 0 {
		t.text, t.plain = strings.ReplaceAll(t.text, "\x00", ""), false
	}
}

func inCaptionMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case startToken:
		switch t.atom {
		case atom.Caption, atom.Col, atom.Colgroup, atom.Tbody, atom.Td, atom.Tfoot, atom.Th,
			atom.Thead, atom.Tr:
			return !p.closeCaption()
		}
	case endToken:
		switch t.atom {
		case atom.Caption:
			p.closeCaption()
			return true
		case atom.Table:
			return !p.closeCaption()
		case atom.Body, atom.Col, atom.Colgroup, atom.Html, atom.Tbody, atom.Td, atom.Tfoot,
			atom.Th, atom.Thead, atom.Tr:
			return true
		}
	}
	return inBodyMode(p)
}

// closeCaption closes an open caption and says whether there was one.
func (p *parser) closeCaption() bool {
	if !p.inScope(tableScope, atom.Caption) {
		return false
	}
	p.impliedEndTags(0)
	p.popUntil(atom.Caption)
	p.clearToMarker()
	p.mode = inTableMode
	return true
}

func inColumnGroupMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		if p.insertLeadingSpace() {
			return true
		}
	case commentToken:
		p.insertComment()
		return true
	case doctypeToken:
		return true
	case startToken:
		switch t.atom {
		case atom.Html:
			return inBodyMode(p)
		case atom.Col:
			p.insertVoid()
			return true
		case atom.Template:
			return inHeadMode(p)
		}
	case endToken:
		switch t.atom {
		case atom.Colgroup:
			if p.current().isAtom(atom.Colgroup) {
				p.pop()
				p.mode = inTableMode
			}
			return true
		case atom.Col:
			return true
		case atom.Template:
			return inHeadMode(p)
		}
	case eofToken:
		return inBodyMode(p)
	}
	if !p.current().isAtom(atom.Colgroup) {
		return true
	}
	p.pop()
	p.mode = inTableMode
	return false
}

func inTableBodyMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case startToken:
		switch t.atom {
		case atom.Tr:
			p.clearTo(atom.Tbody, atom.Tfoot, atom.Thead)
			p.insertHTML()
			p.mode = inRowMode
			return true
		case atom.Th, atom.Td:
			p.clearTo(atom.Tbody, atom.Tfoot, atom.Thead)
			p.insertImplied(atom.Tr)
			p.mode = inRowMode
			return false
		case atom.Caption, atom.Col, atom.Colgroup, atom.Tbody, atom.Tfoot, atom.Thead:
			return p.leaveTableBody()
		}
	case endToken:
		switch t.atom {
		case atom.Tbody, atom.Tfoot, atom.Thead:
			if p.inScope(tableScope, t.atom) {
				p.clearTo(atom.Tbody, atom.Tfoot, atom.Thead)
				p.pop()
				p.mode = inTableMode
			}
			return true
		case atom.Table:
			return p.leaveTableBody()
		case atom.Body, atom.Caption, atom.Col, atom.Colgroup, atom.Html, atom.Td, atom.Th, atom.Tr:
			return true
		}
	}
	return inTableMode(p)
}

func (p *parser) leaveTableBody() bool {
	if !p.inScope(tableScope, atom.Tbody, atom.Thead, atom.Tfoot) {
		return true
	}
	p.clearTo(atom.Tbody, atom.Tfoot, atom.Thead)
	p.pop()
	p.mode = inTableMode
	return false
}

func inRowMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case startToken:
		switch t.atom {
		case atom.Th, atom.Td:
			p.clearTo(atom.Tr)
			p.insertHTML()
			p.mode = inCellMode
			p.formatting = append(p.formatting, nil)
			return true
		case atom.Caption, atom.Col, atom.Colgroup, atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr:
			return !p.closeRow()
		}
	case endToken:
		switch t.atom {
		case atom.Tr:
			p.closeRow()
			return true
		case atom.Table:
			return !p.closeRow()
		case atom.Tbody, atom.Tfoot, atom.Thead:
			if !p.inScope(tableScope, t.atom) {
				return true
			}
			return !p.closeRow()
		case atom.Body, atom.Caption, atom.Col, atom.Colgroup, atom.Html, atom.Td, atom.Th:
			return true
		}
	}
	return inTableMode(p)
}

// closeRow closes an open tr and says whether there was one.
func (p *parser) closeRow() bool {
	if !p.inScope(tableScope, atom.Tr) {
		return false
	}
	p.clearTo(atom.Tr)
	p.pop()
	p.mode = inTableBodyMode
	return true
}

func inCellMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case startToken:
		switch t.atom {
		case atom.Caption, atom.Col, atom.Colgroup, atom.Tbody, atom.Td, atom.Tfoot, atom.Th,
			atom.Thead, atom.Tr:
			if !p.inScope(tableScope, atom.Td, atom.Th) {
				return true
			}
			p.closeCell()
			return false
		}
	case endToken:
		switch t.atom {
		case atom.Td, atom.Th:
			if p.inScope(tableScope, t.atom) {
				p.impliedEndTags(0)
				p.popUntil(t.atom)
				p.clearToMarker()
				p.mode = inRowMode
			}
			return true
		case atom.Body, atom.Caption, atom.Col, atom.Colgroup, atom.Html:
			return true
		case atom.Table, atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr:
			if !p.inScope(tableScope, t.atom) {
				return true
			}
			p.closeCell()
			return false
		}
	}
	return inBodyMode(p)
}

func (p *parser) closeCell() {
	p.impliedEndTags(0)
	p.popUntil(atom.Td, atom.Th)
	p.clearToMarker()
	p.mode = inRowMode
}
