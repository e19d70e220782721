package theme

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"handrail/internal/diag"
)

// Names of the functions that are put into the trees. They must be among the
// functions that an instance is made with.
const (
	// StepFunc is called with a place id in every turn of a range.
	StepFunc = "_step"
	// EnterFunc and LeaveFunc are called with a place id at the beginning
	// and the end of a template that may call itself.
	EnterFunc, LeaveFunc = "_enter", "_leave"
)

// countSteps puts a call of StepFunc into the body of every range, so that a
// loop without end can be stopped while it prints nothing. The call is a
// variable that nobody reads: it prints nothing, and html/template leaves it
// alone.
func (t *Theme) countSteps(u *unit) {
	for _, name := range slices.Sorted(maps.Keys(u.trees)) {
		tree := u.trees[name]
		walk(tree.Root, func(n parse.Node) {
			r, ok := n.(*parse.RangeNode)
			if !ok || r.List == nil {
				return
			}
			r.List.Nodes = slices.Insert(r.List.Nodes, 0, t.call(StepFunc, u, r.Pos))
		})
	}
}

// call makes an action that calls a function with the id of a place.
func (t *Theme) call(fn string, u *unit, pos parse.Pos) parse.Node {
	tree := parse.New("step")
	tree.Mode = parse.SkipFuncCheck
	text := fmt.Sprintf("{{$_ := %s %d}}", fn, len(t.places))
	if _, err := tree.Parse(text, "", "", map[string]*parse.Tree{}); err != nil {
		panic("theme: " + err.Error())
	}
	t.places = append(t.places, node{unit: u, pos: pos})
	return tree.Root.Nodes[0]
}

// Place is where the range or the template with a place id stands.
func (t *Theme) Place(id int) diag.Pos {
	p := t.places[id]
	// A range node begins after the word, a template at its first byte.
	off := max(strings.LastIndex(p.unit.src[:p.pos], "{{"), 0)
	return p.unit.lines.Pos(off)
}

// findLoops finds the templates that may come to call themselves, by name,
// whichever files their names stand for, and counts their depth.
func (t *Theme) findLoops() {
	calls := map[string][]string{}
	for _, p := range slices.Sorted(maps.Keys(t.units)) {
		for name, tree := range t.units[p].trees {
			walk(tree.Root, func(n parse.Node) {
				if c, ok := n.(*parse.TemplateNode); ok {
					calls[name] = append(calls[name], c.Name)
				}
			})
		}
	}
	t.loops = map[string]bool{}
	for name := range calls {
		if reaches(calls, name, name, map[string]bool{}) {
			t.loops[name] = true
		}
	}
	for _, p := range slices.Sorted(maps.Keys(t.units)) {
		u := t.units[p]
		for _, name := range slices.Sorted(maps.Keys(u.trees)) {
			if t.loops[name] {
				root := u.trees[name].Root
				root.Nodes = slices.Insert(root.Nodes, 0, t.call(EnterFunc, u, root.Pos))
				root.Nodes = append(root.Nodes, t.call(LeaveFunc, u, root.Pos))
			}
		}
	}
}

func reaches(calls map[string][]string, from, to string, seen map[string]bool) bool {
	for _, c := range calls[from] {
		if c == to {
			return true
		}
		if !seen[c] {
			seen[c] = true
			if reaches(calls, c, to, seen) {
				return true
			}
		}
	}
	return false
}
