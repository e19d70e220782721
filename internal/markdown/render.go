package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"

	"handrail/internal/diag"
)

// A renderer writes one document. Its buffers are used again for the next.
type renderer struct {
	c     *Converter
	doc   *Document
	src   []byte
	body  []byte // src as it was parsed: line ends differ
	end   int    // where the text ends in src
	lines *diag.Lines
	words Words

	out   []byte
	maps  []Mapping
	slots []Slot
	plain []byte // plain text of what is being captured
	ids   map[string]int

	root    frame
	stack   []frame
	rawOpen int // how many open elements are not Markdown's
	inLink  int // how many open elements are links
	inQuote int // how many open blocks are lists or quotations
	capture int // plain text is wanted

	headingPlain []int // where the text of each open heading begins in plain

	inWord     bool
	last       rune     // the last character of the text
	afterBlock bool     // nothing but a block's tag stands before
	inCell     bool     // in a pipe table, where \| is a bar in code too
	labels     []string // column headers of the pipe table under way
	oneLine    bool     // the text may hold no blocks

	hidden    [2]int // from and to: attributes that have been dealt with
	hideFrom  int    // text from this place on is attributes of the heading
	skipUntil int    // content of a dropped script ends here

	state     *state
	notes     []*footnoteDef // in the order of their numbers
	listed    int            // how many footnotes are written
	noClose   map[string]int // element with content → no end tag from here …
	noCloseTo int            // … to here
	deferred  []rawTag       // end tags to be handled after the paragraph
	refused   [tagCount]int  // start tags left out whose end tags are to come
	noticed   map[string]int // code → how many
	gloss     glossing
	raw       []byte // raw HTML put together from several lines
	rawPieces []piece
}

func newRenderer() *renderer {
	return &renderer{
		root:    frame{origin: fromMarkdown, heading: -1},
		ids:     map[string]int{},
		noClose: map[string]int{},
		noticed: map[string]int{},
	}
}

func (c *Converter) convert(p parser.Parser, file string, src []byte, start, end int, lines *diag.Lines) *Document {
	r := c.pool.Get().(*renderer)
	r.reset(c, file, src, start, end, lines)
	body, ok := r.prepare(start, end)
	if !ok {
		r.escaped(start, end)
	} else {
		tree := r.parse(p, body, start, end)
		if p == c.inline {
			r.inlineOnly(tree)
		} else {
			r.startWords(file, tree)
			r.blocks(tree)
			r.endnotes()
		}
	}
	d := r.finish()
	if cap(r.out) <= maxPooled {
		c.pool.Put(r)
	}
	return d
}

// maxPooled is how large a buffer may be to be used again: one giant page
// shall not hold its memory for the rest of the build.
const maxPooled = 1 << 20

func (r *renderer) reset(c *Converter, file string, src []byte, start, end int, lines *diag.Lines) {
	*r = renderer{
		c: c, doc: &Document{firstH1: -1}, src: src, end: end, lines: lines, words: c.wordsFor(file),
		out: r.out[:0], maps: r.maps[:0], slots: r.slots[:0], plain: r.plain[:0], stack: r.stack[:0],
		raw: r.raw[:0], rawPieces: r.rawPieces[:0], headingPlain: r.headingPlain[:0],
		ids: r.ids, noClose: r.noClose, noticed: r.noticed, root: r.root,
		hideFrom: len(src) + 1, afterBlock: true,
	}
	clear(r.ids)
	clear(r.noClose)
	clear(r.noticed)
	if n := end - start; cap(r.out) < n {
		r.out = make([]byte, 0, n+n/2)
		r.maps = make([]Mapping, 0, n/16)
	}
	r.fixed(start)
}

// finish closes what is open and copies the buffers into the document.
func (r *renderer) finish() *Document {
	for len(r.stack) > 0 {
		r.popForced()
	}
	d := r.doc
	if cap(r.out) > maxPooled {
		d.HTML, d.Map = r.out, r.maps
	} else {
		d.HTML, d.Map = bytes.Clone(r.out), slices.Clone(r.maps)
	}
	slices.SortStableFunc(r.slots, compareSlots)
	d.Slots = slices.Clone(r.slots)
	for i := range d.Headings {
		if d.Headings[i].Level == 1 {
			d.authorH1++
			if d.FirstH1 == nil && !d.Headings[i].wide {
				h := d.Headings[i]
				d.FirstH1, d.firstH1 = &h, i
			}
		}
	}
	if d.authorH1 > 0 {
		d.shifted = true
		d.shiftHeadings(1)
	}
	d.split()
	r.summarise()
	if r.state != nil {
		d.Diags = append(d.Diags, r.state.diags...)
	}
	d.Diags.Sort()
	d.Diags = slices.CompactFunc(d.Diags, func(a, b *diag.Diagnostic) bool {
		return a.Pos == b.Pos && a.Code == b.Code && a.Msg == b.Msg
	})
	r.doc, r.src, r.body, r.lines, r.state, r.notes = nil, nil, nil, nil, nil, nil
	return d
}

// compareSlots orders by place. Slots are made in the order of the document,
// a directive before what lies inside it, and a stable sort keeps that.
func compareSlots(a, b Slot) int { return int(a.Out) - int(b.Out) }

func (r *renderer) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		r.block(n)
	}
}

func (r *renderer) block(n ast.Node) {
	if r.skipUntil > 0 && skipped(n, r.skipUntil) {
		return
	}
	if len(r.headingPlain) > 0 {
		r.leaveHeading()
	}
	switch n := n.(type) {
	case *ast.Paragraph:
		if !isCaption(n, r.src) { // the table writes its caption
			r.paragraph(n)
		}
	case *ast.TextBlock:
		r.inlines(n)
	case *ast.Heading:
		r.endSection(n)
		r.unmarked(func() { r.heading(n) })
	case *ast.List:
		r.list(n)
	case *ast.Blockquote:
		r.blockquote(n)
	case *ast.FencedCodeBlock:
		r.codeBlock(n, n.Language(r.src), blockPos(n))
	case *ast.CodeBlock:
		if r.rawOpen > 0 && r.continuesHTML(n) {
			r.rawHTML(r.rawLines(n), true)
			return
		}
		r.codeBlock(n, nil, blockPos(n))
	case *ast.HTMLBlock:
		r.htmlBlock(n)
	case *ast.ThematicBreak:
		r.void(tagHr, blockPos(n))
	case *east.Table:
		r.table(n)
	case *east.DefinitionList:
		r.definitions(n)
	case *directiveNode:
		r.directive(n)
	case *ast.LinkReferenceDefinition, *titleNode, *footnoteDef:
		// written elsewhere or nowhere
	default:
		panic("markdown: no rule for block " + n.Kind().String())
	}
}

// skipped reports whether a block lies in the content of a dropped element.
// Containers are entered: the content may end inside.
func skipped(n ast.Node, until int) bool {
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock,
		*ast.ThematicBreak, *east.Table:
		l := n.Lines()
		if l.Len() > 0 {
			return l.At(l.Len()-1).Stop <= until
		}
		return n.Pos() >= 0 && n.Pos() < until
	}
	return false
}

// blockPos returns where a block begins.
func blockPos(n ast.Node) int {
	if p := n.Pos(); p >= 0 {
		return p
	}
	if l := n.Lines(); l.Len() > 0 {
		return l.At(0).Start
	}
	for c := n.FirstChild(); c != nil; c = c.FirstChild() {
		if c.Type() == ast.TypeInline {
			return max(c.Pos(), 0)
		}
		if p := c.Pos(); p >= 0 {
			return p
		}
	}
	return 0
}

func (r *renderer) paragraph(n *ast.Paragraph) {
	pos := blockPos(n)
	first := r.doc.Summary == "" && r.inQuote == 0
	mark := len(r.plain)
	if first {
		r.capture++
	}
	t := tagP
	if r.holdsRawBlock(n) {
		t = tagDiv
	}
	r.enterAttrs(t, pos)
	if r.c.opt.Articles {
		if id := articleID(r.firstLine(n)); id != "" {
			r.attr("id", r.uniqueID(id))
		}
	}
	r.out = append(r.out, '>')
	r.inlines(n)
	r.leave()
	r.endDeferred()
	if first {
		r.capture--
		r.doc.Summary = strings.Join(strings.Fields(string(r.plain[mark:])), " ")
		if r.capture == 0 {
			r.plain = r.plain[:mark]
		}
	}
}

func (r *renderer) firstLine(n ast.Node) []byte {
	l := n.Lines()
	if l.Len() == 0 {
		return nil
	}
	seg := l.At(0)
	return seg.Value(r.src)
}

func (r *renderer) list(n *ast.List) {
	r.inQuote++
	pos := blockPos(n)
	tasks := isTaskList(n)
	if n.IsOrdered() {
		r.enterAttrs(tagOl, pos)
		if n.Start != 1 {
			r.attr("start", strconv.Itoa(n.Start))
		}
	} else {
		r.enterAttrs(tagUl, pos)
	}
	if tasks {
		r.attr("class", "task-list")
	}
	r.out = append(r.out, '>')
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		r.enter(tagLi, blockPos(item))
		r.itemBlocks(item)
		r.leave()
	}
	r.leave()
	r.inQuote--
}

// itemBlocks writes what an item of a list holds.
func (r *renderer) itemBlocks(item ast.Node) {
	for c := item.FirstChild(); c != nil; c = c.NextSibling() {
		if c != item.FirstChild() && isTextBlock(c) && isTextBlock(c.PreviousSibling()) {
			r.space(blockPos(c))
		}
		r.block(c)
	}
}

func isTextBlock(n ast.Node) bool {
	_, ok := n.(*ast.TextBlock)
	return ok
}

func (r *renderer) blockquote(n *ast.Blockquote) {
	if box := alertOf(n); box != nil {
		r.directive(box)
		return
	}
	r.inQuote++
	r.enter(tagBlockquote, blockPos(n))
	r.unmarked(func() { r.blocks(n) })
	r.leave()
	r.inQuote--
}

func (r *renderer) codeBlock(n ast.Node, language []byte, pos int) {
	r.enter(tagPre, pos)
	r.enterAttrs(tagCode, pos)
	if lang := safeWord(language); lang != "" {
		r.attr("class", "language-"+lang)
	}
	r.out = append(r.out, '>')
	lines := n.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		for range seg.Padding {
			r.replace(seg.Start, " ", " ")
		}
		r.writeText(r.src[seg.Start:seg.Stop], seg.Start, asCode)
		if seg.ForceNewline && (seg.Stop == seg.Start || r.src[seg.Stop-1] != '\n') {
			r.replace(seg.Stop, "\n", "\n")
		}
	}
	r.leave()
	r.leave()
}

// safeWord returns the language of a code block in the characters that
// languages are named with.
func safeWord(b []byte) string {
	out := make([]byte, 0, len(b))
	for _, c := range bytes.ToLower(b) {
		if byteClass[c] == wordByte && c != '\'' || c == '-' || c == '+' || c == '#' || c == '.' {
			out = append(out, c)
		}
	}
	return string(out)
}

func (r *renderer) definitions(n *east.DefinitionList) {
	r.inQuote++
	r.enter(tagDl, blockPos(n))
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if _, ok := c.(*east.DefinitionTerm); ok {
			r.enter(tagDt, blockPos(c))
			r.inlines(c)
		} else {
			r.enter(tagDd, blockPos(c))
			r.blocks(c)
		}
		r.leave()
	}
	r.leave()
	r.inQuote--
}

// summarise shortens nothing: a summary is the first paragraph, spaces joined.
func (r *renderer) summarise() {
	if len(r.doc.Summary) > maxSummary {
		cut := maxSummary
		for cut > 0 && r.doc.Summary[cut]&0xC0 == 0x80 {
			cut--
		}
		r.doc.Summary = r.doc.Summary[:cut] + "…"
	}
}

// maxSummary is how many bytes of a first paragraph make a summary.
const maxSummary = 2000

// inlineOnly writes the inline content of a text that may hold no blocks.
func (r *renderer) inlineOnly(tree ast.Node) {
	r.oneLine = true
	for n := tree.FirstChild(); n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.LinkReferenceDefinition); ok {
			continue
		}
		if len(r.out) > 0 {
			r.space(blockPos(n))
		}
		r.capture++
		r.inlines(n)
		r.capture--
	}
	for len(r.stack) > 0 {
		r.popForced()
	}
	r.doc.Summary = strings.Join(strings.Fields(string(r.plain)), " ")
	r.plain = r.plain[:0]
}
