package a11y

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/css"
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// Page returns the page as rules see it, in the first of the checker's modes.
func (c *Checker) Page(name, html string) *act.Page {
	doc := dom.Parse(html)
	sheets, _ := c.linked(name, doc)
	p := act.NewPage(doc, style.NewMatcher(doc, sheets).Styles(c.o.Modes[0]))
	p.URL = name
	return p
}

// Outline returns the accessibility tree as text: a line per element that
// means something, with its role and name, and the text between them.
// Elements that have no ARIA role stand as their tag.
func Outline(p *act.Page) string {
	o := outline{page: p}
	if root := p.Doc.HTML(); root != nil {
		o.element(root, 0)
	}
	return o.b.String()
}

type outline struct {
	page *act.Page
	b    strings.Builder
}

func (o *outline) line(depth int, parts ...string) {
	for range depth {
		o.b.WriteString("  ")
	}
	for i, s := range parts {
		if i > 0 {
			o.b.WriteByte(' ')
		}
		o.b.WriteString(s)
	}
	o.b.WriteByte('\n')
}

// element writes the element, when it is exposed and not generic, and what is
// below it.
func (o *outline) element(n *dom.Node, depth int) {
	p := o.page
	role := p.Role(n)
	if shown := p.Exposed(n) && role != aria.Generic && !transparent(n, role); shown {
		label := role.String()
		if role == aria.NoRole {
			label = "<" + n.Name + ">"
		}
		if name := p.Name(n); name != "" {
			label += " " + quote(name)
		}
		if d := p.Description(n); d != "" {
			label += " description " + quote(d)
		}
		o.line(depth, label)
		depth++
		if role.Info().ChildrenPresentational || p.Tree.NameFrom(n) == aria.FromContent && leaf(n) {
			return
		}
	}
	o.children(n, depth)
}

func (o *outline) children(n *dom.Node, depth int) {
	t := o.page.Tree
	for c := range t.FlatChildren(n) {
		switch {
		case c.Type == dom.Text:
			if s := aria.Collapse(c.Text); s != "" && !t.Hidden(c) {
				o.line(depth, "text", quote(s))
			}
		case c.Type == dom.Element && t.Owner(c) == nil:
			o.element(c, depth)
		}
	}
	for _, c := range t.Owned(n) {
		o.element(c, depth)
	}
}

// transparent reports whether an element without a role is left out, so that
// only its content is seen.
func transparent(n *dom.Node, role aria.Role) bool {
	if role != aria.NoRole {
		return false
	}
	switch n.Name {
	case "iframe", "video", "audio", "canvas", "embed", "object", "input", "summary", "map":
		return false
	}
	return true
}

func leaf(n *dom.Node) bool { return n.FirstElement() == nil }

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// An Element is what assistive technology is told of an element.
type Element struct {
	N           int    `json:"n"`
	Target      string `json:"target"`
	Role        string `json:"role"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Exposed     bool   `json:"exposed"`
}

// Query returns what is told of the elements that the CSS selector matches,
// exposed or not, in document order.
func Query(p *act.Page, selector string) ([]Element, error) {
	list, bad := css.ParseSelectors(selector)
	if bad != nil {
		return nil, fmt.Errorf("selector %q: %s at %d", selector, bad.Msg, bad.Pos)
	}
	var out []Element
	for _, n := range style.Select(p.Doc, list) {
		out = append(out, Element{len(out), n.Path(), p.Role(n).String(), p.Name(n), p.Description(n), p.Exposed(n)})
	}
	return out, nil
}

// WriteElements writes one JSON object a line.
func WriteElements(w io.Writer, elements []Element) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range elements {
		if err := enc.Encode(&elements[i]); err != nil {
			return err
		}
	}
	return nil
}
