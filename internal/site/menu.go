package site

import (
	"fmt"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/schema"
)

// menus builds the main menu, the footer and the doors of a language. A
// language without a menu in site.yaml gets its top sections.
func (b *builder) menus(l *Lang) {
	c := b.site.Cfg
	for _, it := range c.Menus[l.Tag] {
		l.Menu = append(l.Menu, b.menuItem(l, it))
	}
	if len(c.Menus[l.Tag]) == 0 {
		for _, p := range l.Home.Children {
			if p.Kind == Section && len(l.Menu) < 7 {
				l.Menu = append(l.Menu, &MenuItem{Text: p.MenuTitle, Page: p, Link: ResolvedLink{Kind: ToPage, Page: p}})
			}
		}
	}
	for _, it := range c.Footer.Links[l.Tag] {
		l.Footer = append(l.Footer, b.menuItem(l, it))
	}
	for _, d := range c.Doors[l.Tag] {
		m := b.menuItem(l, d.MenuItem)
		m.Note, m.Icon = d.Note, d.Icon
		l.Doors = append(l.Doors, m)
	}
	if u, ok := c.Urgent[l.Tag]; ok {
		b.configLink(l, u.Value.Get("page"))
	}
	for _, key := range []string{"office", "page"} {
		b.configLink(l, c.Help.Value.Get(key))
	}
	for _, d := range sortedDepartments(c) {
		b.configLink(l, d.Value.Get("page"))
	}
}

func (b *builder) menuItem(l *Lang, it config.MenuItem) *MenuItem {
	r := b.configLink(l, it.Value.Get("page"))
	return &MenuItem{Text: it.Text, Link: r, Page: r.Page, Value: it.Value}
}

// configLink follows a link of site.yaml, as if it stood in the home page.
// Where a language lacks the page, the default language's is linked.
func (b *builder) configLink(l *Lang, v *schema.Value) ResolvedLink {
	if v == nil {
		return ResolvedLink{}
	}
	r := b.site.Resolve(l.Home, v.Text)
	pos := b.site.Cfg.Lines.Pos(v.Off)
	switch {
	case r.Kind == Broken:
		d := *r.broken
		d.Pos = pos
		b.configError(&d)
	case r.Kind == ToPage && r.Fragment != "" && !b.site.hasAnchor(r.Page, r.Fragment):
		b.configError(&diag.Diagnostic{
			Pos: pos, Code: "broken-anchor", Msg: fmt.Sprintf("%s has no place called %q", r.Page.source(), "#"+r.Fragment),
			Args: map[string]any{"link": v.Text, "page": r.Page.source(), "anchor": r.Fragment},
		})
	}
	return r
}

// configError reports a mistake in site.yaml once, not once a language.
func (b *builder) configError(d *diag.Diagnostic) {
	for _, have := range b.diags {
		if have.Pos == d.Pos && have.Code == d.Code {
			return
		}
	}
	b.diags.Add(d)
}
