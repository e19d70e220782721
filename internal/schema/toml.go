package schema

import (
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"handrail/internal/diag"
)

// ParseTOML reads src[from:to], which is TOML, into the same kind of tree as
// [ParseYAML]. The first syntax error is reported; the lines after it that
// can be read are kept.
func ParseTOML(src string, from, to int, lines *diag.Lines) (root *Value, ok bool, diags diag.List) {
	p := &tomlParser{src: src, lines: lines}
	p.root = &Value{Kind: Object, Off: from, KeyOff: from}
	p.table = p.root
	ok = true
	for from < to {
		at, err := p.parse(from, to)
		if err == nil {
			break
		}
		if ok {
			p.diags.Add(p.explain(err, at))
			ok = false
		}
		nl := strings.IndexByte(src[at:to], '\n')
		if nl < 0 {
			break
		}
		from = at + nl + 1
	}
	return p.root, ok, p.diags
}

type tomlParser struct {
	src   string
	lines *diag.Lines
	base  int // offset of the parser's first byte
	root  *Value
	table *Value // that keys are added to
	diags diag.List
}

// parse reads expressions until the end or the first error, whose place it
// returns.
func (p *tomlParser) parse(from, to int) (int, error) {
	var u unstable.Parser
	p.base = from
	u.Reset([]byte(p.src[from:to]))
	for u.NextExpression() {
		n := u.Expression()
		switch n.Kind {
		case unstable.KeyValue:
			p.keyValue(p.table, n)
		case unstable.Table:
			p.table = p.header(n, false)
		case unstable.ArrayTable:
			p.table = p.header(n, true)
		}
	}
	err := u.Error()
	if err == nil {
		return to, nil
	}
	at := from
	if pe, ok := errors.AsType[*unstable.ParserError](err); ok {
		at = from + cap(u.Data()) - cap(pe.Highlight)
	}
	return max(from, min(at, to)), err
}

// header finds or makes the table that [a.b] or [[a.b]] names.
func (p *tomlParser) header(n *unstable.Node, array bool) *Value {
	parts, offs := p.key(n.Key())
	t := p.root
	for i, k := range parts {
		last := i == len(parts)-1
		f := t.field(k)
		if f == nil {
			f = &Value{Key: k, Kind: Object, Off: offs[i], KeyOff: offs[i]}
			if last && array {
				f.Kind = List
			}
			t.Map = append(t.Map, f)
		} else if last && !array && f.Kind == Object && len(f.Map) > 0 || last && f.Kind.scalar() {
			p.diags.Add(duplicateKey(p.lines, f, &Value{Key: k, KeyOff: offs[i]}))
		}
		t = f
		if f.Kind == List {
			if last && array || len(f.List) == 0 {
				f.List = append(f.List, &Value{Kind: Object, Off: offs[i], KeyOff: offs[i]})
			}
			t = f.List[len(f.List)-1]
		}
	}
	return t
}

// keyValue adds one `a.b = value` to t.
func (p *tomlParser) keyValue(t *Value, n *unstable.Node) {
	parts, offs := p.key(n.Key())
	for i, k := range parts[:len(parts)-1] {
		f := t.field(k)
		if f == nil {
			f = &Value{Key: k, Kind: Object, Off: offs[i], KeyOff: offs[i]}
			t.Map = append(t.Map, f)
		}
		t = f
	}
	last := len(parts) - 1
	v := p.value(n.Value())
	v.Key, v.KeyOff = parts[last], offs[last]
	if v.Off < 0 {
		v.Off = v.KeyOff
	}
	if first := t.field(v.Key); first != nil {
		p.diags.Add(duplicateKey(p.lines, first, v))
		return
	}
	t.Map = append(t.Map, v)
}

func (p *tomlParser) key(it unstable.Iterator) (parts []string, offs []int) {
	for it.Next() {
		parts = append(parts, string(it.Node().Data))
		offs = append(offs, p.base+int(it.Node().Raw.Offset))
	}
	return parts, offs
}

func (p *tomlParser) value(n *unstable.Node) *Value {
	off := p.base + int(n.Raw.Offset)
	if n.Raw.Length == 0 && n.Kind != unstable.Array && n.Kind != unstable.InlineTable {
		off = -1
	}
	v := &Value{Off: off, KeyOff: off, Text: string(n.Data)}
	switch n.Kind {
	case unstable.String:
		v.Kind = Text
		v.style = quoted
		if off >= 0 && (strings.HasPrefix(p.src[off:], `"""`) || strings.HasPrefix(p.src[off:], `'''`)) {
			v.style = block
		}
	case unstable.Bool:
		v.Kind, v.Bool = Bool, v.Text == "true"
	case unstable.Integer:
		v.Kind, v.Number = Int, number(v.Text)
	case unstable.Float:
		v.Kind, v.Number = Number, number(v.Text)
	case unstable.LocalDate, unstable.LocalDateTime, unstable.DateTime:
		v.Kind = Date
	case unstable.Array:
		v.Kind, v.Text = List, ""
		for it := n.Children(); it.Next(); {
			v.List = append(v.List, p.value(it.Node()))
		}
	case unstable.InlineTable:
		v.Kind, v.Text = Object, ""
		for it := n.Children(); it.Next(); {
			p.keyValue(v, it.Node())
		}
	default:
		v.Kind = Text
	}
	return v
}

// explain says in the author's words what the TOML parser stumbled over.
func (p *tomlParser) explain(err error, at int) *diag.Diagnostic {
	d := &diag.Diagnostic{Pos: p.lines.Pos(at), Code: "toml-syntax", Err: err, Args: map[string]any{"detail": err.Error()}}
	msg := err.Error()
	switch {
	case strings.Contains(msg, "expected '=' after key"):
		d.Code, d.Msg, d.Hint = "toml-equals", "this line has no equals sign; TOML is written as “key = value”", ""
	case strings.Contains(msg, "string") && (strings.Contains(msg, "unterminated") || strings.Contains(msg, "not terminated") ||
		strings.Contains(msg, "new line")):
		d.Code, d.Msg, d.Hint = "toml-open-quote", "this quote is never closed", "close the quote at the end of the value"
		begin := strings.LastIndexByte(p.src[:at], '\n') + 1
		if i := strings.IndexAny(p.src[begin:at], `"'`); i >= 0 {
			d.Pos = p.lines.Pos(begin + i)
		}
	case strings.Contains(msg, "at start of value"):
		d.Code, d.Msg, d.Hint = "toml-value", "this is no TOML value", "put text in quotes"
	default:
		d.Msg = "this cannot be read as TOML: " + msg
	}
	return d
}
