package aria

import (
	"strconv"
	"strings"

	"handrail/a11y/dom"
)

// Role returns the semantic role of the element: the first role of its role
// attribute that counts, else the role that its language gives it.
func (t *Tree) Role(n *dom.Node) Role {
	if n.Type != dom.Element {
		return NoRole
	}
	if t.same(n) {
		return t.base.Role(n)
	}
	f := &t.flags[n.Index]
	if *f&roleKnown != 0 {
		return t.roles[n.Index]
	}
	if *f&roleBusy != 0 {
		return Generic // a role that hangs on a name that hangs on the role
	}
	*f |= roleBusy
	r := t.resolveRole(n)
	*f |= roleKnown
	*f &^= roleBusy
	t.roles[n.Index] = r
	return r
}

func (t *Tree) resolveRole(n *dom.Node) Role {
	r := t.explicit(n)
	if r == NoRole {
		return t.ImplicitRole(n)
	}
	if r == None && t.rejectsNone(n) {
		return t.ownRole(n)
	}
	return r
}

// ExplicitRole returns the role that the role attribute gives, before
// conflicts are resolved: its first token that names a role that is not
// abstract. NoRole when there is none.
func (t *Tree) ExplicitRole(n *dom.Node) Role {
	value, ok := n.Attr("role")
	if !ok {
		return NoRole
	}
	for token := range strings.FieldsSeq(value) {
		if r, ok := RoleByName(token); ok && !r.Info().Abstract {
			return r
		}
	}
	return NoRole
}

// explicit is ExplicitRole, but landmarks that need a name and have none
// count as if they were not there (WAI-ARIA, author errors, roles).
func (t *Tree) explicit(n *dom.Node) Role {
	value, ok := n.Attr("role")
	if !ok {
		return NoRole
	}
	for token := range strings.FieldsSeq(value) {
		r, ok := RoleByName(token)
		if !ok || r.Info().Abstract {
			continue
		}
		if (r == Region || r == Form) && t.authorName(n) == "" {
			continue
		}
		return r
	}
	return NoRole
}

// rejectsNone reports whether a presentational role is ignored: the element
// can have the focus or has a global attribute (WAI-ARIA, presentational
// roles conflict resolution).
func (t *Tree) rejectsNone(n *dom.Node) bool {
	for i := range n.Attrs {
		if !strings.HasPrefix(n.Attrs[i].Name, "aria-") || n.Attrs[i].Name == "aria-hidden" {
			continue
		}
		if a, ok := AttrByName(n.Attrs[i].Name); ok && a.Info().Global && strings.Trim(n.Attrs[i].Value, whitespace) != "" {
			return true
		}
	}
	return t.Focusable(n)
}

// ImplicitRole returns the role that the element has without a role
// attribute, in its place: parts of a presentational table or list have None.
func (t *Tree) ImplicitRole(n *dom.Node) Role {
	r := t.ownRole(n)
	if r != None && t.inheritsNone(n) && !t.rejectsNone(n) {
		return None
	}
	return r
}

// inheritsNone reports whether the element is a required part of a list or
// table that is presentational.
func (t *Tree) inheritsNone(n *dom.Node) bool {
	var up []string
	switch {
	case n.Is("li"):
		up = []string{"ul", "ol", "menu"}
	case n.Is("td", "th"):
		up = []string{"tr"}
	case n.Is("tr"):
		up = []string{"table", "tbody", "thead", "tfoot"}
	case n.Is("tbody", "thead", "tfoot", "caption"):
		up = []string{"table"}
	default:
		return false
	}
	p := t.FlatElement(n)
	if p == nil || !p.Is(up...) || t.Role(p) != None {
		return false
	}
	return true
}

// ownRole is the mapping of HTML-AAM and SVG-AAM.
func (t *Tree) ownRole(n *dom.Node) Role {
	switch n.NS {
	case dom.SVG:
		return t.svgRole(n)
	case dom.MathML:
		if n.Name == "math" {
			return Math
		}
		return NoRole
	}
	if r, ok := t.conditionalRole(n); ok {
		return r
	}
	if r, ok := htmlRoles[n.Name]; ok {
		return r
	}
	return Generic // unknown and custom elements
}

// conditionalRole is the part of HTML-AAM where the role depends on
// attributes or on the place.
func (t *Tree) conditionalRole(n *dom.Node) (Role, bool) {
	switch n.Name {
	case "a", "area":
		if n.Has("href") {
			return Link, true
		}
		return Generic, true
	case "aside":
		if inside(n, "article", "aside", "nav", "section") && t.authorName(n) == "" {
			return Generic, true
		}
		return Complementary, true
	case "footer", "header":
		scoped := !inside(n, "main", "article", "aside", "nav", "section")
		return pick(n.Name == "footer", pick(scoped, Contentinfo, Sectionfooter), pick(scoped, Banner, Sectionheader)), true
	case "img":
		return t.imageRole(n), true
	case "input":
		return t.inputRole(n), true
	case "li":
		// HTML-AAM wants generic for an li that is in no list; no browser
		// does that.
		return Listitem, true
	case "option":
		return pick(inside(n, "select", "datalist"), Option, Generic), true
	case "section":
		return pick(t.authorName(n) != "", Region, Generic), true
	case "select":
		return pick(SelectIsList(n), Listbox, Combobox), true
	case "summary":
		return pick(isSummary(n), NoRole, Generic), true
	case "td":
		return t.cellRole(n), true
	case "th":
		return t.headerRole(n), true
	}
	return NoRole, false
}

func pick(cond bool, yes, no Role) Role {
	if cond {
		return yes
	}
	return no
}

func inside(n *dom.Node, names ...string) bool {
	return n.Parent != nil && n.Parent.Closest(names...) != nil
}

// imageRole: with an empty alt an image is decoration, unless it is named
// otherwise or can have the focus. White space is no empty alt to browsers,
// though HTML-AAM trims it: such an image is exposed without a name.
func (t *Tree) imageRole(n *dom.Node) Role {
	if alt, ok := n.Attr("alt"); ok && alt == "" && !t.rejectsNone(n) {
		return None
	}
	return Image
}

// InputType returns the state of the type attribute of an input element.
func InputType(n *dom.Node) string {
	typ := strings.ToLower(n.Get("type"))
	switch typ {
	case "hidden", "search", "tel", "url", "email", "password", "date", "month", "week", "time", "datetime-local",
		"number", "range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button":
		return typ
	}
	return "text"
}

func (t *Tree) inputRole(n *dom.Node) Role {
	switch typ := InputType(n); typ {
	case "button", "submit", "reset", "image":
		return Button
	case "checkbox":
		return Checkbox
	case "radio":
		return Radio
	case "range":
		return Slider
	case "number":
		return Spinbutton
	case "text", "search", "tel", "url", "email":
		if list := n.Get("list"); list != "" {
			if d := t.ByID(n, list); d.Is("datalist") {
				return Combobox
			}
		}
		return pick(typ == "search", Searchbox, Textbox)
	}
	return NoRole
}

// SelectIsList reports whether a select element is shown as a list, not as a
// drop-down box.
func SelectIsList(n *dom.Node) bool {
	if n.Has("multiple") {
		return true
	}
	size, err := strconv.Atoi(strings.Trim(n.Get("size"), whitespace))
	return err == nil && size > 1
}

// isSummary reports whether n is the summary of its parent details.
func isSummary(n *dom.Node) bool {
	if !n.Is("summary") || n.Parent == nil || !n.Parent.Is("details") {
		return false
	}
	for e := n.PrevElement(); e != nil; e = e.PrevElement() {
		if e.Is("summary") {
			return false
		}
	}
	return true
}

// tableRole returns the role of the table that a cell belongs to.
func (t *Tree) tableRole(n *dom.Node) Role {
	table := n.Closest("table")
	if table == nil {
		return NoRole
	}
	return t.Role(table)
}

func (t *Tree) cellRole(n *dom.Node) Role {
	switch t.tableRole(n) {
	case Table:
		return Cell
	case Grid, Treegrid:
		return Gridcell
	}
	return NoRole
}

func (t *Tree) headerRole(n *dom.Node) Role {
	table := n.Closest("table")
	cell := t.cellRole(n)
	if cell == NoRole {
		return NoRole
	}
	switch t.Table(table).Heads(n) {
	case HeadsColumn, HeadsColumnGroup:
		return Columnheader
	case HeadsRow, HeadsRowGroup:
		return Rowheader
	}
	return cell
}
