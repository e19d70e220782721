package formpage

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"handrail/i18n"
	"handrail/internal/forms"
)

// The tokens of a shell: a whole page of the theme in which these words stand
// where the parts of a page go.
const (
	TokenTitle = "-handrail-title-"
	TokenWay   = "-handrail-way-"
	TokenHead  = "-handrail-head-"
	TokenMain  = "-handrail-main-"
	TokenPath  = "/-handrail-path-/" // the address without edition and language
)

// Parts are what the templates of a view give, as HTML.
type Parts struct{ Title, Way, Head, Main string }

// Parts draws a view without its shell.
func (k *Kit) Parts(at At, v View) (Parts, error) {
	p := &page{kit: k, at: at, cat: k.texts[at.Lang], V: v, form: formOf(v)}
	if p.cat == nil {
		return Parts{}, fmt.Errorf("formpage: no texts for %q", at.Lang)
	}
	var parts Parts
	for name, to := range map[string]*string{"title": &parts.Title, "way": &parts.Way, "head": &parts.Head, "main": &parts.Main} {
		var b bytes.Buffer
		if err := k.tmpl.ExecuteTemplate(&b, v.template()+"."+name, p); err != nil {
			return Parts{}, fmt.Errorf("formpage: %w", err)
		}
		*to = strings.TrimSpace(b.String())
	}
	return parts, nil
}

// Render draws a whole page.
func (k *Kit) Render(at At, v View) ([]byte, error) {
	shell, ok := k.shells[at.Edition+"/"+at.Lang]
	if !ok {
		return nil, fmt.Errorf("formpage: no shell for %s in %q", at.Edition, at.Lang)
	}
	parts, err := k.Parts(at, v)
	if err != nil {
		return nil, err
	}
	return []byte(parts.Fill(shell, at.Path)), nil
}

// Fill puts the parts into a shell.
func (p Parts) Fill(shell, path string) string {
	own := template.HTMLEscapeString((&url.URL{Path: path}).EscapedPath())
	return strings.NewReplacer(TokenTitle, p.Title, TokenWay, p.Way, TokenHead, p.Head, TokenMain, p.Main, TokenPath, own).Replace(shell)
}

// A page is what templates see: the view as V, and the words, dates and
// addresses of one language and edition.
type page struct {
	kit  *Kit
	at   At
	cat  *i18n.Catalogue
	V    View
	form *forms.Definition
}

// T returns a message; arguments are name–value pairs.
func (p *page) T(key string, args ...any) (string, error) {
	for i, a := range args {
		if t, ok := a.(time.Time); ok {
			args[i] = p.Day(t)
		}
	}
	s, ok := p.cat.Text(key, args...)
	if !ok {
		return "", fmt.Errorf("no message %q", key)
	}
	return s, nil
}

// Has reports whether there is a message.
func (p *page) Has(key string) bool { return p.cat.Message(key) != nil }

// Say returns a text of the form in the reader's language.
func (p *page) Say(t forms.Texts) string { return t.In(p.at.Lang) }

// Form is the form that the page is about; nil if none.
func (p *page) Form() *forms.Definition { return p.form }

// Care reports whether this is the care edition.
func (p *page) Care() bool { return p.at.Edition == forms.Care }

// Day writes a date in full.
func (p *page) Day(t time.Time) string { return p.cat.Locale.DateLong(t.In(p.kit.loc)) }

// Clock writes the time of day.
func (p *page) Clock(t time.Time) string { return t.In(p.kit.loc).Format("15:04") }

// ISO is a moment for datetime attributes.
func (p *page) ISO(t time.Time) string { return t.In(p.kit.loc).Format("2006-01-02T15:04-07:00") }

// Home is the address of the site's home page.
func (p *page) Home() string { return p.kit.site.Prefix(p.at.Lang, p.at.Edition) + "/" }

// Start is the static first page of the form.
func (p *page) Start() string {
	if p.form == nil {
		return p.Home()
	}
	lang := p.form.Lang(p.at.Lang)
	return p.kit.site.Prefix(lang, p.at.Edition) + p.form.Path.In(lang)
}

// Department answers for the form; nil when it is not known.
func (p *page) Department() *Department {
	if p.form == nil {
		return nil
	}
	return p.kit.site.Department(p.form.Department)
}

// In picks the reader's language out of a text of the site.
func (p *page) In(texts map[string]string) string {
	for _, tag := range []string{p.at.Lang, "", p.kit.site.DefaultLanguage()} {
		if s, ok := texts[tag]; ok {
			return s
		}
	}
	return ""
}

// Groups writes a number in groups of four digits.
func (p *page) Groups(s string) string { return Groups(s) }

// Groups writes a number in groups of four digits.
func Groups(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func formOf(v View) *forms.Definition {
	switch v := v.(type) {
	case *Step:
		return v.Form
	case *Check:
		return v.Form
	case *Sent:
		return v.Form
	case *Undone:
		return v.Form
	case *Already:
		return v.Form
	case *Closed:
		return v.Form
	case *Expired:
		return v.Form
	case *Busy:
		return v.Form
	case *Saved:
		return v.Form
	case *Resume:
		return v.Form
	case *Case:
		return v.Form
	case *Notice:
		return v.Form
	}
	return nil
}
