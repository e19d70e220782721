package theme

import (
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"handrail/internal/diag"
)

// escaped is a set after html/template has been over it.
type escaped struct {
	set   *set
	roots []string
	tmpl  *template.Template
	// derived are copies that html/template wants of templates called in a
	// place that is not element content, such as a title or an attribute. We
	// make them ourselves, because it does not give its own out.
	derived []string
}

// escapeSet has html/template escape a set. The usual case is one go for
// all; when something is wrong, each root is tried alone, to learn of every
// mistake.
func (t *Theme) escapeSet(s *set) (*escaped, diag.List) {
	e := &escaped{set: s, roots: slices.Concat(s.roots, s.others)}
	// The other edition's needs are most likely those of this one, too.
	for _, name := range t.derived {
		if s.trees[derivedFrom(name)] != nil {
			e.derived = append(e.derived, name)
		}
	}
	if e.escape() == nil {
		t.derived = e.derived
		return e, nil
	}
	var diags diag.List
	var sound []string
	for _, name := range e.roots {
		one := &escaped{set: s, roots: []string{name}}
		err := one.escape()
		if err == nil {
			sound = append(sound, name)
		} else if slices.Contains(s.roots, name) {
			diags.Add(t.diagnose(err, s.units[name]))
		}
	}
	e = &escaped{set: s, roots: sound}
	if err := e.escape(); err != nil && len(diags) == 0 {
		diags.Add(t.diagnose(err, s.units[sound[0]]))
	}
	return e, diags
}

// escape escapes the roots and all that they call.
func (e *escaped) escape() error {
	for range 20 {
		e.build()
		if err := e.tmpl.ExecuteTemplate(io.Discard, guardName, nil); err != nil {
			return err
		}
		missing := e.missing()
		if len(missing) == 0 {
			return nil
		}
		e.derived = append(e.derived, missing...)
	}
	return fmt.Errorf("templates call one another in too many ways")
}

// build makes the html/template set from copies of the trees.
func (e *escaped) build() {
	e.tmpl = template.New("")
	add := func(name string, tree *parse.Tree) {
		if _, err := e.tmpl.AddParseTree(name, tree); err != nil {
			panic("theme: " + err.Error()) // fails only after a template has run
		}
	}
	for name, tree := range e.set.trees {
		add(name, tree.Copy())
	}
	for _, name := range e.derived {
		add(name, e.set.trees[derivedFrom(name)].Copy())
	}
	add(guardName, guard(e.roots))
}

const guardName = "escape"

// guard is a tree that calls templates in a branch never taken: running it
// has html/template escape them and does nothing else.
func guard(names []string) *parse.Tree {
	var b strings.Builder
	b.WriteString("{{if false}}")
	for _, n := range names {
		fmt.Fprintf(&b, "{{template %q}}", n)
	}
	b.WriteString("{{end}}")
	t := parse.New(guardName)
	if _, err := t.Parse(b.String(), "", "", map[string]*parse.Tree{}); err != nil {
		panic("theme: " + err.Error())
	}
	return t
}

// derivedFrom is the template that html/template derives name from, or "".
func derivedFrom(name string) string {
	i := strings.Index(name, "$htmltemplate_")
	if i < 0 {
		return ""
	}
	return name[:i]
}

// tree returns the escaped tree of a template, and the unit it was parsed from.
func (e *escaped) tree(name string) (*parse.Tree, *unit) {
	t := e.tmpl.Lookup(name)
	if t == nil || t.Tree == nil {
		return nil, nil
	}
	if u := e.set.units[name]; u != nil {
		return t.Tree, u
	}
	return t.Tree, e.set.units[derivedFrom(name)]
}

// missing lists the derived templates that are called and not there.
func (e *escaped) missing() []string {
	out := map[string]bool{}
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		tree, _ := e.tree(name)
		if tree == nil {
			if e.set.trees[derivedFrom(name)] != nil {
				out[name] = true
			}
			return
		}
		walk(tree.Root, func(n parse.Node) {
			if c, ok := n.(*parse.TemplateNode); ok {
				visit(c.Name)
			}
		})
	}
	for _, name := range e.roots {
		visit(name)
	}
	return slices.Sorted(maps.Keys(out))
}

// compile makes the programs of an edition.
func (t *Theme) compile(edition string) diag.List {
	s, diags := t.newSet(edition)
	e, ds := t.escapeSet(s)
	diags = append(diags, ds...)
	l := &library{theme: t, escaped: e, byName: map[string]*compiled{}}
	for _, name := range e.roots {
		l.template(name)
	}
	l.escaped = nil
	shared := &Program{lib: l}
	t.programs[setKey{edition, ""}] = shared
	for name, c := range l.byName {
		if layout, ok := strings.CutPrefix(name, rootName("")); ok && derivedFrom(name) == "" {
			t.programs[setKey{edition, layout}] = &Program{lib: l, root: c}
		}
	}
	return append(diags, l.diags...)
}

// A library is the compiled templates of an edition.
type library struct {
	theme  *Theme
	byName map[string]*compiled

	escaped *escaped // while compiling
	diags   diag.List
}

// template returns a template of the library, compiling it when it is called
// for the first time; nil if there is none.
func (l *library) template(name string) *compiled {
	if t := l.byName[name]; t != nil {
		return t
	}
	tree, u := l.escaped.tree(name)
	if tree == nil {
		return nil
	}
	t := &compiled{name: name}
	l.byName[name] = t
	c := &compiler{lib: l, unit: u}
	c.declare("$")
	t.body = c.list(tree.Root)
	t.vars = c.max
	if c.err != nil {
		l.diags.Add(c.err)
	}
	return t
}
