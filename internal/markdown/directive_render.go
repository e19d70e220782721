package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// directive writes the inner body of a directive into a slot; the theme's
// template goes round it.
func (r *renderer) directive(n *directiveNode) {
	if n.spec == nil {
		r.unknownDirective(n)
		return
	}
	if n.spec.forms&(container|leaf) == 0 {
		r.problem("wrong-form", n.src, "directive \"{name}\" stands inside a line", "write {use}", "name", n.name, "use", n.spec.use)
		r.transparent(n)
		return
	}
	attrs := r.checkDirective(n)
	d := Directive{
		Name: n.spec.name, Src: n.src, TitleSrc: n.src,
		Attrs: make(map[string]string, len(attrs)), AttrSrc: make(map[string]int, len(attrs)),
	}
	for _, a := range attrs {
		d.Attrs[a.key], d.AttrSrc[a.key] = a.value, a.valuePos
	}
	if d.Attrs["id"] != "" {
		d.Attrs["id"] = r.uniqueID(d.Attrs["id"])
	}
	if n.kind != "" && d.Attrs["kind"] == "" {
		d.Attrs["kind"] = n.kind
	}
	r.directiveLinks(n, &d)
	if t, ok := n.titleNode(); ok {
		r.directiveTitle(t, &d)
	}
	if d.Name == "chart" {
		r.chart(n, &d)
	}
	if (d.Name == "steps" || d.Name == "timeline") && !hasOrderedList(n) {
		r.warn("steps-without-list", n.src, "directive \"{name}\" holds no numbered list", "write one step a line: 1. …", "name", d.Name)
	}
	index := len(r.doc.Directives)
	r.doc.Directives = append(r.doc.Directives, d)
	r.directiveBody(n, index)
}

// directiveBody writes what lies between the fences. No raw tag reaches over
// the edge of the slot.
func (r *renderer) directiveBody(n *directiveNode, index int) {
	if r.rawOpen > 0 {
		r.makeRoom(tagDiv, n.src)
		if i, free := r.findHeading(); i >= 0 && free {
			r.closeDown(i)
		}
	}
	r.fixed(n.src)
	at := uint32(len(r.out))
	slot := len(r.slots)
	r.slots = append(r.slots, Slot{SlotDirective, at, at, index, r.depth()})
	r.stack = append(r.stack, frame{tag: tagDirective, name: tagDirective, origin: fromMarkdown, src: n.src, heading: -1})
	r.afterBlock = true
	switch n.spec.name {
	case "figure":
		r.figure(n, &r.doc.Directives[index])
	case "steps":
		r.steps(n)
	case "timeline":
		r.timeline(n, &r.doc.Directives[index])
	default:
		r.directiveBlocks(n)
	}
	for r.top().origin != fromMarkdown {
		r.popForced()
	}
	r.stack = r.stack[:len(r.stack)-1]
	r.slots[slot].End = uint32(len(r.out))
	r.afterBlock = true
	r.fixed(n.src)
}

// directiveBlocks writes the blocks of a directive, its title aside.
func (r *renderer) directiveBlocks(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.block(c)
	}
}

// checkDirective reports what is missing or wrong and returns the good
// attributes.
func (r *renderer) checkDirective(n *directiveNode) attrList {
	s := n.spec
	if s.forms&n.form == 0 {
		r.problem("wrong-form", n.src, "directive \"{name}\" needs a body", "write {use}, the text, and ::: on a line of its own", "name", n.name, "use", s.use)
	}
	attrs := r.checkAttrs("directive \""+n.name+"\"", s.allAttrs(), n.attrs)
	r.requireAttrs(n.name, n.namePos, s, n.attrs, hasBody(n))
	if s.needTitle && !n.hasTitle {
		r.problem("missing-title", n.namePos, "directive \"{name}\" needs a title", "write {use}", "name", n.name, "use", s.use)
	}
	return attrs
}

// requireAttrs reports attributes that are missing. An attribute that is
// there with a bad value has been reported already.
func (r *renderer) requireAttrs(name string, pos int, s *directiveSpec, attrs attrList, body bool) {
	for _, a := range s.attrs {
		if a.required && !attrs.has(a.key) {
			r.problem("missing-attribute", pos, "directive \"{name}\" needs the attribute \"{attribute}\"",
				"write {use}", "name", name, "attribute", a.key, "use", s.use)
		}
	}
	for _, group := range s.oneOf {
		found := body && s.orBody
		for _, key := range group {
			found = found || attrs.has(key)
		}
		if !found {
			r.problem("missing-attribute", pos, "directive \"{name}\" needs one of the attributes {attributes}",
				"write {use}", "name", name, "attributes", "\""+strings.Join(group, "\", \"")+"\"", "use", s.use)
		}
	}
}

// allAttrs returns the attributes of the directive and those of all.
func (s *directiveSpec) allAttrs() []attrSpec {
	return append(s.attrs[:len(s.attrs):len(s.attrs)], everyDirective...)
}

// hasBody reports whether a directive has content besides its title.
func hasBody(n *directiveNode) bool {
	c := n.FirstChild()
	if _, ok := c.(*titleNode); ok {
		c = c.NextSibling()
	}
	return c != nil
}

func hasOrderedList(n ast.Node) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if l, ok := c.(*ast.List); ok && l.IsOrdered() {
			return true
		}
	}
	return false
}

// directiveLinks records the attributes that lead somewhere.
func (r *renderer) directiveLinks(n *directiveNode, d *Directive) {
	for _, s := range n.spec.attrs {
		url := d.Attrs[s.key]
		if url == "" || s.kind != pageAttr && s.kind != fileAttr || n.spec.name == "figure" {
			continue
		}
		kind := LinkFile
		if s.kind == pageAttr {
			kind = LinkPage
		}
		if d.Links == nil {
			d.Links = map[string]int{}
		}
		d.Links[s.key] = r.addLink(kind, url, d.AttrSrc[s.key])
	}
}

// directiveTitle renders a title aside and takes it out of the output again:
// the template places it.
func (r *renderer) directiveTitle(t *titleNode, d *Directive) {
	out, maps, slots, links := len(r.out), len(r.maps), len(r.slots), len(r.doc.Links)
	images, ids, oneLine := len(r.doc.Images), len(r.doc.IDs), r.oneLine
	mark := len(r.plain)
	seg := t.Lines().At(0)
	d.TitleSrc = seg.Start
	r.capture++
	r.inLink++ // a title may stand in a summary or a link: it holds no link
	r.stack = append(r.stack, frame{tag: tagDirective, name: tagDirective, origin: fromMarkdown, src: seg.Start, heading: -1})
	rawOpen := r.rawOpen
	r.rawOpen, r.oneLine = 0, true
	r.inlines(t)
	for r.top().origin != fromMarkdown {
		r.popForced()
	}
	r.rawOpen, r.oneLine = rawOpen, oneLine
	r.stack = r.stack[:len(r.stack)-1]
	r.inLink--
	r.capture--
	d.Title = strings.Join(strings.Fields(string(r.plain[mark:])), " ")
	d.TitleHTML = linkless(r.out[out:])
	r.plain = r.plain[:mark]
	r.out, r.maps, r.slots, r.doc.Links = r.out[:out], r.maps[:maps], r.slots[:slots], r.doc.Links[:links]
	r.doc.Images, r.doc.IDs = r.doc.Images[:images], r.doc.IDs[:ids]
	r.afterBlock = true
}

// unknownDirective keeps all of the text: the opening line as it was written,
// then the content.
func (r *renderer) unknownDirective(n *directiveNode) {
	r.state.unknownDirective(n.name, n.namePos)
	r.transparent(n)
}

// transparent writes the opening line of a directive as text, then its
// content.
func (r *renderer) transparent(n *directiveNode) {
	r.enter(tagP, n.src)
	r.writeText(r.src[n.src:n.lineEnd], n.src, asCode)
	r.leave()
	r.directiveBlocks(n)
}
