package formsource

import (
	"slices"
	"time"

	"handrail/internal/diag"
	"handrail/internal/forms"
	"handrail/internal/schema"
	"handrail/internal/site"
)

// A reader reads one page into a definition of one language.
type reader struct {
	s      *site.Site
	p      *site.Page
	lang   string
	places map[string]*schema.Value
	diags  diag.List
}

// text is a text of the form in the page's language; nil when there is none.
func (r *reader) text(v *schema.Value, key string) forms.Texts {
	if s := v.String(key); s != "" {
		return forms.Texts{r.lang: s}
	}
	return nil
}

func (r *reader) report(v *schema.Value, code, arg string) {
	r.diags.Add(said(r.p, v, flaws[code], code, arg, ""))
}

const (
	defaultUndo = 10
	defaultMB   = 10
)

func (r *reader) definition() *forms.Definition {
	root := r.p.File.Front
	d := &forms.Definition{
		ID: root.String("form"), Languages: []string{r.lang}, Kind: forms.Kind(root.String("kind")),
		Title: forms.Texts{r.lang: r.p.Title}, Path: forms.Texts{r.lang: r.path()}, Then: r.text(root, "next"),
		Urgent: root.IsTrue("urgent"), UndoMinutes: defaultUndo,
	}
	if v := r.p.Get("department"); v != nil {
		d.Department = v.Text
	}
	if d.Urgent {
		d.UndoMinutes = 0
	}
	if r.p.Summary != "" {
		d.Summary = forms.Texts{r.lang: r.p.Summary}
	}
	if v := r.p.Get("answer-within"); v != nil {
		d.Limit = &forms.Limit{Days: number(v, "days"), Unit: v.String("unit"), Note: r.text(v, "note")}
	}
	if v := r.p.Get("undo-minutes"); v != nil {
		d.UndoMinutes = int(v.Number)
	}
	d.Opens, d.Closes = r.moment("opens", false), r.moment("closes", true)
	if d.Opens != nil && d.Closes != nil && d.Closes.Before(*d.Opens) {
		r.report(r.p.Get("closes"), "form-closes-early", "")
	}
	if v := r.p.Get("retention"); v != nil {
		d.RetentionDays, d.RetentionNote = kept(v), r.text(v, "note")
	}
	for _, v := range list(r.p.Get("other-ways")) {
		d.Ways = append(d.Ways, r.way(v))
	}
	for _, v := range list(r.p.Get("sections")) {
		d.Sections = append(d.Sections, r.section(d, v))
	}
	return d
}

// path is the page's address without its language.
func (r *reader) path() string { return r.p.Path[len(r.p.Lang.Prefix):] }

func list(v *schema.Value) []*schema.Value {
	if v == nil {
		return nil
	}
	return v.List
}

func number(v *schema.Value, key string) int {
	if f := v.Get(key); f != nil {
		return int(f.Number)
	}
	return 0
}

// kept is for how many days something is kept.
func kept(v *schema.Value) int { return forms.Year*number(v, "years") + number(v, "days") }

// moment is a date of the form. A day that it closes on is its last one.
func (r *reader) moment(key string, last bool) *time.Time {
	v := r.p.Get(key)
	if v == nil {
		return nil
	}
	t := v.Time
	if last && !v.HasTime {
		t = t.AddDate(0, 0, 1)
	}
	return &t
}

func (r *reader) way(v *schema.Value) forms.Way {
	w := forms.Way{Kind: v.String("kind"), Text: r.text(v, "text"), Tel: v.String("tel")}
	if page := v.Get("page"); page != nil {
		if l := r.s.Resolve(r.p, page.Text); l.Kind == site.ToPage {
			w.Link = map[string]*forms.Link{r.lang: {URL: l.URL(site.Standard), Care: l.URL(site.Care), Text: l.Page.Title}}
		}
	}
	return w
}

func (r *reader) note(id string, v *schema.Value) {
	if r.places[id] != nil {
		id += again
	}
	r.places[id] = v
}

func (r *reader) section(d *forms.Definition, v *schema.Value) *forms.Section {
	s := &forms.Section{ID: v.String("id"), Title: r.text(v, "title"), Hint: r.text(v, "hint"), ShowWhen: conditions(v)}
	r.note(s.ID, v)
	if rep := v.Get("repeat"); rep != nil {
		s.Repeat = &forms.Repeat{Min: max(number(rep, "min"), 1), Max: number(rep, "max"), Item: r.text(rep, "item")}
	}
	for _, f := range v.Items("fields") {
		s.Fields = append(s.Fields, r.field(d, f))
	}
	return s
}

func conditions(v *schema.Value) []forms.Condition {
	var out []forms.Condition
	for _, c := range v.Items("show-when") {
		out = append(out, forms.Condition{Field: c.String("field"), Is: answers(c, "is"), Not: answers(c, "not")})
	}
	return out
}

// answers are the words of a condition; YAML's true and false stand for yes
// and no.
func answers(v *schema.Value, key string) []string {
	out := v.Strings(key)
	for i, s := range out {
		switch s {
		case "true":
			out[i] = "yes"
		case "false":
			out[i] = "no"
		}
	}
	return out
}

func (r *reader) field(d *forms.Definition, v *schema.Value) *forms.Field {
	f := &forms.Field{
		ID: v.String("id"), Kind: forms.FieldKind(v.String("kind")), Label: r.text(v, "label"), Hint: r.text(v, "hint"),
		Reason: r.text(v, "reason"), Optional: v.IsTrue("optional"), ShowWhen: conditions(v), Autocomplete: v.String("autocomplete"),
		Whole: v.IsTrue("whole"), Unit: r.text(v, "unit"), MinLength: number(v, "min-length"), MaxLength: number(v, "max-length"),
		Digits: v.IsTrue("digits"), Earliest: r.day(v, "earliest"), Latest: r.day(v, "latest"),
		MinPicked: number(v, "min-picked"), MaxPicked: number(v, "max-picked"), Accept: r.accept(v),
		MaxFiles: number(v, "max-files"), MaxMB: number(v, "max-mb"), Camera: v.IsTrue("camera"),
		Text: r.text(v, "text"), ConsentFor: v.String("consent-for"),
	}
	r.note(f.ID, v)
	if f.Autocomplete == "" {
		f.Autocomplete = tokens[f.Kind]
	}
	if f.Kind == forms.Upload && f.MaxMB == 0 {
		f.MaxMB = defaultMB
	}
	for key, to := range map[string]**float64{"min": &f.Min, "max": &f.Max} {
		if n := v.Get(key); n != nil {
			x := n.Number
			*to = &x
		}
	}
	for _, o := range v.Items("options") {
		f.Options = append(f.Options, forms.Option{Value: o.String("value"), Label: r.text(o, "label"), Hint: r.text(o, "hint")})
	}
	if p := v.Get("promise"); p != nil {
		f.Promise = &forms.Promise{Replaces: r.text(p, "replaces"), Days: number(p, "days"), Unit: p.String("unit"), Consequence: r.text(p, "consequence")}
	}
	r.personal(d, f, v)
	return f
}

// personal fills in the basis and retention of the whole form.
func (r *reader) personal(d *forms.Definition, f *forms.Field, v *schema.Value) {
	p := v.Get("personal")
	if p == nil {
		return
	}
	f.Personal = &forms.Personal{Purpose: r.text(p, "purpose"), Basis: r.text(p, "basis"), RetentionDays: kept(p),
		Sensitive: p.IsTrue("sensitive"), Consent: p.IsTrue("consent")}
	if f.Personal.Basis == nil {
		f.Personal.Basis = r.text(r.p.File.Front, "basis")
	}
	if f.Personal.RetentionDays == 0 {
		f.Personal.RetentionDays = d.RetentionDays
	}
}

// tokens are the values of autocomplete that a kind of field has of itself.
// Source: HTML Standard, 4.10.18.7.1. "off" keeps a browser from offering one
// person's number to the next.
var tokens = map[forms.FieldKind]string{
	forms.Name: "name", forms.Phone: "tel", forms.Email: "email", forms.IDNumber: "off", forms.Address: "on",
}

func (r *reader) day(v *schema.Value, key string) string {
	d := v.Get(key)
	if d == nil {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, d.Text); err != nil && d.Text != "today" {
		r.report(d, "form-bad-day", d.Text)
	}
	return d.Text
}

// accepted are the kinds of files that the server can tell by their content.
var accepted = []string{"pdf", "jpg", "png", "webp", "docx", "xlsx", "txt"}

func (r *reader) accept(v *schema.Value) []string {
	for _, it := range v.Items("accept") {
		if !slices.Contains(accepted, it.Text) {
			r.report(it, "form-bad-accept", it.Text)
		}
	}
	return v.Strings("accept")
}
