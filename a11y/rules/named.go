package rules

import (
	"iter"
	"slices"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// exposed yields the elements in the accessibility tree with one of the
// roles.
func exposed(roles ...aria.Role) func(*act.Page) iter.Seq[*dom.Node] {
	return func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return slices.Contains(roles, p.Role(e)) && p.Exposed(e)
		})
	}
}

// html keeps the HTML elements among the targets.
func html(targets func(*act.Page) iter.Seq[*dom.Node]) func(*act.Page) iter.Seq[*dom.Node] {
	return func(p *act.Page) iter.Seq[*dom.Node] {
		return func(yield func(*dom.Node) bool) {
			for e := range targets(p) {
				if e.NS == dom.HTML && !yield(e) {
					return
				}
			}
		}
	}
}

// named judges an element by its accessible name alone.
func named(p *act.Page, e *dom.Node, hints ...string) act.Verdict {
	if name := p.Name(e); !blank(name) {
		return act.Pass("named").With("name", name)
	}
	return act.Fail("no-name", hints...)
}
