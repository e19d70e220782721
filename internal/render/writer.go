package render

import (
	"bytes"
	"sort"
	"strconv"

	"handrail/internal/markdown"
	"handrail/internal/site"
	"handrail/internal/theme"
)

// A page is written by a theme's program into a worker, which is its Writer.
// Texts of a layout and printed actions come with their ids; a value notes
// where it comes from when it is turned into text; and markup is a splice.

// A splice is markup that the writer puts where a template printed it.
type splice struct {
	doc      docRef // a part of a document, if doc.doc is set
	from, to uint32
	links    []site.ResolvedLink // of the document
	images   []site.ResolvedLink
	marks    []Mark // ids of its blocks; none elsewhere than on its page
	// The body of a directive begins with this slot and goes on while slots
	// lie at this depth or deeper; 0 for parts that are found by offset.
	slot, depth int

	frag *fragment // a cached partial
	raw  string    // any other markup
	org  origin    // of raw
}

// IsMarkup marks a splice as markup for the template language.
func (*splice) IsMarkup() {}

// Text writes a text of a layout. Where two of them meet, as round an action
// that prints nothing, white space at the seam is written once.
func (w *worker) Text(id uint32, s string) {
	if w.afterText && isSpace(s[0]) && isSpace(w.out[len(w.out)-1]) && w.r.opt.Theme.Soft(id) {
		if s = s[1:]; s == "" {
			return
		}
	}
	w.afterText = true
	if w.spansOn {
		w.span(Span{Kind: Layout, ref: id})
	}
	w.out = append(w.out, s...)
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' }

// Value writes a printed value.
func (w *worker) Value(id uint32, s string, esc theme.Escaping) {
	w.afterText = false
	if w.spansOn {
		w.value(id)
	}
	w.pending = nil
	w.out = esc.Append(w.out, s)
}

// Markup writes a splice.
func (w *worker) Markup(id uint32, m theme.Markup) error {
	w.afterText, w.pending = false, nil
	return w.splice(m.(*splice))
}

// value begins the span of a printed value.
func (w *worker) value(id uint32) {
	if w.pending == nil {
		w.span(Span{Kind: Derived, table: afterLayout, ref: id})
		return
	}
	w.origin(w.pending.origin())
}

func (w *worker) origin(o origin) {
	w.span(Span{Kind: o.kind, table: inOrigins, ref: uint32(len(w.origins))})
	w.origins = append(w.origins, o)
}

func (w *worker) span(s Span) {
	s.Out = uint32(len(w.out))
	if n := len(w.spans); n > 0 && w.spans[n-1].Out == s.Out {
		w.spans[n-1] = s
		return
	}
	w.spans = append(w.spans, s)
}

// splice writes markup.
func (w *worker) splice(s *splice) error {
	switch {
	case s.doc.doc != nil:
		return w.document(s)
	case s.frag != nil:
		w.fragment(s.frag)
	default:
		if w.spansOn {
			w.origin(s.org)
		}
		w.out = append(w.out, s.raw...)
	}
	return nil
}

// document writes the bytes from–to of a document and fills in its slots.
func (w *worker) document(s *splice) error {
	c := copier{w: w, s: s, at: s.from, kind: Body}
	if len(s.marks) > 0 {
		c.mark = firstMark(s.marks, s.from)
	}
	if s.doc.inline != nil {
		c.kind = Field
	}
	if w.spansOn {
		c.ref = w.docIndex(s.doc)
	}
	slots := s.doc.doc.Slots
	i := s.slot
	if i == 0 {
		i = sort.Search(len(slots), func(i int) bool { return slots[i].Out >= s.from })
	}
	for i < len(slots) && s.holds(&slots[i]) {
		slot := &slots[i]
		c.to(slot.Out)
		i++
		if slot.Kind != markdown.SlotDirective {
			c.fill(slot)
			continue
		}
		if err := w.directive(s, slot, i); err != nil {
			return err
		}
		c.at = slot.End
		for i < len(slots) && slots[i].Depth > slot.Depth {
			i++
		}
	}
	c.to(s.to)
	return nil
}

// holds reports whether a slot, the next one in order, lies in the part. An
// empty directive at the very end does; what else lies there does not.
func (s *splice) holds(slot *markdown.Slot) bool {
	if s.slot > 0 {
		return slot.Depth >= s.depth
	}
	return slot.Out < s.to || slot.Out == s.to && slot.Kind == markdown.SlotDirective && slot.End == slot.Out
}

// A copier copies a part of a document into the page.
type copier struct {
	w    *worker
	s    *splice
	at   uint32 // what has been copied
	mark int    // the next mark
	ref  uint32
	kind Kind
	note *Value // the words at the end of the link that is open, or nil
	end  uint32 // where that link ends
}

// to copies up to a place.
func (c *copier) to(end uint32) {
	if note := c.note; note != nil && end >= c.end {
		c.note = nil
		c.to(c.end)
		c.say(note)
	}
	if len(c.s.marks) > 0 {
		c.marked(end)
		return
	}
	c.plain(end)
}

// plain copies up to a place what stands there.
func (c *copier) plain(end uint32) {
	if c.at >= end {
		return
	}
	if c.w.spansOn {
		c.w.span(Span{Kind: c.kind, table: inDocs, ref: c.ref, src: c.at})
	}
	c.w.out = append(c.w.out, c.s.doc.doc.HTML[c.at:end]...)
	c.at = end
}

// fill writes the URL of a link, or the attributes of an image. They belong
// to the place they are put into.
func (c *copier) fill(slot *markdown.Slot) {
	if c.w.spansOn {
		c.w.span(Span{Kind: c.kind, table: inDocs, ref: c.ref, src: slot.Out})
	}
	switch {
	case slot.Kind == markdown.SlotImage && slot.Index < len(c.s.images):
		c.w.image(c.w.imageOf(&c.s.images[slot.Index]))
	case slot.Kind != markdown.SlotImage && slot.Index < len(c.s.links):
		c.link(&c.s.links[slot.Index], slot)
	}
}

// link writes the URL of a link. One to a page in another language says so:
// the attribute is behind the address, the words are at the end of the link.
func (c *copier) link(l *site.ResolvedLink, slot *markdown.Slot) {
	c.w.appendLink(l)
	f := c.w.foreign(l.Page)
	if f == nil || slot.Kind != markdown.SlotLink || l.Kind != site.ToPage {
		return
	}
	c.w.out = append(c.w.out, `" hreflang="`...) // its second quote is the one behind the address
	c.w.out = append(c.w.out, f.HTML...)
	html := c.s.doc.doc.HTML
	if i := bytes.Index(html[slot.Out:], []byte("</a>")); i >= 0 {
		c.end, c.note = slot.Out+uint32(i), f.Note
	}
}

// say writes the words at the end of a link.
func (c *copier) say(note *Value) {
	if c.w.spansOn {
		c.w.origin(note.origin())
	}
	c.w.out = appendEscaped(c.w.out, note.Text())
}

// docIndex returns the index of a document in the output's table.
func (w *worker) docIndex(d docRef) uint32 {
	for i := len(w.docs) - 1; i >= 0; i-- {
		if w.docs[i].doc == d.doc {
			return uint32(i)
		}
	}
	w.docs = append(w.docs, d)
	return uint32(len(w.docs) - 1)
}

// imageAttrs is what a page says of an image besides its text.
type imageAttrs struct {
	url           string
	width, height int
}

// image writes the attributes of an image. All images but the first of a
// page are loaded when they come near the window.
func (w *worker) image(a imageAttrs) {
	w.out = append(w.out, ` src="`...)
	w.out = appendURL(w.out, a.url)
	w.out = append(w.out, '"')
	if a.width > 0 && a.height > 0 {
		w.out = append(w.out, ` width="`...)
		w.out = strconv.AppendInt(w.out, int64(a.width), 10)
		w.out = append(w.out, `" height="`...)
		w.out = strconv.AppendInt(w.out, int64(a.height), 10)
		w.out = append(w.out, '"')
	}
	if w.imageCount > 0 {
		w.out = append(w.out, ` loading="lazy"`...)
	}
	w.out = append(w.out, ` decoding="async"`...)
	w.imageCount++
}

// appendEscaped writes a text into a quoted attribute or an element.
func appendEscaped(out []byte, s string) []byte {
	last := 0
	for i := 0; i < len(s); i++ {
		var esc string
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '"':
			esc = "&#34;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		default:
			continue
		}
		out = append(out, s[last:i]...)
		out = append(out, esc...)
		last = i + 1
	}
	return append(out, s[last:]...)
}

// A fragment is a partial that has been rendered once for many pages.
type fragment struct {
	html    []byte
	spans   []Span
	docs    []docRef
	origins []origin
	reads   map[question]bool
	images  int

	afterText bool
}

// fragment writes a cached partial with the sources of its bytes.
func (w *worker) fragment(f *fragment) {
	if w.spansOn {
		docs, origins, out := uint32(len(w.docs)), uint32(len(w.origins)), uint32(len(w.out))
		w.docs = append(w.docs, f.docs...)
		w.origins = append(w.origins, f.origins...)
		for _, s := range f.spans {
			switch s.table {
			case inDocs:
				s.ref += docs
			case inOrigins:
				s.ref += origins
			}
			s.Out += out
			w.spans = append(w.spans, s)
		}
	}
	w.out = append(w.out, f.html...)
	w.imageCount += f.images
	w.afterText = f.afterText
	for q := range f.reads {
		w.ask(q)
	}
}
