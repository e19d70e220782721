package render

import (
	"bytes"
	"sort"

	"handrail/i18n"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/markdown"
	"handrail/internal/schema"
	"handrail/internal/source"
	"handrail/internal/theme"
)

// A Kind says what a byte of a page was made from.
type Kind uint8

// The kinds of source. Layout and Message are the words of the theme; Body,
// Field and Data those of the site; Derived is what the generator works out
// itself, such as a URL, a count or a size.
const (
	Layout Kind = iota
	Message
	Derived
	Body
	Field
	Data
)

var kindNames = [...]string{"layout", "message", "derived", "body", "field", "data"}

// String returns the kind as a word.
func (k Kind) String() string { return kindNames[k] }

// FromTheme reports whether the words belong to the theme and not to the
// content, so that the editions need not agree in them.
func (k Kind) FromTheme() bool { return k <= Derived }

// A Span is a run of bytes of a page with one source. It ends where the next
// one begins.
type Span struct {
	Out   uint32 // its first byte in the page
	ref   uint32 // index in the table
	src   uint32 // of a document: offset in its HTML
	Kind  Kind
	table table
}

// table says what a span's ref counts.
type table uint8

const (
	inLayout    table = iota // texts and actions of the theme
	inDocs                   // documents of the output
	inOrigins                // origins of the output
	afterLayout              // an action of the theme whose value has no other source
)

// An Output is one rendered page.
type Output struct {
	HTML  []byte
	Spans []Span // sorted, beginning with Out 0; nil unless asked for
	Reads []Read // nil unless asked for

	docs    []docRef
	origins []origin
	theme   *theme.Theme
	place   func(off int) Place // of a page that was composed; else nil
}

// An origin is where a printed value comes from. Which fields are set depends
// on the kind.
type origin struct {
	kind  Kind
	key   string // "fee.amount"; of a message its key
	file  *source.File
	value *schema.Value
	off   int
	whole bool // the text is not the value's own: all of it comes from its beginning
	data  *source.Data
	cfg   *config.Config
	msg   *i18n.Message
	asset string // path of the theme's or site's file
}

// A docRef is a document whose bytes stand in the page.
type docRef struct {
	doc    *markdown.Document
	file   *source.File
	inline *source.Inline // of a front-matter value
	key    string         // of that value
}

// A Place is where a byte of a page comes from.
type Place struct {
	Pos  diag.Pos
	Kind Kind
	Key  string // of a field or message: "fee.amount"
}

// Source returns where the byte at off comes from. The zero Place means that
// spans were not recorded.
func (o *Output) Source(off int) Place {
	if o.place != nil {
		return o.place(off)
	}
	i := o.span(off)
	if i < 0 {
		return Place{}
	}
	s := o.Spans[i]
	end := len(o.HTML)
	if i+1 < len(o.Spans) {
		end = int(o.Spans[i+1].Out)
	}
	text, at := o.HTML[s.Out:end], off-int(s.Out)
	switch s.table {
	case inLayout:
		return Place{Pos: o.theme.Position(s.ref, text, at), Kind: Layout}
	case afterLayout:
		return Place{Pos: o.theme.At(s.ref), Kind: Derived}
	case inDocs:
		return o.bodyPlace(o.docs[s.ref], int(s.src)+at)
	}
	g := &o.origins[s.ref]
	return Place{Pos: g.pos(rawOffset(text, at)), Kind: g.kind, Key: g.key}
}

// KindAt returns the kind of the byte at off.
func (o *Output) KindAt(off int) Kind {
	i := o.span(off)
	if i < 0 {
		return Layout
	}
	return o.Spans[i].Kind
}

// KeyAt returns the key of the field or message that the byte at off was
// printed from, or "".
func (o *Output) KeyAt(off int) string {
	i := o.span(off)
	if i < 0 {
		return ""
	}
	switch s := o.Spans[i]; s.table {
	case inDocs:
		return o.docs[s.ref].key
	case inOrigins:
		return o.origins[s.ref].key
	}
	return ""
}

func (o *Output) span(off int) int {
	return sort.Search(len(o.Spans), func(i int) bool { return int(o.Spans[i].Out) > off }) - 1
}

func (o *Output) bodyPlace(d docRef, at int) Place {
	src := d.doc.SourceOf(at)
	p := Place{Kind: Body, Key: d.key}
	if d.inline != nil {
		p.Kind, src = Field, d.inline.Source(src)
	}
	if d.file != nil {
		p.Pos = d.file.Lines.Pos(src)
	}
	return p
}

// pos is the place of byte at of the value's text.
func (g *origin) pos(at int) diag.Pos {
	if g.whole {
		at = 0
	}
	switch {
	case g.msg != nil:
		return g.msg.Pos
	case g.asset != "":
		return diag.Pos{File: g.asset, Line: 1, Col: 1}
	case g.value != nil && g.value.In != nil:
		return g.value.In.Lines.Pos(g.value.Source(g.value.In.Src, at))
	case g.value != nil && g.file != nil:
		return g.file.Lines.Pos(g.value.Source(string(g.file.Src), at))
	case g.value != nil && g.data != nil && g.data.Lines != nil:
		return g.data.Lines.Pos(g.value.Source(g.data.Src, at))
	case g.value != nil && g.cfg != nil && g.cfg.Lines != nil:
		return g.cfg.Lines.Pos(g.value.Source(g.cfg.Src, at))
	case g.file != nil:
		return g.file.Lines.Pos(g.off)
	case g.cfg != nil:
		return diag.Pos{File: g.cfg.File, Line: 1, Col: 1}
	}
	return diag.Pos{}
}

// rawOffset turns an offset in escaped text into one in the text that was
// escaped: a character reference stands for one byte.
func rawOffset(text []byte, at int) int {
	raw := 0
	for i := 0; i < at && i < len(text); raw++ {
		if text[i] == '&' {
			if end := bytes.IndexByte(text[i:], ';'); end > 0 && end < 10 {
				i += end + 1
				continue
			}
		}
		i++
	}
	return raw
}
