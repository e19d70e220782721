package dom

import "golang.org/x/net/html/atom"

// newNode returns a fresh node from the slab. A page has about as many nodes as
// it has tags, closing ones included.
func (p *parser) newNode() *Node {
	if len(p.slab) == 0 {
		p.slab = make([]Node, min(max(p.tags-p.count, 32), 1024))
	}
	n := &p.slab[0]
	p.slab = p.slab[1:]
	n.doc = p.doc
	n.Pos, n.End = -1, -1
	p.count++
	return n
}

// element makes an element for the current token.
func (p *parser) element(ns Namespace) *Node {
	t := &p.tok
	n := p.newNode()
	n.Type, n.NS, n.Atom, n.Name, n.Attrs = Element, ns, t.atom, t.name, t.attrs
	n.Pos, n.End, n.Close = t.pos, t.end, t.end
	return n
}

// implied makes an element that no tag asked for.
func (p *parser) implied(a atom.Atom) *Node {
	n := p.newNode()
	n.Type, n.Atom, n.Name = Element, a, a.String()
	n.Close = p.tok.pos
	return n
}

// clone makes another element from the tag of n.
func (p *parser) clone(n *Node) *Node {
	c := p.newNode()
	c.Type, c.NS, c.Atom, c.Name, c.Attrs = Element, n.NS, n.Atom, n.Name, n.Attrs
	c.Pos, c.End, c.Close = n.Pos, n.End, n.End
	return c
}

// insertHTML inserts and opens an HTML element for the current token.
func (p *parser) insertHTML() *Node {
	n := p.element(HTML)
	p.insertNode(n)
	p.push(n)
	return n
}

// insertVoid inserts an HTML element that has no contents.
func (p *parser) insertVoid() *Node {
	n := p.element(HTML)
	p.insertNode(n)
	p.tok.acked = true
	return n
}

// insertImplied inserts and opens an element that no tag asked for.
func (p *parser) insertImplied(a atom.Atom) *Node {
	n := p.implied(a)
	p.insertNode(n)
	p.push(n)
	return n
}

// insertNode puts n at the appropriate place.
func (p *parser) insertNode(n *Node) {
	parent, before := p.place(nil)
	if len(p.open) >= maxOpen && before == nil && parent == p.current() && parent.Parent != nil {
		parent = parent.Parent
	}
	insertBefore(parent, n, before)
}

// place is the standard's "appropriate place for inserting a node": the parent
// and the sibling to insert before.
func (p *parser) place(override *Node) (parent, before *Node) {
	target := override
	if target == nil {
		target = p.current()
	}
	if p.fostering && target.isAtom(atom.Table, atom.Tbody, atom.Tfoot, atom.Thead, atom.Tr) {
		return p.fosterPlace()
	}
	if target.Content != nil {
		return target.Content, nil
	}
	return target, nil
}

// fosterPlace is where misplaced contents of a table go.
func (p *parser) fosterPlace() (parent, before *Node) {
	for i := len(p.open) - 1; i >= 0; i-- {
		n := p.open[i]
		switch {
		case n.isAtom(atom.Template):
			return n.Content, nil
		case n.isAtom(atom.Table):
			if n.Parent != nil {
				return n.Parent, n
			}
			above := p.open[i-1]
			if above.Content != nil {
				return above.Content, nil
			}
			return above, nil
		}
	}
	return p.open[0], nil
}

// insertText adds the token's text at the appropriate place.
func (p *parser) insertText() {
	t := &p.tok
	parent, before := p.place(nil)
	if parent.Type == Document {
		return
	}
	prev := parent.LastChild
	if before != nil {
		prev = before.Prev
	}
	if prev != nil && prev.Type == Text {
		p.appendText(prev, t)
		return
	}
	n := p.newNode()
	n.Type, n.Text, n.Pos, n.End, n.Close = Text, t.text, t.pos, t.end, t.end
	if t.plain {
		p.plainText = n
	}
	insertBefore(parent, n, before)
}

// appendText lengthens a text node: where the pieces stand together in the
// source by slicing it, otherwise in a buffer that grows with the node.
func (p *parser) appendText(n *Node, t *token) {
	if t.plain && p.plainText == n && n.End == t.pos {
		n.Text, n.End, n.Close = p.src[n.Pos:t.end], t.end, t.end
		return
	}
	if p.growing != n {
		p.flushText()
		p.growing = n
		p.grown = append(p.grown[:0], n.Text...)
	}
	if p.plainText == n {
		p.plainText = nil
	}
	p.grown = append(p.grown, t.text...)
	if t.end > n.End {
		n.End, n.Close = t.end, t.end
	}
}

// flushText stores the buffer of appendText in its node.
func (p *parser) flushText() {
	if p.growing != nil {
		p.growing.Text = string(p.grown)
		p.growing = nil
	}
}

// insertComment adds a comment at the appropriate place.
func (p *parser) insertComment() {
	parent, before := p.place(nil)
	insertBefore(parent, p.comment(), before)
}

func (p *parser) comment() *Node {
	n := p.newNode()
	n.Type, n.Text = Comment, p.tok.text
	n.Pos, n.End, n.Close = p.tok.pos, p.tok.end, p.tok.end
	return n
}

// insertBefore links n into parent in front of before, or at the end.
func insertBefore(parent, n, before *Node) {
	n.Parent = parent
	if before == nil {
		n.Prev = parent.LastChild
		if n.Prev == nil {
			parent.FirstChild = n
		} else {
			n.Prev.Next = n
		}
		parent.LastChild = n
		return
	}
	n.Prev, n.Next = before.Prev, before
	if n.Prev == nil {
		parent.FirstChild = n
	} else {
		n.Prev.Next = n
	}
	before.Prev = n
}

// remove unlinks n from its parent.
func remove(n *Node) {
	if n.Parent == nil {
		return
	}
	if n.Prev != nil {
		n.Prev.Next = n.Next
	} else {
		n.Parent.FirstChild = n.Next
	}
	if n.Next != nil {
		n.Next.Prev = n.Prev
	} else {
		n.Parent.LastChild = n.Prev
	}
	n.Parent, n.Prev, n.Next = nil, nil, nil
}

// moveChildren gives all children of from to to.
func moveChildren(from, to *Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		remove(c)
		insertBefore(to, c, nil)
	}
}
