package style

import (
	"strings"

	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// matchContext is what matching depends on beside the tree.
type matchContext struct {
	doc     *dom.Doc
	overlay map[string]string // attributes of a mode, on the html element
	states  css.States        // states that subject is in
	subject *dom.Node
	scope   *dom.Node
	places  *places // counts of siblings; nil to count each time
	among   map[amongKey]map[*dom.Node]int
	depth   int
}

// attr returns an attribute, as the mode sets it.
func (c *matchContext) attr(n *dom.Node, name string) (string, bool) {
	if c.overlay != nil && n == c.doc.HTML() {
		if v, ok := c.overlay[name]; ok {
			return v, true
		}
	}
	return n.Attr(name)
}

// matches says whether n matches a complex selector; pseudo-elements are not
// looked at.
func (c *matchContext) matches(sel *css.Selector, n *dom.Node) bool {
	return c.from(sel, len(sel.Compounds)-1, n, nil) == matched
}

// A matching is how far the search for a complex selector came. It keeps the
// search short: when the ancestors have run out for one element, they have run
// out for its ancestors too.
type matching uint8

const (
	matched    matching = iota
	notHere             // the compound does not match this element
	noSibling           // nor will it from a sibling before
	noAncestor          // nor from an ancestor
)

// from matches compound i at n and those before it around n. With an anchor
// the selector is a relative one, and its first combinator starts from there.
func (c *matchContext) from(sel *css.Selector, i int, n, anchor *dom.Node) matching {
	if n == anchor || !c.compound(sel.Compounds[i].Simples, n) {
		return notHere
	}
	if i == 0 && anchor == nil {
		return matched
	}
	switch sel.Compounds[i].Comb {
	case css.Child:
		r := c.before(sel, i, n.ParentElement(), anchor, noAncestor)
		if r == notHere {
			return noSibling // siblings have the same parent
		}
		return r
	case css.Adjacent:
		return c.before(sel, i, n.PrevElement(), anchor, noSibling)
	case css.Sibling:
		for p := n.PrevElement(); p != nil; p = p.PrevElement() {
			if r := c.before(sel, i, p, anchor, noSibling); r != notHere {
				return r
			}
		}
		return noSibling
	default:
		for p := n.ParentElement(); p != nil; p = p.ParentElement() {
			if r := c.before(sel, i, p, anchor, noAncestor); r == matched || r == noAncestor {
				return r
			}
		}
		return noAncestor
	}
}

// before matches what stands before compound i at p: the compound before it
// or, at the beginning of a relative selector, the anchor. Where there is no p
// the answer is none.
func (c *matchContext) before(sel *css.Selector, i int, p, anchor *dom.Node, none matching) matching {
	switch {
	case p == nil:
		return none
	case i > 0:
		return c.from(sel, i-1, p, anchor)
	case p == anchor:
		return matched
	}
	return notHere
}

func (c *matchContext) compound(simples []css.Simple, n *dom.Node) bool {
	for i := range simples {
		if !c.simple(&simples[i], n) {
			return false
		}
	}
	return true
}

func (c *matchContext) simple(s *css.Simple, n *dom.Node) bool {
	switch s.Kind {
	case css.Universal:
		return true
	case css.Type:
		if n.NS == dom.HTML {
			return n.Name == s.Lower
		}
		return n.Name == s.Name
	case css.ID:
		v, ok := c.attr(n, "id")
		return ok && (v == s.Name || c.doc.QuirksMode && strings.EqualFold(v, s.Name))
	case css.Class:
		v, ok := c.attr(n, "class")
		return ok && hasWord(v, s.Name, c.doc.QuirksMode)
	case css.Attribute:
		return c.attribute(s, n)
	}
	return c.pseudo(s, n)
}

// hasWord says whether a list separated by white space has the word.
func hasWord(list, word string, fold bool) bool {
	if len(list) < len(word) {
		return false
	}
	for w := range fields(list) {
		if w == word || fold && strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// foldedAttrs are attributes whose values ignore the case of letters in HTML.
var foldedAttrs = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`accept accept-charset align alink axis bgcolor charset checked clear
		codetype color compact declare defer dir direction disabled enctype face frame hreflang
		http-equiv lang language link media method multiple nohref noresize noshade nowrap readonly
		rel rev rules scope scrolling selected shape target text type valign valuetype vlink`) {
		m[w] = true
	}
	return m
}()

func (c *matchContext) attribute(s *css.Simple, n *dom.Node) bool {
	name := s.Name
	if n.NS == dom.HTML {
		name = s.Lower
	}
	v, ok := c.attr(n, name)
	if !ok || s.Op == 0 {
		return ok
	}
	want := s.Value
	if s.Fold || !s.Exact && n.NS == dom.HTML && foldedAttrs[s.Lower] {
		v, want = strings.ToLower(v), strings.ToLower(want)
	}
	switch s.Op {
	case '=':
		return v == want
	case '~':
		return want != "" && hasWord(v, want, false)
	case '|':
		return v == want || strings.HasPrefix(v, want) && len(v) > len(want) && v[len(want)] == '-'
	case '^':
		return want != "" && strings.HasPrefix(v, want)
	case '$':
		return want != "" && strings.HasSuffix(v, want)
	case '*':
		return want != "" && strings.Contains(v, want)
	}
	return false
}

func (c *matchContext) any(list css.SelectorList, n *dom.Node) bool {
	for _, sel := range list {
		if sel.Pseudo == "" && c.matches(sel, n) {
			return true
		}
	}
	return false
}

func (c *matchContext) pseudo(s *css.Simple, n *dom.Node) bool {
	if s.State != 0 {
		return c.state(s.State, n)
	}
	switch s.Lower {
	case "is":
		return c.any(s.List, n)
	case "not":
		return !c.any(s.List, n)
	case "has":
		return c.has(s.List, n)
	case "root":
		return n == c.doc.HTML()
	case "scope":
		if c.scope != nil {
			return n == c.scope
		}
		return n == c.doc.HTML()
	case "first-child":
		return n.PrevElement() == nil
	case "last-child":
		return n.NextElement() == nil
	case "only-child":
		return n.PrevElement() == nil && n.NextElement() == nil
	case "first-of-type":
		return c.position(n, false, true) == 1
	case "last-of-type":
		return c.position(n, true, true) == 1
	case "only-of-type":
		return c.position(n, false, true) == 1 && c.position(n, true, true) == 1
	case "nth-child":
		return c.nth(s, n, false, false)
	case "nth-last-child":
		return c.nth(s, n, true, false)
	case "nth-of-type":
		return c.nth(s, n, false, true)
	case "nth-last-of-type":
		return c.nth(s, n, true, true)
	case "empty":
		for k := n.FirstChild; k != nil; k = k.Next {
			if k.Type == dom.Element || k.Type == dom.Text {
				return false
			}
		}
		return true
	case "lang":
		return matchLang(c.lang(n), s.Args)
	case "dir":
		return len(s.Args) == 1 && c.dir(n) == s.Args[0]
	}
	return c.formPseudo(s.Lower, n)
}

// state says whether n is in the dynamic state: the subject itself or, for
// hover, active and focus-within, one of its ancestors.
func (c *matchContext) state(st css.States, n *dom.Node) bool {
	if c.subject == nil {
		return false
	}
	on := c.states
	if on&(css.Focus|css.FocusVisible) != 0 {
		on |= css.FocusWithin | css.Focus
	}
	if on&css.Active != 0 {
		on |= css.Hover
	}
	if on&st == 0 {
		return false
	}
	if n == c.subject {
		return true
	}
	return st&(css.Hover|css.Active|css.FocusWithin) != 0 && n.Contains(c.subject)
}

// position returns the place of n among its siblings, counted from either end:
// those of its type, or all.
func (c *matchContext) position(n *dom.Node, last, ofType bool) int {
	if c.places != nil {
		return c.places.of(n, last, ofType)
	}
	pos := 1
	for s := n; ; {
		if last {
			s = s.NextElement()
		} else {
			s = s.PrevElement()
		}
		if s == nil {
			return pos
		}
		if !ofType || s.Name == n.Name && s.NS == n.NS {
			pos++
		}
	}
}

// An amongKey names the children of a parent that match a list of selectors.
type amongKey struct {
	list   *css.Selector // the first of the list, which stands in one place of one sheet
	parent *dom.Node
}

// positionAmong returns the place of n, which matches the list, among its
// siblings that match it too. The places of all are counted at once.
func (c *matchContext) positionAmong(n *dom.Node, last bool, list css.SelectorList) int {
	if n.Parent == nil {
		return 1
	}
	key := amongKey{list[0], n.Parent}
	counts, ok := c.among[key]
	if !ok {
		counts = map[*dom.Node]int{}
		for e := n.Parent.FirstChild; e != nil; e = e.Next {
			if e.Type == dom.Element && c.any(list, e) {
				counts[e] = len(counts) + 1
			}
		}
		if c.among == nil {
			c.among = map[amongKey]map[*dom.Node]int{}
		}
		c.among[key] = counts
	}
	if last {
		return len(counts) - counts[n] + 1
	}
	return counts[n]
}

func (c *matchContext) nth(s *css.Simple, n *dom.Node, last, ofType bool) bool {
	if s.List != nil && !c.any(s.List, n) {
		return false
	}
	var d int
	if s.List != nil {
		d = c.positionAmong(n, last, s.List) - s.B
	} else {
		d = c.position(n, last, ofType) - s.B
	}
	if s.A == 0 {
		return d == 0
	}
	return d%s.A == 0 && d/s.A >= 0
}

// maxHasDepth bounds :has() inside :has(), which nests walks over the tree.
const maxHasDepth = 2

// has says whether a relative selector matches around n.
func (c *matchContext) has(list css.SelectorList, n *dom.Node) bool {
	if c.depth >= maxHasDepth {
		return false
	}
	sub := *c
	sub.depth++
	for _, sel := range list {
		if sub.hasOne(sel, n) {
			return true
		}
	}
	return false
}

func (c *matchContext) hasOne(sel *css.Selector, anchor *dom.Node) bool {
	first := sel.Compounds[0].Comb
	root := anchor
	start := anchor.FirstChild
	if first == css.Adjacent || first == css.Sibling {
		root, start = anchor.Parent, anchor.Next
	}
	next := func(e *dom.Node) *dom.Node { return e.After(root) }
	if first == css.Child && len(sel.Compounds) == 1 {
		next = func(e *dom.Node) *dom.Node { return e.Next }
	}
	for e := start; e != nil; e = next(e) {
		if e.Type == dom.Element && c.from(sel, len(sel.Compounds)-1, e, anchor) == matched {
			return true
		}
	}
	return false
}
