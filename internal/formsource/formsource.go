// Package formsource turns pages of type form into definitions. It stands
// after the page model: translations of a page become one definition with
// all its languages, and what an author got wrong is told at its line.
package formsource

import (
	"cmp"
	"slices"
	"strings"

	"handrail/internal/diag"
	"handrail/internal/forms"
	"handrail/internal/schema"
	"handrail/internal/site"
)

// A Form is a definition with the places it was read from.
type Form struct {
	Def   *forms.Definition
	Pages []*site.Page // in the order of Def.Languages
	// places are the values of sections and fields by id, for each page.
	places []map[string]*schema.Value
}

// Page returns the form's page in a language, or nil.
func (f *Form) Page(lang string) *site.Page {
	for i, tag := range f.Def.Languages {
		if tag == lang {
			return f.Pages[i]
		}
	}
	return nil
}

// Pos returns where a field or section stands in a language.
func (f *Form) Pos(lang, id string) diag.Pos {
	for i, tag := range f.Def.Languages {
		if tag != lang {
			continue
		}
		if v := f.places[i][id]; v != nil {
			return posOf(f.Pages[i], v)
		}
		return f.Pages[i].Pos()
	}
	return diag.Pos{}
}

func posOf(p *site.Page, v *schema.Value) diag.Pos {
	if v.In != nil {
		return v.In.Lines.Pos(v.Off)
	}
	return p.File.Lines.Pos(v.Off)
}

// Compile makes the definitions of a site's forms, in the order of their ids.
// A form with mistakes is left out.
func Compile(s *site.Site) ([]*Form, diag.List) {
	var diags diag.List
	groups := map[string][]*site.Page{}
	for _, p := range s.Pages {
		if IsForm(p) {
			id := p.Get("form").Text
			groups[id] = append(groups[id], p)
		}
	}
	var out []*Form
	for _, id := range sortedKeys(groups) {
		f, list := compile(s, id, groups[id])
		diags = append(diags, list...)
		if f != nil && list.Errors() == 0 {
			out = append(out, f)
		}
	}
	return out, diags
}

// IsForm reports whether a page is a form that can be compiled: it has what
// every form must have, or source has told the author what is missing.
func IsForm(p *site.Page) bool {
	return p.File != nil && p.Type == "form" && p.Get("form") != nil && p.Get("sections") != nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// compile merges the translations of one form. The page in the site's default
// language is the original; the others must ask the same.
func compile(s *site.Site, id string, pages []*site.Page) (*Form, diag.List) {
	var diags diag.List
	order := map[*site.Lang]int{}
	for i, l := range s.Langs {
		order[l] = i
		if l.Default {
			order[l] = -1
		}
	}
	slices.SortStableFunc(pages, func(a, b *site.Page) int { return cmp.Compare(order[a.Lang], order[b.Lang]) })
	f := &Form{}
	for _, p := range pages {
		if i := slices.IndexFunc(f.Pages, func(q *site.Page) bool { return q.Lang == p.Lang || q.ID != p.ID }); i >= 0 {
			diags.Add(said(p, p.Get("form"), flaws["form-id-taken"], "form-id-taken", id, f.Pages[i].File.Path))
			continue
		}
		r := &reader{s: s, p: p, lang: p.Lang.Tag, places: map[string]*schema.Value{}}
		d := r.definition()
		diags = append(diags, r.diags...)
		if f.Def == nil {
			f.Def = d
			f.Pages, f.places = append(f.Pages, p), append(f.places, r.places)
			for _, flaw := range d.Flaws() {
				diags.Add(tell(p, r.places, flaw))
			}
			continue
		}
		if diff := merge(f.Def, d); diff.what != "" {
			at := cmp.Or(r.places[diff.id], p.Get("form"))
			diags.Add(said(p, at, flaws["form-differs"], "form-differs", diff.what, f.Pages[0].File.Path))
			continue
		}
		f.Def.Languages = append(f.Def.Languages, p.Lang.Tag)
		f.Pages, f.places = append(f.Pages, p), append(f.places, r.places)
	}
	return f, diags
}

// again marks the place where an id is used a second time.
const again = "\x00"

// tell leads a flaw of a definition to the line that has it.
func tell(p *site.Page, places map[string]*schema.Value, flaw forms.Flaw) *diag.Diagnostic {
	at := places[cmp.Or(flaw.Field, flaw.Section)]
	if second := places[cmp.Or(flaw.Field, flaw.Section)+again]; flaw.Code == "form-duplicate-id" && second != nil {
		at = second
	}
	if at == nil {
		at = p.Get("form")
	}
	key := ""
	switch flaw.Code {
	case "form-bad-id", "form-duplicate-id", "form-reserved-id":
		key = "id"
	case "form-bad-option", "form-duplicate-option", "form-few-options":
		key = "options"
	case "form-unknown-field", "form-later-field", "form-other-group", "form-own-section", "form-empty-condition",
		"form-unknown-option", "form-condition-kind", "form-circle":
		key = "show-when"
	case "form-bad-limits":
		key = "kind"
	case "form-no-purpose", "form-no-basis", "form-no-retention", "form-no-reason", "form-no-consent":
		key = "personal"
	}
	if v := at.Get(key); key != "" && v != nil {
		at = v
		if len(v.List) > flaw.Index && v.List[flaw.Index] != nil {
			at = v.List[flaw.Index]
		}
		if w := at.Get("field"); w != nil {
			at = w
		}
	}
	return said(p, at, flaws[flaw.Code], flaw.Code, flaw.Arg, "")
}

// said makes a diagnostic out of a template; {arg} and {other} stand for the
// words that it is about.
func said(p *site.Page, at *schema.Value, words [2]string, code, arg, other string) *diag.Diagnostic {
	fill := strings.NewReplacer("{arg}", arg, "{other}", other).Replace
	return &diag.Diagnostic{Pos: posOf(p, at), Code: code, Msg: fill(words[0]), Hint: fill(words[1]),
		Args: map[string]any{"arg": arg, "other": other}}
}
