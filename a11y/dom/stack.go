package dom

import "golang.org/x/net/html/atom"

// maxOpen is how many elements may be open at once. Deeper elements become
// siblings, as in Chromium, so that no walk over the tree runs out of stack and
// no search in the open elements takes long.
const maxOpen = 512

// maxReopened bounds how many elements reconstruct may make: a page that nests
// thousands of unclosed <b> in each of its thousands of paragraphs would fill the
// memory.
const maxReopened = 1 << 18

// push opens n. Beyond the limit the element that was current steps into the
// spill, where it is not searched but still waits for its end tag.
func (p *parser) push(n *Node) {
	if len(p.open) >= maxOpen || len(p.spill) > 0 {
		last := len(p.open) - 1
		p.spill = append(p.spill, p.open[last])
		p.open[last] = n
		return
	}
	p.open = append(p.open, n)
}

// pop closes the current node.
func (p *parser) pop() *Node {
	last := len(p.open) - 1
	n := p.open[last]
	p.close(n)
	if s := len(p.spill); s > 0 {
		p.open[last] = p.spill[s-1]
		p.spill = p.spill[:s-1]
		return n
	}
	p.open = p.open[:last]
	return n
}

// close notes where n ended.
func (p *parser) close(n *Node) {
	end := p.tok.pos
	if p.tok.kind == endToken && p.tok.name == n.Name {
		end = p.tok.end
	}
	if end > n.Close {
		n.Close = end
	}
}

// truncate closes every open element from index i on.
func (p *parser) truncate(i int) {
	for len(p.open) > i && len(p.open) > 0 {
		p.pop()
	}
}

// popUntil closes elements up to and with the last open one of the names.
func (p *parser) popUntil(names ...atom.Atom) {
	for len(p.open) > 1 {
		if n := p.pop(); n.isAtom(names...) {
			return
		}
	}
}

// isAtom says whether n is an HTML element of one of the names.
func (n *Node) isAtom(names ...atom.Atom) bool {
	if n.NS != HTML || n.Atom == 0 {
		return false
	}
	for _, a := range names {
		if n.Atom == a {
			return true
		}
	}
	return false
}

func (n *Node) in(s atomSet) bool { return n.NS == HTML && n.Atom != 0 && s[n.Atom] }

// isSpecial says whether n is in the "special" category.
func (n *Node) isSpecial() bool {
	switch n.NS {
	case HTML:
		return n.in(special)
	default:
		return foreignMarker(n)
	}
}

// foreignMarker says whether n is one of the foreign elements that bound scopes.
func foreignMarker(n *Node) bool {
	switch n.NS {
	case MathML:
		switch n.Name {
		case "mi", "mo", "mn", "ms", "mtext", "annotation-xml":
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

// scope is one of the standard's element scopes.
type scope uint8

const (
	defaultScope scope = iota
	listScope
	buttonScope
	tableScope
)

// bounds says whether n ends a search in the scope.
func (s scope) bounds(n *Node) bool {
	if n.NS != HTML {
		return s != tableScope && foreignMarker(n)
	}
	switch s {
	case tableScope:
		return n.isAtom(atom.Html, atom.Table, atom.Template)
	case listScope:
		if n.Atom == atom.Ol || n.Atom == atom.Ul {
			return true
		}
	case buttonScope:
		if n.Atom == atom.Button {
			return true
		}
	}
	return n.in(scopeMarker)
}

// inScope says whether an element of one of the names is open in the scope.
func (p *parser) inScope(s scope, names ...atom.Atom) bool {
	for i := len(p.open) - 1; i >= 0; i-- {
		n := p.open[i]
		if n.isAtom(names...) {
			return true
		}
		if s.bounds(n) {
			return false
		}
	}
	return false
}

// nodeInScope says whether n itself is open in the default scope.
func (p *parser) nodeInScope(n *Node) bool {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i] == n {
			return true
		}
		if defaultScope.bounds(p.open[i]) {
			return false
		}
	}
	return false
}

// indexOpen returns the place of n among the open elements, or -1.
func (p *parser) indexOpen(n *Node) int {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i] == n {
			return i
		}
	}
	return -1
}

// hasOpen says whether an HTML element of the name is open at all.
func (p *parser) hasOpen(a atom.Atom) bool {
	for _, n := range p.open {
		if n.isAtom(a) {
			return true
		}
	}
	return false
}

// removeOpen takes n out of the open elements.
func (p *parser) removeOpen(n *Node) {
	i := p.indexOpen(n)
	if i < 0 {
		return
	}
	if i == len(p.open)-1 {
		p.pop()
		return
	}
	p.close(n)
	p.open = append(p.open[:i], p.open[i+1:]...)
}

// current is the current node.
func (p *parser) current() *Node { return p.open[len(p.open)-1] }

// adjusted is the adjusted current node.
func (p *parser) adjusted() *Node {
	if len(p.open) == 1 && p.context != nil {
		return p.context
	}
	if len(p.open) == 0 {
		return nil
	}
	return p.current()
}

// impliedEndTags closes elements whose end tags may be left out, but not except.
func (p *parser) impliedEndTags(except atom.Atom) {
	for len(p.open) > 0 {
		n := p.current()
		if !n.in(impliedEnd) || n.Atom == except {
			return
		}
		p.pop()
	}
}

// impliedEndTagsThoroughly is the standard's algorithm of that name.
func (p *parser) impliedEndTagsThoroughly() {
	for len(p.open) > 0 && p.current().in(impliedEndThorough) {
		p.pop()
	}
}

// closeP closes an open p element.
func (p *parser) closeP() {
	p.impliedEndTags(atom.P)
	p.popUntil(atom.P)
}

// closePInButtonScope closes a p that is open in button scope.
func (p *parser) closePInButtonScope() {
	if p.inScope(buttonScope, atom.P) {
		p.closeP()
	}
}

// pushFormatting adds n to the active formatting elements; of four equal ones
// since the last marker the first goes (the Noah's Ark clause).
func (p *parser) pushFormatting(n *Node) {
	equal, first := 0, -1
	for i := len(p.formatting) - 1; i >= 0; i-- {
		m := p.formatting[i]
		if m == nil {
			break
		}
		if sameTag(m, n) {
			equal++
			first = i
		}
	}
	if equal >= 3 {
		p.formatting = append(p.formatting[:first], p.formatting[first+1:]...)
	}
	p.formatting = append(p.formatting, n)
}

// sameTag says whether two elements have one name and the same attributes.
func sameTag(a, b *Node) bool {
	if a.Name != b.Name || a.NS != b.NS || len(a.Attrs) != len(b.Attrs) {
		return false
	}
	for _, x := range a.Attrs {
		if v, ok := b.Attr(x.Name); !ok || v != x.Value {
			return false
		}
	}
	return true
}

// clearToMarker drops formatting elements up to the last marker.
func (p *parser) clearToMarker() {
	for i := len(p.formatting) - 1; i >= 0; i-- {
		n := p.formatting[i]
		p.formatting = p.formatting[:i]
		if n == nil {
			return
		}
	}
}

func (p *parser) removeFormatting(n *Node) {
	for i := len(p.formatting) - 1; i >= 0; i-- {
		if p.formatting[i] == n {
			p.formatting = append(p.formatting[:i], p.formatting[i+1:]...)
			return
		}
	}
}

func (p *parser) indexFormatting(n *Node) int {
	for i := len(p.formatting) - 1; i >= 0; i-- {
		if p.formatting[i] == n {
			return i
		}
	}
	return -1
}

// reconstruct opens again the formatting elements that were closed by the
// structure of the page rather than by the author.
func (p *parser) reconstruct() {
	i := len(p.formatting) - 1
	if i < 0 || p.formatting[i] == nil || p.indexOpen(p.formatting[i]) >= 0 {
		return
	}
	for i > 0 && p.formatting[i-1] != nil && p.indexOpen(p.formatting[i-1]) < 0 {
		i--
	}
	if p.reopened += len(p.formatting) - i; p.reopened > maxReopened {
		p.formatting = p.formatting[:i]
		return
	}
	for ; i < len(p.formatting); i++ {
		n := p.clone(p.formatting[i])
		p.insertNode(n)
		p.push(n)
		p.formatting[i] = n
	}
}
