package rules

import (
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
)

// repeats is what a page shares with the pages that it links to. ACT, block
// of repeated content: there is a link to a page at another address that has
// an equivalent block.
type repeats struct {
	others []*act.Other
	// first is where the shared content begins; nil when nothing is shared.
	first *dom.Node
	// novel are the text nodes and pictures after it that the others lack.
	novel map[*dom.Node]bool
	// before are the shared ones that come before a novel one.
	before []*dom.Node
}

type repeatsKey struct{}

// maxOthers is how many linked pages are read for one page.
const maxOthers = 4

func repeatsOf(p *act.Page) *repeats {
	return act.Shared(p, repeatsKey{}, func() *repeats {
		r := &repeats{others: linkedPages(p), novel: map[*dom.Node]bool{}}
		if root := p.Doc.HTML(); root != nil && len(r.others) > 0 {
			var shared []*dom.Node
			r.walk(p, root, &shared)
		}
		return r
	})
}

// linkedPages returns pages at other addresses of the site that links on the
// page lead to.
func linkedPages(p *act.Page) []*act.Other {
	var out []*act.Other
	seen := map[string]bool{strings.TrimPrefix(p.URL, "/"): true}
	for _, e := range p.Tree.Elements() {
		if !p.Role(e).Is(aria.Link) || p.Hidden(e) {
			continue
		}
		if o, ok := p.Other(destination(e)); ok && !seen[o.Path] {
			seen[o.Path] = true
			if out = append(out, o); len(out) == maxOthers {
				break
			}
		}
	}
	return out
}

// walk goes through the perceivable content in the order of the flat tree.
func (r *repeats) walk(p *act.Page, n *dom.Node, shared *[]*dom.Node) {
	for c := range p.Tree.FlatChildren(n) {
		text, leaf := contentOf(p, n, c)
		switch {
		case !leaf && c.Type == dom.Element && p.Styles.Rendered(c):
			r.walk(p, c, shared)
		case text == "":
		case r.known(text):
			if r.first == nil {
				r.first = c
			}
			*shared = append(*shared, c)
		case r.first != nil:
			r.novel[c] = true
			r.before = append(r.before, *shared...)
			*shared = nil
		}
	}
}

// contentOf returns the text of a text node or picture that can be perceived,
// and whether c is one at all.
func contentOf(p *act.Page, parent, c *dom.Node) (text string, leaf bool) {
	switch {
	case c.Type == dom.Text:
		if blank(c.Text) || p.Hidden(parent) && !seen(p, parent) {
			return "", true
		}
		return c.Text, true
	case c.Is("img"):
		return c.Get("alt"), true
	}
	return "", false
}

func (r *repeats) known(text string) bool {
	for _, o := range r.others {
		if o.Has(text) {
			return true
		}
	}
	return false
}

// has reports whether e holds novel content.
func (r *repeats) has(p *act.Page, e *dom.Node) bool {
	return r.novel[e] || r.find(p, e, func(n *dom.Node) bool { return r.novel[n] })
}

// starts reports whether the first content in e, or after it where it is
// empty, is novel.
func (r *repeats) starts(p *act.Page, e *dom.Node) bool {
	var first *dom.Node
	found := r.find(p, e, func(n *dom.Node) bool { first = n; return true })
	for n := e; !found && n != nil; n = p.Tree.FlatElement(n) {
		for next := p.Tree.FlatNext(n); next != nil && !found; next = p.Tree.FlatNext(next) {
			if text, leaf := contentOf(p, p.Tree.FlatElement(n), next); leaf {
				first, found = next, text != ""
			} else if next.Type == dom.Element {
				found = r.find(p, next, func(n *dom.Node) bool { first = n; return true })
			}
		}
	}
	return found && r.novel[first]
}

// find reports whether f accepts a text node or picture in e; it stops at the
// first one that it does.
func (r *repeats) find(p *act.Page, e *dom.Node, f func(*dom.Node) bool) bool {
	for c := range p.Tree.FlatChildren(e) {
		text, leaf := contentOf(p, e, c)
		switch {
		case leaf && text != "" && f(c):
			return true
		case !leaf && c.Type == dom.Element && p.Styles.Rendered(c) && r.find(p, c, f):
			return true
		}
	}
	return false
}
