package render

import (
	"slices"

	"handrail/internal/site"
)

// workerURL is where the service worker lies.
const workerURL = "/sw.js"

// Worker returns the address of the service worker, or "" when the site keeps
// nothing on a reader's device.
func (s *Site) Worker() string {
	s.w.ask(question{op: opConfig})
	if !s.w.r.opt.Worker {
		return ""
	}
	return workerURL
}

// Kept reports whether the page is kept on a reader's device.
func (p *Page) Kept() bool {
	p.w.ask(question{op: opConfig})
	return p.w.r.opt.Worker && slices.Contains(p.w.r.opt.Site.Offline, p.p)
}

// Kept returns the pages of the language that are kept on a reader's device.
func (d *Directive) Kept() []*PageRef {
	d.w.ask(question{op: opConfig})
	var pages []*site.Page
	for _, p := range d.w.r.opt.Site.Offline {
		if p.Lang == d.w.lang.lang {
			pages = append(pages, p)
		}
	}
	return d.w.refs(pages)
}

// Size returns how much is kept in all, in bytes; 0 in a preview.
func (d *Directive) Size() int {
	d.w.ask(question{op: opLate})
	return d.w.r.late.Offline
}
