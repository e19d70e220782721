package theme

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"handrail/internal/diag"
)

// A unit is one template file: its text and the trees parsed from it.
type unit struct {
	file  *File
	name  string // by which other templates call it: "partials/help.html"
	src   string
	lines *diag.Lines
	trees map[string]*parse.Tree // the file's own tree under name, and its defines
	ids   map[parse.Pos]uint32   // text nodes by position

	actions map[parse.Pos]uint32
}

// A node is one text or action of a layout.
type node struct {
	unit *unit
	pos  parse.Pos
	soft bool // begins in element content
}

// parseAll parses every template of the editions, in the order of paths, so
// that node ids are the same on every run.
func (t *Theme) parseAll(editions []string) (diags diag.List) {
	known := map[string]any{"and": true, "or": true}
	for f := range builtinFuncs {
		known[f] = true
	}
	for f := range t.api.Funcs {
		known[f] = true
	}
	for _, p := range slices.Sorted(maps.Keys(t.files)) {
		name := templateName(p, editions)
		if name == "" {
			continue
		}
		u, d := parseUnit(t.files[p], name, known)
		if d != nil {
			diags.Add(d)
			continue
		}
		t.units[p] = u
		t.squeeze(u)
	}
	return diags
}

// templateName is the name that templates call the file at path by, or "" if
// the file is no template of one of the editions.
func templateName(path string, editions []string) string {
	if !strings.HasSuffix(path, ".html") {
		return ""
	}
	dir, rest, ok := strings.Cut(path, "/")
	if !ok || dir != "layouts" && dir != "directives" {
		return ""
	}
	if dir == "layouts" && strings.HasPrefix(rest, "partials/") {
		return rest
	}
	for _, e := range editions {
		if name, ok := strings.CutPrefix(rest, e+"/"); ok {
			if dir == "directives" {
				return "directives/" + name
			}
			return name
		}
	}
	if dir == "directives" && !strings.Contains(rest, "/") {
		return path
	}
	return ""
}

func parseUnit(f *File, name string, known map[string]any) (*unit, *diag.Diagnostic) {
	data, err := f.Read()
	if err != nil {
		return nil, &diag.Diagnostic{Pos: diag.Pos{File: f.Shown()}, Code: "unreadable-file",
			Msg: fmt.Sprintf("cannot read the template: %v", err), Err: err}
	}
	u := &unit{file: f, name: name, src: string(data), ids: map[parse.Pos]uint32{}, actions: map[parse.Pos]uint32{}}
	u.lines = diag.NewLines(f.Shown(), u.src)
	// The trees are parsed under the path, so that every error of
	// html/template names it.
	trees, err := parse.Parse(f.Shown(), u.src, "", "", known)
	if err != nil {
		return nil, u.parseError(err)
	}
	u.trees = map[string]*parse.Tree{}
	for n, tree := range trees {
		if n == f.Shown() {
			n = name
		}
		u.trees[n] = tree
	}
	if d := u.checkLayout(); d != nil {
		return nil, d
	}
	return u, nil
}

// checkLayout reports text outside of {{define}} in a layout that fills in
// the blocks of base.html: it would be printed nowhere.
func (u *unit) checkLayout() *diag.Diagnostic {
	if !u.isLayout() || u.name == "base.html" || u.trees[u.name] == nil {
		return nil
	}
	for _, n := range u.trees[u.name].Root.Nodes {
		if n.Type() == parse.NodeText && parse.IsEmptyTree(n) {
			continue
		}
		off := int(n.Position())
		if t, ok := n.(*parse.TextNode); ok {
			off += len(t.Text) - len(strings.TrimLeft(string(t.Text), " \t\r\n"))
		}
		return &diag.Diagnostic{Pos: u.lines.Pos(off), Code: "text-outside-define",
			Msg:  "this stands outside of {{define}} and would not be printed",
			Hint: `put it into a block of base.html: {{define "main"}}…{{end}}`}
	}
	return nil
}

// isLayout reports whether the unit is a layout rather than a partial or a
// directive.
func (u *unit) isLayout() bool {
	return !strings.HasPrefix(u.name, "partials/") && !strings.HasPrefix(u.name, "directives/")
}

// texts yields the text nodes of a unit in the order of the file.
func (u *unit) texts() []*parse.TextNode {
	var out []*parse.TextNode
	for _, tree := range u.trees {
		walk(tree.Root, func(n parse.Node) {
			if t, ok := n.(*parse.TextNode); ok {
				out = append(out, t)
			}
		})
	}
	slices.SortFunc(out, func(a, b *parse.TextNode) int { return int(a.Pos - b.Pos) })
	return out
}

// squeeze makes the texts of a unit small and gives them their ids.
func (t *Theme) squeeze(u *unit) {
	var s squeezer
	for _, n := range u.texts() {
		u.ids[n.Pos] = uint32(len(t.nodes))
		t.nodes = append(t.nodes, node{u, n.Pos, s.mode == inText})
		n.Text = s.squeeze(n.Text)
	}
}

// walk calls f for every node below n, in order.
func walk(n parse.Node, f func(parse.Node)) {
	f(n)
	branch := func(b *parse.BranchNode) {
		walk(b.List, f)
		if b.ElseList != nil {
			walk(b.ElseList, f)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, c := range n.Nodes {
			walk(c, f)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	}
}

// Places in the messages of text/template and html/template:
// "template: FILE:12: …", "html/template:FILE:12:5: …".
var errorPlace = regexp.MustCompile(`^(?:html/)?template: ?(.+?):(\d+)(?::(\d+))?: (?s:(.*))$`)

// parseError turns an error of the parser, which knows the line, into one
// that knows the column as well.
func (u *unit) parseError(err error) *diag.Diagnostic {
	d := &diag.Diagnostic{Pos: diag.Pos{File: u.file.Shown()}, Code: "template-error", Msg: err.Error(), Err: err}
	m := errorPlace.FindStringSubmatch(err.Error())
	if m == nil {
		return d
	}
	line, _ := strconv.Atoi(m[2])
	d.Msg = m[4]
	d.Pos = u.lines.Pos(u.lineStart(line) + guessColumn(u.lines.Line(line), m[4]))
	return d
}

// lineStart returns the offset of the first byte of a line.
func (u *unit) lineStart(line int) int {
	off := 0
	for range line - 1 {
		i := strings.IndexByte(u.src[off:], '\n')
		if i < 0 {
			break
		}
		off += i + 1
	}
	return off
}

var quoted = regexp.MustCompile(`"((?:[^"\\]|\\.)+)"|<([^>]+)>`)

// guessColumn finds the first thing that the message quotes in the line, or
// the first action.
func guessColumn(line, msg string) int {
	for _, m := range quoted.FindAllStringSubmatch(msg, -1) {
		for _, q := range m[1:] {
			if q == "" {
				continue
			}
			if i := strings.Index(line, q); i >= 0 {
				return i
			}
		}
	}
	return max(strings.Index(line, "{{"), 0)
}

// ofLayout finds the names that templates have within a set: "main@service".
var ofLayout = regexp.MustCompile(`"([^"@]+)@[^"]*"`)

// diagnose turns an error of html/template into a diagnostic at its place in
// the layout, or in u when it names none.
func (t *Theme) diagnose(err error, u *unit) *diag.Diagnostic {
	d := &diag.Diagnostic{Pos: u.lines.Pos(0), Code: "template-error", Msg: err.Error(), Err: err}
	m := errorPlace.FindStringSubmatch(err.Error())
	if m == nil {
		return d
	}
	d.Msg = ofLayout.ReplaceAllString(m[4], `"$1"`)
	line, _ := strconv.Atoi(m[2])
	for _, u := range t.units {
		if u.file.Shown() != m[1] {
			continue
		}
		off := u.lineStart(line)
		if col, err := strconv.Atoi(m[3]); err == nil {
			off += col
		} else {
			off += guessColumn(u.lines.Line(line), m[4])
		}
		d.Pos = u.lines.Pos(off)
	}
	return d
}
