package forms

import (
	"time"
)

// A Problem is something about an answer that has to be mended.
type Problem struct {
	Key     string // of the answer: "member.1.phone"
	Part    string // the input to go to, of a date or address: "month"; else ""
	Message string // key in the catalogue: "form.error.date-impossible"
	Args    []any  // name–value pairs for it; "label" is added by who prints it
}

// Problems are what a page or form still needs, in the order of its fields.
type Problems []Problem

// For returns the first problem of a key, or nil.
func (ps Problems) For(key string) *Problem {
	for i := range ps {
		if ps[i].Key == key {
			return &ps[i]
		}
	}
	return nil
}

// Validate holds all visible answers against the form at a time, in the
// site's time zone.
func (d *Definition) Validate(a *Answers, now time.Time) Problems {
	return d.validate(d.Visible(a), a, now)
}

// ValidatePage is Validate for the fields of one page.
func (d *Definition) ValidatePage(p Page, a *Answers, now time.Time) Problems {
	return d.validate(p.Items, a, now)
}

func (d *Definition) validate(items []Item, a *Answers, now time.Time) Problems {
	var out Problems
	for _, it := range items {
		if p := check(it, a, now); p != nil {
			p.Key = it.Key
			out = append(out, *p)
		}
	}
	return out
}
