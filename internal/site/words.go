package site

import (
	"slices"

	"handrail/internal/glossary"
	"handrail/internal/source"
)

// words follows the links of the glossary, and finds the page of each
// language that lists its words.
func (b *builder) words() {
	b.site.WordPages = map[*glossary.Entry]ResolvedLink{}
	d := b.site.Data[glossary.Name]
	for _, l := range b.site.Langs {
		g := b.site.Tree.Glossary[l.Tag]
		if g == nil {
			continue
		}
		for _, e := range g.Entries {
			if e.PageValue == nil {
				continue
			}
			r := b.site.Resolve(l.Home, e.PageValue.Text)
			if r.Kind == Broken {
				x := *r.broken
				x.Pos = d.Lines.Pos(e.PageValue.Off)
				b.diags.Add(&x)
				continue
			}
			b.site.WordPages[e] = r
		}
		for _, p := range l.Pages {
			if l.WordsPage == nil && hasDirective(p.File, "glossary") {
				l.WordsPage = p
			}
		}
	}
}

// hasDirective reports whether a page's text uses a directive.
func hasDirective(f *source.File, name string) bool {
	if f == nil || f.Doc == nil {
		return false
	}
	for i := range f.Doc.Directives {
		if f.Doc.Directives[i].Name == name {
			return true
		}
	}
	return false
}

// Glossary returns the words that the language explains, of a group unless it
// is "".
func (s *Site) Glossary(l *Lang, group string) []*glossary.Entry {
	g := s.Tree.Glossary[l.Tag]
	if g == nil {
		return nil
	}
	var out []*glossary.Entry
	for _, e := range g.Entries {
		if e.Kind != glossary.Reading && (group == "" || e.Group == group) {
			out = append(out, e)
		}
	}
	return slices.Clip(out)
}
