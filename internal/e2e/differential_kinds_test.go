package e2e

import (
	"strings"

	"handrail/a11y/aria"
	htmldom "handrail/a11y/dom"
	"handrail/a11y/style"
)

// ownNames are Chromium's own names of roles, in the words of WAI-ARIA; "" where
// HTML-AAM has no corresponding role.
var ownNames = map[string]string{
	"generic": "", "none": "", "LineBreak": "", "Legend": "", "LabelText": "", "Iframe": "", "Ruby": "", "RubyAnnotation": "",
	"Video": "", "Audio": "", "Canvas": "", "PluginObject": "", "EmbeddedObject": "", "DisclosureTriangle": "", "Abbr": "",
	"IframePresentational": "", "Date": "", "ColorWell": "",
	"DescriptionList": "list", "Figcaption": "caption",
}

// A differentialKind is a difference from Chromium that is no fault of ours.
type differentialKind struct {
	id, why string
	rare    bool // only where everything is looked at
	is      func(*difference) bool
}

var differentialKinds = []differentialKind{
	{id: "disabled", rare: true, why: "the colours of disabled controls are no standard's; we take GrayText", is: func(d *difference) bool {
		_, _, set := d.ours.Styles.Where(d.node, d.what)
		return (d.what == "color" || d.what == "background-color") && style.Disabled(d.node) && !set
	}},
	{id: "fallback", rare: true, why: "whether the file of an object can be shown, only the browser finds out", is: func(d *difference) bool {
		o := above(d.node.Parent, "object")
		return (d.what == "rendered" || d.what == "hidden") && o != nil && o.Has("data")
	}},
	{id: "area", rare: true, why: "Chromium tells of an area only where its picture could be loaded", is: func(d *difference) bool {
		return d.what == "hidden" && d.node.Is("area") && d.theirs.ax == nil
	}},
	{id: "password", rare: true, why: "HTML-AAM has no role for a field of a password, Chromium says textbox", is: func(d *difference) bool {
		return d.what == "role" && d.got == "" && d.want == "textbox" && d.node.Is("input") && strings.EqualFold(d.node.Get("type"), "password")
	}},
	{id: "in-button", rare: true, why: "Chromium keeps roles inside of a button; WAI-ARIA has its children presentational", is: func(d *difference) bool {
		return d.what == "role" && d.got == "" && within(d, func(n *htmldom.Node) bool { return d.ours.Role(n).Info().ChildrenPresentational })
	}},
	{id: "layout-table", rare: true, why: "Chromium guesses that some tables are for layout", is: func(d *difference) bool {
		return d.what == "role" && strings.HasPrefix(d.want, "LayoutTable")
	}},
	{id: "svg-group", rare: true, why: "SVG-AAM has a group for a text of SVG, Chromium has nothing", is: func(d *difference) bool {
		return d.what == "role" && d.node.NS == htmldom.SVG && d.node.Name == "text" && d.got == "group" && d.want == ""
	}},
	{id: "option", why: "Chromium draws the options of a drop-down list in a window of its own: they have no box in the page", is: func(d *difference) bool {
		return d.what == "rendered" && d.node.Is("option", "optgroup") && !aria.SelectIsList(above(d.node, "select"))
	}},
	{id: "select-ground", why: "the browser's own ground of a drop-down list is no colour that a standard names", is: func(d *difference) bool {
		_, _, set := d.ours.Styles.Where(d.node, "background-color")
		return d.what == "background-color" && d.node.Is("select") && !set
	}},
	{id: "palette", why: "with forced colours the palette is the reader's; the test's has these system colours", is: func(d *difference) bool {
		return d.look.forced && (d.what == "color" || d.what == "background-color") && forcedPalette[d.got] == d.want
	}},
	{id: "summary-forced", why: "with forced colours Chromium gives summary elements the colour of links", is: func(d *difference) bool {
		return d.look.forced && d.what == "color" && d.want == forcedPalette["0,0,238,1"] && above(d.node, "summary") != nil
	}},
	{id: "inline-block", why: "Chromium sets a box within a line apart in names; accname 1.2 says so of blocks alone", is: func(d *difference) bool {
		return d.what == "name" && unspaced(d.got) == unspaced(d.want) && holds(d.node, func(n *htmldom.Node) bool { return d.ours.Styles.Of(n).Display() == "inline-block" })
	}},
	{id: "capitals", why: "Chromium names with the letters as text-transform shows them; accname 1.2 does not say so", is: func(d *difference) bool {
		return d.what == "name" && strings.EqualFold(d.got, d.want) && holds(d.node, func(n *htmldom.Node) bool { return d.ours.Styles.Of(n).TextTransform() != "none" })
	}},
	{id: "drawing", why: "Chromium tells of every svg element and calls it an image; SVG-AAM has a graphics-document, and nothing of one without a name", is: func(d *difference) bool {
		return d.what == "role" && d.node.Name == "svg" && (d.got == "graphics-document" || d.got == "") && (d.want == "image" || d.want == "SvgRoot")
	}},
	{id: "svg-text", why: "Chromium makes a block of a text element of SVG; rules do not ask for its display", is: func(d *difference) bool {
		return d.what == "display" && d.node.NS == htmldom.SVG && d.got == "inline" && d.want == "block"
	}},
	{id: "paragraph", why: "Chromium leaves out some paragraphs and tells of what is in them", is: func(d *difference) bool {
		return d.what == "role" && d.got == "paragraph" && d.want == "uninteresting"
	}},
	{id: "rowgroup", why: "Chromium leaves out a tbody and tells of its rows", is: func(d *difference) bool {
		return d.what == "role" && d.got == "rowgroup" && d.want == "uninteresting" && d.node.Is("tbody")
	}},
	{id: "orphan", why: "Chromium takes its role from a list item outside lists; WAI-ARIA 1.2 lets it", is: func(d *difference) bool {
		p := d.node.ParentElement()
		return d.what == "role" && d.got == "listitem" && d.want == "" && p != nil && d.ours.Role(p) != aria.List
	}},
}

// forcedPalette gives our colour for LinkText and ButtonFace in Chromium's
// emulated palette.
var forcedPalette = map[string]string{"0,0,238,1": "0,0,159,1", "239,239,239,1": "255,255,255,1"}

// within reports whether f holds for an element around that of the difference.
func within(d *difference, f func(*htmldom.Node) bool) bool {
	for n := d.node.ParentElement(); n != nil; n = n.ParentElement() {
		if f(n) {
			return true
		}
	}
	return false
}

// above is the nearest element with the name around n.
func above(n *htmldom.Node, name string) *htmldom.Node {
	for n != nil && !n.Is(name) {
		n = n.Parent
	}
	return n
}

// holds reports whether f holds for n or an element in it.
func holds(n *htmldom.Node, f func(*htmldom.Node) bool) bool {
	if f(n) {
		return true
	}
	for c := range n.Elements() {
		if f(c) {
			return true
		}
	}
	return false
}

func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }
