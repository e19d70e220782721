package schema

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"handrail/internal/diag"
)

// maxValues bounds a tree, so that aliases of aliases cannot fill the memory.
const maxValues = 2_000_000

// ParseYAML reads src[from:to], which is YAML, into a tree whose root is an
// Object, a List or a scalar; offsets count from the beginning of src.
//
// A syntax error is reported once, in plain words, and what can be read
// without the broken part is returned; ok tells whether the text was whole.
// Duplicate keys are reported and the first one is kept.
func ParseYAML(src string, from, to int, lines *diag.Lines) (root *Value, ok bool, diags diag.List) {
	if root, ok := parseFast(src, from, to); ok {
		return root, true, nil
	}
	return parseYAML(src, from, to, lines)
}

// parseYAML is ParseYAML by way of the whole parser.
func parseYAML(src string, from, to int, lines *diag.Lines) (root *Value, ok bool, diags diag.List) {
	p := &yamlParser{src: src, lines: lines}
	doc, err := p.load(from, to)
	if err == nil {
		return p.tree(doc), true, p.diags
	}
	p.diags.Add(p.explain(err, from))
	return p.salvage(from, to), false, p.diags
}

type yamlParser struct {
	src    string
	lines  *diag.Lines
	starts []int  // offsets of the lines of the part being read
	last   placed // what offset found last
	count  int
	seen   map[*yaml.Node]bool // aliases being expanded
	diags  diag.List
}

// A placed is a line and column with its offset.
type placed struct{ line, col, off int }

func (p *yamlParser) load(from, to int) (*yaml.Node, error) {
	var doc yaml.Node
	p.starts, p.last = lineStarts(p.starts[:0], p.src, from, to), placed{}
	if err := yaml.Unmarshal([]byte(p.src[from:to]), &doc); err != nil {
		return nil, err
	}
	return &doc, nil
}

func (p *yamlParser) tree(doc *yaml.Node) *Value {
	if len(doc.Content) == 0 {
		return &Value{Kind: Null}
	}
	return p.value(doc.Content[0])
}

// salvage reads each top-level entry by itself and keeps those that can be
// read, so that a page with a broken line still has its title.
func (p *yamlParser) salvage(from, to int) *Value {
	root := &Value{Kind: Object, Off: from, KeyOff: from}
	for _, part := range topLevel(p.src, from, to) {
		doc, err := p.load(part[0], part[1])
		if err != nil {
			continue
		}
		if v := p.tree(doc); v.Kind == Object {
			for _, f := range v.Map {
				if root.field(f.Key) == nil {
					root.Map = append(root.Map, f)
				}
			}
		}
	}
	return root
}

// topLevel cuts a mapping before every line that is not indented.
func topLevel(src string, from, to int) (parts [][2]int) {
	begin := from
	for off := from; off < to; {
		next := to
		if i := strings.IndexByte(src[off:to], '\n'); i >= 0 {
			next = off + i + 1
		}
		if off > begin && !strings.ContainsRune(" \t#-]}\r\n", rune(src[off])) {
			parts = append(parts, [2]int{begin, off})
			begin = off
		}
		off = next
	}
	return append(parts, [2]int{begin, to})
}

func (p *yamlParser) value(n *yaml.Node) *Value {
	off := p.offset(n.Line, n.Column)
	v := &Value{Off: off, KeyOff: off}
	if p.count++; p.count > maxValues {
		v.Kind = Null
		return v
	}
	switch n.Kind {
	case yaml.MappingNode:
		v.Kind = Object
		p.mapping(v, n)
	case yaml.SequenceNode:
		v.Kind = List
		v.List = make([]*Value, 0, len(n.Content))
		for _, c := range n.Content {
			v.List = append(v.List, p.value(c))
		}
	case yaml.AliasNode:
		p.alias(v, n)
	default:
		p.scalar(v, n)
	}
	return v
}

// alias expands *name. The values keep the places where they were written.
func (p *yamlParser) alias(v *Value, n *yaml.Node) {
	if p.seen[n.Alias] {
		v.Kind = Null
		return
	}
	if p.seen == nil {
		p.seen = map[*yaml.Node]bool{}
	}
	p.seen[n.Alias] = true
	*v = *p.value(n.Alias)
	delete(p.seen, n.Alias)
}

func (p *yamlParser) mapping(v *Value, n *yaml.Node) {
	v.Map = make([]*Value, 0, len(n.Content)/2)
	var merged []*Value
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		f := p.value(n.Content[i+1])
		if key.ShortTag() == "!!merge" {
			merged = append(merged, mergeFields(f)...)
			continue
		}
		f.Key, f.KeyOff = key.Value, p.offset(key.Line, key.Column)
		if key.Kind != yaml.ScalarNode {
			p.report(f.KeyOff, "yaml-key", "a key has to be plain text", "")
			continue
		}
		if first := v.field(f.Key); first != nil {
			p.duplicate(first, f)
			continue
		}
		v.Map = append(v.Map, f)
	}
	for _, f := range merged {
		if v.field(f.Key) == nil {
			v.Map = append(v.Map, f)
		}
	}
}

// mergeFields returns what `<<: *x` or `<<: [*x, *y]` brings in.
func mergeFields(f *Value) []*Value {
	if f.Kind != List {
		return f.Map
	}
	var out []*Value
	for _, it := range f.List {
		out = append(out, it.Map...)
	}
	return out
}

func (p *yamlParser) duplicate(first, again *Value) {
	p.diags.Add(duplicateKey(p.lines, first, again))
}

func duplicateKey(lines *diag.Lines, first, again *Value) *diag.Diagnostic {
	line := lines.Pos(first.KeyOff).Line
	return &diag.Diagnostic{
		Pos: lines.Pos(again.KeyOff), Code: "duplicate-key",
		Msg:  "key " + strconv.Quote(again.Key) + " is given twice; the first is on line " + strconv.Itoa(line),
		Hint: "keep one of the two",
		Args: map[string]any{"key": again.Key, "line": line},
	}
}

func (p *yamlParser) scalar(v *Value, n *yaml.Node) {
	v.Text = n.Value
	v.Off = p.skipProperties(v.Off)
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		v.style = block
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		v.style = quoted
	}
	switch n.ShortTag() {
	case "!!null":
		v.Kind = Null
	case "!!bool":
		v.Kind, v.Bool = Bool, strings.EqualFold(n.Value, "true")
	case "!!int":
		v.Kind = Int
		v.Number = number(n.Value)
	case "!!float":
		v.Kind = Number
		v.Number = number(n.Value)
	case "!!timestamp":
		v.Kind = Date
	default:
		v.Kind = Text
	}
}

func number(s string) float64 {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil {
		i, _ := strconv.ParseInt(s, 0, 64)
		return float64(i)
	}
	return f
}

// skipProperties steps over an anchor or a tag to the scalar itself.
func (p *yamlParser) skipProperties(off int) int {
	for off < len(p.src) && (p.src[off] == '&' || p.src[off] == '!') {
		i := strings.IndexAny(p.src[off:], " \t\r\n")
		if i < 0 {
			return off
		}
		off += i
		for off < len(p.src) && p.src[off] == ' ' {
			off++
		}
	}
	return off
}

// offset turns YAML's line and column, counted from 1 in code points, into a
// byte offset. Values come in order, so that it goes on from the one before: a
// line may hold a hundred thousand of them.
func (p *yamlParser) offset(line, col int) int {
	if line < 1 || line > len(p.starts) {
		return p.starts[len(p.starts)-1]
	}
	at := placed{line, 1, p.starts[line-1]}
	if p.last.line == line && p.last.col <= col {
		at = p.last
	}
	for ; at.col < col && at.off < len(p.src); at.col++ {
		_, n := utf8.DecodeRuneInString(p.src[at.off:])
		at.off += n
	}
	p.last = at
	return at.off
}

// lineStarts lists where the lines of src[from:to] begin, by YAML 1.1's
// notion of a line break.
func lineStarts(starts []int, src string, from, to int) []int {
	starts = append(starts, from)
	for i := from; i < to; {
		n := breakLen(src[i:to])
		if n == 0 {
			i++
			continue
		}
		i += n
		starts = append(starts, i)
	}
	return starts
}

func breakLen(s string) int {
	switch s[0] {
	case '\n':
		return 1
	case '\r':
		if strings.HasPrefix(s, "\r\n") {
			return 2
		}
		return 1
	case 0xC2:
		if strings.HasPrefix(s, "\u0085") {
			return 2
		}
	case 0xE2:
		if strings.HasPrefix(s, "\u2028") || strings.HasPrefix(s, "\u2029") {
			return 3
		}
	}
	return 0
}

func (p *yamlParser) report(off int, code, msg, hint string) {
	p.diags.Add(&diag.Diagnostic{Pos: p.lines.Pos(off), Code: code, Msg: msg, Hint: hint})
}

// explain says in the author's words what the YAML scanner stumbled over.
func (p *yamlParser) explain(err error, from int) *diag.Diagnostic {
	d := &diag.Diagnostic{Pos: p.lines.Pos(from), Err: err, Code: "yaml-syntax"}
	le, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		d.Msg = "this cannot be read as YAML: " + err.Error()
		return d
	}
	at, context := from, from
	if le.Mark.Line > 0 {
		at = p.offset(le.Mark.Line, le.Mark.Column)
	}
	if le.ContextMark.Line > 0 {
		context = p.offset(le.ContextMark.Line, le.ContextMark.Column)
	}
	d.Pos = p.lines.Pos(p.describe(d, le, at, context))
	if d.Args == nil {
		d.Args = map[string]any{"detail": le.Message}
	}
	return d
}
