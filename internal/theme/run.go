package theme

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"text/template/parse"

	"handrail/internal/diag"
)

const (
	maxTurns = 1_000_000 // turns of all ranges, and calls of templates, in one run
	maxDepth = 150       // templates inside one another
)

// A Writer takes what a template prints.
type Writer interface {
	// Text is a text of a layout; id is for Position.
	Text(id uint32, text string)
	// Value is a printed value, to be escaped; id is for Position.
	Value(id uint32, text string, esc Escaping)
	// Markup is printed by the writer's own means.
	Markup(id uint32, m Markup) error
}

// A place is where something stands in a layout.
type place struct {
	unit *unit
	pos  parse.Pos
}

func (p place) diagPos() diag.Pos { return p.unit.lines.Pos(int(p.pos)) }

// A run is one run of a program.
type run struct {
	theme *Theme
	out   Writer
	ctx   any
	vars  []any // of the template that runs; slot 0 is $
	stack []any // of all templates that run
	argv  []any // arguments of calls under way
	at    place
	turns int
	depth int
}

var runs = sync.Pool{New: func() any { return new(run) }}

// A stop ends a run; it travels as a panic and never leaves the package.
type stop struct{ err error }

func (r *run) fail(at place, err error) {
	d, ok := errors.AsType[*diag.Diagnostic](err)
	if !ok {
		d = &diag.Diagnostic{Code: "template-error", Msg: err.Error(), Err: err}
	}
	if d.Pos.IsZero() {
		c := *d
		c.Pos = at.diagPos()
		d = &c
	}
	panic(stop{d})
}

func (r *run) failf(at place, format string, args ...any) {
	r.fail(at, &diag.Diagnostic{Code: "template-error", Msg: fmt.Sprintf(format, args...)})
}

// Run runs the root template of a program on a value. ctx is handed to the
// functions. An error is a *diag.Diagnostic at its place.
func (p *Program) Run(w Writer, ctx, data any) error { return p.start(p.root, w, ctx, data) }

// RunNamed is Run for any template of the program.
func (p *Program) RunNamed(name string, w Writer, ctx, data any) error {
	t := p.lib.byName[name]
	if t == nil {
		return &diag.Diagnostic{Code: "template-error", Msg: fmt.Sprintf("there is no template %q", name)}
	}
	return p.start(t, w, ctx, data)
}

// Has reports whether the program has a template of that name.
func (p *Program) Has(name string) bool { return p != nil && p.lib.byName[name] != nil }

func (p *Program) start(t *compiled, w Writer, ctx, data any) (err error) {
	r := runs.Get().(*run)
	r.theme, r.out, r.ctx, r.turns, r.depth = p.lib.theme, w, ctx, 0, 0
	defer func() {
		r.stack, r.argv, r.vars = r.stack[:0], r.argv[:0], nil
		r.out, r.ctx, r.theme = nil, nil, nil
		x := recover()
		runs.Put(r)
		if s, ok := x.(stop); ok {
			err = s.err
		} else if x != nil {
			panic(x)
		}
	}()
	r.body(t, data)
	return nil
}

// enter runs a template that another one calls.
func (r *run) enter(at place, t *compiled, data any) {
	if r.depth++; r.depth > maxDepth {
		r.fail(at, &diag.Diagnostic{Code: "runaway-template",
			Msg: fmt.Sprintf("this was stopped: templates call one another more than %d deep", maxDepth)})
	}
	if r.turns++; r.turns > maxTurns {
		r.fail(at, &diag.Diagnostic{Code: "runaway-template",
			Msg: fmt.Sprintf("this was stopped: templates have called one another %d times", maxTurns)})
	}
	vars := r.vars
	r.body(t, data)
	r.vars = vars
	r.depth--
}

// body runs a template with fresh variables.
func (r *run) body(t *compiled, data any) {
	base := len(r.stack)
	for range t.vars {
		r.stack = append(r.stack, nil)
	}
	r.vars = r.stack[base:len(r.stack):len(r.stack)]
	r.vars[0] = data
	t.body(r, data)
	clear(r.stack[base:])
	r.stack = r.stack[:base]
}

// args computes the arguments of a call. They are valid until the next call
// of the same depth, so functions must not keep the slice.
func (r *run) args(args []eval, dot any) []any {
	if len(args) == 0 {
		return nil
	}
	base := len(r.argv)
	for range args {
		r.argv = append(r.argv, nil)
	}
	for i, a := range args {
		v := a(r, dot)
		r.argv[base+i] = v
	}
	vals := r.argv[base : base+len(args) : base+len(args)]
	r.argv = r.argv[:base]
	return vals
}

// member returns what a name stands for in a value.
func (r *run) member(at place, v any, id int, args []any) any {
	name := r.theme.names[id]
	switch m := v.(type) {
	case nil:
		r.failf(at, "there is nothing that could have .%s", name)
	case map[string]any:
		return m[name]
	}
	info := r.theme.typeOf(v)
	var f Member
	if id < len(info.members) {
		f = info.members[id]
	}
	if f == nil {
		r.fail(at, info.noMember(name))
	}
	out, err := f(v, args)
	if err != nil {
		r.fail(at, err)
	}
	return out
}

// print writes a value.
func (r *run) print(id uint32, v any, esc Escaping) {
	if m, ok := v.(Markup); ok {
		if isNil(v) {
			return
		}
		if esc != escapeHTML {
			r.fail(r.at, &diag.Diagnostic{Code: "markup-in-attribute",
				Msg:  "markup is printed where only text may stand, such as an attribute or a title",
				Hint: "print the value itself instead of its .HTML or .Body"})
		}
		if err := r.out.Markup(id, m); err != nil {
			r.fail(r.at, err)
		}
		return
	}
	if s := Text(v); s != "" || esc&escapeNoSpace != 0 {
		r.out.Value(id, s, esc)
	}
}

// each calls f for the items of a value until it returns false, and reports
// whether there were any.
func (r *run) each(at place, v any, f func(k, v any) bool) bool {
	turn := func(k, v any) bool {
		if r.turns++; r.turns > maxTurns {
			r.fail(at, &diag.Diagnostic{Code: "runaway-template",
				Msg:  fmt.Sprintf("this loop was stopped after %d turns", maxTurns),
				Hint: "range over a list of the page instead of a number"})
		}
		return f(k, v)
	}
	switch v := v.(type) {
	case nil:
		return false
	case int:
		for i := range v {
			if !turn(i, i) {
				break
			}
		}
		return v > 0
	case []any:
		for i, x := range v {
			if !turn(i, x) {
				break
			}
		}
		return len(v) > 0
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if !turn(k, v[k]) {
				break
			}
		}
		return len(v) > 0
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.Pointer && rv.IsNil() {
		return false
	}
	if rv.Kind() != reflect.Slice && rv.Kind() != reflect.Array {
		r.failf(at, "range needs a list, not a %s", typeName(rv.Type()))
	}
	n := rv.Len()
	for i := range n {
		if !turn(i, rv.Index(i).Interface()) {
			break
		}
	}
	return n > 0
}

func isNil(v any) bool {
	rv := reflect.ValueOf(v)
	return rv.Kind() == reflect.Pointer && rv.IsNil()
}

// truth is what if, with, and, or and not go by: everything but nothing,
// zero and emptiness.
func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case int:
		return v != 0
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Pointer, reflect.Func:
		return !rv.IsNil()
	case reflect.Slice, reflect.Map, reflect.Array, reflect.String:
		return rv.Len() > 0
	case reflect.Struct:
		return true
	}
	return !rv.IsZero()
}
