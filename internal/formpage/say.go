package formpage

import (
	"handrail/internal/forms"
)

// What the templates ask of a page beside the fields of its view.

// Heading is the heading of a step: its question where there is one, else
// what its section is about.
func (p *page) Heading() (string, error) {
	v := p.V.(*Step)
	if len(v.Page.Items) != 1 {
		return p.pageTitle(&v.Page)
	}
	label := p.Say(v.Page.Items[0].Field.Label)
	if v.Page.Instance < 0 {
		return label, nil
	}
	return p.T("form.instance-question", "item", p.Say(v.Page.Section.Repeat.Item), "number", v.Page.Instance+1, "label", label)
}

// HeadingOptional reports whether the heading is a question that may be left
// open.
func (p *page) HeadingOptional() bool {
	v := p.V.(*Step)
	return len(v.Page.Items) == 1 && v.Page.Items[0].Field.Optional
}

// LabelFor is the input that the heading is the label of, if any.
func (p *page) LabelFor() string {
	v := p.V.(*Step)
	if len(v.Page.Items) != 1 {
		return ""
	}
	switch it := v.Page.Items[0]; it.Field.Kind {
	case forms.Text, forms.LongText, forms.Number, forms.Phone, forms.Email, forms.Name, forms.IDNumber:
		return inputID(it.Key, "")
	case forms.Upload:
		if len(v.Answers.Clone().Files[it.Key]) < it.Field.Files() {
			return inputID(it.Key, "")
		}
	}
	return ""
}

// Lead is a sentence about the section, on its first page.
func (p *page) Lead() string {
	v := p.V.(*Step)
	if !v.Page.First {
		return ""
	}
	return p.Say(v.Page.Section.Hint)
}

// InstanceTitle names one instance of a repeated section.
func (p *page) InstanceTitle() (string, error) {
	v := p.V.(*Step)
	return p.pageTitle(&v.Page)
}

// CanMore reports whether another instance may be added here.
func (p *page) CanMore() bool {
	v := p.V.(*Step)
	s := v.Page.Section
	return s.Repeat != nil && v.Page.Last && v.Page.Instance == v.Answers.Count(s)-1 && v.Answers.Count(s) < s.Repeat.Max
}

// CanDrop reports whether this instance may be taken away.
func (p *page) CanDrop() bool {
	v := p.V.(*Step)
	s := v.Page.Section
	return s.Repeat != nil && v.Page.First && v.Answers.Count(s) > s.Repeat.Min
}

// HasFile reports whether a file is asked for.
func (p *page) HasFile() bool {
	for _, it := range p.V.(*Step).Page.Items {
		if it.Field.Kind == forms.Upload {
			return true
		}
	}
	return false
}

// Helping is who fills in the form for somebody else, "" if nobody.
func (p *page) Helping() string {
	switch v := p.V.(type) {
	case *Step:
		return helper(v.Answers)
	case *Check:
		return helper(v.Answers)
	}
	return ""
}

func helper(a *forms.Answers) string {
	if a == nil {
		return ""
	}
	return string(a.Helper)
}

// SendWord names what sending does.
func (p *page) SendWord() (string, error) { return p.T("form.send." + string(p.form.Kind)) }

// Pick is the type of the inputs of a choice.
func (f *field) Pick() string {
	if f.F.Kind == forms.Choices {
		return "checkbox"
	}
	return "radio"
}

// LTR reports whether the answer reads from left to right in every language.
func (f *field) LTR() bool {
	switch f.F.Kind {
	case forms.Phone, forms.Email, forms.IDNumber, forms.Number:
		return true
	}
	return f.F.Digits
}

// Size writes how large a file is.
func (p *page) Size(f forms.File) string { return p.cat.Locale.FileSize(f.Size) }

// LinkOf is where another way to hand in leads, if anywhere.
func (p *page) LinkOf(w forms.Way) *forms.Link {
	l := w.Link[p.form.Lang(p.at.Lang)]
	if l == nil {
		return nil
	}
	return &forms.Link{URL: l.For(p.at.Edition), Text: l.Text}
}

// DueLine says by when an answer has to come.
func (p *page) DueLine(d *Due) (string, error) {
	switch {
	case d == nil && p.form.Limit != nil:
		return p.T("form.due.within."+p.form.Limit.Unit, "n", p.form.Limit.Days)
	case d == nil:
		return "", nil
	case d.About:
		return p.T("form.due.about", "date", d.Date)
	}
	return p.T("form.due.by", "date", d.Date)
}

// CanUndo reports whether sending can still be undone.
func (p *page) CanUndo() bool {
	switch v := p.V.(type) {
	case *Sent:
		return v.Undo != "" && !v.UndoUntil.IsZero()
	case *Already:
		return v.Undo != "" && !v.UndoUntil.IsZero()
	case *Case:
		return v.Undo != "" && !v.UndoUntil.IsZero()
	}
	return false
}

// AlreadyTitle says when the draft was sent or withdrawn.
func (p *page) AlreadyTitle() (string, error) {
	v := p.V.(*Already)
	key := "form.already.sent-at"
	if v.Withdrawn {
		key = "form.already.withdrawn-at"
	}
	return p.T(key, "time", p.Clock(v.Sent), "date", p.Day(v.Sent))
}

// NotYet reports whether a closed form has yet to open.
func (p *page) NotYet() bool { return !p.V.(*Closed).Opens.IsZero() }

// ClosedKey is the message that says so.
func (p *page) ClosedKey() string {
	if p.NotYet() {
		return "form.closed.not-yet"
	}
	return "form.closed.title"
}

// NoticeText is the title or text of a notice.
func (p *page) NoticeText(part string) (string, error) {
	v := p.V.(*Notice)
	return p.T("form.notice."+v.Key+"."+part, v.Args...)
}

// CaseTitle says how a case stands.
func (p *page) CaseTitle() (string, error) { return p.T("form.state." + p.V.(*Case).State) }

// StepTitle names a step of a case.
func (p *page) StepTitle(s CaseStep) (string, error) {
	if s.Title != "" {
		return s.Title, nil
	}
	return p.T("form.state." + s.State)
}

// A digits is a field for a code in groups of four.
type digits struct {
	*page
	ID, Name, Label, Hint, Value, Error string
}

// A single fault of a page without a form definition.
func (p *page) Fault() (*fault, error) {
	id, key, group := "", "", 0
	switch v := p.V.(type) {
	case *Resume:
		id, key, group = "code", v.Problem, v.Group
		if key == "file" {
			id = "file"
		}
	case *Continue:
		id, key, group = "code", v.Problem, v.Group
	case *Find:
		id, key, group = "secret", v.Problem, v.Group
		if v.Problem == "reference" || v.Problem == "missing" && v.Reference == "" {
			id = "reference"
		}
	case *Case:
		id, key = "message", v.Problem
		if key != "" {
			key = "message-" + key
		}
		if f, err := p.askFault(v); f != nil || err != nil {
			return f, err
		}
	}
	if key == "" {
		return nil, nil
	}
	text, err := p.T("form.code."+key, "number", group)
	return &fault{id, text}, err
}

// CaseHere is the address of the case that the page is about.
func (p *page) CaseHere() string {
	return p.kit.site.Prefix(p.at.Lang, p.at.Edition) + "/case/" + p.V.(*Case).Reference
}

// Telling asks how the person wants to be told; nil where that is not asked.
func (p *page) Telling() *Tell {
	switch v := p.V.(type) {
	case *Check:
		return v.Tell
	case *Case:
		return v.Tell
	}
	return nil
}

// TellProblem is what is wrong with how the person wants to be told.
func (p *page) TellProblem() string {
	if t := p.Telling(); t != nil {
		return t.Problem
	}
	return ""
}

// MessageFault is what is wrong with the message to the department.
func (p *page) MessageFault() (*fault, error) {
	if p.V.(*Case).Problem == "" {
		return nil, nil
	}
	return p.Fault()
}

// askFault is what is wrong with something that was asked for.
func (p *page) askFault(v *Case) (*fault, error) {
	for _, a := range v.Asked {
		if a.Problem != nil {
			text, err := p.problem(a.Field, a.Problem)
			return &fault{inputID("ask-"+a.ID, ""), text}, err
		}
	}
	return nil, nil
}

func (p *page) code(id, key, value string) (*digits, error) {
	d := &digits{page: p, ID: id, Name: id, Value: value}
	for suffix, to := range map[string]*string{"": &d.Label, "-hint": &d.Hint} {
		s, err := p.T(key + suffix)
		if err != nil {
			return nil, err
		}
		*to = s
	}
	f, err := p.Fault()
	if err == nil && f != nil && f.Href == id {
		d.Error = f.Text
	}
	return d, err
}

// CodeField asks for the code of a draft.
func (p *page) CodeField() (*digits, error) { return p.code("code", "form.code", p.V.(*Resume).Typed) }

// ReferenceField asks for the reference of a case.
func (p *page) ReferenceField() (*digits, error) {
	return p.code("reference", "form.reference", p.V.(*Find).Reference)
}

// SecretField asks for the secret of a case.
func (p *page) SecretField() (*digits, error) {
	return p.code("secret", "form.secret", p.V.(*Find).Secret)
}

// An ask is a document that is asked for, with its field.
type ask struct {
	*page
	A          Ask
	Field      *field
	Number, Of int
}

// Heading tells several asks apart.
func (a ask) Heading() (string, error) {
	if a.Of == 1 {
		return a.T("form.case.asked")
	}
	return a.T("form.case.asked-of", "n", a.Number, "total", a.Of)
}

// Asks are the documents that the department asks for.
func (p *page) Asks() ([]ask, error) {
	var out []ask
	asked := p.V.(*Case).Asked
	for i, a := range asked {
		var problems forms.Problems
		key := "ask-" + a.ID
		if a.Problem != nil {
			pr := *a.Problem
			pr.Key = key
			problems = forms.Problems{pr}
		}
		f, err := p.field(forms.Item{Key: key, Field: a.Field}, &forms.Answers{Files: map[string][]forms.File{key: a.Files}}, problems)
		if err != nil {
			return nil, err
		}
		f.unlinked = true
		out = append(out, ask{p, a, f, i + 1, len(asked)})
	}
	return out, nil
}

// Kept says how long something is kept, in years where they come out even.
func (p *page) Kept(days int) (string, error) {
	if days > 0 && days%forms.Year == 0 {
		return p.T("form.kept-years", "n", days/forms.Year)
	}
	return p.T("form.kept", "n", days)
}
