package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// schemes that a link may have; a link without one is relative.
var schemes = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true, "sms": true}

// scheme returns the scheme of a URL in lower case, or "", as browsers read
// it: spaces and control characters in front and tabs and line breaks
// anywhere do not count (URL Standard, 4.4). Spaces of other scripts, which
// addLink takes away, do not hide one either.
func scheme(url string) string {
	url = strings.TrimSpace(url)
	var name strings.Builder
	started := false
	for i := 0; i < len(url); i++ {
		c := url[i]
		switch {
		case c <= ' ' && !started, c == '\t', c == '\n', c == '\r':
			continue
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', started && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
			started = true
			name.WriteByte(c)
		case c == ':' && started:
			return strings.ToLower(name.String())
		default:
			return ""
		}
	}
	return ""
}

// checkURL reports a scheme that no page may use.
func (r *renderer) checkURL(url string, src int) bool {
	s := scheme(url)
	if s == "" || schemes[s] {
		return true
	}
	r.problem("link-scheme", src, "links of the kind \"{scheme}:\" are not allowed; the link is left out",
		"use http, https, mailto, tel or sms, or a path in this site", "scheme", s)
	return false
}

// addLink records a link and returns its index.
func (r *renderer) addLink(kind LinkKind, url string, src int) int {
	url = strings.TrimSpace(url)
	dest, fragment, _ := strings.Cut(url, "#")
	r.doc.Links = append(r.doc.Links, Link{Kind: kind, Dest: dest, Fragment: fragment, Src: src})
	return len(r.doc.Links) - 1
}

// slot marks the place right here as one to be filled in.
func (r *renderer) slot(kind SlotKind, index int) {
	at := uint32(len(r.out))
	r.slots = append(r.slots, Slot{kind, at, at, index, r.depth()})
}

// depth counts the directives that are open here.
func (r *renderer) depth() int {
	n := 0
	for i := range r.stack {
		if r.stack[i].tag == tagDirective {
			n++
		}
	}
	return n
}

func (r *renderer) link(n *ast.Link) {
	url := decode(n.Destination, asMarkdown)
	src := r.srcOf(n.Destination, n.Pos())
	switch {
	case url == "":
		r.problem("link-without-destination", n.Pos(), "the link has no destination", "write the address between ( and )")
	case !r.checkURL(url, src):
	case r.inLink > 0:
		r.nestedLink(n.Pos())
	default:
		r.anchor(LinkPage, url, src, n.Pos(), decode(n.Title, asMarkdown), func() { r.inlines(n) })
		r.linkAttrs(n)
		return
	}
	r.inlines(n)
	r.linkAttrs(n)
}

// nestedLink reports a link where none can be.
func (r *renderer) nestedLink(src int) {
	if r.oneLine && r.top().tag == tagDirective {
		r.notice("link-in-title", src, "a title holds no link; only its text is kept", "put the link into the text")
		return
	}
	r.notice("nested-link", src, "a link cannot stand inside another; only its text is kept", "")
}

// anchor writes a link round what body writes.
func (r *renderer) anchor(kind LinkKind, url string, src, pos int, title string, body func()) {
	i := r.addLink(kind, url, src)
	r.enterAttrs(tagA, pos)
	r.out = append(r.out, ` href="`...)
	r.slot(SlotLink, i)
	r.out = append(r.out, '"')
	if title != "" {
		r.attr("title", title)
	}
	r.out = append(r.out, '>')
	mark := len(r.plain)
	r.capture++
	body()
	r.capture--
	r.doc.Links[i].Text = strings.Join(strings.Fields(string(r.plain[mark:])), " ")
	if r.capture == 0 {
		r.plain = r.plain[:mark]
	}
	r.leave()
}

func (r *renderer) autoLink(n *ast.AutoLink) {
	label := n.Label(r.body)
	pos := r.srcOf(label, n.Pos())
	url := string(n.URL(r.body))
	if n.AutoLinkType == ast.AutoLinkEmail && scheme(url) != "mailto" {
		url = "mailto:" + url
	}
	text := func() { r.address(label, pos) }
	if r.inLink > 0 || !r.checkURL(url, pos) {
		text()
		return
	}
	r.anchor(LinkPage, url, pos, pos, "", text)
}

// address writes an address that may break before each @ and dot and behind
// each slash, and nowhere else as long as that is enough.
func (r *renderer) address(b []byte, pos int) {
	from := 0
	for i := 1; i < len(b); i++ {
		if b[i] == '@' || b[i] == '.' || b[i-1] == '/' && b[i] != '/' {
			r.writeText(b[from:i], pos+from, asCode)
			r.void(tagWbr, pos+i)
			from = i
		}
	}
	r.writeText(b[from:], pos+from, asCode)
}

// srcOf returns where b, a part of what was parsed, lies in the source, or
// fallback when it is a copy.
func (r *renderer) srcOf(b []byte, fallback int) int {
	if len(b) == 0 || cap(b) > cap(r.body) {
		return fallback
	}
	at := cap(r.body) - cap(b)
	if at < len(r.body) && &r.body[at] == &b[0] {
		return at
	}
	return fallback
}

func (r *renderer) image(n *ast.Image) {
	url := decode(n.Destination, asMarkdown)
	src := r.srcOf(n.Destination, n.Pos())
	alt := strings.Join(strings.Fields(r.plainText(n)), " ")
	decorative := r.imageAttrs(n)
	if url == "" {
		r.problem("image-without-source", n.Pos(), "the image has no address", "write the path of the picture between ( and )")
	}
	if url == "" || !r.checkURL(url, src) {
		r.replaceText(n.Pos(), alt)
		return
	}
	img := Image{Dest: url, Alt: alt, Decorative: decorative, Title: decode(n.Title, asMarkdown), Src: src}
	r.writeImage(img, n.Pos())
}

// writeImage writes an image and reports one that says nothing.
func (r *renderer) writeImage(img Image, pos int) {
	if img.Decorative && img.Alt != "" {
		r.notice("decorative-with-text", pos, "the image is marked as decorative, so its text is not used", "remove {decorative} or the text")
		img.Alt = ""
	}
	if img.Alt == "" && !img.Decorative {
		r.problem("image-without-text", pos, "the image has no text for those who cannot see it",
			"say what it shows: ![A map of the town hall](map.png); if it is only decoration, write {use}", "use", "![](map.png){decorative}")
	}
	r.plainImage(img, pos)
}

// plainImage writes an image that has been judged.
func (r *renderer) plainImage(img Image, pos int) {
	i := len(r.doc.Images)
	r.doc.Images = append(r.doc.Images, img)
	if r.rawOpen > 0 {
		r.makeRoom(tagImg, pos)
	}
	r.fixed(pos)
	r.out = append(r.out, "<img"...)
	r.slot(SlotImage, i)
	if img.Alt != "" || img.Decorative {
		r.attr("alt", img.Alt)
	}
	r.out = append(r.out, '>')
	r.afterBlock, r.last = false, 0
	if r.capture > 0 {
		r.plain = append(r.plain, img.Alt...)
	}
}

// plainText returns the text of a node's content.
func (r *renderer) plainText(n ast.Node) string {
	var b bytes.Buffer
	r.appendPlain(&b, n, 0)
	return b.String()
}

func (r *renderer) appendPlain(b *bytes.Buffer, parent ast.Node, depth int) {
	if depth > maxOpen {
		return
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			how := asMarkdown
			if n.IsRaw() {
				how = asCode
			}
			b.WriteString(decode(r.src[n.Segment.Start:n.Segment.Stop], how))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.AutoLink:
			b.Write(n.Label(r.src))
		default:
			r.appendPlain(b, n, depth+1)
		}
	}
}
