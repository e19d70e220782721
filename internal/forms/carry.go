package forms

import (
	"slices"
	"strings"
	"time"
)

// Carried is what a draft became when its form went over to a new version.
type Carried struct {
	Answers *Answers
	// Ask are the questions to show: those that are new, and those whose
	// answer the new version cannot take.
	Ask     []Item
	Dropped []string // keys of answers that no question asks for any more
}

// Carry takes the answers of a draft over from an older version of the form by
// field id. Answers are kept where the new version accepts them; what a person
// wrote into a field that is still of the same kind is kept even when it has
// to be mended.
func (d *Definition) Carry(old *Definition, a *Answers, now time.Time) Carried {
	next := a.Clone()
	for key := range a.Values {
		if !d.takes(old, key) {
			delete(next.Values, key)
		}
	}
	for key := range a.Files {
		if !d.takes(old, key) {
			delete(next.Files, key)
		}
	}
	d.dropOptions(next)
	d.prune(next)
	c := Carried{Answers: next, Dropped: gone(a, next)}
	wrong := d.Validate(next, now)
	for _, it := range d.Visible(next) {
		was, _ := old.Field(it.Field.ID)
		if was == nil || was.Kind != it.Field.Kind || wrong.For(it.Key) != nil {
			c.Ask = append(c.Ask, it)
		}
	}
	return c
}

// takes reports whether the answer under a key can be one of this version:
// the field is still there, asks for the same kind, and repeats or not as it did.
func (d *Definition) takes(old *Definition, key string) bool {
	_, instance, id := SplitKey(key)
	f, s := d.Field(id)
	was, of := old.Field(id)
	return f != nil && was != nil && f.Kind == was.Kind && Key(s, instance, f) == key && (s.Repeat != nil) == (of.Repeat != nil)
}

// dropOptions leaves out chosen options that are no longer offered.
func (d *Definition) dropOptions(a *Answers) {
	for key, values := range a.Values {
		_, _, id := SplitKey(key)
		f, _ := d.Field(id)
		if f == nil || f.Kind != Choice && f.Kind != Choices {
			continue
		}
		values = slices.DeleteFunc(values, func(v string) bool { return f.Option(v) == nil })
		if len(values) == 0 {
			delete(a.Values, key)
			continue
		}
		a.Values[key] = values
	}
}

func gone(before, after *Answers) []string {
	var keys []string
	for k := range before.Values {
		if !after.Has(k) {
			keys = append(keys, k)
		}
	}
	for k := range before.Files {
		if !after.Has(k) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, strings.Compare)
	return slices.Compact(keys)
}
