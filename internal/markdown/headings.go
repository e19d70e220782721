package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

func (r *renderer) heading(n *ast.Heading) {
	pos := blockPos(n)
	attrs, from := r.headingAttrs(n)
	saved := r.hideFrom
	if from >= 0 {
		r.hideFrom = from
	}
	// Written with the author's level; finish moves all headings at once.
	r.enterAttrs(tagH1+tag(n.Level-1), pos)
	id := attrs.value("id")
	given := id != ""
	if id == "" && r.c.opt.Articles {
		id = articleID(r.firstLine(n))
	}
	if id == "" {
		id = slug(r.headingText(n))
	} else if r.ids[id] > 0 {
		r.warn("duplicate-id", pos, "the id \"{id}\" is used twice on this page", "choose another id", "id", id)
	}
	id = r.uniqueID(id)
	r.attr("id", id)
	for _, a := range attrs {
		if a.key == "class" || a.key == "lang" || a.key == "dir" {
			r.attr(a.key, a.value)
		}
	}
	r.out = append(r.out, '>')
	r.startHeading(n.Level, id, pos)
	r.doc.Headings[len(r.doc.Headings)-1].Given = given
	r.inlines(n)
	r.leave()
	r.hideFrom = saved
}

// headingText is the text that the id of a heading is made from.
func (r *renderer) headingText(n *ast.Heading) string {
	text := r.plainText(n)
	if r.hideFrom <= len(r.src) {
		if i := strings.LastIndexByte(text, '{'); i >= 0 {
			text = text[:i]
		}
	}
	return text
}

// headingAttrs reads {#id .class} at the end of a heading and returns where
// it starts, or -1.
func (r *renderer) headingAttrs(n *ast.Heading) (attrList, int) {
	l := n.Lines()
	if l.Len() == 0 {
		return nil, -1
	}
	seg := l.At(l.Len() - 1)
	line := bytes.TrimRight(r.src[seg.Start:seg.Stop], " \t\r\n")
	if len(line) == 0 || line[len(line)-1] != '}' {
		return nil, -1
	}
	i := bytes.LastIndexByte(line, '{')
	if i < 0 || i > 0 && line[i-1] == '\\' {
		return nil, -1
	}
	attrs, n2, ok := parseAttrs(line[i:], seg.Start+i)
	if !ok || i+n2 != len(line) || len(attrs) == 0 || attrs[0].flag() {
		return nil, -1
	}
	attrs = r.checkAttrs("a heading", headingAttrSpecs, attrs)
	from := i
	for from > 0 && (line[from-1] == ' ' || line[from-1] == '\t') {
		from--
	}
	return attrs, seg.Start + from
}

// startHeading records a heading whose start tag has just been written and
// begins to collect its text.
func (r *renderer) startHeading(level int, id string, src int) {
	f := r.top()
	f.heading = len(r.doc.Headings)
	r.doc.Headings = append(r.doc.Headings, Heading{
		Level: level, level: level, ID: id, Out: uint32(f.out), End: uint32(len(r.out)), Src: src,
		Nested: r.nested(), inner: len(r.stack) > 1,
	})
	r.headingPlain = append(r.headingPlain, len(r.plain))
	r.capture++
}

// nested reports whether the innermost open element, a heading, stands in
// more than divisions of raw HTML.
func (r *renderer) nested() bool {
	for _, f := range r.stack[:len(r.stack)-1] {
		switch f.tag {
		case tagDiv, tagSection, tagArticle, tagSpan, tagHgroup:
		default:
			return true
		}
	}
	return false
}

// endHeading is called when the end tag of a heading is about to be written.
func (r *renderer) endHeading(f *frame) {
	h := &r.doc.Headings[f.heading]
	last := len(r.headingPlain) - 1
	mark := r.headingPlain[last]
	r.headingPlain = r.headingPlain[:last]
	r.capture--
	h.Text = strings.Join(strings.Fields(string(r.plain[mark:])), " ")
	if r.capture == 0 {
		r.plain = r.plain[:mark]
	}
	h.HTML = linkless(r.out[h.End:])
}

// linkless returns inline HTML of our own making without links, images, ids
// and references to notes, so that it can stand in a second place.
func linkless(b []byte) string {
	if bytes.IndexByte(b, '<') < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			break
		}
		out = append(out, b[:i]...)
		b = b[i:]
		end := bytes.IndexByte(b, '>') + 1 // our attributes hold no bare ">"
		tagText := b[:end]
		b = b[end:]
		switch {
		case bytes.HasPrefix(tagText, []byte("<a ")) && bytes.Contains(tagText, []byte(noteRole)):
			b = b[bytes.Index(b, []byte("</a>"))+4:]
		case bytes.HasPrefix(tagText, []byte("<a ")), bytes.Equal(tagText, []byte("<a>")), bytes.Equal(tagText, []byte("</a>")):
		case bytes.HasPrefix(tagText, []byte("<img")):
			if i := bytes.Index(tagText, []byte(` alt="`)); i >= 0 {
				alt := tagText[i+6:]
				out = append(out, alt[:bytes.IndexByte(alt, '"')]...)
			}
		default:
			out = appendWithoutID(out, tagText)
		}
	}
	return string(append(out, b...))
}

func appendWithoutID(out, tagText []byte) []byte {
	i := bytes.Index(tagText, []byte(` id="`))
	if i < 0 {
		return append(out, tagText...)
	}
	out = append(out, tagText[:i]...)
	rest := tagText[i+5:]
	return append(out, rest[bytes.IndexByte(rest, '"')+1:]...)
}
