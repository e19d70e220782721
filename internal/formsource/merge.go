package formsource

import (
	"fmt"
	"reflect"
	"strings"

	"handrail/internal/forms"
)

// A difference is where a translation asks something else.
type difference struct {
	id   string // of the section or field; "" for the form's own settings
	what string // "" when there is none
}

// merge adds the texts of a translation to a definition. Everything else must
// be equal.
func merge(to, from *forms.Definition) difference {
	if len(to.Sections) != len(from.Sections) {
		return difference{"", fmt.Sprintf("%d sections, not %d", len(from.Sections), len(to.Sections))}
	}
	for i, s := range to.Sections {
		t := from.Sections[i]
		if s.ID != t.ID {
			return difference{t.ID, fmt.Sprintf("section %q, not %q", t.ID, s.ID)}
		}
		if len(s.Fields) != len(t.Fields) {
			return difference{t.ID, fmt.Sprintf("%d fields in section %q, not %d", len(t.Fields), t.ID, len(s.Fields))}
		}
		for j, f := range s.Fields {
			if f.ID != t.Fields[j].ID {
				return difference{t.Fields[j].ID, fmt.Sprintf("field %q, not %q", t.Fields[j].ID, f.ID)}
			}
		}
	}
	for i, s := range to.Sections {
		for j, f := range s.Fields {
			if what := join(reflect.ValueOf(f).Elem(), reflect.ValueOf(from.Sections[i].Fields[j]).Elem(), ""); what != "" {
				return difference{f.ID, what}
			}
		}
		if what := join(reflect.ValueOf(s).Elem(), reflect.ValueOf(from.Sections[i]).Elem(), ""); what != "" {
			return difference{s.ID, what}
		}
	}
	return difference{"", join(reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem(), "")}
}

var (
	textsType = reflect.TypeFor[forms.Texts]()
	linksType = reflect.TypeFor[map[string]*forms.Link]()
)

// apart are members that differ from page to page or that merge has dealt
// with.
var apart = map[string]bool{"Languages": true, "Sections": true, "Fields": true}

// join walks two values of one type and adds the texts of from to to. It
// returns the name of the first member that differs otherwise.
func join(to, from reflect.Value, name string) string {
	switch {
	case to.Type() == textsType || to.Type() == linksType:
		if to.IsNil() != from.IsNil() {
			return name
		}
		for _, k := range from.MapKeys() {
			to.SetMapIndex(k, from.MapIndex(k))
		}
		return ""
	case to.Kind() == reflect.Pointer:
		if to.IsNil() || from.IsNil() {
			if to.IsNil() != from.IsNil() {
				return name
			}
			return ""
		}
		if _, isTime := to.Interface().(fmt.Stringer); isTime {
			break
		}
		return join(to.Elem(), from.Elem(), name)
	case to.Kind() == reflect.Struct:
		for i := range to.NumField() {
			f := to.Type().Field(i)
			if !f.IsExported() || apart[f.Name] {
				continue
			}
			if what := join(to.Field(i), from.Field(i), kebab(f.Name)); what != "" {
				return what
			}
		}
		return ""
	case to.Kind() == reflect.Slice:
		if to.Len() != from.Len() {
			return name
		}
		for i := range to.Len() {
			if what := join(to.Index(i), from.Index(i), name); what != "" {
				return what
			}
		}
		return ""
	}
	if !reflect.DeepEqual(to.Interface(), from.Interface()) {
		return name
	}
	return ""
}

// kebab writes a member's name as authors do.
func kebab(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
