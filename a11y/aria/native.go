package aria

import (
	"strings"

	"handrail/a11y/dom"
)

// native is step 2E: what HTML and SVG themselves offer as a name. done means
// that nothing else is asked, even when the text is empty.
func (w *walk) native(n *dom.Node, role Role) (got text, done bool) {
	if n.NS == dom.SVG {
		return w.svgName(n), false
	}
	if n.NS != dom.HTML {
		return text{}, false
	}
	if role == None {
		return text{}, n.Name == "img"
	}
	switch n.Name {
	case "img":
		return w.imageName(n), true
	case "area":
		return text{n.Get("alt"), FromAttribute}, false
	case "input":
		return w.inputName(n), false
	case "button", "select", "textarea", "meter", "output", "progress":
		return w.labels(n), false
	case "fieldset":
		return w.childName(n, "legend"), false
	case "table":
		return w.childName(n, "caption"), false
	case "option", "optgroup":
		return text{n.Get("label"), FromAttribute}, false
	}
	return text{}, false
}

func (w *walk) imageName(n *dom.Node) text {
	if alt, ok := n.Attr("alt"); ok {
		return text{alt, FromAttribute}
	}
	if title := n.Get("title"); strings.Trim(title, whitespace) != "" {
		return text{title, FromTitle}
	}
	if c := onlyCaption(n); c != nil && !contains(w.seen, c) {
		w.seen = append(w.seen, c)
		got := w.text(c, traversal{named: true})
		return text{got.s, FromElement}
	}
	return text{}
}

// onlyCaption returns the caption of a figure that holds nothing but the
// image and the caption.
func onlyCaption(img *dom.Node) *dom.Node {
	figure := img.Closest("figure")
	if figure == nil {
		return nil
	}
	var caption *dom.Node
	for c := figure.FirstChild; c != nil; {
		switch {
		case c.Is("figcaption") && c.Parent == figure && caption == nil:
			caption = c
			c = c.Skip(figure)
			continue
		case c.Type == dom.Text && strings.Trim(c.Text, whitespace) != "",
			c.Type == dom.Element && c != img && !c.Contains(img) && !c.Is("source"):
			return nil
		}
		c = c.After(figure)
	}
	return caption
}

func (w *walk) inputName(n *dom.Node) text {
	typ := InputType(n)
	if typ == "hidden" {
		return text{}
	}
	if got := w.labels(n); strings.Trim(got.s, whitespace) != "" {
		return got
	}
	switch typ {
	case "submit", "reset":
		if v, ok := n.Attr("value"); ok {
			return text{v, FromAttribute}
		}
		return text{strings.ToUpper(typ[:1]) + typ[1:], FromDefault}
	case "button":
		return text{n.Get("value"), FromAttribute}
	case "image":
		switch {
		case strings.Trim(n.Get("alt"), whitespace) != "":
			return text{n.Get("alt"), FromAttribute}
		case strings.Trim(n.Get("title"), whitespace) != "":
			return text{n.Get("title"), FromTitle}
		}
		return text{"Submit", FromDefault}
	}
	return text{}
}

// placeholder is the last source of names of text fields.
func (w *walk) placeholder(n *dom.Node, role Role) string {
	if n.Is("textarea") || n.Is("input") && takesPlaceholder(n) {
		if s := n.Get("placeholder"); strings.Trim(s, whitespace) != "" {
			return s
		}
	}
	if role == Textbox || role == Searchbox || role == Combobox || role == Spinbutton {
		return n.Get("aria-placeholder")
	}
	return ""
}

func takesPlaceholder(n *dom.Node) bool {
	switch InputType(n) {
	case "text", "password", "number", "search", "tel", "email", "url":
		return true
	}
	return false
}

// labels is the text of the label elements of a control. A label that is
// hidden names nothing (HTML-AAM, el-label).
func (w *walk) labels(n *dom.Node) text {
	var parts []string
	for _, l := range w.t.Labels(n) {
		if contains(w.seen, l) {
			continue
		}
		w.seen = append(w.seen, l)
		if s := Collapse(w.text(l, traversal{named: true}).s); s != "" {
			parts = append(parts, s)
		}
	}
	return text{strings.Join(parts, " "), FromElement}
}

// Labels returns the label elements of the control, in document order.
func (t *Tree) Labels(n *dom.Node) []*dom.Node {
	if t.labels == nil {
		t.labels = map[*dom.Node][]*dom.Node{}
		for _, e := range t.elements {
			if e.Is("label") {
				if c := t.Control(e); c != nil {
					t.labels[c] = append(t.labels[c], e)
				}
			}
		}
	}
	return t.labels[n]
}

// Control returns the labelled control of a label element.
func (t *Tree) Control(label *dom.Node) *dom.Node {
	if id, ok := label.Attr("for"); ok {
		if c := t.ByID(label, id); c != nil && labelable(c) {
			return c
		}
		return nil
	}
	for e := range label.Elements() {
		if labelable(e) {
			return e
		}
	}
	return nil
}

func labelable(n *dom.Node) bool {
	return n.Is("button", "meter", "output", "progress", "select", "textarea") ||
		n.Is("input") && InputType(n) != "hidden"
}

// childName is the text of the first child with the tag.
func (w *walk) childName(n *dom.Node, tag string) text {
	for c := range n.Children() {
		if c.Is(tag) {
			return text{w.text(c, traversal{named: true}).s, FromElement}
		}
	}
	return text{}
}

// svgName is SVG-AAM's: a title that is a child, or the title of a link.
func (w *walk) svgName(n *dom.Node) text {
	for c := range n.Children() {
		if isSVG(c, "title") {
			return text{c.TextContent(), FromElement}
		}
	}
	if n.Name == "a" {
		return text{n.Get("xlink:title"), FromAttribute}
	}
	return text{}
}

// nativeDescription is HTML-AAM's list, for sources that gave no name.
func (w *walk) nativeDescription(n *dom.Node, named Source) (string, bool) {
	switch {
	case n.NS == dom.SVG:
		for c := range n.Children() {
			if isSVG(c, "desc") {
				return c.TextContent(), true
			}
		}
	case n.Is("table") && named != FromElement:
		for c := range n.Children() {
			if c.Is("caption") {
				return w.text(c, traversal{named: true}).s, true
			}
		}
	case isSummary(n) && named != FromContent && named != FromNothing:
		return w.content(n, traversal{recursing: true}), true
	case n.Is("input") && named != FromAttribute:
		switch InputType(n) {
		case "button", "submit", "reset":
			v := n.Get("value")
			return v, v != ""
		}
	}
	return "", false
}

// value is step 2C: what a control inside a label says is its value.
func (w *walk) value(n *dom.Node, role Role) (string, bool) {
	switch {
	case role == Textbox || role == Searchbox:
		return w.typed(n), true
	case role == Combobox || role == Listbox:
		if n.Is("input") {
			return n.Get("value"), true
		}
		s := w.chosen(n)
		if s == "" && role == Combobox && !n.Is("select") {
			s = w.content(n, traversal{recursing: true})
		}
		return s, true
	case role == Slider || role == Spinbutton || role == Scrollbar || role == Progressbar || role == Meter:
		for _, attr := range [...]string{"aria-valuetext", "aria-valuenow"} {
			if v, ok := n.Attr(attr); ok {
				return v, true
			}
		}
		if n.Is("input", "meter", "progress") {
			return rangeValue(n), true
		}
	case n.Is("input") && role == NoRole:
		switch InputType(n) {
		case "date", "month", "week", "time", "datetime-local", "color":
			return n.Get("value"), true
		case "password":
			return "", true
		}
	}
	return "", false
}

func (w *walk) typed(n *dom.Node) string {
	switch {
	case n.Is("input"):
		return n.Get("value")
	case n.Is("textarea"):
		return n.TextContent()
	}
	return w.content(n, traversal{recursing: true})
}

// rangeValue is the value attribute, or the middle that HTML takes for a
// slider without one.
func rangeValue(n *dom.Node) string {
	v, ok := n.Attr("value")
	if !ok && n.Is("input") && InputType(n) == "range" && !n.Has("min") && !n.Has("max") {
		return "50"
	}
	return v
}

// chosen is the text of the options that are chosen.
func (w *walk) chosen(n *dom.Node) string {
	var parts []string
	var first *dom.Node
	add := func(o *dom.Node) {
		parts = append(parts, w.option(o))
	}
	for e := range n.Elements() {
		switch {
		case n.Is("select"):
			if !e.Is("option") {
				continue
			}
			if e.Has("selected") {
				if !SelectIsList(n) {
					parts = parts[:0]
				}
				add(e)
			} else if first == nil && !Disabled(e) {
				first = e
			}
		case w.t.Role(e) == Option && strings.EqualFold(e.Get("aria-selected"), "true"):
			add(e)
		}
	}
	if len(parts) == 0 && first != nil && !SelectIsList(n) {
		add(first)
	}
	return strings.Join(parts, " ")
}

func (w *walk) option(o *dom.Node) string {
	if s := o.Get("aria-label"); s != "" {
		return s
	}
	if s := o.Get("label"); s != "" {
		return s
	}
	return w.content(o, traversal{recursing: true, unhidden: true})
}
