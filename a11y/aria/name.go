package aria

import (
	"strings"

	"handrail/a11y/dom"
)

// A Source says where an accessible name comes from.
type Source uint8

// The sources of names.
const (
	FromNothing Source = iota
	FromLabelledby
	FromLabel       // aria-label
	FromAttribute   // alt, value, label
	FromElement     // label, legend, caption, figcaption, SVG title
	FromContent     // the element's own content
	FromTitle       // the tooltip
	FromPlaceholder // placeholder, aria-placeholder
	FromDefault     // a text that the browser makes up: "Submit"
)

type text struct {
	s    string
	from Source
}

// Name returns the accessible name of the element, with white space
// collapsed.
func (t *Tree) Name(n *dom.Node) string { return t.name(n).s }

// NameFrom returns where the name comes from, FromNothing when it is empty.
func (t *Tree) NameFrom(n *dom.Node) Source { return t.name(n).from }

func (t *Tree) name(n *dom.Node) text {
	if n.Type != dom.Element {
		return text{}
	}
	if t.same(n) {
		return t.base.name(n)
	}
	if t.names == nil {
		t.names = make([]text, len(t.doc.Nodes))
	}
	if t.flags[n.Index]&nameKnown == 0 {
		// accname-1.2, step 1
		if !t.Role(n).Info().NameProhibited12 {
			t.names[n.Index] = t.compute(n)
		}
		t.flags[n.Index] |= nameKnown
	}
	return t.names[n.Index]
}

func (t *Tree) compute(n *dom.Node) text {
	w := walk{t: t, root: n}
	got := w.text(n, traversal{})
	got.s = Collapse(got.s)
	if got.s == "" {
		got.from = FromNothing
	}
	return got
}

// authorName is the name that the author gives a landmark, whatever its role:
// used where the role depends on it.
func (t *Tree) authorName(n *dom.Node) string {
	w := walk{t: t, root: n}
	s, ok := w.labelledby(n)
	if !ok {
		s = n.Get("aria-label")
	}
	if strings.Trim(s, whitespace) == "" {
		s = n.Get("title")
	}
	return Collapse(s)
}

// Collapse returns s without white space at its ends and with single spaces
// inside. Only ASCII white space counts: a no-break space is text.
func Collapse(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case ' ', '\t', '\n', '\f', '\r':
			space = true
		default:
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteByte(c)
		}
	}
	return b.String()
}

// A walk is one computation of a name or description.
type walk struct {
	t    *Tree
	root *dom.Node
	// seen holds what was referred to: each is consulted only once.
	seen []*dom.Node
	// following is set while aria-labelledby or aria-describedby is followed:
	// such references are followed once, not from there on.
	following bool
}

// A traversal says how the walk came to a node.
type traversal struct {
	recursing bool // from the content of another node
	named     bool // as a reference or native label: content counts, whatever the role
	unhidden  bool // from a reference to a hidden node: hidden content counts
}

// text is step 2 of the computation.
func (w *walk) text(n *dom.Node, how traversal) text {
	// 2A, hidden not referenced
	if hide := w.t.flags[n.Index] & hiddenForNames; !how.unhidden && hide != 0 {
		if hide == invisible && how.recursing && n.Type == dom.Element && n != w.root {
			// What is inside can be visible again.
			return text{w.children(n, how), FromContent}
		}
		return text{}
	}
	if n.Type == dom.Text { // 2G
		return text{n.Text, FromContent}
	}
	if n.Type != dom.Element || how.recursing && (n == w.root && !w.following || contains(w.seen, n)) {
		return text{} // a control inside its own label, or consulted before
	}
	if !w.following { // 2B
		if s, ok := w.labelledby(n); ok && s != "" {
			return text{s, FromLabelledby}
		}
	}
	role := w.t.Role(n)
	if (how.recursing || how.named) && n != w.root { // 2C
		if s, ok := w.value(n, role); ok {
			return text{s, FromAttribute}
		}
	}
	if s := n.Get("aria-label"); strings.Trim(s, whitespace) != "" && !n.Is("slot") { // 2D
		return text{s, FromLabel}
	}
	if got, done := w.native(n, role); done || strings.Trim(got.s, whitespace) != "" { // 2E
		return got
	}
	if how.recursing || how.named || w.namedByContent(n, role) { // 2F, 2H
		how.recursing, how.named = true, false
		if s := w.content(n, how); strings.Trim(s, whitespace) != "" {
			return text{s, FromContent}
		}
	}
	if s := n.Get("title"); n.NS == dom.HTML && strings.Trim(s, whitespace) != "" { // 2I
		return text{s, FromTitle}
	}
	return text{w.placeholder(n, role), FromPlaceholder}
}

// namedByContent reports whether the content of the element is its name. That
// of a row is, by WAI-ARIA, but browsers leave it out unless the row can have the
// focus or is part of a grid, and HTML-AAM does so for tr.
func (w *walk) namedByContent(n *dom.Node, role Role) bool {
	if role == Row && !w.t.Focusable(n) {
		for p := w.t.Parent(n); p != nil; p = w.t.Parent(p) {
			if r := w.t.Role(p); r != Rowgroup {
				return r == Grid || r == Treegrid
			}
		}
		return false
	}
	// Browsers name terms by their content, though WAI-ARIA has no name for
	// them.
	return role.Info().NameFromContent || role == Term || isSummary(n)
}

// labelledby follows aria-labelledby; ok when an ID refers to an element.
// Browsers know the other spelling too.
func (w *walk) labelledby(n *dom.Node) (string, bool) {
	for _, attr := range [...]string{"aria-labelledby", "aria-labeledby"} {
		if ids, ok := n.Attr(attr); ok {
			if s, ok := w.follow(n, ids); ok {
				return s, true
			}
		}
	}
	return "", false
}

// follow returns the texts of the elements that the IDs refer to, with spaces
// between them.
func (w *walk) follow(n *dom.Node, ids string) (string, bool) {
	was := w.following
	w.following = true
	var parts []string
	found := false
	for id := range strings.FieldsSeq(ids) {
		m := w.t.ByID(n, id)
		if m == nil {
			continue
		}
		found = true
		if contains(w.seen, m) {
			continue
		}
		if m != w.root {
			w.seen = append(w.seen, m)
		}
		hide := w.t.flags[m.Index]&hiddenForNames != 0
		if s := Collapse(w.text(m, traversal{named: true, unhidden: hide}).s); s != "" {
			parts = append(parts, s)
		}
	}
	w.following = was
	return strings.Join(parts, " "), found
}

// content is the text of the children in the flat tree, with generated
// content round it and spaces where blocks or text alternatives meet.
func (w *walk) content(n *dom.Node, how traversal) string {
	if opaque(n) {
		return ""
	}
	return w.t.generated(n, true) + w.children(n, how) + w.t.generated(n, false)
}

func (w *walk) children(n *dom.Node, how traversal) string {
	var b strings.Builder
	child := func(c *dom.Node) {
		if c.Is("br") {
			b.WriteByte(' ')
			return
		}
		got := w.text(c, how)
		if got.s == "" {
			return
		}
		if c.Type == dom.Element && (got.from != FromContent || w.t.isBlock(c)) {
			b.WriteByte(' ')
			b.WriteString(got.s)
			b.WriteByte(' ')
			return
		}
		b.WriteString(got.s)
	}
	for c := w.t.FlatFirst(n); c != nil; c = w.t.FlatNext(c) {
		if c.Type == dom.Text || c.Type == dom.Element && w.t.Owner(c) == nil {
			child(c)
		}
	}
	for _, c := range w.t.Owned(n) {
		b.WriteByte(' ')
		child(c)
	}
	return b.String()
}

// opaque reports whether the content of the element is never part of a name:
// it is no text, or a fallback that is not shown.
func opaque(n *dom.Node) bool {
	if n.NS != dom.HTML {
		return n.Name == "script" || n.Name == "style"
	}
	switch n.Name {
	case "script", "style", "template", "noscript", "iframe", "object", "video", "audio", "canvas", "textarea", "head":
		return true
	}
	return false
}

// Description returns the accessible description of the element.
func (t *Tree) Description(n *dom.Node) string {
	if n.Type != dom.Element {
		return ""
	}
	if t.descs == nil {
		t.descs = make([]string, len(t.doc.Nodes))
	}
	if t.flags[n.Index]&descKnown == 0 {
		t.flags[n.Index] |= descKnown
		t.descs[n.Index] = Collapse(t.describe(n))
	}
	return t.descs[n.Index]
}

// describe takes the first source that applies, even if it gives nothing
// (accname-1.2, description computation; HTML-AAM).
func (t *Tree) describe(n *dom.Node) string {
	w := walk{t: t, root: n}
	if ids, ok := n.Attr("aria-describedby"); ok {
		if s, ok := w.follow(n, ids); ok {
			return s
		}
	}
	if s, ok := n.Attr("aria-description"); ok && strings.Trim(s, whitespace) != "" {
		return s
	}
	named := t.NameFrom(n)
	if s, ok := w.nativeDescription(n, named); ok {
		return s
	}
	if named != FromTitle && n.NS == dom.HTML {
		return n.Get("title")
	}
	return ""
}
