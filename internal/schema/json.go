package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"handrail/internal/diag"
)

// ParseJSON reads a whole JSON file into the same kind of tree as
// [ParseYAML].
func ParseJSON(src string, lines *diag.Lines) (*Value, diag.List) {
	p := &jsonParser{src: src, lines: lines, dec: json.NewDecoder(strings.NewReader(src))}
	p.dec.UseNumber()
	v, err := p.value()
	if err == nil {
		if _, more := p.dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more text after the end of the value")
		}
	}
	if err != nil {
		at := p.next()
		msg := strings.TrimPrefix(err.Error(), "json: ")
		p.diags.Add(&diag.Diagnostic{
			Pos: lines.Pos(at), Code: "json-syntax", Err: err,
			Msg: "this cannot be read as JSON: " + msg, Args: map[string]any{"detail": msg},
		})
		return nil, p.diags
	}
	return v, p.diags
}

type jsonParser struct {
	src   string
	lines *diag.Lines
	dec   *json.Decoder
	diags diag.List
}

// value reads one value; the decoder itself limits nesting to 10,000.
func (p *jsonParser) value() (*Value, error) {
	off := p.next()
	tok, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	v := &Value{Off: off, KeyOff: off}
	switch t := tok.(type) {
	case json.Delim:
		if t == '[' {
			v.Kind = List
			return v, p.items(v)
		}
		v.Kind = Object
		return v, p.fields(v)
	case string:
		v.Kind, v.Text, v.style = Text, t, quoted
	case json.Number:
		v.Kind, v.Text, v.Number = Number, t.String(), number(t.String())
		if !strings.ContainsAny(v.Text, ".eE") {
			v.Kind = Int
		}
	case bool:
		v.Kind, v.Bool, v.Text = Bool, t, map[bool]string{true: "true", false: "false"}[t]
	default:
		v.Kind = Null
	}
	return v, nil
}

func (p *jsonParser) items(v *Value) error {
	for p.dec.More() {
		it, err := p.value()
		if err != nil {
			return err
		}
		v.List = append(v.List, it)
	}
	_, err := p.dec.Token()
	return err
}

func (p *jsonParser) fields(v *Value) error {
	for p.dec.More() {
		off := p.next()
		key, err := p.dec.Token()
		if err != nil {
			return err
		}
		f, err := p.value()
		if err != nil {
			return err
		}
		f.Key, f.KeyOff = key.(string), off
		if first := v.field(f.Key); first != nil {
			p.diags.Add(duplicateKey(p.lines, first, f))
			continue
		}
		v.Map = append(v.Map, f)
	}
	_, err := p.dec.Token()
	return err
}

// next returns the offset of the next token: the decoder's own offset is the
// end of the last one.
func (p *jsonParser) next() int {
	off := int(p.dec.InputOffset())
	rest := []byte(p.src[off:])
	if len(rest) > 64 { // white space, a comma or a colon
		rest = rest[:64]
	}
	if i := bytes.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune(" \t\r\n,:", r) }); i >= 0 {
		return off + i
	}
	return off + len(rest)
}
