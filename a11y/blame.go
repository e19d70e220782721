package a11y

import (
	"handrail/a11y/dom"
	"handrail/a11y/style"
)

// blame returns the place of the declaration that gives the node its value of
// the property, nil when no author's declaration does.
func blame(page string, styles *style.Styles, n *dom.Node, prop string) *StylePos {
	from, ok := styles.WhereOf(n, prop)
	switch {
	case !ok || from.UA:
		return nil
	case from.Page:
		return &StylePos{page, from.Offset}
	}
	return &StylePos{from.Sheet, from.Offset}
}
