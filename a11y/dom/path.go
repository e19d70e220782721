package dom

import (
	"strconv"
	"strings"
	"sync"
)

// pathCache keeps what Path has to count: for each element its place among the
// siblings of its name, and the paths already built. It is filled on the first
// call, so that pages without findings pay nothing.
type pathCache struct {
	mu    sync.Mutex
	nth   []int32 // by Node.Index: place among siblings of that name; negative when alone
	dup   map[string]bool
	paths []string
}

// Path returns a CSS selector that selects n and nothing else in its tree, such
// as `main > ul > li:nth-of-type(2) > a`. It starts at the nearest element with
// an id that is unique in the page and simple to write.
func (n *Node) Path() string {
	if n.Type != Element {
		if n.Parent == nil || n.Parent.Type != Element {
			return ""
		}
		return n.Parent.Path()
	}
	if n.doc == nil {
		return n.Name
	}
	c := &n.doc.paths
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.nth == nil {
		c.count(n.doc)
	}
	return c.path(n)
}

// count numbers the elements of each parent by name, in one pass.
func (c *pathCache) count(d *Doc) {
	c.nth = make([]int32, len(d.Nodes))
	c.paths = make([]string, len(d.Nodes))
	c.dup = map[string]bool{}
	seen := map[string]bool{}
	last := map[string]*Node{}
	for _, p := range d.Nodes {
		if p.Type == Element {
			if id := p.Get("id"); id != "" {
				c.dup[id], seen[id] = seen[id], true
			}
		}
		if p.FirstChild == nil {
			continue
		}
		clear(last)
		for e := p.FirstChild; e != nil; e = e.Next {
			if e.Type != Element {
				continue
			}
			if prev := last[e.Name]; prev != nil {
				if c.nth[prev.Index] < 0 {
					c.nth[prev.Index] = 1
				}
				c.nth[e.Index] = c.nth[prev.Index] + 1
			} else {
				c.nth[e.Index] = -1
			}
			last[e.Name] = e
		}
	}
}

// path builds the path of n from that of its parent. It works without
// recursion, as trees can be deep.
func (c *pathCache) path(n *Node) string {
	var chain []*Node
	prefix := ""
	for e := n; e != nil && e.Type == Element; e = hostOrParent(e) {
		if p := c.paths[e.Index]; p != "" {
			prefix = p
			break
		}
		chain = append(chain, e)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		e := chain[i]
		prefix = c.step(prefix, e)
		c.paths[e.Index] = prefix
	}
	return prefix
}

// hostOrParent steps up, out of templates and shadow trees too.
func hostOrParent(n *Node) *Node {
	if p := n.Parent; p == nil || p.Type != Fragment {
		return p
	}
	return n.Parent.Host
}

// step adds one element to a path.
func (c *pathCache) step(prefix string, e *Node) string {
	id := e.Get("id")
	if simpleID(id) && !c.dup[id] && e.doc.byID[id] == e {
		return "#" + id
	}
	name := escapeName(e.Name)
	alone := c.nth[e.Index] < 0
	if e.NS == HTML && alone {
		switch {
		case e == e.doc.html, e == e.doc.body, e == e.doc.head:
			return name
		case e.Name == "main" && prefix == "body":
			return name
		}
	}
	if !alone && c.nth[e.Index] > 0 {
		name += ":nth-of-type(" + strconv.Itoa(int(c.nth[e.Index])) + ")"
	}
	if prefix == "" {
		return name
	}
	return prefix + " > " + name
}

// simpleID says whether id can be written after # as it is.
func simpleID(id string) bool {
	if id == "" {
		return false
	}
	for i, r := range id {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r >= 0x80 && r != 0xFFFD:
		case r >= '0' && r <= '9', r == '-':
			if i == 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// escapeName writes a tag name as a CSS identifier.
func escapeName(s string) string {
	if simpleID(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if simpleID("a"+string(r)) && (i > 0 || simpleID(string(r))) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(`\` + strconv.FormatInt(int64(r), 16) + " ")
	}
	return b.String()
}
