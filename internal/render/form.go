package render

import "strings"

// A Form is what a layout knows of the form that its page begins: where its
// answers go, and by which version they will be judged.
type Form struct{ ID, Version, Action, Resume, Case string }

// A FormID names a form and its version.
type FormID struct{ ID, Version string }

// Form returns the form of the page; nil when it is none, or when no server
// takes its answers.
func (p *Page) Form() *Form {
	p.w.ask(question{op: opForm, page: p.p.Path})
	id, ok := p.w.r.opt.Forms[p.p.Path]
	if !ok {
		return nil
	}
	prefix := strings.TrimSuffix(p.p.Lang.Home.URL(p.Edition), "/")
	return &Form{ID: id.ID, Version: id.Version, Action: prefix + "/f/" + id.ID + "/", Resume: prefix + "/f/resume", Case: prefix + "/case/"}
}

// Composed returns a page that was put together outside of the renderer;
// place tells the source of each byte.
func Composed(html []byte, place func(off int) Place) *Output {
	return &Output{HTML: html, place: place}
}
