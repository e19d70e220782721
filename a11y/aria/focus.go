package aria

import (
	"strconv"
	"strings"

	"handrail/a11y/dom"
)

// Focusable reports whether the element can have the focus: it is rendered,
// visible, not inert or disabled, and its language or a tabindex makes it so
// (HTML Standard, 6.6.3).
func (t *Tree) Focusable(n *dom.Node) bool {
	if n.Type != dom.Element || t.flags[n.Index]&(outside|notRendered|invisible|inert) != 0 {
		return false
	}
	_, ok := Tabindex(n)
	return (ok || focusableByDefault(n)) && !Disabled(n)
}

// Tabbable reports whether the element is part of sequential focus
// navigation: it is focusable and no negative tabindex takes it out.
func (t *Tree) Tabbable(n *dom.Node) bool {
	if !t.Focusable(n) {
		return false
	}
	i, ok := Tabindex(n)
	return !ok || i >= 0
}

// Tabindex returns the value of the tabindex attribute, and whether it is an
// integer as HTML parses them: "1x" is 1, "x" is none.
func Tabindex(n *dom.Node) (int, bool) {
	v, ok := n.Attr("tabindex")
	if !ok {
		return 0, false
	}
	v = strings.TrimLeft(v, whitespace)
	end := 0
	if end < len(v) && (v[end] == '-' || v[end] == '+') {
		end++
	}
	for end < len(v) && v[end] >= '0' && v[end] <= '9' {
		end++
	}
	i, err := strconv.Atoi(v[:end])
	return i, err == nil
}

func focusableByDefault(n *dom.Node) bool {
	switch n.NS {
	case dom.SVG:
		return n.Name == "a" && (n.Has("href") || n.Has("xlink:href"))
	case dom.MathML:
		return false
	}
	switch n.Name {
	case "a", "area":
		return n.Has("href")
	case "button", "select", "textarea", "iframe":
		return true
	case "input":
		return InputType(n) != "hidden"
	case "summary":
		return isSummary(n)
	case "audio", "video":
		return n.Has("controls")
	}
	return isEditingHost(n)
}

// isEditingHost reports whether contenteditable makes the element editable
// and is not inherited.
func isEditingHost(n *dom.Node) bool {
	v, ok := n.Attr("contenteditable")
	if !ok {
		return false
	}
	switch strings.ToLower(v) {
	case "", "true", "plaintext-only":
		return true
	}
	return false
}

// Disabled reports whether the form control is actually disabled: by its own
// attribute or by that of a fieldset round it, its first legend excepted
// (HTML Standard, 4.10.18.5).
func Disabled(n *dom.Node) bool {
	if n.Is("option", "optgroup") {
		return n.Has("disabled") || n.Parent.Is("optgroup") && n.Parent.Has("disabled")
	}
	if !n.Is("button", "input", "select", "textarea", "fieldset") {
		return false
	}
	if n.Has("disabled") {
		return true
	}
	var below *dom.Node = n
	for p := n.Parent; p != nil; below, p = p, p.Parent {
		if p.Is("fieldset") && p.Has("disabled") && !isFirstLegend(below) {
			return true
		}
	}
	return false
}

func isFirstLegend(n *dom.Node) bool {
	if !n.Is("legend") {
		return false
	}
	for e := n.PrevElement(); e != nil; e = e.PrevElement() {
		if e.Is("legend") {
			return false
		}
	}
	return true
}
