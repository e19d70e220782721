// Package schema knows which fields a page of each type carries, and reads
// front matter, site.yaml and data files into trees whose every value
// remembers its place. It stands between the files and the packages that use
// their values: config decodes site.yaml with it, source front matter.
//
// The types are data ([Types]); [Decode] holds a tree against one of them
// and reports everything that is wrong at once, and [Type.JSONSchema] writes
// the same table for editors.
package schema

import (
	"strings"
	"time"

	"handrail/internal/diag"
)

// A Kind says what a field wants, and what a value is.
type Kind uint8

// The kinds of fields. A value that nobody has decoded is Null, Text, Bool,
// Int, Number, Date, List or Object; decoding gives it its field's kind.
const (
	Any    Kind = iota // whatever the author writes
	Null               // an empty value: as good as absent
	Text               // plain text on one or more lines
	Inline             // text with inline Markdown
	Enum               // one of a few words
	Path               // a page of this site, as a link would name it
	File               // a file: in the page's bundle, static/ or assets/
	URL                // an address, of this site or another
	ID                 // an id defined in site.yaml, such as a department
	Bool
	Int
	Number
	Date // a day, or a moment when it has a time
	List
	Object
	Map // an object whose keys the author chooses
)

var kindNames = [...]string{
	"anything", "nothing", "text", "text", "word", "page", "file", "URL", "id",
	"true or false", "whole number", "number", "date", "list", "group of fields", "group of fields",
}

var kindNamesZH = [...]string{
	"任意内容", "空", "文字", "文字", "指定词", "页面", "文件", "网址", "编号",
	"true 或 false", "整数", "数字", "日期", "列表", "一组字段", "一组字段",
}

// String returns the kind in the words of messages.
func (k Kind) String() string { return kindNames[k] }

// scalar reports whether values of the kind are one piece of text.
func (k Kind) scalar() bool { return k < List && k != Any && k != Null }

// An Origin is a file that values come from when it is not the file of the
// page that carries them: a section whose cascade passed them down.
type Origin struct {
	Path  string
	Src   string
	Lines *diag.Lines
}

// A Value is one value of a tree, with its place. Trees are not changed once
// they have been decoded, so they may be shared.
type Value struct {
	Key  string // in the object that holds it; "" for items and the root
	Kind Kind
	Text string   // a scalar as written, unquoted
	List []*Value // items of a List
	Map  []*Value // fields of an Object or Map, in order of writing

	Bool    bool
	Number  float64
	Time    time.Time
	HasTime bool // a Date that names a time of day

	Off    int // byte offset of the value in its file
	KeyOff int // byte offset of its key; Off when it has none
	Field  *Field
	In     *Origin // nil: the file that the tree was read from

	style style
}

// Get returns the value at a dotted path such as "fee.amount", or nil. A nil
// value has no fields. Empty values (`fee:`) count as absent.
func (v *Value) Get(path string) *Value {
	for v != nil && path != "" {
		var key string
		key, path, _ = strings.Cut(path, ".")
		v = v.field(key)
	}
	if v == nil || v.Kind == Null {
		return nil
	}
	return v
}

func (v *Value) field(key string) *Value {
	for _, f := range v.Map {
		if f.Key == key {
			return f
		}
	}
	return nil
}

// Has reports whether there is a value at the path.
func (v *Value) Has(path string) bool { return v.Get(path) != nil }

// String returns the text of the scalar at the path, or "".
func (v *Value) String(path string) string {
	if f := v.Get(path); f != nil {
		return f.Text
	}
	return ""
}

// IsTrue reports whether there is a true at the path.
func (v *Value) IsTrue(path string) bool {
	f := v.Get(path)
	return f != nil && f.Kind == Bool && f.Bool
}

// Strings returns the texts of the list at the path; a scalar is a list of
// one.
func (v *Value) Strings(path string) []string {
	f := v.Get(path)
	if f == nil {
		return nil
	}
	if f.Kind.scalar() {
		return []string{f.Text}
	}
	out := make([]string, 0, len(f.List))
	for _, it := range f.List {
		if it.Kind.scalar() {
			out = append(out, it.Text)
		}
	}
	return out
}

// Items returns the items of the list at the path.
func (v *Value) Items(path string) []*Value {
	if f := v.Get(path); f != nil {
		return f.List
	}
	return nil
}

// Walk calls f for v and everything below it, in order of writing.
func (v *Value) Walk(f func(*Value)) {
	if v == nil {
		return
	}
	f(v)
	for _, c := range v.Map {
		c.Walk(f)
	}
	for _, c := range v.List {
		c.Walk(f)
	}
}

// A style says how a scalar was written, and with it how its text maps to
// the source.
type style uint8

const (
	plain style = iota
	quoted
	block
)

// Source returns the offset in src, the text of the value's file, of byte i
// of the value's text. It is exact unless the text was written with escapes
// or folded lines; then it is the value's beginning.
func (v *Value) Source(src string, i int) int {
	off := v.textOff(src)
	if off >= 0 {
		return off + i
	}
	if v.style == block {
		return v.blockSource(src, i)
	}
	return v.Off
}

// Verbatim returns the offset in src, the text of the value's file, where the
// value's text stands as it is, without escapes or folded lines.
func (v *Value) Verbatim(src string) (off int, ok bool) {
	off = v.textOff(src)
	return off, off >= 0
}

// textOff returns where the text stands verbatim in src, or -1.
func (v *Value) textOff(src string) int {
	off := v.Off
	if v.style == quoted {
		off++
	}
	if v.style == block || off > len(src) || !strings.HasPrefix(src[off:], v.Text) {
		return -1
	}
	return off
}

// blockSource finds byte i of a block scalar: it walks the lines of text and
// source in step, skipping each line's indentation.
func (v *Value) blockSource(src string, i int) int {
	_, rest, ok := strings.Cut(src[min(v.Off, len(src)):], "\n")
	if !ok {
		return v.Off
	}
	off, text := len(src)-len(rest), v.Text
	for {
		line, more, found := strings.Cut(text, "\n")
		at := strings.Index(firstLine(src[off:]), line)
		if at < 0 {
			return v.Off
		}
		if i <= len(line) || !found {
			return off + at + min(i, len(line))
		}
		i -= len(line) + 1
		text = more
		nl := strings.IndexByte(src[off:], '\n')
		if nl < 0 {
			return v.Off
		}
		off += nl + 1
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
