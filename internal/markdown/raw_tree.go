package markdown

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// holdsRawBlock reports whether a paragraph holds raw tags of blocks, which
// would end a <p>. It is a <div> then.
func (r *renderer) holdsRawBlock(n ast.Node) bool {
	if _, ok := n.Attribute(rawMark); !ok {
		return false
	}
	return r.rawBlockIn(n, 0)
}

func (r *renderer) rawBlockIn(n ast.Node, depth int) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok && raw.Segments.Len() > 0 {
			seg := raw.Segments.At(0)
			b := r.src[seg.Start:seg.Stop]
			end := 1
			for end < len(b) && (isLetter(b[end]) || b[end] >= '0' && b[end] <= '9') {
				end++
			}
			if t := tagByName[strings.ToLower(string(b[1:end]))]; t != tagNone && t.is(block|structure|cell) {
				return true
			}
		} else if depth < maxOpen && r.rawBlockIn(c, depth+1) {
			return true
		}
	}
	return false
}

// room makes room for text: text cannot stand between the cells of a table.
func (r *renderer) room(src int) {
	if r.rawOpen > 0 && r.top().tag.is(structure) && r.top().origin != fromMarkdown {
		r.intoCell(src)
	}
}

// makeRoom closes what an element of Markdown's would close in a browser, and
// opens a cell when it stands between cells.
func (r *renderer) makeRoom(t tag, src int) {
	r.room(src)
	if t.is(block) {
		if i, free := r.find(tagP); i >= 0 && free {
			r.closeDown(i)
		}
	}
	if t.isHeading() {
		if i, free := r.findHeading(); i >= 0 && free {
			r.closeDown(i)
		}
	}
	if t == tagA {
		if i, free := r.find(tagA); i >= 0 && free {
			r.closeDown(i)
		}
	}
}

// find returns the innermost open element t, not looking outside a cell, and
// whether no element of Markdown's lies over it or is it.
func (r *renderer) find(t tag) (i int, free bool) {
	free = true
	for i = len(r.stack) - 1; i >= 0; i-- {
		f := &r.stack[i]
		if f.origin == fromMarkdown {
			free = false
		}
		if f.tag == t {
			return i, free
		}
		if f.tag.is(cell) || f.tag == tagTable || f.tag == tagDirective {
			break
		}
	}
	return -1, false
}

func (r *renderer) findHeading() (i int, free bool) {
	for i = len(r.stack) - 1; i >= 0; i-- {
		f := &r.stack[i]
		if f.tag.isHeading() {
			_, free = r.find(f.tag)
			return i, free
		}
		if f.tag == tagDirective {
			break
		}
	}
	return -1, false
}

// leaveHeading closes a heading of raw HTML that has its text already: its
// author has forgotten the end tag.
func (r *renderer) leaveHeading() {
	i, free := r.findHeading()
	if i < 0 || !free || len(r.plain) == r.headingPlain[len(r.headingPlain)-1] {
		return
	}
	r.closeDown(i + 1)
	r.popForced()
}

// closeDown closes the element at stack[i] and all inside it.
func (r *renderer) closeDown(i int) {
	for len(r.stack) > i {
		if len(r.stack) == i+1 {
			r.pop()
		} else {
			r.popForced()
		}
	}
}

// intoCell opens what is missing between the innermost part of a table and
// text.
func (r *renderer) intoCell(src int) {
	r.notice("text-outside-cell", src, "this stands in a table, but in no cell; it gets a cell of its own", "")
	r.toRow(src)
	r.open(tagTd, tagTd, implied, src)
}

// toRow opens a row where the innermost open element is part of a table.
func (r *renderer) toRow(src int) {
	switch r.top().tag {
	case tagColgroup:
		r.pop()
		r.open(tagTbody, tagTbody, implied, src)
	case tagTable:
		r.open(tagTbody, tagTbody, implied, src)
	case tagTr:
		return
	}
	r.open(tagTr, tagTr, implied, src)
}

// open writes a start tag without attributes.
func (r *renderer) open(t, name tag, o origin, src int) {
	r.push(t, name, o, src)
	r.out = append(r.out, '>')
}

// drop reports a tag that is left out.
func (r *renderer) drop(src int, name, why, hint string) {
	msg := "the tag <{name}> is left out: " + why
	r.notice("dropped-tag", src, msg, hint, "name", name)
}

// rawEnd handles an end tag.
func (r *renderer) rawEnd(text *rawText, i int, tg *rawTag) {
	if !isHTML(tg.name) {
		r.writeRaw(text, i, i+tg.length)
		return
	}
	if tg.name == "br" {
		r.void(tagBr, tg.src)
		return
	}
	t := tagByName[tg.name]
	if t == tagNone {
		return // the start tag has been reported
	}
	if i := r.match(t); i >= 0 {
		r.closeDown(i)
		return
	}
	if r.refused[t] > 0 {
		r.refused[t]--
		return
	}
	if r.opensOutside(t) {
		r.deferred = append(r.deferred, *tg)
		return
	}
	if elements[t].traits&(void|impliedEnd) == 0 || t == tagP {
		r.notice("stray-end-tag", tg.src, "the end tag </{name}> closes nothing; it is left out", "", "name", tg.name)
	}
	if t.is(block | cell | structure) {
		r.partWords(tg.src)
	}
}

// opensOutside reports whether an element that an end tag in a paragraph may
// mean was opened before the paragraph, as in
//
//	<td>
//
//	text</td>
func (r *renderer) opensOutside(t tag) bool {
	for i := len(r.stack) - 1; i >= 0; i-- {
		switch f := &r.stack[i]; {
		case f.origin == fromMarkdown && (f.tag == tagP || f.tag == tagDiv):
			return i > 0 && r.stack[i-1].origin != fromMarkdown && r.matchBelow(t, i)
		case f.origin == fromMarkdown && f.tag.is(block|cell), f.tag == tagDirective:
			return false
		}
	}
	return false
}

// matchBelow is match for what lies under stack[top].
func (r *renderer) matchBelow(t tag, top int) bool {
	saved := r.stack
	r.stack = r.stack[:top]
	i := r.match(t)
	r.stack = saved
	return i >= 0
}

// endDeferred handles end tags that had to wait for the end of a paragraph.
func (r *renderer) endDeferred() {
	for len(r.deferred) > 0 {
		tg := r.deferred[0]
		r.deferred = r.deferred[1:]
		if i := r.match(tagByName[tg.name]); i >= 0 {
			r.closeDown(i)
		}
	}
}

// partWords writes a space where a tag that is left out would have parted two
// words.
func (r *renderer) partWords(src int) {
	if n := len(r.out); n > 0 && !r.afterBlock && r.out[n-1] != ' ' {
		r.space(src)
	}
}

// match returns the open element that an end tag closes, or -1. Parts of
// tables are looked for in the innermost table, others not outside a cell.
func (r *renderer) match(t tag) int {
	part := t.is(structure | cell)
	for i := len(r.stack) - 1; i >= 0; i-- {
		f := &r.stack[i]
		switch {
		case f.origin == fromMarkdown:
			return -1
		case f.name == t || t.isHeading() && f.name.isHeading():
			return i
		case part && f.tag == tagTable, !part && (f.tag.is(cell) || f.tag == tagTable):
			return -1
		}
	}
	return -1
}

// rawStart handles a start tag and returns how many bytes of raw HTML it
// takes with it.
func (r *renderer) rawStart(t *rawText, i int, tg *rawTag, atBlock bool) int {
	switch {
	case withContent[tg.name]:
		return r.dropContent(t, i, tg, atBlock)
	case !isHTML(tg.name):
		r.notice("unknown-element", tg.src, "<{name}> is no HTML element; it is shown as text", "put it into `backticks`", "name", tg.name)
		r.writeRaw(t, i, i+tg.length)
		return tg.length
	}
	el := tagByName[tg.name]
	switch el {
	case tagNone:
		r.drop(tg.src, tg.name, "it is not allowed in a page", dropHints[dropped[tg.name]])
		if tg.name == "option" || tg.name == "label" || tg.name == "button" {
			r.partWords(tg.src)
		}
	case tagImg:
		r.rawImage(tg)
	default:
		if el.isHeading() {
			tg.text = t.textUntilEnd(i+tg.length, tg.name)
		}
		r.rawElement(el, tg)
		if el == tagPre {
			r.dropNewline(t, i, tg)
		}
	}
	return tg.length
}

// textUntilEnd returns the text between b[i] and the end tag of name, tags
// taken away.
func (t *rawText) textUntilEnd(i int, name string) string {
	b := t.b[i:min(len(t.b), i+4*maxSlug)]
	if end := indexEnd(b, name); end >= 0 {
		b = b[:end]
	}
	var out []byte
	for len(b) > 0 {
		lt := bytes.IndexByte(b, '<')
		if lt < 0 {
			break
		}
		out = append(out, b[:lt]...)
		b = b[lt+untilAfter(b[lt:], ">"):]
	}
	return decode(append(out, b...), asHTML)
}

// dropNewline lets the line break after <pre> go, as browsers do; a second
// one stays.
func (r *renderer) dropNewline(t *rawText, i int, tg *rawTag) {
	rest := t.b[i+tg.length:]
	n := 0
	if bytes.HasPrefix(rest, []byte("\r\n")) {
		n = 2
	} else if bytes.HasPrefix(rest, []byte("\n")) {
		n = 1
	}
	tg.length += n
	if rest = rest[n:]; len(rest) > 0 && (rest[0] == '\n' || rest[0] == '\r') {
		r.replace(t.pos(i+tg.length), "\n", "")
	}
}

// dropContent leaves out an element with all that is in it.
func (r *renderer) dropContent(t *rawText, i int, tg *rawTag, atBlock bool) int {
	end := tg.length
	found := false
	if at := indexEnd(t.b[i+tg.length:], tg.name); at >= 0 {
		end, found = tg.length+at, true
		if gt := bytes.IndexByte(t.b[i+end:], '>'); gt >= 0 {
			end += gt + 1
		}
	} else if at := r.endBeyond(t, i+tg.length, tg.name); at >= 0 {
		r.skipUntil, found = at, true
		end = len(t.b) - i
	}
	if tg.name == "iframe" {
		r.iframe(tg)
		return end
	}
	why := "it is not allowed in a page"
	if found {
		why = "it is not allowed in a page, nor is what stands in it"
	}
	r.drop(tg.src, tg.name, why, dropHints[dropped[tg.name]])
	if !atBlock && !found {
		r.partWords(tg.src)
	}
	return end
}

// endBeyond looks for the end tag of a dropped element after the stretch of
// raw HTML, and returns where it ends, or -1.
func (r *renderer) endBeyond(t *rawText, from int, name string) int {
	if from > len(t.b) || len(t.b) == 0 {
		return -1
	}
	start := t.pos(len(t.b)-1) + 1
	if start >= t.limit {
		return -1
	}
	if none, ok := r.noClose[name]; ok && start >= none && t.limit <= r.noCloseTo {
		return -1
	}
	at := indexEnd(r.src[start:t.limit], name)
	if at < 0 {
		r.noClose[name], r.noCloseTo = start, t.limit
		return -1
	}
	at += start
	if gt := bytes.IndexByte(r.src[at:t.limit], '>'); gt >= 0 {
		at += gt + 1
	}
	return at
}

// indexEnd returns the place of the end tag of name in b, or -1.
func indexEnd(b []byte, name string) int {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte("</"))
		if i < 0 {
			return -1
		}
		from += i + 2
		rest := b[from:]
		if len(rest) >= len(name) && strings.EqualFold(string(rest[:len(name)]), name) &&
			(len(rest) == len(name) || isSpace(rest[len(name)]) || rest[len(name)] == '>' || rest[len(name)] == '/') {
			return from - 2
		}
	}
}

// iframe becomes a link to what it would have shown.
func (r *renderer) iframe(tg *rawTag) {
	src, _ := tg.value("src")
	title, _ := tg.value("title")
	r.drop(tg.src, "iframe", "pages do not embed other sites; a link to it stands here instead", "write a link that says where it leads")
	s := scheme(src)
	if s != "http" && s != "https" || r.inLink > 0 {
		return
	}
	if title = strings.TrimSpace(title); title == "" {
		title = src
		if u, err := url.Parse(src); err == nil && u.Host != "" {
			title = u.Host
		}
	}
	r.anchor(LinkPage, src, tg.src, tg.src, "", func() { r.replaceText(tg.src, title) })
}

// rawImage handles <img>.
func (r *renderer) rawImage(tg *rawTag) {
	src, _ := tg.value("src")
	alt, hasAlt := tg.value("alt")
	img := Image{Dest: strings.TrimSpace(src), Alt: strings.TrimSpace(alt), Src: tg.src}
	for _, a := range tg.attrs {
		switch a.name {
		case "src":
			img.Src = a.valueSrc
		case "width":
			img.Width, _ = strconv.Atoi(strings.TrimSuffix(a.value, "px"))
		case "height":
			img.Height, _ = strconv.Atoi(strings.TrimSuffix(a.value, "px"))
		case "alt", "title", "loading", "decoding":
		default:
			r.dropAttr(a, tg.name)
		}
	}
	img.Width, img.Height = max(img.Width, 0), max(img.Height, 0)
	if img.Dest == "" {
		r.problem("image-without-source", tg.src, "the image has no address", "write the path of the picture in src")
	}
	if img.Dest == "" || !r.checkURL(img.Dest, img.Src) {
		if img.Alt != "" {
			r.replaceText(tg.src, img.Alt)
		}
		return
	}
	if hasAlt && img.Alt == "" {
		img.Decorative = true // alt="" in HTML says so on purpose
	}
	r.writeImage(img, tg.src)
}

func (r *renderer) dropAttr(a rawAttr, name string) {
	hint := ""
	switch {
	case a.name == "style" || a.name == "align" || a.name == "valign" || a.name == "bgcolor" || a.name == "color":
		hint = dropHints["style"]
	case a.name == "target":
		hint = "readers decide where a link opens"
	}
	r.notice("dropped-attribute", a.src, "the attribute \"{attribute}\" of <{name}> is left out", hint, "attribute", a.name, "name", name)
}
