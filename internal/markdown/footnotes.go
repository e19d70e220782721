package markdown

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Footnotes are ours because goldmark's look through the whole list at every
// reference.

// A footnoteDef is [^label]: text. It stays where it is in the tree and is
// written at the end of the body.
type footnoteDef struct {
	ast.BaseBlock
	label  string
	again  bool // another one has the label
	number int  // from 1 in the order of references; 0 when nobody refers to it
	refs   []string
}

var kindFootnoteDef = ast.NewNodeKind("FootnoteDef")

func (n *footnoteDef) Kind() ast.NodeKind            { return kindFootnoteDef }
func (n *footnoteDef) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// A footnoteRef is [^label] in the text.
type footnoteRef struct {
	ast.BaseInline
	def *footnoteDef
}

var kindFootnoteRef = ast.NewNodeKind("FootnoteRef")

func (n *footnoteRef) Kind() ast.NodeKind            { return kindFootnoteRef }
func (n *footnoteRef) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

const maxLabel = 200

// footnoteLabel returns the label of [^label] at the start of b and where it
// ends.
func footnoteLabel(b []byte) (string, int) {
	if len(b) < 4 || b[0] != '[' || b[1] != '^' {
		return "", 0
	}
	for i := 2; i < len(b) && i < maxLabel; i++ {
		switch b[i] {
		case ']':
			label := strings.ToLower(strings.TrimSpace(string(b[2:i])))
			if label == "" {
				return "", 0
			}
			return label, i + 1
		case '[', '\n', '\\':
			return "", 0
		}
	}
	return "", 0
}

type footnoteBlockParser struct{}

func (footnoteBlockParser) Trigger() []byte             { return []byte{'['} }
func (footnoteBlockParser) CanInterruptParagraph() bool { return true }
func (footnoteBlockParser) CanAcceptIndentedLine() bool { return false }

func (footnoteBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	label, n := footnoteLabel(line[pos:])
	if n == 0 || pos+n >= len(line) || line[pos+n] != ':' {
		return nil, parser.NoChildren
	}
	st := stateOf(pc)
	def := &footnoteDef{label: label}
	if _, ok := st.footnotes[label]; ok {
		def.again = true
		st.warn("duplicate-footnote", seg.Start-seg.Padding+pos, "the footnote \"{label}\" is written twice; the first one counts", "", "label", label)
	} else {
		if st.footnotes == nil {
			st.footnotes = map[string]*footnoteDef{}
		}
		st.footnotes[label] = def
	}
	st.notes = append(st.notes, def)
	reader.Advance(pos + n + 1)
	return def, parser.HasChildren
}

func (footnoteBlockParser) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	pos, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if pos < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

func (footnoteBlockParser) Close(ast.Node, text.Reader, parser.Context) {}

type footnoteParser struct{}

func (footnoteParser) Trigger() []byte { return []byte{'['} }

func (footnoteParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, seg := block.PeekLine()
	label, n := footnoteLabel(line)
	if n == 0 {
		return nil
	}
	st := stateOf(pc)
	def := st.footnotes[label]
	if def == nil {
		if len(st.footnotes) > 0 {
			st.warn("missing-footnote", seg.Start, "there is no footnote \"{label}\"", "write [^{label}]: and its text on a line of its own", "label", label)
		}
		return nil
	}
	block.Advance(n)
	ref := &footnoteRef{def: def}
	ref.SetPos(seg.Start)
	return ref
}

const noteRole = `role="doc-noteref"`

func (r *renderer) footnoteRef(n *footnoteRef) {
	def := n.def
	if def.number == 0 {
		r.notes = append(r.notes, def)
		def.number = len(r.notes)
	}
	number := strconv.Itoa(def.number)
	saved := r.capture
	r.capture = 0
	if r.inLink > 0 {
		r.notice("nested-link", n.Pos(), "a footnote cannot be referred to inside a link", "put it after the link")
		r.enter(tagSup, n.Pos())
		r.replaceText(n.Pos(), number)
		r.leave()
		r.capture = saved
		return
	}
	id := "fnref-" + number
	if len(def.refs) > 0 {
		id += "-" + strconv.Itoa(len(def.refs)+1)
	}
	id = r.uniqueID(id)
	def.refs = append(def.refs, id)
	r.enterAttrs(tagA, n.Pos())
	r.attr("id", id)
	r.attr("href", "#"+r.c.opt.IDPrefix+"fn-"+number)
	r.out = append(r.out, " class=\"noteref\" "+noteRole...)
	r.attr("aria-label", strings.ReplaceAll(r.words.Note, "{n}", number))
	r.out = append(r.out, '>')
	r.enter(tagSup, n.Pos())
	r.replaceText(n.Pos(), number)
	r.leave()
	r.leave()
	r.capture = saved
}

// endnotes writes the footnotes after the body, in the order of their
// numbers; those that nobody refers to come last, so that no text is lost.
func (r *renderer) endnotes() {
	r.skipUntil = 0
	for len(r.stack) > 0 {
		r.popForced()
	}
	r.endWords()
	r.gloss.glossary = nil
	if len(r.state.notes) == 0 {
		return
	}
	r.inQuote++
	pos := blockPos(r.state.notes[0])
	r.enterAttrs(tagSection, pos)
	r.out = append(r.out, ` class="footnotes" role="doc-endnotes"`...)
	r.attr("aria-label", r.words.Notes)
	r.out = append(r.out, '>')
	r.enter(tagOl, pos)
	written := 0
	numbered := func() { // notes may refer to more notes
		for ; written < len(r.notes); written++ {
			r.endnote(r.notes[written])
		}
	}
	numbered()
	for _, def := range r.state.notes {
		if def.number > 0 {
			continue
		}
		if !def.again {
			r.warn("unused-footnote", blockPos(def), "nothing refers to the footnote \"{label}\"", "", "label", def.label)
		}
		r.endnote(def)
		numbered()
	}
	r.leave()
	r.leave()
	r.inQuote--
}

func (r *renderer) endnote(def *footnoteDef) {
	pos := blockPos(def)
	r.listed++
	r.enterAttrs(tagLi, pos)
	if def.number > 0 {
		number := strconv.Itoa(def.number)
		r.attr("id", r.uniqueID("fn-"+number))
		if r.listed != def.number {
			r.attr("value", number)
		}
	}
	r.out = append(r.out, '>')
	for c := def.FirstChild(); c != nil; c = c.NextSibling() {
		if p, ok := c.(*ast.Paragraph); ok && c == def.LastChild() {
			r.enter(tagP, blockPos(p))
			r.inlines(p)
			r.backLinks(def, pos)
			r.leave()
			break
		}
		r.block(c)
		if c == def.LastChild() {
			r.backLinks(def, pos)
		}
	}
	r.leave()
}

func (r *renderer) backLinks(def *footnoteDef, pos int) {
	for len(r.stack) > 0 && r.top().origin != fromMarkdown {
		r.popForced()
	}
	for _, id := range def.refs {
		r.space(pos)
		r.enterAttrs(tagA, pos)
		r.attr("href", "#"+id)
		r.out = append(r.out, ` class="backref" role="doc-backlink"`...)
		r.attr("aria-label", strings.ReplaceAll(r.words.BackNote, "{n}", strconv.Itoa(def.number)))
		r.out = append(r.out, '>')
		r.replaceText(pos, "↩\uFE0E")
		r.leave()
	}
}
