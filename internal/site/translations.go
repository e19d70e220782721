package site

import (
	"fmt"

	"handrail/internal/diag"
)

// group is one page in several languages.
type group struct{ pages []*Page }

func (g *group) in(l *Lang) *Page {
	for _, p := range g.pages {
		if p.Lang == l {
			return p
		}
	}
	return nil
}

// translations pairs pages by translationKey, else by path. Pages that
// translate each other have to be of one type.
func (b *builder) translations() {
	byKey, byPath := map[string]*group{}, map[string]*group{}
	var groups []*group
	for _, l := range b.site.Langs {
		for _, p := range b.listed(l) {
			key := ""
			if p.File != nil {
				key = p.File.Front.String("translationKey")
			}
			g := byKey[key]
			if key == "" || g == nil {
				g = byPath[p.ID]
			}
			if g != nil && g.in(l) != nil {
				if key != "" && byKey[key] == g {
					b.sameKey(g.in(l), p)
				}
				g = nil
			}
			if g == nil {
				g = &group{}
				groups = append(groups, g)
			}
			g.pages = append(g.pages, p)
			if key != "" && byKey[key] == nil {
				byKey[key] = g
			}
			if byPath[p.ID] == nil {
				byPath[p.ID] = g
			}
		}
	}
	for _, g := range groups {
		b.pair(g)
		g.checklists()
	}
}

// listed returns every page of a language, the lists too.
func (b *builder) listed(l *Lang) []*Page {
	out := append([]*Page(nil), l.Pages...)
	for _, t := range l.Taxonomies {
		if t.Page != nil && t.Page.File == nil {
			out = append(out, t.Page)
		}
		for _, term := range t.Terms {
			if term.File == nil {
				out = append(out, term)
			}
		}
	}
	for _, p := range []*Page{l.AZPage, l.SiteMapPage, l.DisplayPage, l.NotFoundPage} {
		if p.File == nil {
			out = append(out, p)
		}
	}
	return out
}

func (b *builder) pair(g *group) {
	for i, p := range g.pages {
		for j, q := range g.pages {
			if i != j {
				p.Translations = append(p.Translations, q)
			}
		}
		if first := g.pages[0]; i > 0 && !sameType(first, p) {
			b.typesDiffer(first, p)
		}
	}
}

// sameType lets a page be a section in one language only: folders decide
// that, not authors.
func sameType(p, q *Page) bool {
	untyped := func(p *Page) bool { return p.Type == "page" || p.Type == "section" }
	return p.Type == q.Type || untyped(p) && untyped(q)
}

func (b *builder) typesDiffer(first, p *Page) {
	pos := p.Pos()
	if v := p.Get("type"); v != nil {
		pos = p.File.Pos(v)
	} else if pos.IsZero() {
		pos = first.Pos()
	}
	b.diags.Add(&diag.Diagnostic{
		Pos: pos, Code: "translation-type",
		Msg:  fmt.Sprintf("this page is of type %q, but it translates %s, which is of type %q", p.Type, first.source(), first.Type),
		Hint: "give both the same type",
		Args: map[string]any{"type": p.Type, "other": first.source(), "other-type": first.Type},
	})
}

// source names a page for messages.
func (p *Page) source() string {
	if p.File != nil {
		return p.File.Path
	}
	return p.Path
}

func (b *builder) sameKey(first, p *Page) {
	d := &diag.Diagnostic{
		Pos: p.File.Pos(p.File.Front.Get("translationKey")), Severity: diag.Warning, Code: "translation-key-twice",
		Msg:  fmt.Sprintf("%s has this translationKey in the same language", first.source()),
		Hint: "give every page of a language its own", Args: map[string]any{"other": first.source()},
	}
	if p.File.Strict {
		d.Severity = diag.Error
	}
	b.diags.Add(d)
}
