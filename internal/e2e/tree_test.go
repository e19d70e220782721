package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
)

// An item is one thing that a screen reader comes to when it reads on.
type item struct {
	depth  int
	role   string
	level  string
	name   string
	states []string
	lang   string // when it differs from the page's
}

func (i item) String() string {
	parts := []string{strings.TrimSpace(i.role + " " + i.level)}
	if i.name != "" {
		parts = append(parts, fmt.Sprintf("“%s”", i.name))
	}
	parts = append(parts, i.states...)
	if i.lang != "" {
		parts = append(parts, "lang="+i.lang)
	}
	return strings.Repeat("  ", min(i.depth, 10)) + strings.Join(parts, " ")
}

var (
	// Roles that a screen reader passes over.
	silentRoles = strings.Fields("none generic InlineTextBox LineBreak LayoutTable LayoutTableRow LayoutTableCell RootWebArea rowgroup LabelText LegendText Section Div paragraph ListMarker")
	// Roles whose name is the text inside, which is not read a second time.
	namedByText = strings.Fields("link button heading option tab menuitem image switch checkbox radio DisclosureTriangle term cell gridcell columnheader rowheader caption Abbr")
	landmarks   = strings.Fields("banner navigation main contentinfo search form region complementary")
	stateNames  = strings.Fields("expanded checked pressed selected disabled required invalid readonly modal live")
)

// transcript is Chromium's accessibility tree as a screen reader goes through
// it from top to bottom.
func transcript(t *testing.T, ctx context.Context) []item {
	t.Helper()
	langs, page := languagesOfNodes(t, ctx)
	if _, err := chromedp.Call(ctx, accessibility.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{nodes: map[accessibility.NodeID]*accessibility.Node{}, langs: langs, page: page}
	for _, n := range tree.Nodes {
		r.nodes[n.NodeID] = n
	}
	r.read(tree.Nodes[0], 0, nil)
	return r.items
}

// languagesOfNodes gives for each node the language it is marked with, and that
// of the page.
func languagesOfNodes(t *testing.T, ctx context.Context) (map[cdp.BackendNodeID]string, string) {
	t.Helper()
	doc, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(-1))})
	if err != nil {
		t.Fatal(err)
	}
	langs := map[cdp.BackendNodeID]string{}
	page := ""
	var walk func(n *cdp.Node, lang string)
	walk = func(n *cdp.Node, lang string) {
		for i := 0; i+1 < len(n.Attributes); i += 2 {
			if n.Attributes[i] == "lang" {
				lang = n.Attributes[i+1]
			}
		}
		if n.NodeName == "HTML" {
			page = lang
		}
		langs[n.BackendNodeID] = lang
		for _, c := range n.Children {
			walk(c, lang)
		}
	}
	walk(doc.Root, "")
	return langs, page
}

type reader struct {
	nodes map[accessibility.NodeID]*accessibility.Node
	langs map[cdp.BackendNodeID]string
	page  string
	items []item
}

// read goes through n and what is in it; within is the item whose name
// this text is part of: it is read once.
func (r *reader) read(n *accessibility.Node, depth int, within *item) {
	if n == nil {
		return
	}
	role, name := text(n.Role), strings.Join(strings.Fields(text(n.Name)), " ")
	lang := r.langs[n.BackendDOMNodeID]
	if lang == r.page {
		lang = ""
	}
	passed := n.Ignored || slices.Contains(silentRoles, role)
	if role == "caption" || role == "Legend" { // the table or group has it as its name
		return
	}
	switch {
	case passed:
	case role == "StaticText":
		if name != "" && (within == nil || lang != within.lang) {
			r.items = append(r.items, item{depth: depth, role: "text", name: name, lang: lang})
		}
		return
	default:
		it := item{depth: depth, role: role, name: name, lang: lang, states: statesOf(n)}
		if v := property(n, "level"); v != "" && role == "heading" {
			it.level = v
		}
		r.items = append(r.items, it)
		if within == nil && name != "" && slices.Contains(namedByText, role) {
			within = &it
		}
		depth++
	}
	for _, c := range n.ChildIDs {
		r.read(r.nodes[c], depth, within)
	}
}

func statesOf(n *accessibility.Node) []string {
	var out []string
	for _, s := range stateNames {
		v := property(n, s)
		if v == "" || v == "false" && s != "expanded" && s != "checked" || v == "off" {
			continue
		}
		out = append(out, s+"="+v)
	}
	if v := text(n.Value); v != "" {
		out = append(out, "value="+v)
	}
	if v := text(n.Description); v != "" {
		out = append(out, "described=“"+v+"”")
	}
	return out
}

func property(n *accessibility.Node, name string) string {
	for _, p := range n.Properties {
		if string(p.Name) == name {
			return text(p.Value)
		}
	}
	return ""
}

func text(v *accessibility.Value) string {
	if v == nil || len(v.Value) == 0 {
		return ""
	}
	var s any
	if json.Unmarshal(v.Value, &s) != nil || s == nil {
		return ""
	}
	return fmt.Sprint(s)
}
