package forms

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Flaw is a mistake in a definition. The generator tells the author, at the
// field's line and in the author's language; the server refuses the file.
type Flaw struct {
	Code    string // "form-unknown-field"
	Section string // id of the section it is in; "" for the form's own
	Field   string // id of the field it is in, if any
	Index   int    // of the option or condition, if it is about one
	Arg     string // the word it is about
}

// Error says it in English, for logs.
func (f Flaw) Error() string {
	return fmt.Sprintf("%s: section %q, field %q: %q", f.Code, f.Section, f.Field, f.Arg)
}

// Check reports the first flaw of a definition, as an error.
func (d *Definition) Check() error {
	if flaws := d.Flaws(); len(flaws) > 0 {
		return flaws[0]
	}
	if len(d.Languages) == 0 {
		return errors.New("no language")
	}
	if d.UndoMinutes < 0 {
		return errors.New("undo window out of range")
	}
	for _, s := range d.Sections {
		if s == nil || slices.Contains(s.Fields, nil) {
			return errors.New("an empty section or field")
		}
	}
	return nil
}

// reserved are the last segments of addresses below /f/{form}/{draft}/.
var reserved = []string{"check", "send", "sent", "undo", "save", "resume", "file", "files", "start", "closed", "error", "help", "done"}

// IsID reports whether s can be the id of a form, section or field: small
// Latin letters, digits and hyphens, a letter first.
func IsID(s string) bool {
	return s != "" && len(s) <= 40 && s[0] >= 'a' && s[0] <= 'z' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Flaws lists what is wrong with a definition, in the order of its parts.
func (d *Definition) Flaws() []Flaw {
	c := &checker{d: d, at: map[string]int{}, of: map[string]*Section{}}
	if !IsID(d.ID) {
		c.add(Flaw{Code: "form-bad-id", Arg: d.ID})
	}
	if len(d.Ways) == 0 {
		c.add(Flaw{Code: "form-no-other-way"})
	}
	if len(d.Sections) == 0 {
		c.add(Flaw{Code: "form-empty"})
	}
	if d.RetentionDays < 1 {
		c.add(Flaw{Code: "form-no-retention", Arg: d.ID})
	}
	c.ids()
	for _, s := range d.Sections {
		if s != nil {
			c.section(s)
		}
	}
	c.cycles()
	return c.flaws
}

type checker struct {
	d     *Definition
	flaws []Flaw
	at    map[string]int      // id of a field → its place in the form
	of    map[string]*Section // id of a field → its section
}

func (c *checker) add(f Flaw) { c.flaws = append(c.flaws, f) }

// ids holds the ids of sections and fields to be proper and single.
func (c *checker) ids() {
	seen := map[string]bool{}
	id := func(s string, f Flaw) {
		f.Arg = s
		switch {
		case !IsID(s):
			f.Code = "form-bad-id"
		case slices.Contains(reserved, s):
			f.Code = "form-reserved-id"
		case seen[s]:
			f.Code = "form-duplicate-id"
		}
		seen[s] = true
		if f.Code != "" {
			c.add(f)
		}
	}
	n := 0
	for _, s := range c.d.Sections {
		if s == nil {
			continue
		}
		id(s.ID, Flaw{Section: s.ID})
		for _, f := range s.Fields {
			if f == nil {
				continue
			}
			id(f.ID, Flaw{Section: s.ID, Field: f.ID})
			if _, ok := c.at[f.ID]; !ok {
				c.at[f.ID], c.of[f.ID] = n, s
			}
			n++
		}
	}
}

func (c *checker) section(s *Section) {
	if len(s.Fields) == 0 {
		c.add(Flaw{Code: "form-empty-section", Section: s.ID, Arg: s.ID})
	}
	if r := s.Repeat; r != nil && (r.Min < 1 || r.Max < r.Min || r.Max > 50) {
		c.add(Flaw{Code: "form-bad-repeat", Section: s.ID, Arg: s.ID})
	}
	first := len(c.at)
	if len(s.Fields) > 0 && s.Fields[0] != nil {
		first = c.at[s.Fields[0].ID]
	}
	for i, cond := range s.ShowWhen {
		c.condition(cond, Flaw{Section: s.ID, Index: i}, first, s, true)
	}
	for _, f := range s.Fields {
		if f == nil {
			continue
		}
		for i, cond := range f.ShowWhen {
			c.condition(cond, Flaw{Section: s.ID, Field: f.ID, Index: i}, c.at[f.ID], s, false)
		}
		c.field(s, f)
	}
}

// condition holds a condition to fields that were asked before, and answers
// that can be given.
func (c *checker) condition(cond Condition, at Flaw, place int, s *Section, whole bool) {
	at.Arg = cond.Field
	n, ok := c.at[cond.Field]
	of := c.of[cond.Field]
	switch {
	case !ok:
		at.Code = "form-unknown-field"
	case whole && of == s:
		at.Code = "form-own-section"
	case of.Repeat != nil && (of != s || whole):
		at.Code = "form-other-group"
	case n >= place:
		at.Code = "form-later-field"
	case (len(cond.Is) == 0) == (len(cond.Not) == 0):
		at.Code = "form-empty-condition"
	default:
		at.Code, at.Arg = c.answers(cond)
	}
	if at.Code != "" {
		c.add(at)
	}
}

// answers finds a word that the field of a condition cannot be answered with.
func (c *checker) answers(cond Condition) (code, word string) {
	f, _ := c.d.Field(cond.Field)
	for _, v := range slices.Concat(cond.Is, cond.Not) {
		switch f.Kind {
		case Choice, Choices:
			if f.Option(v) == nil {
				return "form-unknown-option", v
			}
		case YesNo, Declaration, Commitment:
			if v != "yes" && v != "no" {
				return "form-unknown-option", v
			}
		default:
			return "form-condition-kind", cond.Field
		}
	}
	return "", ""
}

func (c *checker) field(s *Section, f *Field) {
	at := Flaw{Section: s.ID, Field: f.ID, Arg: f.ID}
	add := func(code string) {
		at.Code = code
		c.add(at)
	}
	if !slices.Contains(Kinds, f.Kind) {
		at.Arg = string(f.Kind)
		add("form-unknown-kind")
		return
	}
	if (f.Kind == Choice || f.Kind == Choices) && len(f.Options) < 2 {
		add("form-few-options")
	}
	c.options(s, f)
	if f.MaxLength > 0 && f.MinLength > f.MaxLength || f.Min != nil && f.Max != nil && *f.Min > *f.Max ||
		f.MaxPicked > 0 && f.MinPicked > f.MaxPicked || f.MaxFiles < 0 || f.MaxFiles > 20 || f.MaxMB < 0 || f.MaxMB > 100 || f.MaxLength > maxValue {
		add("form-bad-limits")
	}
	if f.Kind == Upload && len(f.Accept) == 0 {
		add("form-no-accept")
	}
	if (f.Kind == Declaration || f.Kind == Commitment) && len(f.Text) == 0 {
		add("form-no-text")
	}
	if f.Kind == Commitment && f.Promise == nil {
		add("form-no-promise")
	}
	if f.ConsentFor != "" && c.of[f.ConsentFor] == nil {
		at.Arg = f.ConsentFor
		add("form-unknown-consent")
	}
	c.personal(s, f)
}

func (c *checker) options(s *Section, f *Field) {
	seen := map[string]bool{}
	for i, o := range f.Options {
		at := Flaw{Section: s.ID, Field: f.ID, Index: i, Arg: o.Value}
		switch {
		case !IsOption(o.Value):
			at.Code = "form-bad-option"
		case seen[o.Value]:
			at.Code = "form-duplicate-option"
		}
		seen[o.Value] = true
		if at.Code != "" {
			c.add(at)
		}
	}
}

// IsOption reports whether s can stand for an option: letters, digits and
// hyphens.
func IsOption(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// personal holds personal data to their duties: a purpose, a legal basis and
// a retention period; for sensitive data the reason, and where they rest on
// consent a consent of their own.
// Source: 个人信息保护法 Art. 6, 17, 19, 29, 30.
func (c *checker) personal(s *Section, f *Field) {
	p := f.Personal
	at := Flaw{Section: s.ID, Field: f.ID, Arg: f.ID}
	add := func(code string) {
		at.Code = code
		c.add(at)
	}
	if p == nil {
		if slices.Contains(PersonalKinds, f.Kind) {
			add("form-no-purpose")
		}
		return
	}
	if len(p.Purpose) == 0 {
		add("form-no-purpose")
	}
	if len(p.Basis) == 0 {
		add("form-no-basis")
	}
	if p.RetentionDays < 1 {
		add("form-no-retention")
	}
	if p.Sensitive && len(f.Reason) == 0 {
		add("form-no-reason")
	}
	if p.Sensitive && p.Consent && !c.consented(f.ID) {
		add("form-no-consent")
	}
}

func (c *checker) consented(id string) bool {
	for _, s := range c.d.Sections {
		for _, f := range s.Fields {
			if f != nil && f.ConsentFor == id && f.Kind == Declaration {
				return true
			}
		}
	}
	return false
}

// Kinds are all kinds of fields; PersonalKinds those that are always about a
// person.
var (
	Kinds = []FieldKind{Text, LongText, Number, Date, Choice, Choices, YesNo, Address, Phone, Email, Name, IDNumber,
		Upload, Declaration, Commitment}
	PersonalKinds = []FieldKind{Address, Phone, Email, Name, IDNumber, Upload}
)

// cycles tells of fields that wait for each other. Each of them refers to a
// later field somewhere; the circle is the better explanation.
func (c *checker) cycles() {
	const todo, doing, done = 0, 1, 2
	state := map[string]int{}
	var visit func(id string) string
	visit = func(id string) string {
		switch state[id] {
		case doing:
			return id
		case done:
			return ""
		}
		state[id] = doing
		defer func() { state[id] = done }()
		f, s := c.d.Field(id)
		if f == nil {
			return ""
		}
		for _, cond := range slices.Concat(s.ShowWhen, f.ShowWhen) {
			if hit := visit(cond.Field); hit != "" {
				return hit
			}
		}
		return ""
	}
	for _, s := range c.d.Sections {
		for _, f := range s.Fields {
			if f == nil || state[f.ID] != todo {
				continue
			}
			if hit := visit(f.ID); hit != "" {
				c.flaws = slices.DeleteFunc(c.flaws, func(x Flaw) bool {
					return x.Code == "form-later-field" && (x.Field == hit || x.Arg == hit)
				})
				c.add(Flaw{Code: "form-circle", Section: cmp.Or(c.of[hit], s).ID, Field: hit, Arg: hit})
			}
		}
	}
}
