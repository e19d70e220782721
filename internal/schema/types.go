package schema

import (
	"slices"
	"strings"
)

// A Field is one key that a page may carry.
type Field struct {
	Key      string
	Kind     Kind
	Required bool
	Item     *Field   // of a List: what each item is
	Fields   []*Field // of an Object
	Enum     []string // of an Enum: the words
	Min, Max float64  // of an Int or Number; no limit when both are zero
	Want     string   // of a Path: the type of page it must lead to, if any
	EN, ZH   string   // what it is for
}

// A Type is a kind of page with its fields, own ones before common ones.
type Type struct {
	Name   string
	Own    []*Field
	EN, ZH string

	fields map[string]*Field
	keys   []string
}

// Field returns the field with the key, or nil.
func (t *Type) Field(key string) *Field { return t.fields[key] }

// Fields returns all fields: the type's own, then the common ones.
func (t *Type) Fields() []*Field {
	return slices.Concat(t.Own, common)
}

// child returns the field of an object.
func (f *Field) child(key string) *Field {
	for _, c := range f.Fields {
		if c.Key == key {
			return c
		}
	}
	return nil
}

func newType(name, en, zh string, own ...*Field) *Type {
	t := &Type{Name: name, Own: own, EN: en, ZH: zh, fields: map[string]*Field{}}
	for _, f := range common {
		t.fields[f.Key] = f
	}
	for _, f := range own {
		t.fields[f.Key] = f
	}
	for k := range t.fields {
		t.keys = append(t.keys, k)
	}
	slices.Sort(t.keys)
	return t
}

// Types returns all types of pages, in the order of the documentation.
func Types() []*Type { return types }

// Lookup returns the type with the name, or nil.
func Lookup(name string) *Type {
	for _, t := range types {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// TypeNames returns the names of all types.
func TypeNames() []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name
	}
	return names
}

// The short constructors below keep the tables readable.

func field(kind Kind, key, en, zh string) *Field {
	return &Field{Key: key, Kind: kind, EN: en, ZH: zh}
}

func text(key, en, zh string) *Field   { return field(Text, key, en, zh) }
func inline(key, en, zh string) *Field { return field(Inline, key, en, zh) }
func yesNo(key, en, zh string) *Field  { return field(Bool, key, en, zh) }
func date(key, en, zh string) *Field   { return field(Date, key, en, zh) }
func path(key, en, zh string) *Field   { return field(Path, key, en, zh) }

func count(key, en, zh string) *Field {
	f := field(Int, key, en, zh)
	f.Max = 1e6
	return f
}

func enum(key, words, en, zh string) *Field {
	f := field(Enum, key, en, zh)
	f.Enum = strings.Fields(words)
	return f
}

func list(item Kind, key, en, zh string) *Field {
	f := field(List, key, en, zh)
	f.Item = &Field{Kind: item}
	return f
}

func objects(key, en, zh string, fields ...*Field) *Field {
	f := field(List, key, en, zh)
	f.Item = &Field{Kind: Object, Fields: fields}
	return f
}

func object(key, en, zh string, fields ...*Field) *Field {
	f := field(Object, key, en, zh)
	f.Fields = fields
	return f
}

func must(f *Field) *Field {
	f.Required = true
	return f
}

func wants(typ string, f *Field) *Field {
	f.Want = typ
	if f.Item != nil {
		f.Item.Want = typ
	}
	return f
}
