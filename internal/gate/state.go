package gate

import (
	"unsafe"

	"handrail/a11y/dom"
	"handrail/internal/render"
	"handrail/internal/site"
)

// State judges a page that the server will show and that is not published
// itself. name stands for it in reports; p is the page that it belongs to.
func (g *Gate) State(p *site.Page, edition, name string, out *render.Output) Judged {
	doc := dom.Parse(unsafe.String(unsafe.SliceData(out.HTML), len(out.HTML)))
	res := g.checkers[edition].CheckDoc(name, doc)
	j := Judged{page: p, classes: res.Classes}
	for i := range res.Findings {
		j.findings = append(j.findings, g.finding(&res.Findings[i], out))
	}
	for _, u := range res.Unread {
		g.fail(u.Err)
	}
	for _, err := range res.Errors {
		g.fail(err)
	}
	return j
}
