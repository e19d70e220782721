package markdown

import (
	"bytes"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// A piece says where a stretch of raw HTML, put together from several lines,
// comes from.
type piece struct{ at, src int }

// rawText is raw HTML with its places.
type rawText struct {
	b      []byte
	src    int     // place of b[0] …
	pieces []piece // … unless it lies in pieces
	limit  int     // the content of a dropped element may reach this far
}

// pos returns the place of b[i] in the source.
func (t *rawText) pos(i int) int {
	if len(t.pieces) == 0 {
		return t.src + i
	}
	k := sort.Search(len(t.pieces), func(k int) bool { return t.pieces[k].at > i }) - 1
	return t.pieces[k].src + i - t.pieces[k].at
}

func (r *renderer) htmlBlock(n *ast.HTMLBlock) {
	lines := text.NewSegments()
	lines.AppendAll(n.Lines().Sliced(0, n.Lines().Len()))
	if n.HasClosure() {
		lines.Append(n.ClosureLine)
	}
	t := r.rawText(lines)
	t.limit = r.end
	t.b = bytes.TrimRight(t.b, " \t\r\n")
	r.rawHTML(t, true)
}

// continuesHTML reports whether an indented block inside an element of raw
// HTML is more of it: after an empty line, Markdown takes indented tags for
// code.
func (r *renderer) continuesHTML(n *ast.CodeBlock) bool {
	if r.top().origin == fromMarkdown || n.Lines().Len() == 0 {
		return false
	}
	seg := n.Lines().At(0)
	b := bytes.TrimLeft(r.src[seg.Start:seg.Stop], " \t")
	return len(b) > 2 && b[0] == '<' && (isLetter(b[1]) || b[1] == '/' && isLetter(b[2]) || b[1] == '!')
}

func (r *renderer) rawLines(n ast.Node) rawText {
	t := r.rawText(n.Lines())
	t.limit = r.end
	return t
}

func (r *renderer) inlineHTML(n *ast.RawHTML) {
	t := r.rawText(n.Segments)
	t.limit = t.src + len(t.b)
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Type() == ast.TypeBlock {
			if l := p.Lines(); l.Len() > 0 {
				seg := l.At(l.Len() - 1)
				t.limit = seg.Stop
			}
			break
		}
	}
	r.rawHTML(t, false)
}

// rawText joins segments; those that follow one another in the source are not
// copied.
func (r *renderer) rawText(segs *text.Segments) rawText {
	if segs.Len() == 0 {
		return rawText{}
	}
	first := segs.At(0)
	together := true
	for i := 1; i < segs.Len() && together; i++ {
		a, b := segs.At(i-1), segs.At(i)
		together = a.Stop == b.Start
	}
	last := segs.At(segs.Len() - 1)
	if together {
		return rawText{b: r.src[first.Start:last.Stop], src: first.Start}
	}
	r.raw, r.rawPieces = r.raw[:0], r.rawPieces[:0]
	for i := range segs.Len() {
		seg := segs.At(i)
		r.rawPieces = append(r.rawPieces, piece{len(r.raw), seg.Start})
		r.raw = append(r.raw, r.src[seg.Start:seg.Stop]...)
	}
	return rawText{b: r.raw, src: first.Start, pieces: r.rawPieces}
}

// maxUnfinished is how many tags without an end a stretch of raw HTML may
// have before "<" is only a character in the rest.
const maxUnfinished = 50

// rawHTML reads raw HTML and writes what the allow-list has.
func (r *renderer) rawHTML(t rawText, atBlock bool) {
	unfinished := 0
	for i := 0; i < len(t.b); {
		j := bytes.IndexByte(t.b[i:], '<')
		if j < 0 {
			r.rawTextRun(&t, i, len(t.b))
			return
		}
		r.rawTextRun(&t, i, i+j)
		i += j
		n := 0
		if unfinished < maxUnfinished {
			n = r.rawMarkup(&t, i, atBlock)
		}
		if n == 0 {
			if unfinished < maxUnfinished && i+1 < len(t.b) && isLetter(t.b[i+1]) {
				r.notice("unfinished-tag", t.pos(i), "the tag has no \">\"; it is shown as text", "write &lt; for a bare <")
				unfinished++
			}
			r.writeText(t.b[i:i+1], t.pos(i), asCode)
			n = 1
		}
		i += n
	}
}

// rawMarkup handles what begins with "<" at i and returns its length, or 0
// when it is text.
func (r *renderer) rawMarkup(t *rawText, i int, atBlock bool) int {
	b := t.b[i:]
	switch {
	case len(b) < 2:
		return 0
	case bytes.HasPrefix(b, []byte("<!--")):
		n := commentLength(b)
		if n == 0 {
			r.problem("unclosed-comment", t.pos(i), "the comment is not closed; what follows is left out", "write --> where it ends")
			return len(b)
		}
		return n
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		return untilAfter(b, "]]>")
	case b[1] == '!', b[1] == '?':
		return untilAfter(b, ">")
	case b[1] == '/' && len(b) > 2 && isLetter(b[2]):
		tg, ok := r.parseTag(t, i)
		if !ok {
			return 0
		}
		r.rawEnd(t, i, &tg)
		return tg.length
	case isLetter(b[1]):
		tg, ok := r.parseTag(t, i)
		if !ok {
			return 0
		}
		return r.rawStart(t, i, &tg, atBlock)
	}
	return 0
}

// commentLength returns the length of the comment at the start of b, or 0.
// HTML 13.2.5.43: <!--> and <!---> are comments, and --!> ends one.
func commentLength(b []byte) int {
	if bytes.HasPrefix(b, []byte("<!-->")) {
		return 5
	}
	if bytes.HasPrefix(b, []byte("<!--->")) {
		return 6
	}
	for i := 4; ; {
		j := bytes.Index(b[i:], []byte("--"))
		if j < 0 {
			return 0
		}
		i += j
		rest := b[i+2:]
		if len(rest) > 0 && rest[0] == '>' {
			return i + 3
		}
		if len(rest) > 1 && rest[0] == '!' && rest[1] == '>' {
			return i + 4
		}
		i++
	}
}

func untilAfter(b []byte, end string) int {
	if i := bytes.Index(b, []byte(end)); i >= 0 {
		return i + len(end)
	}
	return len(b)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// rawTextRun writes the text from i to j. Outside <pre> runs of white space
// are one space, and none is kept where a block begins.
func (r *renderer) rawTextRun(t *rawText, i, j int) {
	if i == j {
		return
	}
	b := t.b[i:j]
	if r.inRawPre() {
		r.writeRaw(t, i, j)
		return
	}
	for len(b) > 0 {
		k := 0
		for k < len(b) && isSpace(b[k]) {
			k++
		}
		if k > 0 {
			if !r.afterBlock && !r.top().tag.is(structure) {
				r.space(t.pos(i))
			}
			i, b = i+k, b[k:]
			continue
		}
		for k < len(b) && !isSpace(b[k]) {
			k++
		}
		for k < len(b) && b[k] == ' ' && k+1 < len(b) && !isSpace(b[k+1]) {
			for k++; k < len(b) && !isSpace(b[k]); k++ {
			}
		}
		r.writeRaw(t, i, i+k)
		i, b = i+k, b[k:]
	}
}

// writeRaw writes text piece by piece.
func (r *renderer) writeRaw(t *rawText, i, j int) {
	for i < j {
		end := j
		if len(t.pieces) > 0 {
			k := sort.Search(len(t.pieces), func(k int) bool { return t.pieces[k].at > i })
			if k < len(t.pieces) {
				end = min(end, t.pieces[k].at)
			}
		}
		r.writeText(t.b[i:end], t.pos(i), asHTML)
		i = end
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// inRawPre reports whether white space counts.
func (r *renderer) inRawPre() bool {
	for i := len(r.stack) - 1; i >= 0; i-- {
		if f := &r.stack[i]; f.tag == tagPre {
			return true
		} else if f.origin == fromMarkdown {
			return false
		}
	}
	return false
}

// A rawTag is a tag of raw HTML as it was read.
type rawTag struct {
	name   string // lower case
	attrs  []rawAttr
	src    int
	length int
	text   string // of a heading, up to its end tag
}

type rawAttr struct {
	name, value string
	src         int // of the name
	valueSrc    int
}

// value returns the value of an attribute and whether it is there.
func (t *rawTag) value(name string) (string, bool) {
	for i := range t.attrs {
		if t.attrs[i].name == name {
			return t.attrs[i].value, true
		}
	}
	return "", false
}

// parseTag reads the tag at i as a browser does (HTML 13.2.5.8 on).
func (r *renderer) parseTag(t *rawText, i int) (rawTag, bool) {
	b := t.b
	tg := rawTag{src: t.pos(i)}
	p := i + 1
	if b[p] == '/' {
		p++
	}
	start := p
	for p < len(b) && !isSpace(b[p]) && b[p] != '/' && b[p] != '>' {
		p++
	}
	tg.name = strings.ToLower(string(b[start:p]))
	for {
		for p < len(b) && (isSpace(b[p]) || b[p] == '/') {
			p++
		}
		if p >= len(b) {
			return tg, false
		}
		if b[p] == '>' {
			tg.length = p + 1 - i
			return tg, true
		}
		var a rawAttr
		var ok bool
		if a, p, ok = readRawAttr(t, p); !ok {
			return tg, false
		}
		if _, twice := tg.value(a.name); !twice {
			tg.attrs = append(tg.attrs, a)
		}
	}
}

// readRawAttr reads one attribute at p.
func readRawAttr(t *rawText, p int) (a rawAttr, end int, ok bool) {
	b := t.b
	a.src = t.pos(p)
	start := p
	for p++; p < len(b) && !isSpace(b[p]) && b[p] != '/' && b[p] != '>' && b[p] != '='; p++ {
	}
	a.name = strings.ToLower(string(b[start:p]))
	q := p
	for q < len(b) && isSpace(b[q]) {
		q++
	}
	if q >= len(b) || b[q] != '=' {
		return a, p, q < len(b)
	}
	for q++; q < len(b) && isSpace(b[q]); q++ {
	}
	if q >= len(b) {
		return a, q, false
	}
	a.valueSrc = t.pos(q)
	if c := b[q]; c == '"' || c == '\'' {
		end := bytes.IndexByte(b[q+1:], c)
		if end < 0 {
			return a, len(b), false
		}
		a.value = decode(b[q+1:q+1+end], asHTML)
		if end > 0 {
			a.valueSrc = t.pos(q + 1)
		}
		return a, q + 2 + end, true
	}
	start = q
	for q < len(b) && !isSpace(b[q]) && b[q] != '>' {
		q++
	}
	a.value = decode(b[start:q], asHTML)
	return a, q, true
}
