package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"handrail/internal/diag"
)

// newParser returns goldmark with GFM, definition lists and what is ours. It
// is built once and shared: goldmark keeps the state of a parse in a Context.
func newParser() parser.Parser {
	blocks := append(parser.DefaultBlockParsers(),
		util.Prioritized(directiveParser{}, 90),
		util.Prioritized(extension.NewDefinitionListParser(), 101),
		util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
		util.Prioritized(footnoteBlockParser{}, 999),
	)
	return parser.NewParser(
		parser.WithBlockParsers(blocks...),
		parser.WithInlineParsers(inlineParsers()...),
		parser.WithParagraphTransformers(
			util.Prioritized(alertTransformer{}, 50),
			util.Prioritized(referenceTransformer{parser.LinkReferenceParagraphTransformer}, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
	)
}

// newInlineParser returns a parser for texts that may hold no blocks.
func newInlineParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(inlineParsers()...),
	)
}

func inlineParsers() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		util.Prioritized(spanParser{}, 50),
		util.Prioritized(codeSpanParser{parser.NewCodeSpanParser()}, 100),
		util.Prioritized(footnoteParser{}, 101),
		util.Prioritized(newLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(rawHTMLParser{parser.NewRawHTMLParser()}, 400),
		util.Prioritized(delimiterParser{parser.NewEmphasisParser()}, 500),
		util.Prioritized(delimiterParser{extension.NewStrikethroughParser()}, 500),
		util.Prioritized(linkifyParser{extension.NewLinkifyParser()}, 999),
	}
}

// state is what our parsers remember during one parse.
type state struct {
	src   []byte
	lines *diag.Lines
	diags diag.List

	footnotes map[string]*footnoteDef
	notes     []*footnoteDef // in order of definition
	braces    bool           // the text may hold spans [text]{…}
	inline    inlineState
}

// inlineState is about the block whose inline content is being parsed.
type inlineState struct {
	block      ast.Node
	delimiters int
	labels     int
	open       []*spanNode
	scanned    bool
	matches    map[int]int // "[" → "]" of what may be ours
	brackets   []int       // used by scan
	ticks      []tickRun
	ticked     bool
}

// A tickRun says where the last run of so many backticks stands in a block.
type tickRun struct{ length, last int }

var stateKey = parser.NewContextKey()

func stateOf(pc parser.Context) *state { return pc.Get(stateKey).(*state) }

// in returns what is known of the block whose inline content is parsed now.
func (st *state) in(block ast.Node) *inlineState {
	if st.inline.block != block {
		in := &st.inline
		*in = inlineState{block: block, open: in.open[:0], brackets: in.brackets[:0], ticks: in.ticks[:0]}
	}
	return &st.inline
}

func (st *state) problem(code string, src int, msg, hint string, args ...any) {
	st.diags.Add(newDiag(st.lines, diag.Error, code, src, msg, hint, args))
}

func (st *state) warn(code string, src int, msg, hint string, args ...any) {
	st.diags.Add(newDiag(st.lines, diag.Warning, code, src, msg, hint, args))
}

// parse parses the bytes from start to end of body, which is src with other
// line ends; positions in the tree are offsets into both.
func (r *renderer) parse(p parser.Parser, body []byte, start, end int) ast.Node {
	r.src, r.body = r.src[:end], body[:end]
	r.state = &state{src: r.body, lines: r.lines, braces: bytes.Contains(r.body[start:], []byte("]{"))}
	reader := text.NewReader(r.body)
	// The reader begins in the middle of the file: on the line after one that
	// ends at start.
	reader.SetPosition(-1, text.NewSegment(start, start))
	reader.AdvanceLine()
	pc := parser.NewContext()
	pc.Set(stateKey, r.state)
	return p.Parse(reader, parser.WithContext(pc))
}

// prepare returns the text to parse, of the same length as src. It reports
// false when the text nests so deeply that parsing it would take minutes.
func (r *renderer) prepare(start, end int) ([]byte, bool) {
	body := lineFeeds(r.src, start, end)
	deep, what := tooDeep(body[start:end])
	if what == missingCells {
		r.problem("table-too-wide", start+deep, "the rows of this table lack more than {max} cells; the page is shown as plain text",
			"give the table the columns that its rows fill", "max", maxCells)
		return body, false
	}
	if deep >= 0 {
		r.problem("nesting-too-deep", start+deep, "{what} are nested more than {max} deep; the page is shown as plain text",
			"take the text apart, or put it into a code block", "what", what, "max", maxNesting)
		return body, false
	}
	return body, true
}

// lineFeeds returns a copy of src that goldmark reads as Markdown wants:
// a CR alone ends a line, and one before LF is a space, unless that would make
// a hard line break. Without CR it is src itself.
func lineFeeds(src []byte, start, end int) []byte {
	i := bytes.IndexByte(src[start:end], '\r')
	if i < 0 {
		return src
	}
	out := bytes.Clone(src)
	for i += start; i < end; i++ {
		switch {
		case src[i] != '\r':
		case i+1 == end || src[i+1] != '\n':
			out[i] = '\n'
		case i > start && src[i-1] != ' ' && src[i-1] != '\\':
			out[i] = ' '
		}
	}
	return out
}

// escaped writes the text as paragraphs of plain text.
func (r *renderer) escaped(start, end int) {
	r.src = r.src[:end]
	open := false
	for at := start; at < end; {
		next := end
		if i := bytes.IndexByte(r.src[at:end], '\n'); i >= 0 {
			next = at + i + 1
		}
		line := bytes.TrimSpace(r.src[at:next])
		switch {
		case len(line) == 0 && open:
			r.leave()
			open = false
		case len(line) == 0:
		case open:
			r.void(tagBr, at)
			r.writeText(line, at+bytes.Index(r.src[at:next], line), asCode)
		default:
			r.enter(tagP, at)
			r.writeText(line, at+bytes.Index(r.src[at:next], line), asCode)
			open = true
		}
		at = next
	}
	if open {
		r.leave()
	}
}
