package theme

import (
	"fmt"
	"strings"
	"text/template/parse"

	"handrail/internal/diag"
)

// A Program is a layout with all it calls, ready to run: parsed by
// text/template, made safe by html/template, and compiled to closures.
// html/template decides how each value must be escaped where it stands;
// running its trees by ourselves is several times faster than text/template's
// reflection, and tells the place of every byte.
type Program struct {
	lib  *library
	root *compiled // nil in a program whose templates are run by name
}

// A compiled template. Its body is set once compiled, since templates may
// call themselves.
type compiled struct {
	name string
	body step
	vars int // slots that it needs
}

type (
	// step runs a part of a template.
	step func(r *run, dot any) flow
	// eval computes a value.
	eval func(r *run, dot any) any
)

// flow says how a list of nodes goes on.
type flow uint8

const (
	next flow = iota
	breakLoop
	continueLoop
)

// A compiler compiles one template.
type compiler struct {
	lib   *library
	unit  *unit
	scope []string // names of the variables in scope; the index is the slot
	max   int
	err   *diag.Diagnostic
}

func (c *compiler) fail(n parse.Node, format string, args ...any) {
	if c.err == nil {
		c.err = &diag.Diagnostic{Pos: c.unit.lines.Pos(int(n.Position())), Code: "template-error", Msg: fmt.Sprintf(format, args...)}
	}
}

func (c *compiler) place(n parse.Node) place { return place{c.unit, n.Position()} }

// declare gives a variable a slot.
func (c *compiler) declare(name string) int {
	c.scope = append(c.scope, name)
	c.max = max(c.max, len(c.scope))
	return len(c.scope) - 1
}

func (c *compiler) slot(n parse.Node, name string) int {
	for i := len(c.scope) - 1; i >= 0; i-- {
		if c.scope[i] == name {
			return i
		}
	}
	c.fail(n, "there is no variable %s here", name)
	return 0
}

// list compiles nodes that run one after another.
func (c *compiler) list(l *parse.ListNode) step {
	if l == nil {
		return nil
	}
	mark := len(c.scope)
	var nodes []step
	for _, n := range l.Nodes {
		if x := c.node(n); x != nil {
			nodes = append(nodes, x)
		}
	}
	c.scope = c.scope[:mark]
	switch len(nodes) {
	case 0:
		return func(*run, any) flow { return next }
	case 1:
		return nodes[0]
	}
	return func(r *run, dot any) flow {
		for _, n := range nodes {
			if f := n(r, dot); f != next {
				return f
			}
		}
		return next
	}
}

func (c *compiler) node(n parse.Node) step {
	switch n := n.(type) {
	case *parse.TextNode:
		return c.text(n)
	case *parse.ActionNode:
		return c.action(n)
	case *parse.IfNode:
		return c.branch(&n.BranchNode, false)
	case *parse.WithNode:
		return c.branch(&n.BranchNode, true)
	case *parse.RangeNode:
		return c.loop(n)
	case *parse.TemplateNode:
		return c.call(n)
	case *parse.BreakNode:
		return func(*run, any) flow { return breakLoop }
	case *parse.ContinueNode:
		return func(*run, any) flow { return continueLoop }
	case *parse.CommentNode:
		return nil
	}
	c.fail(n, "this cannot stand here: %s", n)
	return nil
}

func (c *compiler) text(n *parse.TextNode) step {
	if len(n.Text) == 0 {
		return nil
	}
	id, text := c.unit.ids[n.Pos], string(n.Text)
	return func(r *run, _ any) flow {
		r.out.Text(id, text)
		return next
	}
}

// action prints a value, or gives it to a variable.
func (c *compiler) action(n *parse.ActionNode) step {
	if len(n.Pipe.Decl) > 0 {
		value := c.pipe(n.Pipe)
		set := c.assign(n.Pipe)
		return func(r *run, dot any) flow {
			set(r, value(r, dot))
			return next
		}
	}
	esc, cmds := splitEscapers(n.Pipe.Cmds)
	if bad := esc.forbidden(); bad != "" {
		c.fail(n, "a value cannot be printed %s", bad)
		return nil
	}
	value := c.commands(n.Pipe, cmds)
	at := c.place(n.Pipe)
	id := c.lib.theme.action(c.unit, n.Pipe.Position())
	return func(r *run, dot any) flow {
		r.at = at
		r.print(id, value(r, dot), esc)
		return next
	}
}

// assign returns what gives a value to the variables of a pipeline.
func (c *compiler) assign(p *parse.PipeNode) func(*run, any) {
	name := p.Decl[0].Ident[0]
	slot := 0
	if p.IsAssign {
		slot = c.slot(p, name)
	} else {
		slot = c.declare(name)
	}
	return func(r *run, v any) { r.vars[slot] = v }
}

func (c *compiler) branch(b *parse.BranchNode, with bool) step {
	mark := len(c.scope)
	value := c.pipe(b.Pipe)
	var set func(*run, any)
	if len(b.Pipe.Decl) > 0 {
		set = c.assign(b.Pipe)
	}
	yes, no := c.list(b.List), c.list(b.ElseList)
	c.scope = c.scope[:mark]
	return func(r *run, dot any) flow {
		v := value(r, dot)
		if set != nil {
			set(r, v)
		}
		switch {
		case truth(v) && with:
			return yes(r, v)
		case truth(v):
			return yes(r, dot)
		case no != nil:
			return no(r, dot)
		}
		return next
	}
}

func (c *compiler) loop(n *parse.RangeNode) step {
	mark := len(c.scope)
	value := c.pipe(n.Pipe)
	key, item := -1, -1
	slots := make([]int, len(n.Pipe.Decl))
	for i, d := range n.Pipe.Decl {
		if n.Pipe.IsAssign {
			slots[i] = c.slot(d, d.Ident[0])
		} else {
			slots[i] = c.declare(d.Ident[0])
		}
	}
	switch len(slots) {
	case 1:
		item = slots[0]
	case 2:
		key, item = slots[0], slots[1]
	}
	body := c.list(n.List)
	c.scope = c.scope[:mark]
	no := c.list(n.ElseList)
	at := c.place(n)
	return func(r *run, dot any) flow {
		turned := r.each(at, value(r, dot), func(k, v any) bool {
			if key >= 0 {
				r.vars[key] = k
			}
			if item >= 0 {
				r.vars[item] = v
			}
			return body(r, v) != breakLoop
		})
		if !turned && no != nil {
			return no(r, dot)
		}
		return next
	}
}

// call runs another template with variables of its own.
func (c *compiler) call(n *parse.TemplateNode) step {
	t := c.lib.template(n.Name)
	if t == nil {
		c.fail(n, "there is no template %q", n.Name)
		return nil
	}
	value := func(*run, any) any { return nil }
	if n.Pipe != nil {
		value = c.pipe(n.Pipe)
	}
	at := c.place(n)
	return func(r *run, dot any) flow {
		r.enter(at, t, value(r, dot))
		return next
	}
}

// pipe compiles a pipeline without its declarations.
func (c *compiler) pipe(p *parse.PipeNode) eval {
	if p == nil {
		return func(*run, any) any { return nil }
	}
	return c.commands(p, p.Cmds)
}

func (c *compiler) commands(p *parse.PipeNode, cmds []*parse.CommandNode) eval {
	if len(cmds) == 0 {
		c.fail(p, "there is nothing to print")
		return nil
	}
	value := c.command(cmds[0], nil)
	for _, cmd := range cmds[1:] {
		value = c.command(cmd, value)
	}
	return value
}

// command compiles one command; piped is the value of the one before it and
// becomes its last argument.
func (c *compiler) command(cmd *parse.CommandNode, piped eval) eval {
	first := cmd.Args[0]
	args := make([]eval, 0, len(cmd.Args))
	for _, a := range cmd.Args[1:] {
		args = append(args, c.arg(a))
	}
	if piped != nil {
		args = append(args, piped)
	}
	switch n := first.(type) {
	case *parse.IdentifierNode:
		return c.function(n, args)
	case *parse.FieldNode:
		return c.fields(n, dotValue, n.Ident, args)
	case *parse.VariableNode:
		return c.fields(n, c.variable(n), n.Ident[1:], args)
	case *parse.ChainNode:
		return c.fields(n, c.arg(n.Node), n.Field, args)
	}
	if len(args) > 0 {
		c.fail(first, "%s is no function", first)
		return nil
	}
	return c.arg(first)
}

func dotValue(_ *run, dot any) any { return dot }

func (c *compiler) variable(n *parse.VariableNode) eval {
	slot := c.slot(n, n.Ident[0])
	return func(r *run, _ any) any { return r.vars[slot] }
}

// arg compiles an argument.
func (c *compiler) arg(n parse.Node) eval {
	constant := func(v any) eval { return func(*run, any) any { return v } }
	switch n := n.(type) {
	case *parse.DotNode:
		return dotValue
	case *parse.NilNode:
		return constant(nil)
	case *parse.BoolNode:
		return constant(n.True)
	case *parse.StringNode:
		return constant(n.Text)
	case *parse.NumberNode:
		switch {
		case n.IsInt:
			return constant(int(n.Int64))
		case n.IsFloat:
			return constant(n.Float64)
		}
	case *parse.PipeNode:
		return c.pipe(n)
	case *parse.IdentifierNode:
		return c.function(n, nil)
	case *parse.FieldNode:
		return c.fields(n, dotValue, n.Ident, nil)
	case *parse.VariableNode:
		return c.fields(n, c.variable(n), n.Ident[1:], nil)
	case *parse.ChainNode:
		return c.fields(n, c.arg(n.Node), n.Field, nil)
	}
	c.fail(n, "%s cannot stand here", n)
	return constant(nil)
}

// fields compiles .A.B after a value; args belong to the last name.
func (c *compiler) fields(n parse.Node, value eval, names []string, args []eval) eval {
	at := c.place(n)
	if len(names) == 0 {
		if len(args) > 0 {
			c.fail(n, "%s is no function", n)
		}
		return value
	}
	for i, name := range names {
		recv, id := value, c.lib.theme.nameID(name)
		if i < len(names)-1 || len(args) == 0 {
			value = func(r *run, dot any) any { return r.member(at, recv(r, dot), id, nil) }
			continue
		}
		value = func(r *run, dot any) any {
			v := recv(r, dot)
			return r.member(at, v, id, r.args(args, dot))
		}
	}
	return value
}

func (c *compiler) function(n *parse.IdentifierNode, args []eval) eval {
	at := c.place(n)
	switch n.Ident {
	case "and", "or":
		return shortCircuit(n.Ident == "or", args)
	}
	f := builtinFuncs[n.Ident]
	if f == nil {
		f = c.lib.theme.api.Funcs[n.Ident]
	}
	if f == nil {
		c.fail(n, "there is no function %q", strings.TrimPrefix(n.Ident, "_html_template_"))
		return nil
	}
	return func(r *run, dot any) any {
		vals := r.args(args, dot)
		r.at = at
		v, err := f(Call{r.ctx, at}, vals)
		if err != nil {
			r.fail(at, err)
		}
		return v
	}
}

// shortCircuit is and or or: the first value that decides, else the last.
func shortCircuit(or bool, args []eval) eval {
	return func(r *run, dot any) (v any) {
		for _, a := range args {
			if v = a(r, dot); truth(v) == or {
				return v
			}
		}
		return v
	}
}
