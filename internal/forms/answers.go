package forms

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Answers are what a person has answered so far. A key is the id of a field,
// or of one of a repeated section's fields: "member.1.phone", counted from 0.
// Values are kept as they were typed until they can be put into order, so that
// nobody types a thing twice. A date is its year, month and day; an address
// its area, street and postcode.
//
// Answers are personal: whatever prints or logs them gets a length.
type Answers struct {
	Values map[string][]string `json:"values,omitempty"`
	Files  map[string][]File   `json:"files,omitempty"`
	Counts map[string]int      `json:"counts,omitempty"` // how often a repeated section is asked
	Helper Helper              `json:"helper,omitempty"`
}

// A Helper says who fills in the form for somebody else.
type Helper string

// Nobody helps, somebody does, or a member of staff does.
const (
	Alone   Helper = ""
	Someone Helper = "someone"
	Staff   Helper = "staff"
)

// A File is a file that was handed in. Its bytes lie in the store under ID.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"` // "pdf", "jpg", …
	Size int64  `json:"size"`
}

// Value returns the only or first value under a key, or "".
func (a *Answers) Value(key string) string {
	if a == nil || len(a.Values[key]) == 0 {
		return ""
	}
	return a.Values[key][0]
}

// Has reports whether anything was answered under a key.
func (a *Answers) Has(key string) bool {
	if a == nil {
		return false
	}
	return len(a.Files[key]) > 0 || slices.ContainsFunc(a.Values[key], func(s string) bool { return s != "" })
}

// Clone returns a copy that shares nothing.
func (a *Answers) Clone() *Answers {
	c := &Answers{Values: map[string][]string{}, Files: map[string][]File{}, Counts: map[string]int{}}
	if a == nil {
		return c
	}
	for k, v := range a.Values {
		c.Values[k] = slices.Clone(v)
	}
	for k, v := range a.Files {
		c.Files[k] = slices.Clone(v)
	}
	maps.Copy(c.Counts, a.Counts)
	c.Helper = a.Helper
	return c
}

// AddFile notes a file under a key.
func (a *Answers) AddFile(key string, f File) {
	if a.Files == nil {
		a.Files = map[string][]File{}
	}
	a.Files[key] = append(a.Files[key], f)
}

// RemoveFile forgets the file with the id.
func (a *Answers) RemoveFile(id string) {
	for k, files := range a.Files {
		files = slices.DeleteFunc(files, func(f File) bool { return f.ID == id })
		if len(files) == 0 {
			delete(a.Files, k)
			continue
		}
		a.Files[k] = files
	}
}

// Encode returns the answers as JSON, to be sealed.
func (a *Answers) Encode() ([]byte, error) { return json.Marshal((*plainAnswers)(a)) }

// ParseAnswers reads what Encode wrote.
func ParseAnswers(data []byte) (*Answers, error) {
	p := &plainAnswers{}
	if err := strict(data, p); err != nil {
		return nil, fmt.Errorf("answers: %w", redact(err))
	}
	return (*Answers)(p).Clone(), nil
}

// redact keeps what a decoder quotes out of messages.
func redact(err error) error { return fmt.Errorf("cannot be read (%T)", err) }

type plainAnswers Answers

// size is about how many bytes the answers take.
func (a *Answers) size() int {
	if a == nil {
		return 0
	}
	n := 0
	for _, vs := range a.Values {
		for _, v := range vs {
			n += len(v)
		}
	}
	return n
}

// LogValue keeps answers out of logs.
func (a *Answers) LogValue() slog.Value { return slog.StringValue(a.String()) }

// String says how much was answered, and nothing of it.
func (a *Answers) String() string { return "answers (" + strconv.Itoa(a.size()) + " bytes)" }

// Format keeps answers out of whatever is printed with any verb.
func (a *Answers) Format(s fmt.State, _ rune) { fmt.Fprint(s, a.String()) }

// MarshalJSON refuses: answers are written with Encode, on purpose.
func (a *Answers) MarshalJSON() ([]byte, error) { return json.Marshal(a.String()) }

// Key is the key of a field, in the instance of its section where it is
// repeated (else -1).
func Key(s *Section, instance int, f *Field) string {
	if s.Repeat == nil || instance < 0 {
		return f.ID
	}
	return s.ID + "." + strconv.Itoa(instance) + "." + f.ID
}

// SplitKey takes a key apart.
func SplitKey(key string) (section string, instance int, field string) {
	parts := strings.Split(key, ".")
	if len(parts) != 3 {
		return "", -1, key
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil || n < 0 || strconv.Itoa(n) != parts[1] {
		return "", -1, key
	}
	return parts[0], n, parts[2]
}

// Count is how often a section is asked.
func (a *Answers) Count(s *Section) int {
	if s.Repeat == nil {
		return 1
	}
	n := 0
	if a != nil {
		n = a.Counts[s.ID]
	}
	return min(max(n, s.Repeat.Min, 1), max(s.Repeat.Max, 1))
}
