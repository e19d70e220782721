package theme

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"handrail/internal/diag"
)

// A set is all templates of one edition under one roof. Partials are there
// once. base.html and the blocks that layouts fill in are there once for each
// layout, under names with the layout's: "main@service".
type set struct {
	trees map[string]*parse.Tree
	units map[string]*unit // where each tree was parsed from
	// roots can be run: base.html of each layout, and what a program may run
	// by name. The others, partials that nobody is known to run by name, are
	// tried as well, but may fail: they may be meant for a tag or an attribute.
	roots, others []string
}

// parts are the units of an edition.
type parts struct {
	base    *unit
	layouts map[string]*unit // by layout, base among them
	shared  map[string]*unit // by template name
}

// partsOf finds the units of an edition.
func (t *Theme) partsOf(edition string) parts {
	p := parts{layouts: map[string]*unit{}, shared: map[string]*unit{}}
	for _, path := range slices.Sorted(maps.Keys(t.units)) {
		u := t.units[path]
		own := strings.HasPrefix(path, "layouts/"+edition+"/") || strings.HasPrefix(path, "directives/"+edition+"/")
		if !own && otherEdition(path, edition) {
			continue
		}
		switch {
		case u.isLayout() && own:
			p.layouts[strings.TrimSuffix(u.name, ".html")] = u
		case !u.isLayout() && (own || p.shared[u.name] == nil):
			for n := range u.trees {
				p.shared[n] = u
			}
		}
	}
	p.base = p.layouts["base"]
	return p
}

// otherEdition reports whether the file at path belongs to an edition that is
// not this one.
func otherEdition(path, edition string) bool {
	parts := strings.Split(path, "/")
	return len(parts) > 2 && parts[1] != "partials" && parts[1] != edition
}

// newSet puts the templates of an edition together.
func (t *Theme) newSet(edition string) (*set, diag.List) {
	p := t.partsOf(edition)
	s := &set{trees: map[string]*parse.Tree{}, units: map[string]*unit{}}
	varying := p.varying()
	byName := map[string]bool{}
	for _, n := range slices.Sorted(maps.Keys(p.shared)) {
		if varying[n] {
			continue
		}
		s.add(n, n, p.shared[n], nil)
		runByName(s.trees[n], byName)
	}
	if p.base == nil {
		if t.files["layouts/"+edition+"/base.html"] == nil {
			return s, diag.List{{Pos: diag.Pos{File: "layouts/" + edition + "/base.html"}, Code: "missing-layout",
				Msg: fmt.Sprintf("the theme has no base.html for the %s edition", edition), Args: map[string]any{"edition": edition}}}
		}
		return s, nil // base.html has a mistake, which is reported
	}
	for _, layout := range slices.Sorted(maps.Keys(p.layouts)) {
		rename := map[string]string{}
		for n := range varying {
			rename[n] = n + "@" + layout
		}
		for _, n := range slices.Sorted(maps.Keys(varying)) {
			if u := p.find(layout, n); u != nil {
				s.add(rename[n], n, u, rename)
				runByName(s.trees[rename[n]], byName)
			}
		}
		s.roots = append(s.roots, rootName(layout))
	}
	for _, n := range slices.Sorted(maps.Keys(s.trees)) {
		switch {
		case byName[n], strings.HasPrefix(n, "directives/"):
			s.roots = append(s.roots, n)
		case strings.HasPrefix(n, "partials/") && !strings.Contains(n, "@"):
			s.others = append(s.others, n)
		}
	}
	return s, nil
}

func rootName(layout string) string { return "base.html@" + layout }

// add enters a copy of a unit's tree, with the names of its calls changed.
func (s *set) add(name, from string, u *unit, rename map[string]string) {
	tree := u.trees[from].Copy()
	walk(tree.Root, func(n parse.Node) {
		if c, ok := n.(*parse.TemplateNode); ok && rename[c.Name] != "" {
			c.Name = rename[c.Name]
		}
	})
	s.trees[name], s.units[name] = tree, u
}

// find returns the unit that a layout takes a template from.
func (p *parts) find(layout, name string) *unit {
	for _, u := range []*unit{p.layouts[layout], p.base, p.shared[name]} {
		if u != nil && u.trees[name] != nil && (name != u.name || u == p.base || !u.isLayout()) {
			return u
		}
	}
	return nil
}

// varying lists the templates that differ by layout: base.html, its blocks,
// what layouts define, and whatever calls one of them.
func (p *parts) varying() map[string]bool {
	out := map[string]bool{"base.html": true}
	calls := map[string][]string{} // callee → callers
	note := func(u *unit) {
		for name, tree := range u.trees {
			walk(tree.Root, func(n parse.Node) {
				if c, ok := n.(*parse.TemplateNode); ok {
					calls[c.Name] = append(calls[c.Name], name)
				}
			})
		}
	}
	var todo []string
	for _, u := range p.layouts {
		note(u)
		for n := range u.trees {
			if n != u.name {
				todo = append(todo, n)
			}
		}
	}
	for _, u := range p.shared {
		note(u)
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !out[n] {
			out[n] = true
			todo = append(todo, calls[n]...)
		}
	}
	return out
}

// runByName notes the partials that a template runs by name.
func runByName(tree *parse.Tree, names map[string]bool) {
	walk(tree.Root, func(n parse.Node) {
		a, ok := n.(*parse.ActionNode)
		if !ok {
			return
		}
		for _, cmd := range a.Pipe.Cmds {
			f, ok := cmd.Args[0].(*parse.IdentifierNode)
			if !ok || f.Ident != "cached" || len(cmd.Args) < 2 {
				continue
			}
			if s, ok := cmd.Args[1].(*parse.StringNode); ok {
				names[s.Text] = true
			}
		}
	})
}
