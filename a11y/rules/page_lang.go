package rules

import (
	"iter"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// pageLang: the page says which language it is in.
var pageLang = &act.Rule{
	ID:       "page-lang",
	ACT:      []string{"b5c3f8"},
	Criteria: []wcag.SC{"3.1.1"},

	Applicability: htmlRoot,

	Expectation: func(_ *act.Page, root *dom.Node) act.Verdict {
		lang, ok := root.Attr("lang")
		switch {
		case !ok:
			return act.Fail("missing")
		case blank(lang):
			return act.Fail("empty").OnAttr(root, "lang")
		}
		return act.Pass("present").With("lang", lang)
	},
}

// htmlRoot yields the root element when it was meant to be html: a file
// that begins with an SVG element is a picture, however it is parsed.
func htmlRoot(p *act.Page) iter.Seq[*dom.Node] {
	return func(yield func(*dom.Node) bool) {
		root := p.Doc.HTML()
		if root == nil || picture(p.Doc) {
			return
		}
		yield(root)
	}
}

// picture reports whether the document is nothing but an SVG element.
func picture(d *dom.Doc) bool {
	if d.HTML().Pos >= 0 || d.Body() == nil {
		return false
	}
	only := d.Body().FirstElement()
	return only != nil && only.NS == dom.SVG && only.NextElement() == nil && d.Head().FirstElement() == nil && !hasDoctype(d)
}

func hasDoctype(d *dom.Doc) bool {
	for c := range d.Root.Children() {
		if c.Type == dom.Doctype {
			return true
		}
	}
	return false
}
