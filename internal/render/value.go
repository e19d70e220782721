package render

import (
	"html"
	"strconv"
	"strings"
	"time"

	"handrail/i18n"
	"handrail/internal/config"
	"handrail/internal/markdown"
	"handrail/internal/schema"
	"handrail/internal/site"
	"handrail/internal/source"
	"handrail/internal/theme"
)

// A Value is one text or one tree of values that a template can print. It
// knows where it comes from. Every method is safe on nil, which is how
// something missing looks.
type Value struct {
	w    *worker
	kind Kind
	text string // printed instead of node's own text when not empty
	key  string

	node *schema.Value // of a front-matter, data or site.yaml value
	file *source.File  // where node or off is
	off  int           // of a text without a node
	data *source.Data
	cfg  *config.Config
	msg  *i18n.Message
	page *site.Page // whose links and files node speaks of
}

func (v *Value) origin() origin {
	return origin{kind: v.kind, key: v.key, file: v.file, value: v.node, off: v.off, whole: v.text != "",
		data: v.data, cfg: v.cfg, msg: v.msg}
}

// String returns the text; of inline Markdown the words without the markup.
// Printing a value tells the page writer where the bytes come from.
func (v *Value) String() string {
	if v == nil {
		return ""
	}
	v.w.pending = v
	return v.plain()
}

func (v *Value) plain() string {
	if v.text != "" || v.node == nil {
		return v.text
	}
	if in := v.inline(); in != nil {
		return plainText(in.Doc)
	}
	return v.node.Text
}

// inline returns the rendering of a value with Markdown in it, or nil.
func (v *Value) inline() *source.Inline {
	if v.node == nil || v.file == nil || v.node.Kind != schema.Inline {
		return nil
	}
	return v.file.Inline[v.node]
}

// Text returns the text as a string, for comparing.
func (v *Value) Text() string {
	if v == nil {
		return ""
	}
	return v.plain()
}

// HTML returns the value as markup: inline Markdown with its links resolved,
// or the text, escaped.
func (v *Value) HTML() theme.Markup {
	if v == nil {
		return nil
	}
	if in := v.inline(); in != nil {
		return v.w.inlineMark(in, v)
	}
	return v.w.mark(splice{raw: string(appendEscaped(nil, v.plain())), org: v.origin()})
}

// Is reports whether the text is s.
func (v *Value) Is(s string) bool { return v != nil && v.plain() == s }

// Bool reports whether the value is true: of an object, whether it is there.
func (v *Value) Bool() bool {
	switch {
	case v == nil:
		return false
	case v.node == nil:
		return v.text != ""
	case v.node.Kind == schema.Bool:
		return v.node.Bool
	}
	return v.node.Kind != schema.Null && v.node.Text != "false"
}

// Int returns a whole number, 0 if there is none.
func (v *Value) Int() int {
	f, _ := v.Float()
	return int(f)
}

// Float returns the number that the value is.
func (v *Value) Float() (float64, bool) {
	switch {
	case v == nil:
		return 0, false
	case v.node != nil && (v.node.Kind == schema.Int || v.node.Kind == schema.Number):
		return v.node.Number, true
	}
	f, err := strconv.ParseFloat(v.plain(), 64)
	return f, err == nil
}

// Get returns the value at a dotted path below this one, or nil.
func (v *Value) Get(path string) *Value {
	if v == nil || v.node == nil {
		return nil
	}
	return v.child(v.node.Get(path), path)
}

// Has reports whether there is a value at the path.
func (v *Value) Has(path string) bool { return v.Get(path) != nil }

// child wraps a value of the tree below v; empty ones count as missing.
func (v *Value) child(n *schema.Value, key string) *Value {
	if n == nil || empty(n) {
		return nil
	}
	c := v.w.newValue()
	*c = Value{w: v.w, kind: v.kind, key: join(v.key, key), node: n, file: v.file, data: v.data, cfg: v.cfg, page: v.page}
	return c
}

func join(prefix, key string) string {
	switch {
	case prefix == "":
		return key
	case key == "":
		return prefix
	}
	return prefix + "." + key
}

// empty reports whether a value says nothing.
func empty(n *schema.Value) bool {
	switch n.Kind {
	case schema.Null:
		return true
	case schema.List:
		return len(n.List) == 0
	case schema.Object, schema.Map:
		return len(n.Map) == 0
	case schema.Bool:
		return false
	}
	return strings.TrimSpace(n.Text) == ""
}

// List returns the items; one value alone is a list of one.
func (v *Value) List() []*Value {
	if v == nil || v.node == nil {
		return nil
	}
	if v.node.Kind != schema.List {
		if len(v.node.Map) > 0 {
			return v.fields()
		}
		return []*Value{v}
	}
	out := make([]*Value, 0, len(v.node.List))
	for _, n := range v.node.List {
		if c := v.child(n, ""); c != nil {
			out = append(out, c)
		}
	}
	return out
}

func (v *Value) fields() []*Value {
	var out []*Value
	for _, n := range v.node.Map {
		if c := v.child(n, n.Key); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// Keys returns the keys of an object in the order of writing.
func (v *Value) Keys() []string {
	if v == nil || v.node == nil {
		return nil
	}
	keys := make([]string, len(v.node.Map))
	for i, n := range v.node.Map {
		keys[i] = n.Key
	}
	return keys
}

// Key returns the key that holds the value in its object.
func (v *Value) Key() string {
	if v == nil || v.node == nil {
		return ""
	}
	return v.node.Key
}

// Date returns the date that the value is, or nil.
func (v *Value) Date() *Date {
	if v == nil || v.node == nil || v.node.Time.IsZero() {
		return nil
	}
	return &Date{v: v, t: v.node.Time}
}

// A Date is a day. It prints in ISO form; Long writes it in the page's language.
type Date struct {
	v *Value
	t time.Time
}

// String returns 2026-03-05.
func (d *Date) String() string { return d.ISO() }

// ISO returns 2026-03-05.
func (d *Date) ISO() string {
	if d == nil {
		return ""
	}
	d.v.w.pending = d.v
	return i18n.DateISO(d.t)
}

// Long returns the date in full, in the language of the page.
func (d *Date) Long() *Value {
	if d == nil {
		return nil
	}
	c := d.v.w.newValue()
	*c = *d.v
	c.text = d.v.w.lang.cat.Locale.DateLong(d.t)
	return c
}

// plainText is the text of a small document without its markup.
func plainText(doc *markdown.Document) string {
	var b strings.Builder
	s := string(doc.HTML)
	for s != "" {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:open])
		end := strings.IndexByte(s[open:], '>')
		if end < 0 {
			break
		}
		s = s[open+end+1:]
	}
	return html.UnescapeString(b.String())
}
