package formpage

import (
	"fmt"
	"slices"
	"strings"

	"handrail/internal/forms"
)

// A field is what the template of a question sees.
type field struct {
	*page
	F     *forms.Field
	Key   string
	ID    string // of the input that an error leads to
	Base  string // what the ids of its hint and error begin with
	Alone bool   // the heading of the page is its label

	Label, Hint, Reason, Error string
	Value                      string
	Describe                   string // ids for aria-describedby
	Parts                      []part
	Options                    []option
	Files                      []forms.File
	unlinked                   bool // the files cannot be had yet
}

// FileAt is where a file can be had; "" when it cannot.
func (f *field) FileAt(id string) string {
	if f.unlinked {
		return ""
	}
	return f.page.FileAt(id)
}

// A part is one input of a date or an address.
type part struct {
	ID, Name, Label, Value, Auto, Mode, Describe string
	Size                                         string // a class
	Wrong, Optional                              bool
}

// An option is one radio button or checkbox.
type option struct {
	ID, Value, Label, Hint, HintID, Describe string
	Checked                                  bool
}

// inputID is the id of the input that holds a key, or a part of it.
func inputID(key, part string) string {
	if part != "" {
		return "f-" + key + "_" + part
	}
	return "f-" + key
}

// Fields are the questions of a step.
func (p *page) Fields() ([]*field, error) {
	v := p.V.(*Step)
	out := make([]*field, 0, len(v.Page.Items))
	for _, it := range v.Page.Items {
		f, err := p.field(it, v.Answers, v.Problems)
		if err != nil {
			return nil, err
		}
		f.Alone = len(v.Page.Items) == 1
		out = append(out, f)
	}
	return out, nil
}

func (p *page) field(it forms.Item, a *forms.Answers, problems forms.Problems) (*field, error) {
	f := &field{page: p, F: it.Field, Key: it.Key, ID: inputID(it.Key, ""), Base: inputID(it.Key, ""), Label: p.Say(it.Field.Label), Hint: p.Say(it.Field.Hint)}
	if it.Field.Personal != nil && it.Field.Personal.Sensitive {
		f.Reason = p.Say(it.Field.Reason) // PIPL 30: say why it is needed, where it is asked
	}
	f.Value = a.Value(it.Key)
	if a != nil {
		f.Files = a.Files[it.Key]
	}
	pr := problems.For(it.Key)
	if pr != nil {
		var err error
		if f.Error, err = p.problem(it.Field, pr); err != nil {
			return nil, err
		}
	}
	f.Describe = f.describedBy()
	var err error
	switch it.Field.Kind {
	case forms.Date:
		f.Parts, err = p.parts(f, a, forms.DateParts, pr)
	case forms.Address:
		f.Parts, err = p.parts(f, a, forms.AddressParts, pr)
	case forms.Choice, forms.Choices, forms.YesNo:
		f.Options, err = p.options(f, a)
	}
	return f, err
}

// describedBy lists the elements that explain the field: hint, reason, error.
func (f *field) describedBy() string {
	var ids []string
	for _, x := range []struct{ text, id string }{{f.HintText(), "hint"}, {f.Reason, "why"}, {f.Error, "err"}} {
		if x.text != "" {
			ids = append(ids, f.Base+"-"+x.id)
		}
	}
	return strings.Join(ids, " ")
}

// HintText is the author's hint, or what the kind of field says of itself.
func (f *field) HintText() string {
	if f.Hint != "" {
		return f.Hint
	}
	switch f.F.Kind {
	case forms.Date, forms.IDNumber, forms.Phone, forms.Choices:
		s, _ := f.T("form.hint." + string(f.F.Kind))
		return s
	}
	return ""
}

// Limits says what a file may be, or how long a text.
func (f *field) Limits() (string, error) {
	switch {
	case f.F.Kind == forms.Upload:
		return f.T("form.hint.file", "types", strings.ToUpper(strings.Join(f.F.Accept, ", ")), "mb", f.F.MaxMB, "n", f.F.Files())
	case f.F.Kind == forms.LongText && f.F.MaxLength > 0:
		return f.T("form.hint.length", "n", f.F.MaxLength)
	}
	return "", nil
}

// Type is the type of the input.
func (f *field) Type() string {
	switch f.F.Kind {
	case forms.Phone:
		return "tel"
	case forms.Email:
		return "email"
	}
	return "text"
}

// Mode is the keyboard that a telephone shows. The check character of an
// identity card can be an X, so its field has the whole keyboard.
func (f *field) Mode() string {
	switch {
	case f.F.Digits:
		return "numeric"
	case f.F.Kind == forms.Number && f.F.Whole:
		return "numeric"
	case f.F.Kind == forms.Number:
		return "decimal"
	}
	return ""
}

// Width is a class that fits the width of the input to the answer.
func (f *field) Width() string {
	switch {
	case f.F.Kind == forms.Number, f.F.MaxLength > 0 && f.F.MaxLength <= 8:
		return "w8"
	case f.F.Kind == forms.Phone, f.F.Kind == forms.IDNumber, f.F.MaxLength > 0 && f.F.MaxLength <= 24:
		return "w20"
	}
	return ""
}

// Group reports whether the field has several inputs.
func (f *field) Group() bool { return len(f.Parts)+len(f.Options) > 0 }

// Accept is the value of accept for a file input.
func (f *field) Accept() string {
	out := make([]string, 0, len(f.F.Accept)+1)
	for _, x := range f.F.Accept {
		out = append(out, "."+x)
		if x == "jpg" {
			out = append(out, ".jpeg")
		}
	}
	return strings.Join(out, ",")
}

// Many reports whether several files may be chosen.
func (f *field) Many() bool { return f.F.Files() > 1 }

// Room reports whether one more file may be added.
func (f *field) Room() bool { return len(f.Files) < f.F.Files() }

func (p *page) parts(f *field, a *forms.Answers, names []string, pr *forms.Problem) ([]part, error) {
	values := []string{}
	if a != nil {
		values = a.Values[f.Key]
	}
	out := make([]part, len(names))
	for i, name := range names {
		label, err := p.T("form.part." + name)
		if err != nil {
			return nil, err
		}
		out[i] = part{ID: inputID(f.Key, name), Name: f.Key + ":" + name, Label: label, Auto: partToken(f.F, name)}
		if i < len(values) {
			out[i].Value = values[i]
		}
		out[i].Wrong = pr != nil && (pr.Part == name || pr.Part == "")
		if out[i].Wrong {
			out[i].Describe = f.Base + "-err"
		}
		switch name {
		case "year":
			out[i].Size, out[i].Mode = "w4", "numeric"
		case "month", "day":
			out[i].Size, out[i].Mode = "w2", "numeric"
		case "postcode":
			out[i].Size, out[i].Mode, out[i].Optional = "w8", "numeric", true
		}
	}
	if pr != nil && pr.Part != "" {
		f.ID = inputID(f.Key, pr.Part)
	} else {
		f.ID = out[0].ID
	}
	return out, nil
}

// partToken is the autocomplete token of a part.
func partToken(f *forms.Field, name string) string {
	if f.Autocomplete == "off" {
		return "off"
	}
	switch name {
	case "year", "month", "day":
		if f.Autocomplete == "bday" {
			return "bday-" + name
		}
		return ""
	case "area":
		return "address-level1"
	case "street":
		return "address-line1"
	}
	return "postal-code"
}

func (p *page) options(f *field, a *forms.Answers) ([]option, error) {
	var out []option
	picked := func(v string) bool { return a != nil && slices.Contains(a.Values[f.Key], v) }
	list := f.F.Options
	if f.F.Kind == forms.YesNo {
		for _, v := range []string{"yes", "no"} {
			label, err := p.T("form." + v)
			if err != nil {
				return nil, err
			}
			out = append(out, option{Value: v, Label: label, Checked: picked(v)})
		}
	}
	for _, o := range list {
		out = append(out, option{Value: o.Value, Label: p.Say(o.Label), Hint: p.Say(o.Hint), Checked: picked(o.Value)})
	}
	for i := range out {
		o := &out[i]
		o.ID = inputID(f.Key, o.Value)
		if i == 0 {
			o.ID = f.ID // an error leads to the first one
		}
		if o.Hint != "" {
			o.HintID = o.ID + "-hint"
			o.Describe = o.HintID
		}
	}
	return out, nil
}

// problem says what is wrong with a field and what to do.
func (p *page) problem(f *forms.Field, pr *forms.Problem) (string, error) {
	args := append([]any{"label", p.Say(f.Label)}, pr.Args...)
	key := pr.Message
	if p.Has(key + "." + string(f.Kind)) {
		key += "." + string(f.Kind)
	}
	return p.T(key, args...)
}

// A fault is one line of the error summary.
type fault struct{ Href, Text string }

// Faults are the lines of the error summary. Where they stand on other pages,
// as on the page of all answers, they lead there.
func (p *page) Faults() ([]fault, error) {
	var problems forms.Problems
	var change func(string) string
	var a *forms.Answers
	switch v := p.V.(type) {
	case *Step:
		problems = v.Problems
	case *Check:
		problems, change, a = v.Problems, v.Change, v.Answers
	}
	out := make([]fault, 0, len(problems))
	for i := range problems {
		pr := &problems[i]
		_, _, id := forms.SplitKey(pr.Key)
		f, _ := p.form.Field(id)
		if f == nil {
			return nil, fmt.Errorf("no field %q", pr.Key)
		}
		text, err := p.problem(f, pr)
		if err != nil {
			return nil, err
		}
		href := "#" + inputID(pr.Key, pr.Part)
		if change != nil {
			if at, ok := p.form.PageOf(p.at.Edition, pr.Key, a); ok {
				href = change(at.ID) + href
			}
		}
		out = append(out, fault{href, text})
	}
	return out, nil
}

// A use is what becomes of one personal datum.
type use struct {
	Label, Purpose, Basis, Kept string
	Sensitive                   bool
}

// Uses says why the questions of a step are asked.
func (p *page) Uses() ([]use, error) {
	var out []use
	for _, it := range p.V.(*Step).Page.Items {
		f := it.Field
		u := use{Label: p.Say(f.Label), Purpose: p.Say(f.Reason)}
		if d := f.Personal; d != nil {
			if u.Purpose == "" || !d.Sensitive {
				u.Purpose = p.Say(d.Purpose)
			}
			u.Basis, u.Sensitive = p.Say(d.Basis), d.Sensitive
			var err error
			if u.Kept, err = p.Kept(d.RetentionDays); err != nil {
				return nil, err
			}
		}
		if u.Purpose != "" {
			out = append(out, u)
		}
	}
	return out, nil
}
