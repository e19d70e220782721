package markdown

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// goldmark's inline parsers look back, or ahead, as far as a block goes. The
// parsers here stand before them and keep that linear.
const (
	maxDelimiters = 2000  // runs of * _ ~ in one block
	maxLabels     = 1000  // "[" in one block before links are left alone …
	maxLines      = 10000 // … and lines
	maxEmail      = 65    // bytes before the @ of an address, and the @
)

// delimiterParser stops reading emphasis in a block that has too many marks.
type delimiterParser struct{ parser.InlineParser }

func (p delimiterParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	st := stateOf(pc)
	in := st.in(parent)
	if in.delimiters++; in.delimiters > maxDelimiters {
		if in.delimiters == maxDelimiters+1 {
			_, seg := block.PeekLine()
			st.warn("too-much-emphasis", seg.Start, "more than {max} marks of emphasis in one paragraph; the rest is text", "", "max", maxDelimiters)
		}
		return nil
	}
	before := block.PrecendingCharacter()
	n := p.InlineParser.Parse(parent, block, pc)
	if d, ok := n.(*parser.Delimiter); ok && d.Char != '_' {
		flankCJK(d, before, block)
	}
	return n
}

// flankCJK lets emphasis begin and end between Chinese characters and
// punctuation, where CommonMark sees none for want of spaces: **重要：**请.
// It is the rule of the CommonMark amendment for CJK: punctuation of Chinese
// counts as a letter, and other punctuation next to a Chinese character does
// not keep a mark from opening or closing.
func flankCJK(d *parser.Delimiter, before rune, block text.Reader) {
	after := rune('\n')
	if line, _ := block.PeekLine(); len(line) > 0 {
		after, _ = utf8.DecodeRune(line)
	}
	if cjk(before) < 2 && cjk(after) < 2 {
		return
	}
	spaceBefore, spaceAfter := util.IsSpaceRune(before), util.IsSpaceRune(after)
	punctBefore := util.IsPunctRune(before) && cjk(before) < 2
	punctAfter := util.IsPunctRune(after) && cjk(after) < 2
	d.CanOpen = !spaceAfter && (!punctAfter || spaceBefore || punctBefore || cjk(before) == 2)
	d.CanClose = !spaceBefore && (!punctBefore || spaceAfter || punctAfter || cjk(after) == 2)
}

// codeSpanParser gives a run of backticks to goldmark only when another run
// of that length follows.
type codeSpanParser struct{ parser.InlineParser }

func (p codeSpanParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, seg := block.PeekLine()
	n := countByte(line, '`')
	in := stateOf(pc).in(parent)
	in.scanTicks(block.Source(), parent.Lines())
	if in.lastTicks(n) <= seg.Start {
		block.Advance(n)
		return ast.NewTextSegment(text.NewSegment(seg.Start, seg.Start+n))
	}
	return p.InlineParser.Parse(parent, block, pc)
}

// scanTicks notes where the last run of backticks of each length stands.
func (in *inlineState) scanTicks(src []byte, lines *text.Segments) {
	if in.ticked {
		return
	}
	in.ticked = true
	for i := range lines.Len() {
		seg := lines.At(i)
		b := src[seg.Start:seg.Stop]
		for at := 0; ; {
			j := bytes.IndexByte(b[at:], '`')
			if j < 0 {
				break
			}
			at += j
			n := countByte(b[at:], '`')
			in.noteTicks(n, seg.Start+at)
			at += n
		}
	}
}

func (in *inlineState) noteTicks(n, at int) {
	for i := range in.ticks {
		if in.ticks[i].length == n {
			in.ticks[i].last = at
			return
		}
	}
	in.ticks = append(in.ticks, tickRun{n, at})
}

// lastTicks returns where the last run of n backticks stands, or -1.
func (in *inlineState) lastTicks(n int) int {
	for _, t := range in.ticks {
		if t.length == n {
			return t.last
		}
	}
	return -1
}

// linkParser leaves brackets alone in a block that has too many.
type linkParser struct {
	parser.InlineParser
	closer parser.CloseBlocker
}

func newLinkParser() linkParser {
	p := parser.NewLinkParser()
	return linkParser{p, p.(parser.CloseBlocker)}
}

func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, seg := block.PeekLine()
	if line[0] != ']' {
		st := stateOf(pc)
		in := st.in(parent)
		if in.labels++; in.labels > maxLabels && (parent.Lines().Len() > maxLines || in.labels > maxLines) {
			if in.labels == maxLabels+1 || in.labels == maxLines+1 {
				st.warn("too-many-links", seg.Start, "too many brackets in one paragraph; links in the rest are text", "part the text by empty lines")
			}
			return nil
		}
	}
	return p.InlineParser.Parse(parent, block, pc)
}

// CloseBlock implements parser.CloseBlocker.
func (p linkParser) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	p.closer.CloseBlock(parent, block, pc)
}

// rawHTMLParser notes that the text holds raw HTML.
type rawHTMLParser struct{ parser.InlineParser }

func (p rawHTMLParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	n := p.InlineParser.Parse(parent, block, pc)
	if n != nil {
		parent.SetAttribute(rawMark, true)
	}
	return n
}

// rawMark is an attribute of blocks that hold raw inline HTML.
var rawMark = []byte("raw")

// linkifyParser tries only what can be an address.
type linkifyParser struct{ parser.InlineParser }

func (p linkifyParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	switch line[0] {
	case ' ', '*', '_', '~', '(':
		line = line[1:]
	}
	if len(line) == 0 {
		return nil
	}
	switch line[0] {
	case 'h', 'f', 'w':
		if bytes.HasPrefix(line, []byte("http")) || bytes.HasPrefix(line, []byte("ftp:")) || bytes.HasPrefix(line, []byte("www.")) {
			return p.InlineParser.Parse(parent, block, pc)
		}
	}
	if bytes.IndexByte(line[:min(len(line), maxEmail)], '@') <= 0 {
		return nil
	}
	return p.InlineParser.Parse(parent, block, pc)
}

// referenceTransformer hands link reference definitions to goldmark a
// thousand lines at a time, because it moves the rest of the paragraph for
// each.
type referenceTransformer struct{ parser.ParagraphTransformer }

const referenceLines = 1000

func (t referenceTransformer) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	if lines.Len() == 0 {
		return
	}
	first := lines.At(0)
	if !bytes.HasPrefix(bytes.TrimLeft(reader.Value(first), " "), []byte{'['}) {
		return
	}
	for lines.Len() > referenceLines {
		part := ast.NewParagraph()
		part.Lines().AppendAll(lines.Sliced(0, referenceLines))
		node.Parent().InsertBefore(node.Parent(), node, part)
		t.ParagraphTransformer.Transform(part, reader, pc)
		if part.Parent() != nil { // text has begun
			rest := text.NewSegments()
			rest.AppendAll(part.Lines().Sliced(0, part.Lines().Len()))
			rest.AppendAll(lines.Sliced(referenceLines, lines.Len()))
			part.Parent().RemoveChild(part.Parent(), part)
			node.SetLines(rest)
			return
		}
		rest := text.NewSegments()
		rest.AppendAll(lines.Sliced(referenceLines, lines.Len()))
		node.SetLines(rest)
		lines = node.Lines()
	}
	t.ParagraphTransformer.Transform(node, reader, pc)
}
