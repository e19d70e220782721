package dom

import "golang.org/x/net/html/atom"

// initialMode waits for the doctype.
func initialMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		if p.dropLeadingSpace() {
			return true
		}
	case commentToken:
		insertBefore(p.doc.Root, p.comment(), nil)
		return true
	case doctypeToken:
		n := p.newNode()
		n.Type, n.Name = Doctype, t.doctype.name
		n.Pos, n.End, n.Close = t.pos, t.end, t.end
		if t.doctype.hasPublic || t.doctype.hasSystem {
			n.Attrs = []Attr{{"public", t.doctype.public, -1}, {"system", t.doctype.system, -1}}
		}
		insertBefore(p.doc.Root, n, nil)
		p.doc.QuirksMode = t.doctype.quirks()
		p.mode = beforeHTMLMode
		return true
	}
	p.doc.QuirksMode = true
	p.mode = beforeHTMLMode
	return false
}

func beforeHTMLMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case doctypeToken:
		return true
	case commentToken:
		insertBefore(p.doc.Root, p.comment(), nil)
		return true
	case textToken:
		if p.dropLeadingSpace() {
			return true
		}
	case startToken:
		if t.atom == atom.Html {
			n := p.element(HTML)
			insertBefore(p.doc.Root, n, nil)
			p.push(n)
			p.mode = beforeHeadMode
			return true
		}
	case endToken:
		switch t.atom {
		case atom.Head, atom.Body, atom.Html, atom.Br:
		default:
			return true
		}
	}
	n := p.implied(atom.Html)
	insertBefore(p.doc.Root, n, nil)
	p.push(n)
	p.mode = beforeHeadMode
	return false
}

func beforeHeadMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case textToken:
		if p.dropLeadingSpace() {
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
		case atom.Head:
			p.head = p.insertHTML()
			p.mode = inHeadMode
			return true
		}
	case endToken:
		switch t.atom {
		case atom.Head, atom.Body, atom.Html, atom.Br:
		default:
			return true
		}
	}
	p.head = p.insertImplied(atom.Head)
	p.mode = inHeadMode
	return false
}

func inHeadMode(p *parser) bool {
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
		if done, ok := p.headStart(); ok {
			return done
		}
	case endToken:
		switch t.atom {
		case atom.Head:
			p.pop()
			p.mode = afterHeadMode
			return true
		case atom.Body, atom.Html, atom.Br:
		case atom.Template:
			p.endTemplate()
			return true
		default:
			return true
		}
	}
	p.pop()
	p.mode = afterHeadMode
	return false
}

// headStart handles the start tags of the "in head" mode; ok is false when the
// mode has no rule of its own for the tag.
func (p *parser) headStart() (done, ok bool) {
	t := &p.tok
	switch t.atom {
	case atom.Html:
		return inBodyMode(p), true
	case atom.Base, atom.Basefont, atom.Bgsound, atom.Link, atom.Meta:
		p.insertVoid()
	case atom.Title:
		p.startText()
	case atom.Noscript:
		if !p.opt.NoScript {
			p.startText()
			return true, true
		}
		p.insertHTML()
		p.mode = inHeadNoscriptMode
	case atom.Noframes, atom.Style, atom.Script:
		p.startText()
	case atom.Template:
		p.startTemplate()
	case atom.Head:
	default:
		return false, false
	}
	return true, true
}

// startText opens an element of raw or escapable text.
func (p *parser) startText() {
	p.insertHTML()
	p.orig = p.mode
	p.mode = textMode
}

// textMode is the contents of title, script, textarea and the like.
func textMode(p *parser) bool {
	switch p.tok.kind {
	case textToken:
		p.insertText()
		return true
	case eofToken:
		p.pop()
		p.mode = p.orig
		return false
	}
	p.pop()
	p.mode = p.orig
	return true
}

// startTemplate opens a template, or the shadow root that it declares.
func (p *parser) startTemplate() {
	p.formatting = append(p.formatting, nil)
	p.noFrameset = true
	p.mode = inTemplateMode
	p.templateModes = append(p.templateModes, inTemplateMode)

	host := p.adjusted()
	parent, before := p.place(nil)
	n := p.element(HTML)
	if p.declaresShadow(n, host) {
		root := p.newNode()
		root.Type, root.Host = Fragment, host
		host.Shadow, n.Content = root, root
		n.Parent = parent
		p.push(n)
		return
	}
	if len(p.open) >= maxOpen && before == nil && parent == p.current() && parent.Parent != nil {
		parent = parent.Parent
	}
	insertBefore(parent, n, before)
	n.Content = p.newNode()
	n.Content.Type, n.Content.Host = Fragment, n
	p.push(n)
}

// declaresShadow says whether the template n becomes a shadow root of host.
func (p *parser) declaresShadow(n, host *Node) bool {
	switch asciiLower(n.Get("shadowrootmode")) {
	case "open", "closed":
	default:
		return false
	}
	if p.context != nil || len(p.open) < 2 || host.NS != HTML || host.Shadow != nil {
		return false
	}
	return host.in(shadowHosts) || host.Atom == 0 && isCustomName(host.Name)
}

// isCustomName says whether name can be a custom element's.
func isCustomName(name string) bool {
	switch name {
	case "annotation-xml", "color-profile", "font-face", "font-face-src", "font-face-uri",
		"font-face-format", "font-face-name", "missing-glyph":
		return false
	}
	for i := 1; i < len(name); i++ {
		if name[i] == '-' {
			return true
		}
	}
	return false
}

// endTemplate handles </template>.
func (p *parser) endTemplate() {
	if !p.hasOpen(atom.Template) {
		return
	}
	p.impliedEndTagsThoroughly()
	p.popUntil(atom.Template)
	p.clearToMarker()
	p.templateModes = p.templateModes[:len(p.templateModes)-1]
	p.resetMode()
}

func inHeadNoscriptMode(p *parser) bool {
	t := &p.tok
	switch t.kind {
	case doctypeToken:
		return true
	case textToken:
		if p.insertLeadingSpace() {
			return true
		}
	case commentToken:
		return inHeadMode(p)
	case startToken:
		switch t.atom {
		case atom.Html:
			return inBodyMode(p)
		case atom.Basefont, atom.Bgsound, atom.Link, atom.Meta, atom.Noframes, atom.Style:
			return inHeadMode(p)
		case atom.Head, atom.Noscript:
			return true
		}
	case endToken:
		switch t.atom {
		case atom.Noscript:
			p.pop()
			p.mode = inHeadMode
			return true
		case atom.Br:
		default:
			return true
		}
	}
	p.pop()
	p.mode = inHeadMode
	return false
}

func afterHeadMode(p *parser) bool {
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
		case atom.Body:
			p.insertHTML()
			p.noFrameset = true
			p.mode = inBodyMode
			return true
		case atom.Frameset:
			p.insertHTML()
			p.mode = inFramesetMode
			return true
		case atom.Base, atom.Basefont, atom.Bgsound, atom.Link, atom.Meta, atom.Noframes,
			atom.Script, atom.Style, atom.Template, atom.Title:
			p.push(p.head)
			done := inHeadMode(p)
			p.removeOpen(p.head)
			return done
		case atom.Head:
			return true
		}
	case endToken:
		switch t.atom {
		case atom.Template:
			p.endTemplate()
			return true
		case atom.Body, atom.Html, atom.Br:
		default:
			return true
		}
	}
	p.insertImplied(atom.Body)
	p.mode = inBodyMode
	return false
}

// resetMode is "reset the insertion mode appropriately".
func (p *parser) resetMode() {
	for i := len(p.open) - 1; i >= 0; i-- {
		n := p.open[i]
		last := i == 0
		if last && p.context != nil {
			n = p.context
		}
		if m := p.modeFor(n, last); m != nil {
			p.mode = m
			return
		}
	}
	p.mode = inBodyMode
}

// modeFor returns the mode that the innermost element n decides, or nil.
func (p *parser) modeFor(n *Node, last bool) mode {
	if n.NS != HTML {
		if last {
			return inBodyMode
		}
		return nil
	}
	switch n.Atom {
	case atom.Td, atom.Th:
		if !last {
			return inCellMode
		}
	case atom.Tr:
		return inRowMode
	case atom.Tbody, atom.Thead, atom.Tfoot:
		return inTableBodyMode
	case atom.Caption:
		return inCaptionMode
	case atom.Colgroup:
		return inColumnGroupMode
	case atom.Table:
		return inTableMode
	case atom.Template:
		return p.templateModes[len(p.templateModes)-1]
	case atom.Head:
		if !last {
			return inHeadMode
		}
	case atom.Body:
		return inBodyMode
	case atom.Frameset:
		return inFramesetMode
	case atom.Html:
		if p.head == nil {
			return beforeHeadMode
		}
		return afterHeadMode
	}
	if last {
		return inBodyMode
	}
	return nil
}
