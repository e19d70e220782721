package theme

import (
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template/parse"

	"handrail/internal/diag"
)

type setKey struct{ edition, layout string } // layout "" is the shared set

// A Set is the templates of one layout in one edition: base.html, the blocks
// that the layout fills in, and the partials.
type Set struct {
	Root  string           // the template to run: "base.html"; "" in a shared set
	units map[string]*unit // by template name, defines included

	mu sync.Mutex
	// derived are copies that html/template wants of templates called in a
	// place that is not element content, such as a title or an attribute.
	// We make them ourselves, so that their texts are known, too.
	derived []string
	guards  map[string]*parse.Tree
}

// makeSets joins the units of an edition into sets.
func (t *Theme) makeSets(edition string) (diags diag.List) {
	shared, layouts := map[string]*unit{}, map[string]*unit{}
	for _, p := range slices.Sorted(maps.Keys(t.units)) {
		u := t.units[p]
		own := strings.HasPrefix(p, "layouts/"+edition+"/") || strings.HasPrefix(p, "directives/"+edition+"/")
		if !own && t.otherEdition(p, edition) {
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
	t.sets[setKey{edition, ""}] = &Set{units: shared}
	base := layouts["base"]
	if base == nil {
		if t.files["layouts/"+edition+"/base.html"] == nil {
			diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: "layouts/" + edition + "/base.html"}, Code: "missing-layout",
				Msg: fmt.Sprintf("the theme has no base.html for the %s edition", edition)})
		}
		return diags
	}
	for name, u := range layouts {
		s := &Set{Root: "base.html", units: maps.Clone(shared)}
		for n := range base.trees {
			s.units[n] = base
		}
		if u != base {
			for n := range u.trees {
				if n != u.name {
					s.units[n] = u
				}
			}
		}
		for n := range s.units {
			if strings.HasPrefix(n, "directives/") {
				delete(s.units, n)
			}
		}
		t.sets[setKey{edition, name}] = s
	}
	return diags
}

// addUnit enters the templates of a unit: its own, and those it defines.
func addUnit(set map[string]*unit, u *unit) {
	for n := range u.trees {
		set[n] = u
	}
}

// otherEdition reports whether the file at path belongs to an edition that is
// not this one.
func (t *Theme) otherEdition(path, edition string) bool {
	parts := strings.Split(path, "/")
	return len(parts) > 2 && parts[1] != "partials" && parts[1] != edition
}

// An Instance is a set that can run, with functions of its own. It is not
// safe for concurrent use.
type Instance struct {
	theme *Theme
	set   *Set
	tmpl  *template.Template
	ready map[string]bool
	ids   map[*byte]uint32
}

// New makes an instance of the set. funcs holds every function that the theme
// was loaded with, and StepFunc, EnterFunc and LeaveFunc.
func (t *Theme) New(s *Set, funcs template.FuncMap) *Instance {
	in := &Instance{theme: t, set: s}
	in.build(funcs)
	for range 4 { // one turn unless templates are called in new contexts
		missing := in.missing(s.Root)
		if len(missing) == 0 {
			break
		}
		s.mu.Lock()
		s.derived = slices.Compact(slices.Sorted(slices.Values(append(s.derived, missing...))))
		s.mu.Unlock()
		in.build(funcs)
	}
	return in
}

// build makes the html/template set anew from copies of the trees.
func (in *Instance) build(funcs template.FuncMap) {
	in.tmpl = template.New("").Funcs(funcs)
	in.ready, in.ids = map[string]bool{}, map[*byte]uint32{}
	s := in.set
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, u := range s.units {
		in.add(name, u.trees[name])
		in.add(guardName(name), s.guard(name))
	}
	for _, d := range s.derived {
		name := derivedFrom(d)
		in.add(d, s.units[name].trees[name])
	}
}

func (in *Instance) add(name string, tree *parse.Tree) {
	if _, err := in.tmpl.AddParseTree(name, tree.Copy()); err != nil {
		panic("theme: " + err.Error()) // fails only after a template has run
	}
}

// derivedFrom is the template that html/template derives name from, or "".
func derivedFrom(name string) string {
	i := strings.Index(name, "$htmltemplate_")
	if i < 0 {
		return ""
	}
	return name[:i]
}

// Execute runs a template of the set.
func (in *Instance) Execute(w io.Writer, name string, data any) error {
	if err := in.prepare(name); err != nil {
		return err
	}
	return in.tmpl.ExecuteTemplate(w, name, data)
}

// Has reports whether the set has a template of that name.
func (in *Instance) Has(name string) bool { return in.set.units[name] != nil }

// Text returns the id of the text node that b was printed from. ok is false
// if b is no text of a layout.
func (in *Instance) Text(b []byte) (id uint32, ok bool) {
	if len(b) == 0 {
		return 0, false
	}
	id, ok = in.ids[&b[0]]
	return id, ok
}

// prepare has html/template escape a template before it runs for the first
// time, and then learns where its texts lie in memory: a writer knows them
// again by that.
func (in *Instance) prepare(name string) error {
	if in.ready[name] {
		return nil
	}
	if err := in.escape(name); err != nil {
		return err
	}
	in.learn(name, map[string]bool{})
	in.ready[name] = true
	return nil
}

// escape has html/template escape a template, by running one that calls it
// in a branch never taken.
func (in *Instance) escape(name string) error {
	if !in.Has(name) {
		return fmt.Errorf("no template %q", name)
	}
	return in.tmpl.ExecuteTemplate(io.Discard, guardName(name), nil)
}

func guardName(name string) string { return "escape " + name }

// guard is the tree that calls a template in a branch never taken.
func (s *Set) guard(name string) *parse.Tree {
	if t := s.guards[name]; t != nil {
		return t
	}
	t := parse.New(guardName(name))
	text := fmt.Sprintf("{{if false}}{{template %q}}{{end}}", name)
	if _, err := t.Parse(text, "", "", map[string]*parse.Tree{}); err != nil {
		panic("theme: " + err.Error())
	}
	if s.guards == nil {
		s.guards = map[string]*parse.Tree{}
	}
	s.guards[name] = t
	return t
}

// learn enters the texts of a template and of all that it calls.
func (in *Instance) learn(name string, seen map[string]bool) {
	t := in.tmpl.Lookup(name)
	if seen[name] || t == nil || t.Tree == nil {
		return
	}
	seen[name] = true
	u := in.set.units[name]
	if u == nil {
		u = in.set.units[derivedFrom(name)]
	}
	walk(t.Tree.Root, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.TextNode:
			if len(n.Text) > 0 {
				in.ids[&n.Text[0]] = u.ids[n.Pos]
			}
		case *parse.TemplateNode:
			in.learn(n.Name, seen)
		}
	})
}

// missing lists the derived templates that root needs and the set lacks.
func (in *Instance) missing(root string) []string {
	if root == "" || in.escape(root) != nil {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		t := in.tmpl.Lookup(name)
		if t == nil && derivedFrom(name) != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
		if seen[name] || t == nil || t.Tree == nil {
			return
		}
		seen[name] = true
		walk(t.Tree.Root, func(n parse.Node) {
			if c, ok := n.(*parse.TemplateNode); ok {
				visit(c.Name)
			}
		})
	}
	visit(root)
	return out
}

// Check escapes every template of the theme once and reports what
// html/template refuses: an attribute without an end, a branch that ends in
// another place than it began. funcs is as in New.
func (t *Theme) Check(funcs template.FuncMap) (diags diag.List) {
	seen := map[string]bool{}
	for _, key := range slices.SortedFunc(maps.Keys(t.sets), func(a, b setKey) int {
		return strings.Compare(a.edition+"/"+a.layout, b.edition+"/"+b.layout)
	}) {
		s := t.sets[key]
		in := &Instance{theme: t, set: s}
		in.build(funcs)
		roots := []string{s.Root}
		if s.Root == "" {
			roots = slices.Sorted(maps.Keys(s.units))
		}
		for _, name := range roots {
			err := in.escape(name)
			if err == nil {
				continue
			}
			d, ok := t.Diagnose(err)
			if !ok {
				d = &diag.Diagnostic{Pos: diag.Pos{File: s.units[name].file.Shown()}, Code: "template-error", Msg: err.Error(), Err: err}
			}
			if !seen[d.Error()] {
				seen[d.Error()] = true
				diags.Add(d)
			}
		}
	}
	return diags
}
