package formpage

import (
	"slices"
	"strconv"
	"strings"

	"handrail/internal/forms"
)

// A group is the answers of one section, or of one instance of it.
type group struct {
	ID, Title string
	Rows      []row
}

// Any reports whether anything was answered.
func (g group) Any() bool {
	return slices.ContainsFunc(g.Rows, func(r row) bool { return !r.Missing })
}

// A row is one answer.
type row struct {
	*page
	Label   string
	Lines   []string
	Change  string // address; "" for none
	Number  bool   // digits that are read in groups
	Missing bool
	Files   []string // addresses of the lines, of files
}

// FileOf is where the file of a line can be had, "" if it is none.
func (r row) FileOf(i int) string {
	if i < len(r.Files) {
		return r.Files[i]
	}
	return ""
}

// Checked are all answers, each with the way to change it.
func (p *page) Checked() ([]group, error) {
	v := p.V.(*Check)
	return p.groups(p.form.Pages(p.at.Edition, v.Answers), v.Answers, v.Change, false)
}

// SoFar are the answers of the pages before a step.
func (p *page) SoFar() ([]group, error) {
	v := p.V.(*Step)
	if v.Change == nil {
		return nil, nil
	}
	pages := p.form.Pages(p.at.Edition, v.Answers)
	for i, q := range pages {
		if q.ID == v.Page.ID {
			return p.groups(pages[:i], v.Answers, v.Change, true)
		}
	}
	return nil, nil
}

// AnswersOf are answers to be read only.
func (p *page) AnswersOf(a *forms.Answers) ([]group, error) {
	if p.form == nil || a == nil {
		return nil, nil
	}
	return p.groups(p.form.Pages(p.at.Edition, a), a, nil, false)
}

// TypedOf are the answers of one page that were not stored.
func (p *page) TypedOf(q *forms.Page, a *forms.Answers) ([]group, error) {
	if q == nil || a == nil {
		return nil, nil
	}
	return p.groups([]forms.Page{*q}, a, nil, false)
}

// groups lists the answers of pages. On the way the number of an identity
// card is covered: somebody may be looking on.
func (p *page) groups(pages []forms.Page, a *forms.Answers, change func(string) string, cover bool) ([]group, error) {
	var out []group
	for i := range pages {
		q := &pages[i]
		if id := groupID(q); len(out) == 0 || out[len(out)-1].ID != id {
			title, err := p.pageTitle(q)
			if err != nil {
				return nil, err
			}
			out = append(out, group{ID: id, Title: title})
		}
		g := &out[len(out)-1]
		for _, it := range q.Items {
			r := row{page: p, Label: p.Say(it.Field.Label)}
			var err error
			if r.Lines, err = p.lines(it, a, cover); err != nil {
				return nil, err
			}
			if url := p.files(); url != nil && it.Field.Kind == forms.Upload {
				for _, f := range a.Files[it.Key] {
					r.Files = append(r.Files, url(f.ID))
				}
			}
			if len(r.Lines) == 0 {
				if cover {
					continue
				}
				r.Missing = true
			}
			if change != nil {
				r.Change = change(q.ID) + "#" + inputID(it.Key, firstPart(it.Field))
			}
			r.Number = it.Field.Kind == forms.IDNumber || it.Field.Kind == forms.Phone || it.Field.Digits
			g.Rows = append(g.Rows, r)
		}
	}
	return out, nil
}

// files says where files can be had; nil when they cannot.
func (p *page) files() func(string) string {
	switch v := p.V.(type) {
	case *Step:
		return v.FileURL
	case *Check:
		return v.FileURL
	case *Sent:
		return v.FileURL
	case *Case:
		return v.FileURL
	}
	return nil
}

// FileAt is where a file can be had; "" when it cannot.
func (p *page) FileAt(id string) string {
	if url := p.files(); url != nil {
		return url(id)
	}
	return ""
}

func firstPart(f *forms.Field) string {
	switch f.Kind {
	case forms.Date:
		return forms.DateParts[0]
	case forms.Address:
		return forms.AddressParts[0]
	}
	return ""
}

func groupID(q *forms.Page) string {
	if q.Instance < 0 {
		return "a-" + q.Section.ID
	}
	return "a-" + q.Section.ID + "-" + strconv.Itoa(q.Instance)
}

// pageTitle is the title of a section, with the number of the instance where
// it is asked several times.
func (p *page) pageTitle(q *forms.Page) (string, error) {
	if q.Instance < 0 {
		return p.Say(q.Section.Title), nil
	}
	return p.T("form.instance", "item", p.Say(q.Section.Repeat.Item), "number", q.Instance+1)
}

// lines are the words of an answer; none when it was left empty.
func (p *page) lines(it forms.Item, a *forms.Answers, cover bool) ([]string, error) {
	f, key := it.Field, it.Key
	if !a.Has(key) {
		return nil, nil
	}
	v := a.Value(key)
	switch f.Kind {
	case forms.Upload:
		var out []string
		for _, file := range a.Files[key] {
			out = append(out, file.Name+" ("+p.cat.Locale.FileSize(file.Size)+")")
		}
		return out, nil
	case forms.Date:
		if t, ok := forms.Day(a.Values[key]); ok {
			return []string{p.cat.Locale.DateLong(t)}, nil
		}
		return []string{strings.Join(a.Values[key], "-")}, nil
	case forms.Address:
		var out []string
		for _, s := range a.Values[key] {
			if s != "" {
				out = append(out, s)
			}
		}
		return out, nil
	case forms.Choice, forms.Choices:
		var out []string
		for _, s := range a.Values[key] {
			if o := f.Option(s); o != nil {
				s = p.Say(o.Label)
			}
			out = append(out, s)
		}
		return out, nil
	case forms.YesNo:
		return p.one("form." + word(v))
	case forms.Declaration, forms.Commitment:
		return p.one("form.declared." + word(v))
	case forms.IDNumber:
		if cover && len(v) == 18 {
			return []string{v[:4] + "**********" + v[14:]}, nil
		}
	case forms.Number:
		if u := p.Say(f.Unit); u != "" {
			return []string{v + " " + u}, nil
		}
	}
	return strings.Split(v, "\n"), nil
}

func word(v string) string {
	if v == "yes" {
		return v
	}
	return "no"
}

func (p *page) one(key string) ([]string, error) {
	s, err := p.T(key)
	return []string{s}, err
}
