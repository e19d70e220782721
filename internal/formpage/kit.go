package formpage

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"time"

	"handrail/i18n"
	"handrail/internal/forms"
)

// A Kit is all that pages are drawn with. It is immutable and safe for
// concurrent use.
type Kit struct {
	site   *Site
	texts  map[string]*i18n.Catalogue
	shells map[string]string // edition/lang → page
	tmpl   *template.Template
	defs   map[string]*forms.Definition
	loc    *time.Location
}

// Open reads what the build wrote: fsys is its folder .handrail.
func Open(fsys fs.FS) (*Kit, error) {
	site, err := readSite(fsys)
	if err != nil {
		return nil, err
	}
	k := &Kit{site: site, texts: map[string]*i18n.Catalogue{}, shells: map[string]string{}, defs: map[string]*forms.Definition{}}
	if k.loc, err = site.Location(); err != nil {
		return nil, fmt.Errorf("site.json: %w", err)
	}
	for _, l := range site.Languages {
		data, err := fs.ReadFile(fsys, "texts/"+l.Tag+".json")
		if err != nil {
			return nil, err
		}
		if k.texts[l.Tag], err = i18n.ParseJSON(l.Tag, data); err != nil {
			return nil, fmt.Errorf("texts/%s.json: %w", l.Tag, err)
		}
		for _, e := range site.Editions {
			data, err := fs.ReadFile(fsys, "shells/"+e+"/"+l.Tag+".html")
			if err != nil {
				return nil, err
			}
			k.shells[e+"/"+l.Tag] = string(data)
		}
	}
	if err := k.readForms(fsys); err != nil {
		return nil, err
	}
	return k, k.readTemplates(fsys)
}

func (k *Kit) readForms(fsys fs.FS) error {
	for _, id := range k.site.Forms {
		data, err := fs.ReadFile(fsys, "forms/"+id+".json")
		if err != nil {
			return err
		}
		d, err := forms.Parse(data)
		if err != nil {
			return err
		}
		k.defs[d.ID] = d
	}
	return nil
}

func (k *Kit) readTemplates(fsys fs.FS) error {
	names, err := fs.Glob(fsys, "templates/*.html")
	if err != nil {
		return err
	}
	k.tmpl = template.New("")
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if _, err := k.tmpl.New(strings.TrimSuffix(path.Base(name), ".html")).Parse(tight(string(data))); err != nil {
			return fmt.Errorf("template %s: %w", name, err)
		}
	}
	return nil
}

// Site returns what site.json says.
func (k *Kit) Site() *Site { return k.site }

// Form returns the form with the id as the build wrote it, or nil.
func (k *Kit) Form(id string) *forms.Definition { return k.defs[id] }

// Text returns a message of the theme in a language.
func (k *Kit) Text(lang, key string, args ...any) string {
	c := k.texts[lang]
	if c == nil {
		c = k.texts[k.site.DefaultLanguage()]
	}
	s, _ := c.Text(key, args...)
	return s
}

// tight takes the indentation of a template away: pages are sent often.
func tight(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString(strings.TrimLeft(line, " \t"))
	}
	return b.String()
}
