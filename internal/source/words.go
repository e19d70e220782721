package source

import (
	"handrail/internal/config"
	"handrail/internal/glossary"
)

// words reads the glossary, so that pages are rendered with its words marked.
// A site whose languages are discovered only now has none.
func (l *loader) words(cfg *config.Config) {
	d := l.tree.Data[glossary.Name]
	if d == nil {
		return
	}
	tags := make([]string, len(cfg.Languages))
	for i, x := range cfg.Languages {
		tags[i] = x.Tag
	}
	all, diags := glossary.Parse(d.Value, d.Lines, tags)
	l.diags = append(l.diags, diags...)
	for _, tag := range tags {
		if all[tag] == nil {
			all[tag] = nil // so that no page takes the words of another language
		}
	}
	l.tree.Glossary, l.glossary = all, d.Src
	l.conv = l.conv.With(all)
}
