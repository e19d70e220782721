package style

import (
	"strconv"
	"strings"

	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// extra holds the declarations that belong to one element: those of its style
// attribute and those that its other attributes stand for. Elements whose
// attributes say the same at the same place share one.
type extra struct {
	inline []decl
	hints  []decl
	offset int // of the style attribute's value in the page
	id     int32
}

// addExtras reads the style attributes and presentational hints of the page.
func (m *Matcher) addExtras() {
	for _, n := range m.doc.Nodes {
		if n.Type != dom.Element || len(n.Attrs) == 0 {
			continue
		}
		hints := hints(n)
		inline, _ := n.Attr("style")
		if hints == "" && inline == "" {
			continue
		}
		if m.extras == nil {
			m.extras = make([]*extra, len(m.doc.Nodes))
		}
		m.extras[n.Index] = m.cache.extra(hints, inline, func() int { return inlinePos(m.doc, n, inline) })
	}
}

func (m *Matcher) extra(n *dom.Node) *extra {
	if m.extras == nil {
		return nil
	}
	return m.extras[n.Index]
}

// extra returns the declarations of attributes, parsed once for equal ones.
// The texts are copied, as the page may not outlive its check.
func (c *store) extra(hints, inline string, pos func() int) *extra {
	offset := 0
	key := hints
	if inline != "" {
		offset = pos()
		key += "\x00" + inline + "\x00" + strconv.Itoa(offset)
	}
	if ex := c.extras[key]; ex != nil {
		return ex
	}
	ex := &extra{id: int32(len(c.extras)), offset: offset, hints: parseExtra(hints), inline: parseExtra(strings.Clone(inline))}
	c.extras[strings.Clone(key)] = ex
	return ex
}

func parseExtra(text string) []decl {
	if text == "" {
		return nil
	}
	parsed, _ := css.ParseDecls(text)
	return declarations(text, parsed)
}

// inlinePos finds where the value of a style attribute stands.
func inlinePos(doc *dom.Doc, n *dom.Node, v string) int {
	pos := n.AttrPos("style")
	if pos >= 0 && pos < len(doc.Source) {
		if i := strings.Index(doc.Source[pos:max(n.End, pos)], v); i >= 0 {
			pos += i
		}
	}
	return pos
}
