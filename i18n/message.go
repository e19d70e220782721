package i18n

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"handrail/internal/diag"
)

// A Message is one text of a catalogue: plain, or one form for each plural
// category of its language. {name} stands for an argument.
type Message struct {
	Tag string   // the language it is written in
	Pos diag.Pos // where its text stands
	// forms is indexed by Category; a plain message has only Other.
	forms [numCategories]*pattern
}

// A pattern is a text cut at its placeholders.
type pattern struct{ parts []part }

type part struct{ text, name string } // one of the two is empty

// Format fills in the placeholders from name–value pairs. The argument named
// n chooses the plural form. Whole numbers are written the way the language
// writes them; a name without a value stays as it is in the text.
func (m *Message) Format(l *Locale, args ...any) string {
	p := m.forms[Other]
	if n, ok := arg(args, "n"); ok {
		if f, ok := toFloat(n); ok {
			if alt := m.forms[l.Plural(f)]; alt != nil {
				p = alt
			}
		}
	}
	if len(p.parts) == 1 && p.parts[0].name == "" {
		return p.parts[0].text
	}
	var b strings.Builder
	for _, part := range p.parts {
		if part.name == "" {
			b.WriteString(part.text)
			continue
		}
		v, ok := arg(args, part.name)
		if !ok {
			b.WriteString("{" + part.name + "}")
			continue
		}
		b.WriteString(l.format(v))
	}
	return b.String()
}

// Placeholders returns the names that the message wants, in order of
// appearance in the form for "other".
func (m *Message) Placeholders() []string {
	var names []string
	for _, p := range m.forms[Other].parts {
		if p.name != "" {
			names = append(names, p.name)
		}
	}
	return names
}

// Raw returns the text of the message in all its plural forms, to tell whether
// two messages say the same.
func (m *Message) Raw() string {
	var b strings.Builder
	for _, f := range m.forms {
		if f != nil {
			for _, p := range f.parts {
				b.WriteString(p.text + "{" + p.name + "}")
			}
		}
		b.WriteByte(0)
	}
	return b.String()
}

func arg(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if fmt.Sprint(args[i]) == name {
			return args[i+1], true
		}
	}
	return nil, false
}

// compile cuts a text at its placeholders. A brace that opens none is text.
func compile(s string) *pattern {
	p := &pattern{}
	for s != "" {
		open := strings.IndexByte(s, '{')
		end := -1
		if open >= 0 {
			end = strings.IndexByte(s[open:], '}')
		}
		if end < 0 {
			p.parts = append(p.parts, part{text: s})
			return p
		}
		name := s[open+1 : open+end]
		if !isName(name) {
			p.parts = append(p.parts, part{text: s[:open+1]})
			s = s[open+1:]
			continue
		}
		if open > 0 {
			p.parts = append(p.parts, part{text: s[:open]})
		}
		p.parts = append(p.parts, part{name: name})
		s = s[open+end+1:]
	}
	if len(p.parts) == 0 {
		p.parts = []part{{}}
	}
	return p
}

func isName(s string) bool {
	for _, r := range s {
		if r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// readMessages reads one catalogue file into msgs: key: text, or key: a map
// from plural categories to texts. Sections may be nested; their keys are
// joined with dots.
func readMessages(file, tag string, data []byte, msgs map[string]*Message) diag.List {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return diag.List{syntaxError(file, err)}
	}
	if len(doc.Content) == 0 {
		return nil
	}
	r := reader{file: file, tag: tag, msgs: msgs, seen: map[string]int{}}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		r.fail(root, "wrong-type", "a catalogue is a list of keys with their texts", nil)
		return r.diags
	}
	r.mapping(root, "")
	return r.diags
}

func syntaxError(file string, err error) *diag.Diagnostic {
	d := &diag.Diagnostic{Pos: diag.Pos{File: file}, Code: "yaml-syntax", Msg: err.Error(), Err: err, Args: map[string]any{"detail": err.Error()}}
	if le, ok := errors.AsType[*yaml.LoadError](err); ok {
		d.Pos.Line, d.Pos.Col = le.Mark.Line, le.Mark.Column
		d.Msg, d.Args["detail"] = le.Message, le.Message
	}
	return d
}

type reader struct {
	file, tag string
	msgs      map[string]*Message
	seen      map[string]int // key → line, in this file
	diags     diag.List
}

func (r *reader) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{File: r.file, Line: n.Line, Col: n.Column}
}

func (r *reader) fail(n *yaml.Node, code, msg string, args map[string]any) {
	r.diags.Add(&diag.Diagnostic{Pos: r.pos(n), Code: code, Msg: msg, Args: args})
}

func (r *reader) mapping(n *yaml.Node, prefix string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		key := prefix + k.Value
		switch {
		case v.Kind == yaml.ScalarNode:
			r.add(k, v, key, &Message{Tag: r.tag, Pos: r.pos(v), forms: [numCategories]*pattern{Other: compile(v.Value)}})
		case v.Kind == yaml.MappingNode && isPlural(v):
			r.plural(k, v, key)
		case v.Kind == yaml.MappingNode:
			r.mapping(v, key+".")
		default:
			r.fail(v, "wrong-type", fmt.Sprintf("message %q must be a text, or texts by plural category", key), nil)
		}
	}
}

func (r *reader) add(k, v *yaml.Node, key string, m *Message) {
	if first, ok := r.seen[key]; ok {
		r.fail(k, "duplicate-key", fmt.Sprintf("message %q stands already in line %d", key, first), map[string]any{"key": key, "line": first})
		return
	}
	r.seen[key] = k.Line
	r.msgs[key] = m
}

func isPlural(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		if _, ok := categoryNames[n.Content[i].Value]; !ok {
			return false
		}
	}
	return len(n.Content) > 0
}

func (r *reader) plural(k, n *yaml.Node, key string) {
	m := &Message{Tag: r.tag, Pos: r.pos(n)}
	for i := 0; i+1 < len(n.Content); i += 2 {
		v := n.Content[i+1]
		if v.Kind != yaml.ScalarNode {
			r.fail(v, "wrong-type", fmt.Sprintf("plural form %q of message %q must be a text", n.Content[i].Value, key), nil)
			continue
		}
		c := categoryNames[n.Content[i].Value]
		m.forms[c] = compile(v.Value)
		if c == Other {
			m.Pos = r.pos(v)
		}
	}
	if m.forms[Other] == nil {
		r.fail(k, "missing-plural", fmt.Sprintf("message %q has no form for \"other\"", key), map[string]any{"key": key})
		return
	}
	r.add(k, n, key, m)
}
