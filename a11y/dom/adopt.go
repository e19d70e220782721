package dom

import "golang.org/x/net/html/atom"

// adopt is the adoption agency algorithm: it closes a formatting element that
// may be wrongly nested with blocks.
func (p *parser) adopt(subject atom.Atom, name string) {
	if cur := p.current(); cur.isAtom(subject) && p.indexFormatting(cur) < 0 {
		p.pop()
		return
	}
	for range 8 {
		fe := p.lastFormatting(subject)
		if fe == nil {
			p.otherEnd(name)
			return
		}
		feIndex := p.indexOpen(fe)
		if feIndex < 0 {
			p.removeFormatting(fe)
			return
		}
		if !p.nodeInScope(fe) {
			return
		}
		block := p.furthestBlock(feIndex)
		if block < 0 {
			p.truncate(feIndex)
			p.removeFormatting(fe)
			return
		}
		p.adoptOnce(fe, feIndex, block)
	}
}

// lastFormatting finds the last active formatting element of the name after
// the last marker.
func (p *parser) lastFormatting(a atom.Atom) *Node {
	for i := len(p.formatting) - 1; i >= 0 && p.formatting[i] != nil; i-- {
		if p.formatting[i].isAtom(a) {
			return p.formatting[i]
		}
	}
	return nil
}

// furthestBlock returns the index of the topmost special element above from.
func (p *parser) furthestBlock(from int) int {
	for i := from + 1; i < len(p.open); i++ {
		if p.open[i].isSpecial() {
			return i
		}
	}
	return -1
}

// adoptOnce is one round of the outer loop: the contents of the furthest block
// get a copy of the formatting element of their own.
func (p *parser) adoptOnce(fe *Node, feIndex, blockIndex int) {
	block := p.open[blockIndex]
	ancestor := p.open[feIndex-1]
	bookmark := p.indexFormatting(fe)
	last := block
	i := blockIndex
	for counter := 1; ; counter++ {
		i--
		node := p.open[i]
		if node == fe {
			break
		}
		f := p.indexFormatting(node)
		if counter > 3 && f >= 0 {
			p.formatting = append(p.formatting[:f], p.formatting[f+1:]...)
			if f < bookmark {
				bookmark--
			}
			f = -1
		}
		if f < 0 {
			p.close(node)
			p.open = append(p.open[:i], p.open[i+1:]...)
			continue
		}
		p.close(node)
		c := p.clone(node)
		p.open[i], p.formatting[f] = c, c
		if last == block {
			bookmark = f + 1
		}
		remove(last)
		insertBefore(c, last, nil)
		last = c
	}
	remove(last)
	parent, before := p.place(ancestor)
	insertBefore(parent, last, before)

	c := p.clone(fe)
	moveChildren(block, c)
	insertBefore(block, c, nil)
	p.swapFormatting(fe, c, bookmark)
	p.close(fe)
	p.open = append(p.open[:feIndex], p.open[feIndex+1:]...)
	at := p.indexOpen(block) + 1
	p.open = append(p.open, nil)
	copy(p.open[at+1:], p.open[at:])
	p.open[at] = c
}

// swapFormatting takes fe out of the active formatting elements and puts c at
// the bookmark.
func (p *parser) swapFormatting(fe, c *Node, bookmark int) {
	if i := p.indexFormatting(fe); i >= 0 {
		p.formatting = append(p.formatting[:i], p.formatting[i+1:]...)
		if i < bookmark {
			bookmark--
		}
	}
	p.formatting = append(p.formatting, nil)
	copy(p.formatting[bookmark+1:], p.formatting[bookmark:])
	p.formatting[bookmark] = c
}
