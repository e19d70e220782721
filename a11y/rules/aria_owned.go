package rules

import (
	"iter"
	"slices"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// ariaOwned: a list, menu or table holds only its own kind of parts.
var ariaOwned = &act.Rule{
	ID:       "aria-owned",
	ACT:      []string{"bc4a75"},
	Criteria: []wcag.SC{"1.3.1"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			// A dl has the role of a list in the draft of 1.3 only.
			return len(p.Role(e).Info().Children) > 0 && !e.Is("dl") && e.NS != dom.MathML && p.Exposed(e) && !busy(p, e)
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		role := p.Role(e)
		children := parts(p, e)
		if len(children) == 0 {
			return act.Pass("empty").With("role", role.String())
		}
		if odd := misplaced(p, role, role.Info().Children, children); odd != nil {
			return act.Fail("wrong-child").With("role", role.String()).
				With("need", roleList(role.Info().Children)).With("child", kind(p, odd)).On(odd)
		}
		return act.Pass("owns").With("role", role.String())
	},
}

type busyKey struct{}

// busy reports whether e, or what is round it, is being changed.
func busy(p *act.Page, e *dom.Node) bool {
	if !act.Static(p, busyKey{}, func() bool {
		return slices.ContainsFunc(p.Tree.Elements(), func(e *dom.Node) bool { return e.Get("aria-busy") == "true" })
	}) {
		return false
	}
	for n := e; n != nil; n = p.Tree.Up(n) {
		if n.Get("aria-busy") == "true" {
			return true
		}
	}
	return false
}

// parts returns the accessibility children of e. A generic element counts
// only when it holds text and nothing with a role: then it is what a screen
// reader meets.
func parts(p *act.Page, e *dom.Node) (out []*dom.Node) {
	for c := range p.Tree.Down(e) {
		if p.Hidden(c) || custom(c) {
			continue
		}
		switch role := p.Role(c); role {
		case aria.None:
			out = append(out, parts(p, c)...)
		case aria.Generic, aria.NoRole:
			inner := parts(p, c)
			if len(inner) == 0 && !blank(c.TextContent()) {
				inner = []*dom.Node{c}
			}
			out = append(out, inner...)
		default:
			out = append(out, c)
		}
	}
	return out
}

// misplaced returns the first child that none of the contexts allows. A
// group is looked into: what it holds has to fit as well.
func misplaced(p *act.Page, owner aria.Role, allowed []aria.Context, children []*dom.Node) *dom.Node {
	for _, c := range children {
		role := p.Role(c)
		if neutral(owner, role) {
			continue
		}
		ok := false
		var inside []aria.Context
		for _, a := range allowed {
			if a.Role != role {
				continue
			}
			ok = true
			if a.With != aria.NoRole {
				inside = append(inside, aria.Context{Role: a.With})
			}
		}
		if !ok {
			return c
		}
		if inside != nil {
			if odd := misplaced(p, owner, inside, parts(p, c)); odd != nil {
				return odd
			}
		}
	}
	return nil
}

// neutral reports whether a part may stand in any place of its owner: the
// caption of a table, a line between the items of a menu.
func neutral(owner, role aria.Role) bool {
	switch role {
	case aria.Caption:
		return owner.Is(aria.Table)
	case aria.Separator:
		return owner == aria.Menu || owner == aria.Menubar || owner == aria.Listbox
	}
	return false
}
