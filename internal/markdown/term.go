package markdown

// term writes a word that needs explaining. The explanation follows in
// brackets, for everybody to see; a page that explains more is a link.
func (r *renderer) term(n *spanNode, attrs attrList) {
	write := func() { r.spanElement(n, tagDfn, attrs) }
	if url := attrs.value("page"); url != "" && r.inLink == 0 {
		pos := n.start
		for _, a := range attrs {
			if a.key == "page" {
				pos = a.valuePos
			}
		}
		r.anchor(LinkPage, url, pos, n.start, "", write)
	} else {
		write()
	}
	def := attrs.value("def")
	if def == "" {
		return
	}
	pos := n.start
	for _, a := range attrs {
		if a.key == "def" {
			pos = a.valuePos
		}
	}
	r.enterAttrs(tagSpan, pos)
	r.attr("class", "term-def")
	r.out = append(r.out, '>')
	open, end := " (", ")"
	if n.FirstChild() != nil && cjk(r.firstRune(n.FirstChild())) > 0 {
		open, end = "（", "）"
	}
	r.replaceText(pos, open)
	r.replaceText(pos, def)
	r.replaceText(pos, end)
	r.leave()
}
