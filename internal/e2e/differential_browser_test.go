package e2e

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// compared are the computed values that are held against the browser's.
var compared = strings.Fields("color background-color visibility display font-size line-height text-transform letter-spacing word-spacing")

// A seen is what the browser says of an element.
type seen struct {
	tag      string
	rendered bool
	values   map[string]string
	ax       *accessibility.Node // nil when it is not in the tree at all
	told     bool                // something in it is
	empty    bool                // nothing is in it that could be
}

// hidden reports whether assistive technology is told nothing of the element
// nor of what is in it.
func (s *seen) hidden() bool {
	if s.ax == nil {
		return !s.told
	}
	for _, r := range s.ax.IgnoredReasons {
		switch string(r.Name) {
		case "notRendered", "notVisible", "ariaHiddenElement", "ariaHiddenSubtree", "inertElement", "inertSubtree", "activeModalDialog":
			return s.ax.Ignored
		}
	}
	return false
}

func (s *seen) reason() string {
	if s.ax == nil {
		return "not in the tree"
	}
	var names []string
	for _, r := range s.ax.IgnoredReasons {
		names = append(names, string(r.Name))
	}
	return strings.Join(names, " ")
}

// inBrowser asks the browser about all elements of the page that it shows: one
// question about styles, one about the document, one about the tree.
func inBrowser(t *testing.T, ctx context.Context) []*seen {
	t.Helper()
	rows := listElements(t, ctx, compared)
	out := make([]*seen, len(rows))
	for i, row := range rows {
		s := &seen{tag: row[0], rendered: row[1] == "yes", values: map[string]string{}}
		for j, p := range compared {
			s.values[p] = row[2+j]
		}
		out[i] = s
	}
	doc, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(-1)), Pierce: new(true)})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatal(err)
	}
	nodes := map[cdp.BackendNodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		if known := nodes[n.BackendDOMNodeID]; known == nil || known.Ignored {
			nodes[n.BackendDOMNodeID] = n
		}
	}
	i := 0
	for n := range elementsOf(doc.Root) {
		if i < len(out) {
			out[i].ax = nodes[n.BackendNodeID]
			if out[i].ax == nil {
				out[i].told, out[i].empty = inside(n, nodes)
			}
		}
		i++
	}
	if i != len(out) {
		t.Fatalf("%d elements by script, %d by the protocol", len(out), i)
	}
	return out
}

// listElements lists the elements of the page with their values of props, and
// keeps the list in the page.
func listElements(t *testing.T, ctx context.Context, props []string) [][]string {
	t.Helper()
	src, err := os.ReadFile("measure/elements.js")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(append([]string{}, props...))
	return eval[[][]string](t, ctx, strings.Replace(string(src), "PROPS", string(b), 1))
}

// elementsOf yields the elements in the order of measure/elements.js.
func elementsOf(n *cdp.Node) func(func(*cdp.Node) bool) {
	return func(yield func(*cdp.Node) bool) { walkElements(n, yield) }
}

func walkElements(n *cdp.Node, yield func(*cdp.Node) bool) bool {
	if n.NodeType == 1 && !yield(n) {
		return false
	}
	for _, s := range n.ShadowRoots {
		if s.ShadowRootType != cdp.ShadowRootTypeUserAgent && !walkElements(s, yield) {
			return false
		}
	}
	for _, c := range n.Children {
		if !walkElements(c, yield) {
			return false
		}
	}
	return true
}

// inside reports whether the tree holds something that is inside n, and
// whether n has nothing inside that a tree could hold.
func inside(n *cdp.Node, nodes map[cdp.BackendNodeID]*accessibility.Node) (told, empty bool) {
	empty = true
	var walk func(n *cdp.Node)
	walk = func(n *cdp.Node) {
		if ax := nodes[n.BackendNodeID]; ax != nil && !ax.Ignored {
			told = true
		}
		if n.NodeType == 3 && strings.TrimSpace(n.NodeValue) != "" || n.NodeName == "IMG" {
			empty = false
		}
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(n)
	return told, empty
}
