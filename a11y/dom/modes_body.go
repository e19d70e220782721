package dom

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

func inBodyMode(p *parser) bool {
	switch p.tok.kind {
	case textToken:
		p.bodyText()
	case commentToken:
		p.insertComment()
	case startToken:
		return p.bodyStart()
	case endToken:
		return p.bodyEnd()
	case eofToken:
		if len(p.templateModes) > 0 {
			return inTemplateMode(p)
		}
	}
	return true
}

func (p *parser) bodyText() {
	t := &p.tok
	if t.dropNUL(); t.text == "" {
		return
	}
	p.reconstruct()
	if !p.noFrameset && strings.TrimLeft(t.text, space) != "" {
		p.noFrameset = true
	}
	p.insertText()
}

// bodyStart handles a start tag in the "in body" mode.
func (p *parser) bodyStart() bool {
	t := &p.tok
	switch t.atom {
	case atom.A:
		p.startA()
	case atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.S, atom.Small, atom.Strike,
		atom.Strong, atom.Tt, atom.U:
		p.reconstruct()
		p.pushFormatting(p.insertHTML())
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Center, atom.Details,
		atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Fieldset, atom.Figcaption, atom.Figure,
		atom.Footer, atom.Header, atom.Hgroup, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P,
		atom.Search, atom.Section, atom.Summary, atom.Ul:
		p.closePInButtonScope()
		p.insertHTML()
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.closePInButtonScope()
		if p.current().isAtom(atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6) {
			p.pop()
		}
		p.insertHTML()
	case atom.Li, atom.Dd, atom.Dt:
		p.startItem()
	case atom.Area, atom.Br, atom.Embed, atom.Img, atom.Keygen, atom.Wbr:
		p.reconstruct()
		p.insertVoid()
		p.noFrameset = true
	case atom.Input:
		p.startInput()
	case atom.Param, atom.Source, atom.Track:
		p.insertVoid()
	case atom.Base, atom.Basefont, atom.Bgsound, atom.Link, atom.Meta, atom.Noframes, atom.Script,
		atom.Style, atom.Template, atom.Title:
		return inHeadMode(p)
	case atom.Html:
		if !p.hasOpen(atom.Template) {
			addMissing(p.open[0], t.attrs)
		}
	case atom.Body:
		if len(p.open) > 1 && p.open[1].isAtom(atom.Body) && !p.hasOpen(atom.Template) {
			p.noFrameset = true
			addMissing(p.open[1], t.attrs)
		}
	case atom.Frameset:
		p.startFrameset()
	case atom.Caption, atom.Col, atom.Colgroup, atom.Frame, atom.Head, atom.Tbody, atom.Td,
		atom.Tfoot, atom.Th, atom.Thead, atom.Tr:
	default:
		return p.bodyStartRare()
	}
	return true
}

// bodyStartRare handles the start tags that pages have less often.
func (p *parser) bodyStartRare() bool {
	t := &p.tok
	switch t.atom {
	case atom.Pre, atom.Listing:
		p.closePInButtonScope()
		p.insertHTML()
		p.skipNewline = true
		p.noFrameset = true
	case atom.Form:
		p.startForm()
	case atom.Plaintext:
		p.closePInButtonScope()
		p.insertHTML()
	case atom.Button:
		if p.inScope(defaultScope, atom.Button) {
			p.impliedEndTags(0)
			p.popUntil(atom.Button)
		}
		p.reconstruct()
		p.insertHTML()
		p.noFrameset = true
	case atom.Nobr:
		p.reconstruct()
		if p.inScope(defaultScope, atom.Nobr) {
			p.adopt(atom.Nobr, "nobr")
			p.reconstruct()
		}
		p.pushFormatting(p.insertHTML())
	case atom.Applet, atom.Marquee, atom.Object:
		p.reconstruct()
		p.insertHTML()
		p.formatting = append(p.formatting, nil)
		p.noFrameset = true
	case atom.Table:
		if !p.doc.QuirksMode {
			p.closePInButtonScope()
		}
		p.insertHTML()
		p.noFrameset = true
		p.mode = inTableMode
	case atom.Hr:
		p.closePInButtonScope()
		if p.inScope(defaultScope, atom.Select) {
			p.impliedEndTags(0)
		}
		p.insertVoid()
		p.noFrameset = true
	case atom.Image:
		t.atom, t.name = atom.Img, "img"
		return false
	default:
		p.bodyStartText()
	}
	return true
}

// bodyStartText handles elements of raw text, form choices, ruby and foreign
// elements; all others are ordinary.
func (p *parser) bodyStartText() {
	switch p.tok.atom {
	case atom.Textarea:
		p.startText()
		p.skipNewline = true
		p.noFrameset = true
	case atom.Xmp:
		p.closePInButtonScope()
		p.reconstruct()
		p.noFrameset = true
		p.startText()
	case atom.Iframe:
		p.noFrameset = true
		p.startText()
	case atom.Noembed:
		p.startText()
	case atom.Noscript:
		if !p.opt.NoScript {
			p.startText()
			return
		}
		p.reconstruct()
		p.insertHTML()
	case atom.Select:
		p.startSelect()
	case atom.Optgroup, atom.Option:
		p.startOption()
	case atom.Rb, atom.Rtc:
		if p.inScope(defaultScope, atom.Ruby) {
			p.impliedEndTags(0)
		}
		p.insertHTML()
	case atom.Rp, atom.Rt:
		if p.inScope(defaultScope, atom.Ruby) {
			p.impliedEndTags(atom.Rtc)
		}
		p.insertHTML()
	case atom.Math:
		p.reconstruct()
		p.foreignStart(MathML)
	case atom.Svg:
		p.reconstruct()
		p.foreignStart(SVG)
	default:
		p.reconstruct()
		p.insertHTML()
	}
}

// addMissing gives n the attributes that it lacks, as a second <body> does.
func addMissing(n *Node, attrs []Attr) {
	if len(attrs) == 0 {
		return
	}
	has := make(map[string]bool, len(n.Attrs)+len(attrs))
	for _, a := range n.Attrs {
		has[a.Name] = true
	}
	n.Attrs = slices.Clip(n.Attrs)
	for _, a := range attrs {
		if !has[a.Name] {
			n.Attrs = append(n.Attrs, a)
		}
	}
}

func (p *parser) startA() {
	for i := len(p.formatting) - 1; i >= 0; i-- {
		n := p.formatting[i]
		if n == nil {
			break
		}
		if n.isAtom(atom.A) {
			p.adopt(atom.A, "a")
			p.removeFormatting(n)
			p.removeOpen(n)
			break
		}
	}
	p.reconstruct()
	p.pushFormatting(p.insertHTML())
}

// startItem opens a li, dd or dt and closes the one before it.
func (p *parser) startItem() {
	t := &p.tok
	p.noFrameset = true
	for i := len(p.open) - 1; i >= 0; i-- {
		n := p.open[i]
		same := t.atom == atom.Li && n.isAtom(atom.Li) || t.atom != atom.Li && n.isAtom(atom.Dd, atom.Dt)
		if same {
			p.impliedEndTags(n.Atom)
			p.popUntil(n.Atom)
			break
		}
		if n.isSpecial() && !n.isAtom(atom.Address, atom.Div, atom.P) {
			break
		}
	}
	p.closePInButtonScope()
	p.insertHTML()
}

func (p *parser) startFrameset() {
	if len(p.open) < 2 || !p.open[1].isAtom(atom.Body) || p.noFrameset {
		return
	}
	remove(p.open[1])
	p.truncate(1)
	p.insertHTML()
	p.mode = inFramesetMode
}

func (p *parser) startForm() {
	template := p.hasOpen(atom.Template)
	if p.form != nil && !template {
		return
	}
	p.closePInButtonScope()
	n := p.insertHTML()
	if !template {
		p.form = n
	}
}

func (p *parser) startInput() {
	if p.context != nil && p.context.isAtom(atom.Select) {
		return
	}
	if p.inScope(defaultScope, atom.Select) {
		p.popUntil(atom.Select)
	}
	p.reconstruct()
	p.insertVoid()
	if v, _ := p.attr("type"); !strings.EqualFold(v, "hidden") {
		p.noFrameset = true
	}
}

// startSelect handles <select>; inside another one it closes that.
func (p *parser) startSelect() {
	if p.context != nil && p.context.isAtom(atom.Select) {
		return
	}
	if p.inScope(defaultScope, atom.Select) {
		p.popUntil(atom.Select)
		return
	}
	p.reconstruct()
	p.insertHTML()
	p.noFrameset = true
}

func (p *parser) startOption() {
	if p.inScope(defaultScope, atom.Select) {
		if p.tok.atom == atom.Option {
			p.impliedEndTags(atom.Optgroup)
		} else {
			p.impliedEndTags(0)
		}
	} else if p.current().isAtom(atom.Option) {
		p.pop()
	}
	p.reconstruct()
	p.insertHTML()
}

// bodyEnd handles an end tag in the "in body" mode.
func (p *parser) bodyEnd() bool {
	t := &p.tok
	switch t.atom {
	case atom.Template:
		p.endTemplate()
	case atom.Body, atom.Html:
		if !p.inScope(defaultScope, atom.Body) {
			return true
		}
		p.mode = afterBodyMode
		return t.atom == atom.Body
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Button, atom.Center,
		atom.Details, atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Fieldset, atom.Figcaption,
		atom.Figure, atom.Footer, atom.Header, atom.Hgroup, atom.Listing, atom.Main, atom.Menu,
		atom.Nav, atom.Ol, atom.Pre, atom.Search, atom.Section, atom.Select, atom.Summary, atom.Ul:
		if p.inScope(defaultScope, t.atom) {
			p.impliedEndTags(0)
			p.popUntil(t.atom)
		}
	case atom.Form:
		p.endForm()
	case atom.P:
		if !p.inScope(buttonScope, atom.P) {
			p.insertImplied(atom.P)
		}
		p.closeP()
	case atom.Li:
		if p.inScope(listScope, atom.Li) {
			p.impliedEndTags(atom.Li)
			p.popUntil(atom.Li)
		}
	case atom.Dd, atom.Dt:
		if p.inScope(defaultScope, t.atom) {
			p.impliedEndTags(t.atom)
			p.popUntil(t.atom)
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		if p.inScope(defaultScope, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6) {
			p.impliedEndTags(0)
			p.popUntil(atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)
		}
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S,
		atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		p.adopt(t.atom, t.name)
	case atom.Applet, atom.Marquee, atom.Object:
		if p.inScope(defaultScope, t.atom) {
			p.impliedEndTags(0)
			p.popUntil(t.atom)
			p.clearToMarker()
		}
	case atom.Br:
		p.reconstruct()
		n := p.implied(atom.Br)
		p.insertNode(n)
		p.noFrameset = true
	default:
		p.otherEnd(t.name)
	}
	return true
}

func (p *parser) endForm() {
	if p.hasOpen(atom.Template) {
		if p.inScope(defaultScope, atom.Form) {
			p.impliedEndTags(0)
			p.popUntil(atom.Form)
		}
		return
	}
	n := p.form
	p.form = nil
	if n == nil || !p.nodeInScope(n) {
		return
	}
	p.impliedEndTags(0)
	p.removeOpen(n)
}

// otherEnd is "any other end tag".
func (p *parser) otherEnd(name string) {
	for i := len(p.open) - 1; i > 0; i-- {
		n := p.open[i]
		if n.NS == HTML && n.Name == name {
			p.impliedEndTags(n.Atom)
			if j := p.indexOpen(n); j >= 0 {
				p.truncate(j)
			}
			return
		}
		if n.isSpecial() {
			return
		}
	}
}
