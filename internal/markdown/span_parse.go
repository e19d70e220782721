package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// A spanNode is an inline directive :name[text]{attributes} or, with an empty
// name, a span [text]{attributes}.
type spanNode struct {
	ast.BaseInline
	name    string
	spec    *directiveSpec
	attrs   attrList
	raw     []byte // what stands between { and }
	rawPos  int
	start   int // of ":" or "["
	open    int // of "["
	closeAt int // of "]"
	end     int // of what follows
	bottom  ast.Node
}

var kindSpan = ast.NewNodeKind("Span")

func (n *spanNode) Kind() ast.NodeKind            { return kindSpan }
func (n *spanNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// spanParser reads spans. At "[" it looks up the bracket that closes it, and
// pushes a node; at that bracket it moves what has been parsed since into the
// node, as goldmark does for links.
type spanParser struct{}

func (spanParser) Trigger() []byte { return []byte{':', '[', ']'} }

func (spanParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, seg := block.PeekLine()
	if seg.Padding != 0 {
		return nil
	}
	st := stateOf(pc)
	name := 0
	switch line[0] {
	case ']':
		if len(st.in(parent).open) == 0 {
			return nil
		}
		return st.inline.close(parent, block, seg.Start, pc)
	case '[':
		if !st.braces {
			return nil
		}
	case ':':
		if name = nameLength(line[1:]) + 1; name == 1 || name >= len(line) || line[name] != '[' || afterWord(block) {
			return nil
		}
	}
	in := st.in(parent)
	in.scan(block.Source(), parent.Lines())
	closeAt, ok := in.matches[seg.Start+name]
	if !ok {
		return nil
	}
	n := &spanNode{start: seg.Start, open: seg.Start + name, closeAt: closeAt, end: closeAt + 1}
	if name > 0 {
		n.name = string(line[1:name])
		if !n.known(st) {
			return nil
		}
	}
	if !n.readAttrs(block.Source(), parent.Lines()) {
		return nil
	}
	n.bottom = pc.LastDelimiter()
	n.SetPos(seg.Start)
	in.open = append(in.open, n)
	block.Advance(name + 1)
	return n
}

// known looks the directive up; an unknown one is reported and stays as text.
func (n *spanNode) known(st *state) bool {
	n.spec, _ = lookUp(n.name)
	switch {
	case n.spec == nil:
		st.unknownDirective(n.name, n.start+1)
	case n.spec.forms&inlineForm == 0:
		st.problem("wrong-form", n.start, "directive \"{name}\" cannot stand inside a line", "write {use} on a line of its own", "name", n.name, "use", n.spec.use)
	default:
		return true
	}
	return false
}

func (st *state) unknownDirective(name string, src int) {
	if guess := closest(name, directiveNames); guess != "" {
		st.problem("unknown-directive", src, "unknown directive \"{name}\"; did you mean \"{guess}\"?", "", "name", name, "guess", guess)
		return
	}
	st.problem("unknown-directive", src, "unknown directive \"{name}\"", "to write it as text, put \\ before the first colon", "name", name)
}

// readAttrs reads {…} after the closing bracket. A span without a name is one
// only if it has good attributes.
func (n *spanNode) readAttrs(src []byte, lines *text.Segments) bool {
	stop := lineStop(lines, n.closeAt)
	rest := src[n.end:stop]
	if len(rest) == 0 || rest[0] != '{' {
		return n.name != ""
	}
	if n.name == "ruby" {
		end := bytes.IndexByte(rest, '}')
		if end < 0 || bytes.IndexByte(rest[:end], '\n') >= 0 {
			return true
		}
		n.raw, n.rawPos = rest[1:end], n.end+1
		n.end += end + 1
		return true
	}
	attrs, size, ok := parseAttrs(rest, n.end)
	if n.name == "" && (!ok || len(attrs) == 0 || attrs[0].bare) {
		return false
	}
	if ok {
		n.attrs = attrs
		n.end += size
	}
	return true
}

// lineStop returns the end of the line of a block that holds the place at.
func lineStop(lines *text.Segments, at int) int {
	lo, hi := 0, lines.Len()
	for lo < hi {
		mid := (lo + hi) / 2
		if seg := lines.At(mid); seg.Stop > at {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if lo == lines.Len() {
		return at
	}
	seg := lines.At(lo)
	return seg.Stop
}

// close ends the innermost open span if its bracket is the one at src.
func (in *inlineState) close(parent ast.Node, block text.Reader, src int, pc parser.Context) ast.Node {
	last := len(in.open) - 1
	for last >= 0 && in.open[last].closeAt < src {
		last-- // its bracket was something else's
	}
	if last < 0 || in.open[last].closeAt != src || in.open[last].Parent() != parent {
		return nil
	}
	n := in.open[last]
	in.open = in.open[:last]
	parser.ProcessDelimiters(n.bottom, pc)
	for c := n.NextSibling(); c != nil; {
		next := c.NextSibling()
		n.AppendChild(n, c)
		c = next
	}
	block.Advance(n.end - src)
	n.closeAt = -1
	return n // goldmark moves it to the end, where it is
}

// CloseBlock turns spans that were never closed back into text.
func (spanParser) CloseBlock(parent ast.Node, _ text.Reader, pc parser.Context) {
	st := stateOf(pc)
	if st.inline.block != parent {
		return
	}
	for _, n := range st.inline.open {
		if n.closeAt >= 0 && n.Parent() != nil {
			ast.MergeOrReplaceTextSegment(n.Parent(), n, text.NewSegment(n.start, n.open+1))
		}
	}
	st.inline.open = nil
}

// afterWord reports whether the character before is part of a word in ASCII
// or a colon: 10:30[1] is no directive, 办理:term[低保] is.
func afterWord(block text.Reader) bool {
	ru := block.PrecendingCharacter()
	return ru == ':' || ru == '/' || ru < 0x80 && ru >= 0 && byteClass[ru] == wordByte
}

// scan pairs the brackets of a block, once, and notes the pairs that a span
// could be: those with a name before or a brace after. Brackets in code do
// not count, nor escaped ones.
func (in *inlineState) scan(src []byte, lines *text.Segments) {
	if in.scanned {
		return
	}
	in.scanned = true
	in.scanTicks(src, lines)
	ticks, until := 0, 0 // inside code that ends with that many backticks
	for i := range lines.Len() {
		seg := lines.At(i)
		for at := max(seg.Start, until); at < seg.Stop; at++ {
			switch src[at] {
			case '\\':
				if ticks == 0 {
					at++
				}
			case '`':
				n := countByte(src[at:seg.Stop], '`')
				switch {
				case ticks == 0 && in.lastTicks(n) > at:
					ticks = n
				case ticks == n:
					ticks = 0
				}
				at += n - 1
			case '[':
				if ticks == 0 {
					in.brackets = append(in.brackets, at)
				}
			case ']':
				last := len(in.brackets) - 1
				if ticks != 0 || last < 0 {
					continue
				}
				from := in.brackets[last]
				in.brackets = in.brackets[:last]
				if at+1 < seg.Stop && src[at+1] == '{' || from > 0 && nameBefore(src, from) {
					if in.matches == nil {
						in.matches = map[int]int{}
					}
					in.matches[from] = at
				}
			}
		}
	}
}

// nameBefore reports whether a letter or digit of a name stands before at.
func nameBefore(src []byte, at int) bool {
	c := src[at-1]
	return byteClass[c] == wordByte || c == '-'
}
