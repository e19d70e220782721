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
	spans     bool           // the text may hold inline directives or spans
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
	ticks      map[int]int // length of a run of backticks → last such run
	ticked     bool
}

var stateKey = parser.NewContextKey()

func stateOf(pc parser.Context) *state { return pc.Get(stateKey).(*state) }

// in returns what is known of the block whose inline content is parsed now.
func (st *state) in(block ast.Node) *inlineState {
	if st.inline.block != block {
		st.inline = inlineState{block: block}
	}
	return &st.inline
}

func (st *state) problem(code string, src int, msg, hint string, args ...any) {
	st.diags.Add(newDiag(st.lines, diag.Error, code, src, msg, hint, args))
}

func (st *state) warn(code string, src int, msg, hint string, args ...any) {
	st.diags.Add(newDiag(st.lines, diag.Warning, code, src, msg, hint, args))
}

// parse parses the bytes from start to end of body; positions in the tree are
// offsets into body.
func (r *renderer) parse(p parser.Parser, body []byte, start, end int) ast.Node {
	r.src = body[:end]
	r.state = &state{
		src: r.src, lines: r.lines,
		spans: bytes.Contains(body[start:end], []byte("]{")) || bytes.Contains(body[start:end], []byte("[")) &&
			bytes.IndexByte(body[start:end], ':') >= 0,
	}
	reader := text.NewReader(r.src)
	// The reader begins in the middle of the file: on the line after one that
	// ends at start.
	reader.SetPosition(-1, text.NewSegment(start, start))
	reader.AdvanceLine()
	pc := parser.NewContext()
	pc.Set(stateKey, r.state)
	return p.Parse(reader, parser.WithContext(pc))
}

// prepare returns the text to parse, of the same length as src: a lone CR is
// a line end. It reports false when the text nests so deeply that parsing it
// would take minutes.
func (r *renderer) prepare(start, end int) ([]byte, bool) {
	body := r.src
	if i := bytes.IndexByte(body[start:end], '\r'); i >= 0 {
		body = lineFeeds(body, start, end)
	}
	deep, what := tooDeep(body[start:end])
	if deep >= 0 {
		r.problem("nesting-too-deep", start+deep, "{what} are nested more than {max} deep; the page is shown as plain text",
			"take the text apart, or put it into a code block", "what", what, "max", maxNesting)
		return body, false
	}
	return body, true
}

// lineFeeds turns every CR that no LF follows into LF, in a copy.
func lineFeeds(src []byte, start, end int) []byte {
	out := src
	for i := start; i < end; i++ {
		if src[i] != '\r' || i+1 < end && src[i+1] == '\n' {
			continue
		}
		if &out[0] == &src[0] {
			out = bytes.Clone(src)
		}
		out[i] = '\n'
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
