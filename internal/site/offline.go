package site

import (
	"cmp"
	"fmt"
	"slices"

	"handrail/internal/diag"
)

// offline finds the pages that are kept on a reader's device, in every
// language that has them. What people fill in is never kept: it would be lost,
// or seen by the next person at the device.
func (b *builder) offline() {
	for _, v := range b.site.Cfg.Offline {
		for _, l := range b.site.Langs {
			r := b.configLink(l, v)
			p := r.Page
			if p == nil || slices.Contains(b.site.Offline, p) {
				continue
			}
			if p.Type == "form" {
				b.configError(&diag.Diagnostic{
					Pos: b.site.Cfg.Lines.Pos(v.Off), Code: "offline-form", Msg: fmt.Sprintf("%q is a form; forms are never kept on a device", v.Text),
					Hint: "take it off the list", Args: map[string]any{"link": v.Text},
				})
				continue
			}
			b.site.Offline = append(b.site.Offline, p)
		}
	}
	for _, l := range b.site.Langs {
		for _, p := range l.Pages {
			if l.OfflinePage == nil && hasDirective(p.File, "offline") {
				l.OfflinePage = p
			}
		}
	}
	slices.SortFunc(b.site.Offline, func(x, y *Page) int { return cmp.Compare(x.Path, y.Path) })
}
