package schema

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"handrail/internal/diag"
)

// A Decoder holds trees against types. The zero value decodes strictly, with
// dates in UTC.
type Decoder struct {
	Lines    *diag.Lines    // of the file that trees come from
	Location *time.Location // of dates without a time zone
	Lenient  bool           // mistakes are warnings, and unknown keys go to Unknown
	// Unknown is called in lenient pages for each key that the type does not
	// have; nil drops them.
	Unknown func(*Value)

	diags diag.List
}

// Decode gives every value of root, an Object, the kind of its field and
// reports all mistakes at once, but for required fields: values may still be
// passed down from a section, see [Missing]. A value that cannot be what its
// field wants becomes Null, and so absent.
func (d *Decoder) Decode(t *Type, root *Value) diag.List {
	d.diags = nil
	d.fields(root, t.Field, t.keys, "")
	return d.diags
}

// DecodeFields is Decode for an object with these fields that is no page.
func (d *Decoder) DecodeFields(root *Value, fields []*Field) diag.List {
	d.diags = nil
	d.decode(root, &Field{Kind: Object, Fields: fields}, "")
	return d.diags
}

// DecodeCascade decodes values that a section passes down. Required fields
// may be missing: the pages add theirs.
func (d *Decoder) DecodeCascade(root *Value) diag.List {
	d.diags = nil
	t := Lookup(root.String("type"))
	if t == nil {
		if v := root.Get("type"); v != nil {
			d.diags.Add(UnknownType(d.Lines, v))
		}
		t = Lookup("page")
	}
	d.fields(root, t.Field, t.keys, "cascade.")
	return d.diags
}

// Missing returns the required fields of t that root lacks: fields that are
// there but empty or wrong have been reported by Decode. extra names fields that come from elsewhere.
func Missing(t *Type, root *Value, extra ...string) []*Field {
	var out []*Field
	for _, f := range t.Own {
		if f.Required && root.field(f.Key) == nil && !slices.Contains(extra, f.Key) {
			out = append(out, f)
		}
	}
	return out
}

func (d *Decoder) fields(root *Value, lookup func(string) *Field, known []string, prefix string) {
	for _, v := range root.Map {
		f := lookup(v.Key)
		if f == nil {
			d.unknown(v, known)
			continue
		}
		d.decode(v, f, prefix+v.Key)
	}
}

func (d *Decoder) unknown(v *Value, known []string) {
	if d.Lenient {
		if d.Unknown != nil {
			d.Unknown(v)
		}
		return
	}
	e := &diag.Diagnostic{
		Pos: d.Lines.Pos(v.KeyOff), Code: "unknown-key",
		Msg: "unknown key " + strconv.Quote(v.Key), Args: map[string]any{"key": v.Key},
	}
	DidYouMean(e, Suggest(v.Key, known))
	d.diags.Add(e)
}

// decode makes v what f wants. path names it in messages.
func (d *Decoder) decode(v *Value, f *Field, path string) {
	v.Field = f
	if v.Kind == Null {
		if f.Required {
			d.problem(v.KeyOff, "empty-field", fmt.Sprintf("%q needs a value", path), "", map[string]any{"field": path})
		}
		return
	}
	switch f.Kind {
	case Any:
	case List:
		d.list(v, f, path)
	case Object:
		d.object(v, f, path)
	case Map:
		if v.Kind != Object {
			d.wrong(v, f, path)
			return
		}
		v.Kind = Map
		if f.Item != nil {
			for _, c := range v.Map {
				d.decode(c, f.Item, path+"."+c.Key)
			}
		}
	default:
		d.scalar(v, f, path)
	}
}

func (d *Decoder) list(v *Value, f *Field, path string) {
	if v.Kind.scalar() && d.Lenient && f.Item.Kind.scalar() {
		item := *v
		item.Key = ""
		*v = Value{Key: v.Key, Kind: List, List: []*Value{&item}, Off: v.Off, KeyOff: v.KeyOff, Field: f}
	}
	if v.Kind != List {
		d.wrong(v, f, path)
		return
	}
	for _, it := range v.List {
		d.decode(it, f.Item, path)
	}
	v.List = slices.DeleteFunc(v.List, func(it *Value) bool { return it.Kind == Null })
}

func (d *Decoder) object(v *Value, f *Field, path string) {
	if v.Kind != Object {
		d.wrong(v, f, path)
		return
	}
	keys := make([]string, len(f.Fields))
	for i, c := range f.Fields {
		keys[i] = c.Key
	}
	if path != "" {
		path += "."
	}
	d.fields(v, f.child, keys, path)
	for _, c := range f.Fields {
		if c.Required && v.field(c.Key) == nil {
			d.problem(v.KeyOff, "missing-field", fmt.Sprintf("%q is missing", path+c.Key), c.EN,
				map[string]any{"field": path + c.Key, "doc": c.EN, "doc-zh": c.ZH})
		}
	}
}

func (d *Decoder) scalar(v *Value, f *Field, path string) {
	if !v.Kind.scalar() {
		d.wrong(v, f, path)
		return
	}
	switch f.Kind {
	case Bool:
		d.bool(v, f, path)
	case Int, Number:
		d.number(v, f, path)
	case Date:
		d.date(v, path)
	case Enum:
		d.enum(v, f, path)
	default:
		v.Kind = f.Kind
	}
}

func (d *Decoder) bool(v *Value, f *Field, path string) {
	switch strings.ToLower(v.Text) {
	case "true", "yes":
		v.Kind, v.Bool = Bool, true
	case "false", "no":
		v.Kind, v.Bool = Bool, false
	default:
		d.wrong(v, f, path)
	}
}

func (d *Decoder) number(v *Value, f *Field, path string) {
	isNumber := v.Kind == Int || v.Kind == Number
	if !isNumber && d.Lenient { // "5" in quotes
		n, err := strconv.ParseFloat(strings.TrimSpace(v.Text), 64)
		v.Number, isNumber = n, err == nil
	}
	if !isNumber || f.Kind == Int && v.Number != math.Trunc(v.Number) {
		d.wrong(v, f, path)
		return
	}
	v.Kind = f.Kind
	if (f.Min != 0 || f.Max != 0) && (v.Number < f.Min || v.Number > f.Max) {
		d.problem(v.Off, "out-of-range", fmt.Sprintf("%q has to be from %v to %v", path, f.Min, f.Max), "",
			map[string]any{"field": path, "min": f.Min, "max": f.Max})
		v.Kind = Null
	}
}

func (d *Decoder) enum(v *Value, f *Field, path string) {
	if slices.Contains(f.Enum, v.Text) {
		v.Kind = Enum
		return
	}
	words := strings.Join(f.Enum, ", ")
	e := d.problem(v.Off, "unknown-word", fmt.Sprintf("%q cannot be %q", path, v.Text), "one of "+words,
		map[string]any{"field": path, "value": v.Text, "words": words})
	DidYouMean(e, Suggest(v.Text, f.Enum))
	v.Kind = Null
}

func (d *Decoder) date(v *Value, path string) {
	t, hasTime, ok := ParseDate(v.Text, d.Location, d.Lenient)
	if !ok {
		d.problem(v.Off, "bad-date", fmt.Sprintf("%q is no date: %q", v.Text, path),
			"write YYYY-MM-DD, such as 2026-09-18, or with a time 2026-09-18T09:00:00+08:00",
			map[string]any{"field": path, "value": v.Text})
		v.Kind = Null
		return
	}
	v.Kind, v.Time, v.HasTime = Date, t, hasTime
}

// ParseDate reads YYYY-MM-DD or RFC 3339; lenient adds the forms that other
// generators write. A day begins at midnight in loc; nil is UTC.
func ParseDate(s string, loc *time.Location, lenient bool) (t time.Time, hasTime, ok bool) {
	if loc == nil {
		loc = time.UTC
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, loc); err == nil {
		return t, false, true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true, true
	}
	if !lenient {
		return time.Time{}, false, false
	}
	for _, layout := range []string{
		"2006-1-2", "2006/1/2", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04",
		"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00", "2006-01-02T15:04:05-0700", "2006年1月2日",
	} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t, strings.Contains(layout, "15"), true
		}
	}
	return time.Time{}, false, false
}

// UnknownType reports a type that does not exist.
func UnknownType(lines *diag.Lines, v *Value) *diag.Diagnostic {
	e := &diag.Diagnostic{
		Pos: lines.Pos(v.Off), Code: "unknown-type", Msg: fmt.Sprintf("unknown type %q", v.Text),
		Hint: "one of " + strings.Join(TypeNames(), ", "),
		Args: map[string]any{"type": v.Text, "words": strings.Join(TypeNames(), ", ")},
	}
	DidYouMean(e, Suggest(v.Text, TypeNames()))
	return e
}

// wrong reports a value of the wrong kind and makes it absent.
func (d *Decoder) wrong(v *Value, f *Field, path string) {
	want := "a " + f.Kind.String()
	switch f.Kind {
	case List:
		want = "a list"
	case Bool:
		want = f.Kind.String()
	case ID:
		want = "an id"
	}
	d.problem(v.Off, "wrong-type", fmt.Sprintf("%q has to be %s, not %s", path, want, describe(v)), hint(f),
		map[string]any{"field": path, "want": want, "want-zh": kindNamesZH[f.Kind]})
	v.Kind, v.List, v.Map = Null, nil, nil
}

// describe says what the author wrote.
func describe(v *Value) string {
	switch v.Kind {
	case List:
		return "a list"
	case Object, Map:
		return "a group of fields"
	}
	if len(v.Text) > 30 {
		return "text"
	}
	return strconv.Quote(v.Text)
}

func hint(f *Field) string {
	switch f.Kind {
	case List:
		return "write one item a line, each after a hyphen, or [one, two]"
	case Object, Map:
		return "write its fields below it, indented by two spaces"
	}
	return ""
}

func (d *Decoder) problem(off int, code, msg, hint string, args map[string]any) *diag.Diagnostic {
	e := &diag.Diagnostic{Pos: d.Lines.Pos(off), Code: code, Msg: msg, Hint: hint, Args: args}
	if d.Lenient {
		e.Severity = diag.Warning
	}
	d.diags.Add(e)
	return e
}
