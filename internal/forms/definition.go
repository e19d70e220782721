// Package forms knows what a form asks and holds answers against it. The
// generator compiles a page of type form to a [Definition] and writes it to
// .handrail/forms/<id>.json; the server reads that file and validates by
// exactly it. Both programs link this package, so it knows neither Markdown
// nor HTML: what people see of a form is drawn by package formpage.
package forms

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// Texts holds one text in the languages of a form, by BCP 47 tag.
type Texts map[string]string

// In returns the text in a language, else in any other, chosen the same way
// each time.
func (t Texts) In(lang string) string {
	if s, ok := t[lang]; ok {
		return s
	}
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		return t[tag]
	}
	return ""
}

// A Definition is everything the server knows of a form.
type Definition struct {
	ID         string   `json:"id"`        // of the address /f/{id}/
	Languages  []string `json:"languages"` // in which the form is written, the site's default first
	Kind       Kind     `json:"kind"`
	Title      Texts    `json:"title"`
	Summary    Texts    `json:"summary,omitempty"`
	Path       Texts    `json:"path"` // of the static first page, without the prefix of language and edition
	Department string   `json:"department"`

	Then        Texts      `json:"next,omitempty"`        // what happens after sending
	Limit       *Limit     `json:"limit,omitempty"`       // by when an answer is due
	UndoMinutes int        `json:"undoMinutes,omitempty"` // 0: goes out at once
	Urgent      bool       `json:"urgent,omitempty"`
	Opens       *time.Time `json:"opens,omitempty"`
	Closes      *time.Time `json:"closes,omitempty"`

	RetentionDays int   `json:"retentionDays"` // after the case is closed
	RetentionNote Texts `json:"retentionNote,omitempty"`

	Ways     []Way      `json:"ways"` // other ways to hand in: never empty
	Sections []*Section `json:"sections"`

	version string
}

// A Kind says what a form is for.
type Kind string

// The kinds of forms.
const (
	Application Kind = "application"
	Letter      Kind = "letter"
	Complaint   Kind = "complaint"
	Rating      Kind = "rating"
	Survey      Kind = "survey"
	Request     Kind = "request" // for information: 依申请公开
	Notice      Kind = "report"  // something is broken or wrong
)

// A Limit is how long an answer may take.
type Limit struct {
	Days int    `json:"days"`
	Unit string `json:"unit"` // "workday", "day" or "month"
	Note Texts  `json:"note,omitempty"`
}

// A Way is another way to hand in: by telephone, at a counter, on paper.
type Way struct {
	Kind string           `json:"kind"` // phone text counter post paper home other
	Text Texts            `json:"text"`
	Tel  string           `json:"tel,omitempty"`
	Link map[string]*Link `json:"link,omitempty"` // by language
}

// A Link leads to a page of the site. Care is its address in that edition.
type Link struct {
	URL  string `json:"url"`
	Care string `json:"care,omitempty"`
	Text string `json:"text"`
}

// For returns the address in an edition.
func (l *Link) For(edition string) string {
	if edition == Care && l.Care != "" {
		return l.Care
	}
	return l.URL
}

// The editions.
const (
	Standard = "standard"
	Care     = "care"
)

// A Section is a part of a form: a page or more of them. With Repeat it is
// asked several times, such as once for each member of a household.
type Section struct {
	ID       string      `json:"id"`
	Title    Texts       `json:"title"`
	Hint     Texts       `json:"hint,omitempty"`
	ShowWhen []Condition `json:"showWhen,omitempty"`
	Repeat   *Repeat     `json:"repeat,omitempty"`
	Fields   []*Field    `json:"fields"`
}

// Repeat says how often a section is asked.
type Repeat struct {
	Min  int   `json:"min"` // at least 1
	Max  int   `json:"max"`
	Item Texts `json:"item"` // what one of them is called: "Member of the household"
}

// A Condition holds when the field has been answered and its answer is one of
// Is, or, where Not is given, none of Not.
type Condition struct {
	Field string   `json:"field"`
	Is    []string `json:"is,omitempty"`
	Not   []string `json:"not,omitempty"`
}

// A FieldKind says what a field asks for.
type FieldKind string

// The kinds of fields.
const (
	Text        FieldKind = "text"
	LongText    FieldKind = "long-text"
	Number      FieldKind = "number"
	Date        FieldKind = "date"
	Choice      FieldKind = "choice"
	Choices     FieldKind = "choices"
	YesNo       FieldKind = "yes-no"
	Address     FieldKind = "address"
	Phone       FieldKind = "phone"
	Email       FieldKind = "email"
	Name        FieldKind = "name"
	IDNumber    FieldKind = "id-number" // 居民身份证, GB 11643
	Upload      FieldKind = "file"
	Declaration FieldKind = "declaration"
	Commitment  FieldKind = "commitment" // 告知承诺, 容缺受理
)

// A Field is one question.
type Field struct {
	ID           string      `json:"id"`
	Kind         FieldKind   `json:"kind"`
	Label        Texts       `json:"label"`
	Hint         Texts       `json:"hint,omitempty"`
	Reason       Texts       `json:"reason,omitempty"` // why it is asked
	Optional     bool        `json:"optional,omitempty"`
	ShowWhen     []Condition `json:"showWhen,omitempty"`
	Autocomplete string      `json:"autocomplete,omitempty"`
	Options      []Option    `json:"options,omitempty"` // of Choice and Choices

	Min       *float64 `json:"min,omitempty"` // of a Number
	Max       *float64 `json:"max,omitempty"`
	Whole     bool     `json:"whole,omitempty"`     // a Number without a fraction
	Unit      Texts    `json:"unit,omitempty"`      // of a Number: "m²"
	MinLength int      `json:"minLength,omitempty"` // of a text, in characters
	MaxLength int      `json:"maxLength,omitempty"`
	Digits    bool     `json:"digits,omitempty"`   // a Text of digits only, spaces allowed
	Earliest  string   `json:"earliest,omitempty"` // of a Date: YYYY-MM-DD or "today"
	Latest    string   `json:"latest,omitempty"`
	MinPicked int      `json:"minPicked,omitempty"` // of Choices
	MaxPicked int      `json:"maxPicked,omitempty"`

	Accept   []string `json:"accept,omitempty"`   // of an Upload: "pdf", "jpg", "png", …
	MaxFiles int      `json:"maxFiles,omitempty"` // 1 when zero
	MaxMB    int      `json:"maxMB,omitempty"`    // of each file
	Camera   bool     `json:"camera,omitempty"`   // ask a phone for its camera

	Text       Texts     `json:"text,omitempty"` // of a Declaration or Commitment: what one says
	ConsentFor string    `json:"consentFor,omitempty"`
	Promise    *Promise  `json:"promise,omitempty"` // of a Commitment
	Personal   *Personal `json:"personal,omitempty"`
}

// An Option is one answer of a choice.
type Option struct {
	Value string `json:"value"`
	Label Texts  `json:"label"`
	Hint  Texts  `json:"hint,omitempty"`
}

// A Promise is what a commitment promises instead of a paper.
type Promise struct {
	Replaces    Texts  `json:"replaces"` // which paper
	Days        int    `json:"days"`     // by when it has to be supplied
	Unit        string `json:"unit"`
	Consequence Texts  `json:"consequence"` // of not keeping it
}

// Personal says why a personal datum is asked and what becomes of it.
// Source: 个人信息保护法 Art. 6, 13, 17, 19, 28–30.
type Personal struct {
	Purpose       Texts `json:"purpose"`
	Basis         Texts `json:"basis"`
	RetentionDays int   `json:"retentionDays"`
	Sensitive     bool  `json:"sensitive,omitempty"`
	Consent       bool  `json:"consent,omitempty"` // rests on consent, not on a duty
}

// Year is how many days a year of retention has.
const Year = 365

// MaxSize is the largest definition that is read, in bytes.
const MaxSize = 1 << 20

// Encode returns the canonical bytes of a definition: the contents of its
// file.
func (d *Definition) Encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("form %s: %w", d.ID, err)
	}
	return b.Bytes(), nil
}

// Parse reads a definition strictly: unknown keys, other than one value and
// what [Definition.Check] refuses are errors.
func Parse(data []byte) (*Definition, error) {
	if len(data) > MaxSize {
		return nil, errors.New("form definition is larger than 1 MB")
	}
	d := &Definition{version: Version(data)}
	if err := strict(data, d); err != nil {
		return nil, fmt.Errorf("form definition: %w", err)
	}
	if err := d.Check(); err != nil {
		return nil, fmt.Errorf("form %s: %w", d.ID, err)
	}
	return d, nil
}

// Version is the version of a definition's file: the SHA-256 of its bytes.
func Version(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Version returns the version of a definition.
func (d *Definition) Version() string {
	if d.version == "" {
		data, err := d.Encode()
		if err != nil {
			panic("forms: " + err.Error()) // strings and numbers only
		}
		return Version(data)
	}
	return d.version
}

// IsOpen reports whether the form takes new drafts at a time.
func (d *Definition) IsOpen(now time.Time) bool {
	return (d.Opens == nil || !now.Before(*d.Opens)) && (d.Closes == nil || now.Before(*d.Closes))
}

// Undo is how long a sent case is held.
func (d *Definition) Undo() time.Duration { return time.Duration(d.UndoMinutes) * time.Minute }

// MaxRetentionDays is the longest retention of any datum of the form.
func (d *Definition) MaxRetentionDays() int {
	most := d.RetentionDays
	for _, s := range d.Sections {
		for _, f := range s.Fields {
			if f.Personal != nil {
				most = max(most, f.Personal.RetentionDays)
			}
		}
	}
	return most
}

// Lang returns the language of the form that is nearest to the one wanted.
func (d *Definition) Lang(want string) string {
	if slices.Contains(d.Languages, want) || len(d.Languages) == 0 {
		return want
	}
	return d.Languages[0]
}

// Field returns the field with the id and its section, or nil.
func (d *Definition) Field(id string) (*Field, *Section) {
	for _, s := range d.Sections {
		for _, f := range s.Fields {
			if f.ID == id {
				return f, s
			}
		}
	}
	return nil, nil
}

// Files is how many files a field takes at most.
func (f *Field) Files() int { return cmp.Or(f.MaxFiles, 1) }

// Option returns the option with the value, or nil.
func (f *Field) Option(value string) *Option {
	for i := range f.Options {
		if f.Options[i].Value == value {
			return &f.Options[i]
		}
	}
	return nil
}

// strict decodes exactly one value without unknown keys.
func strict(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
