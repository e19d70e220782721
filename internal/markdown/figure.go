package markdown

import "github.com/yuin/goldmark/ast"

// figure writes the picture of a figure and its caption, so that the theme's
// template has only to put <figure> round them.
func (r *renderer) figure(n *directiveNode, d *Directive) {
	img := Image{Dest: d.Attrs["src"], Alt: d.Attrs["alt"], Src: n.src}
	_, img.Decorative = d.Attrs["decorative"]
	if at, ok := d.AttrSrc["src"]; ok {
		img.Src = at
	}
	if img.Dest != "" {
		if img.Alt == "" && !img.Decorative {
			// Reported as a missing attribute.
			r.plainImage(img, n.src)
		} else {
			r.writeImage(img, n.src)
		}
	}
	if !hasBody(n) {
		return
	}
	r.enter(tagFigcaption, blockPos(n.FirstChild()))
	first := n.FirstChild()
	if _, ok := first.(*titleNode); ok {
		first = first.NextSibling()
	}
	if p, ok := first.(*ast.Paragraph); ok && p.NextSibling() == nil {
		r.inlines(p)
	} else {
		r.directiveBlocks(n)
	}
	r.leave()
}
