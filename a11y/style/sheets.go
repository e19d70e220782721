package style

import (
	"strings"

	"handrail/a11y/dom"
)

// Sheets returns the style sheets of a page in the order of the cascade: those
// that link elements name, by the resolver, and the page's own style elements.
// Alternative sheets and those of other types are left out.
func Sheets(doc *dom.Doc, resolve Resolver) []*Sheet {
	var out []*Sheet
	for n := range doc.Elements() {
		switch {
		case n.Is("style") || n.NS == dom.SVG && n.Name == "style":
			if t := strings.TrimSpace(strings.ToLower(n.Get("type"))); t != "" && t != "text/css" {
				continue
			}
			out = append(out, pageSheet(n, resolve).WithMedia(n.Get("media")))
		case n.Is("link") && resolve != nil && isStyleLink(n):
			if s := resolve("", strings.TrimSpace(n.Get("href"))); s != nil {
				out = append(out, s.WithMedia(n.Get("media")))
			}
		}
	}
	return out
}

// isStyleLink says whether a link loads a sheet that applies at once.
func isStyleLink(n *dom.Node) bool {
	rel := n.Get("rel")
	if !hasWord(rel, "stylesheet", true) || hasWord(rel, "alternate", true) || n.Has("disabled") {
		return false
	}
	t := strings.TrimSpace(strings.ToLower(n.Get("type")))
	return (t == "" || strings.HasPrefix(t, "text/css")) && n.Get("href") != ""
}

// pageSheet parses a style element. Its positions are in the page.
func pageSheet(n *dom.Node, resolve Resolver) *Sheet {
	s := ParseSheetWith(n.TextContent(), "", resolve)
	s.inPage = true
	if n.FirstChild != nil {
		s.Base = max(n.FirstChild.Pos, 0)
	}
	return s
}
