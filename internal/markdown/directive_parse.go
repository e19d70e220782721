package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A directiveNode is a container or leaf directive.
type directiveNode struct {
	ast.BaseBlock
	form     form
	spec     *directiveSpec // nil when the name is unknown
	kind     string         // for names that stand for another
	name     string
	colons   int
	attrs    attrList
	src      int // of the first colon
	namePos  int
	lineEnd  int // of the opening line
	hasTitle bool
	closed   bool
}

var kindDirective = ast.NewNodeKind("Directive")

func (n *directiveNode) Kind() ast.NodeKind            { return kindDirective }
func (n *directiveNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }
func (n *directiveNode) titleNode() (*titleNode, bool) {
	t, ok := n.FirstChild().(*titleNode)
	return t, ok
}

// A titleNode holds the inline content of a directive's [Title].
type titleNode struct{ ast.BaseBlock }

var kindTitle = ast.NewNodeKind("DirectiveTitle")

func (n *titleNode) Kind() ast.NodeKind            { return kindTitle }
func (n *titleNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

func newTitle(start, stop int) *titleNode {
	t := &titleNode{}
	t.Lines().Append(text.NewSegment(start, stop))
	return t
}

// directiveParser reads container and leaf directives.
type directiveParser struct{}

func (directiveParser) Trigger() []byte             { return []byte{':'} }
func (directiveParser) CanInterruptParagraph() bool { return true }
func (directiveParser) CanAcceptIndentedLine() bool { return false }

func (directiveParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	base := seg.Start - seg.Padding // offset of line[0] in the source
	colons := countByte(line[pos:], ':')
	rest := line[pos+colons:]
	if colons < 2 {
		return nil, parser.NoChildren
	}
	if util.IsBlank(rest) {
		if colons >= 3 {
			stateOf(pc).warn("stray-directive-end", base+pos, "\":::\" closes nothing here; it stays as text", "")
		}
		return nil, parser.NoChildren
	}
	n := &directiveNode{colons: colons, src: base + pos, lineEnd: base + len(bytes.TrimRight(line, " \t\r\n"))}
	title, ok := n.parseOpening(rest, base+pos+colons, stateOf(pc))
	if !ok {
		return nil, parser.NoChildren
	}
	if title.Start < title.Stop {
		n.hasTitle = true
		n.AppendChild(n, newTitle(title.Start, title.Stop))
	}
	reader.AdvanceToEOL()
	if n.form == leaf {
		n.closed = true
		return n, parser.NoChildren
	}
	return n, parser.HasChildren
}

// parseOpening reads what follows the colons: name[Title]{attributes}, also
// "name Title" as other tools write it.
func (n *directiveNode) parseOpening(b []byte, src int, st *state) (title text.Segment, ok bool) {
	n.form = leaf
	i := 0
	if n.colons >= 3 {
		n.form = container
		i = len(b) - len(bytes.TrimLeft(b, " \t"))
	}
	name := nameLength(b[i:])
	if name == 0 {
		return title, false
	}
	n.name, n.namePos = string(b[i:i+name]), src+i
	n.spec, n.kind = lookUp(n.name)
	i += name
	if i < len(b) && b[i] == '[' {
		end := closingBracket(b[i:])
		if end < 0 {
			return title, n.broken(st, src+i, "the title \"[\" is not closed on this line")
		}
		title = text.NewSegment(src+i+1, src+i+end)
		i += end + 1
	}
	if i < len(b) && b[i] == '{' {
		attrs, size, ok := parseAttrs(b[i:], src+i)
		if !ok {
			return title, n.broken(st, src+i, "the attributes cannot be read; write {key=value key=\"two words\"}")
		}
		n.attrs = attrs
		i += size
	}
	tail := bytes.Trim(b[i:], " \t\r\n")
	if len(tail) == 0 {
		return title, true
	}
	if n.form == container && n.spec != nil && title.Stop == 0 && (b[i] == ' ' || b[i] == '\t') {
		start := src + i + bytes.Index(b[i:], tail)
		return text.NewSegment(start, start+len(tail)), true
	}
	return title, n.broken(st, src+i, "nothing may follow the directive on its line")
}

// broken reports an opening line that looks like a directive we know and
// cannot be read; it stays as text.
func (n *directiveNode) broken(st *state, src int, msg string) bool {
	if n.spec != nil {
		st.problem("bad-directive", src, "directive \"{name}\": "+msg, "{use}", "name", n.name, "use", n.spec.use)
	}
	return false
}

func (directiveParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	n := node.(*directiveNode)
	if n.form == leaf {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	indent, pos := util.IndentWidth(line, reader.LineOffset())
	if pos >= len(line) || line[pos] != ':' || indent > 3 {
		return parser.Continue | parser.HasChildren
	}
	colons := countByte(line[pos:], ':')
	if colons < 3 || !util.IsBlank(line[pos+colons:]) || closes(openFrom(pc.OpenedBlocks(), n), colons, indent) != n {
		return parser.Continue | parser.HasChildren
	}
	n.closed = true
	reader.AdvanceToEOL()
	return parser.Close
}

// closes returns the directive among the open blocks that a closing fence
// ends: the innermost one with as many colons, else the innermost with fewer. Only directives that
// the line can reach count: not those inside a list item it does not belong
// to, and none when the line is code.
func closes(open []parser.Block, colons, indent int) *directiveNode {
	var same, fewer *directiveNode
	for _, b := range open {
		switch n := b.Node.(type) {
		case *directiveNode:
			if n.form != container {
				continue
			}
			if n.colons == colons {
				same = n
			} else if n.colons < colons {
				fewer = n
			}
		case *ast.FencedCodeBlock:
			return nil
		case *ast.HTMLBlock:
			if n.HTMLBlockType < ast.HTMLBlockType6 {
				return nil
			}
		case *ast.ListItem, *east.DefinitionDescription, *footnoteDef:
			// A container reads the line before what lies inside it: with
			// enough indent, the line is for the inside.
			if indent >= 2 {
				if inner := closes(openFrom(open, b.Node)[1:], colons, 0); inner != nil {
					return inner
				}
			}
			return innermost(same, fewer)
		case *ast.Blockquote:
			return innermost(same, fewer)
		}
	}
	return innermost(same, fewer)
}

func innermost(same, fewer *directiveNode) *directiveNode {
	if same != nil {
		return same
	}
	return fewer
}

// openFrom returns the open blocks from n on, which is one of them.
func openFrom(open []parser.Block, n ast.Node) []parser.Block {
	for i, b := range open {
		if b.Node == n {
			return open[i:]
		}
	}
	return open
}

func (directiveParser) Close(node ast.Node, _ text.Reader, pc parser.Context) {
	n := node.(*directiveNode)
	if n.closed || n.spec == nil {
		return
	}
	stateOf(pc).problem("unclosed-directive", n.src, "directive \"{name}\" is not closed",
		"write {fence} on a line of its own where it ends", "name", n.name, "fence", string(bytes.Repeat([]byte{':'}, n.colons)))
}

func countByte(b []byte, c byte) int {
	n := 0
	for n < len(b) && b[n] == c {
		n++
	}
	return n
}

// nameLength returns the length of a directive's name at the start of b.
func nameLength(b []byte) int {
	n := 0
	for n < len(b) && (b[n] >= 'a' && b[n] <= 'z' || b[n] >= 'A' && b[n] <= 'Z' ||
		n > 0 && (b[n] >= '0' && b[n] <= '9' || b[n] == '-' || b[n] == '_')) {
		n++
	}
	return n
}

// closingBracket returns the place of the "]" that closes b[0], or -1.
func closingBracket(b []byte) int {
	depth := 0
	for i := 0; i < len(b) && b[i] != '\n'; i++ {
		switch b[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
