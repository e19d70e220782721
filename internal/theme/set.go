package theme

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"handrail/internal/diag"
)

type setKey struct{ edition, layout string } // layout "" is the shared set

// A set is the templates of one layout in one edition: base.html, the blocks
// that the layout fills in, and the partials.
type set struct {
	root  string           // the template to run: "base.html"; "" in a shared set
	units map[string]*unit // by template name, defines included
}

// makeSets joins the units of an edition into sets.
func (t *Theme) makeSets(edition string) (sets map[setKey]*set, diags diag.List) {
	shared, layouts := map[string]*unit{}, map[string]*unit{}
	for _, p := range slices.Sorted(maps.Keys(t.units)) {
		u := t.units[p]
		own := strings.HasPrefix(p, "layouts/"+edition+"/") || strings.HasPrefix(p, "directives/"+edition+"/")
		if !own && otherEdition(p, edition) {
			continue
		}
		if u.isLayout() {
			if own {
				layouts[strings.TrimSuffix(u.name, ".html")] = u
			}
			continue
		}
		if was := shared[u.name]; was == nil || own {
			addUnit(shared, u)
		}
	}
	sets = map[setKey]*set{{edition, ""}: {units: shared}}
	base := layouts["base"]
	if base == nil {
		if t.files["layouts/"+edition+"/base.html"] == nil {
			diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: "layouts/" + edition + "/base.html"}, Code: "missing-layout",
				Msg: fmt.Sprintf("the theme has no base.html for the %s edition", edition)})
		}
		return sets, diags
	}
	for name, u := range layouts {
		s := &set{root: "base.html", units: maps.Clone(shared)}
		addUnit(s.units, base)
		for n := range u.trees {
			if u != base && n != u.name {
				s.units[n] = u
			}
		}
		sets[setKey{edition, name}] = s
	}
	return sets, diags
}

// addUnit enters the templates of a unit: its own, and those it defines.
func addUnit(set map[string]*unit, u *unit) {
	for n := range u.trees {
		set[n] = u
	}
}

// otherEdition reports whether the file at path belongs to an edition that is
// not this one.
func otherEdition(path, edition string) bool {
	parts := strings.Split(path, "/")
	return len(parts) > 2 && parts[1] != "partials" && parts[1] != edition
}

// compile makes a program of a set.
func (t *Theme) compile(s *set) (*Program, diag.List) {
	e := escaped{set: s}
	roots := []string{s.root}
	if s.root == "" {
		roots = slices.Sorted(maps.Keys(s.units))
	}
	if err := e.escape(roots); err != nil {
		d, ok := t.diagnose(err)
		if !ok {
			d = &diag.Diagnostic{Pos: diag.Pos{File: s.root}, Code: "template-error", Msg: err.Error(), Err: err}
		}
		return nil, diag.List{d}
	}
	p := &Program{theme: t, byName: map[string]*compiled{}, escaped: &e}
	for _, name := range roots {
		p.template(name)
	}
	p.escaped = nil
	p.root = p.byName[s.root]
	return p, p.diags
}

// template returns a template of the program, compiling it when it is called
// for the first time; nil if there is none.
func (p *Program) template(name string) *compiled {
	if t := p.byName[name]; t != nil {
		return t
	}
	tree, u := p.escaped.tree(name)
	if tree == nil {
		return nil
	}
	t := &compiled{name: name}
	p.byName[name] = t
	c := &compiler{p: p, unit: u}
	c.declare("$")
	t.body = c.list(tree.Root)
	t.vars = c.max
	if c.err != nil {
		p.diags.Add(c.err)
	}
	return t
}

// escaped is a set after html/template has been over it.
type escaped struct {
	set  *set
	tmpl *template.Template
	// derived are copies that html/template wants of templates called in a
	// place that is not element content, such as a title or an attribute. We
	// make them ourselves, because it does not give its own out.
	derived []string
}

// escape has html/template escape the templates and all that they call.
func (e *escaped) escape(roots []string) error {
	for {
		e.build(roots)
		for _, name := range roots {
			if err := e.tmpl.ExecuteTemplate(io.Discard, guardName(name), nil); err != nil {
				return err
			}
		}
		missing := e.missing(roots)
		if len(missing) == 0 {
			return nil
		}
		if len(e.derived) > 10_000 {
			return errors.New("templates call one another in too many ways")
		}
		e.derived = append(e.derived, missing...)
	}
}

// build makes the html/template set from copies of the trees.
func (e *escaped) build(roots []string) {
	e.tmpl = template.New("")
	add := func(name string, tree *parse.Tree) {
		if _, err := e.tmpl.AddParseTree(name, tree); err != nil {
			panic("theme: " + err.Error()) // fails only after a template has run
		}
	}
	for name, u := range e.set.units {
		add(name, u.trees[name].Copy())
	}
	for _, name := range e.derived {
		from := derivedFrom(name)
		add(name, e.set.units[from].trees[from].Copy())
	}
	for _, name := range roots {
		add(guardName(name), guard(name))
	}
}

func guardName(name string) string { return "escape " + name }

// guard is a tree that calls a template in a branch never taken: running it
// has html/template escape the template and do nothing else.
func guard(name string) *parse.Tree {
	t := parse.New(guardName(name))
	if _, err := t.Parse(fmt.Sprintf("{{if false}}{{template %q}}{{end}}", name), "", "", map[string]*parse.Tree{}); err != nil {
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
func (e *escaped) missing(roots []string) []string {
	var out []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		tree, _ := e.tree(name)
		if tree == nil {
			if e.set.units[derivedFrom(name)] != nil {
				out = append(out, name)
			}
			return
		}
		walk(tree.Root, func(n parse.Node) {
			if c, ok := n.(*parse.TemplateNode); ok {
				visit(c.Name)
			}
		})
	}
	for _, name := range roots {
		visit(name)
	}
	return out
}
