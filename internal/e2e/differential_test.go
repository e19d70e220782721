package e2e

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/aria"
	htmldom "handrail/a11y/dom"
	"handrail/a11y/style"
)

// A difference is where the browser and package a11y do not agree on an
// element. What is a computed property, or rendered, hidden, role or name.
type difference struct {
	page      string
	look      look
	node      *htmldom.Node
	ours      *act.Page
	theirs    *seen
	what      string
	got, want string // ours, the browser's
}

func (d *difference) String() string {
	return fmt.Sprintf("%s %s: %s: %s %q; the browser has %q", d.page, d.look, d.node.Path(), d.what, d.got, d.want)
}

// TestDifferential holds styles, roles and names of every element against
// Chromium's. A difference is of a listed kind, or a fault; a kind that
// does not occur any more is to be taken off the list.
func TestDifferential(t *testing.T) {
	needBrowser(t)
	ctx := newTab(t)
	if _, err := chromedp.Call(ctx, accessibility.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	tally := differentialTally{kinds: map[string]int{}}
	for _, f := range folders(t) {
		url := f.serve(t)
		checkers := map[look]*a11y.Checker{}
		for _, l := range differentialLooks {
			checkers[l] = a11y.NewChecker(a11y.Options{Modes: []style.Mode{l.mode()}, Sheets: a11y.SheetsFrom(f.fsys)})
		}
		for i, name := range f.pages {
			src, err := fs.ReadFile(f.fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			for j, l := range f.looks(i) {
				setLook(t, ctx, l)
				if j == 0 {
					if err := chromedp.Do(ctx, chromedp.Navigate(url+pageURL(name))); err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
				tally.compare(t, &difference{page: f.name + "/" + name, look: l, ours: checkers[l].Page(name, string(src))}, inBrowser(t, ctx))
			}
		}
	}
	tally.report(t)
}

// pageURL is the address below the root: the server of files names no
// index.html.
func pageURL(name string) string {
	if path.Base(name) == "index.html" {
		return strings.TrimSuffix(name, "index.html")
	}
	return name
}

type differentialTally struct {
	pages, elements, values, unlisted int
	kinds                             map[string]int
}

// compare counts and judges the differences of a page.
func (c *differentialTally) compare(t *testing.T, on *difference, want []*seen) {
	c.pages++
	nodes := elementsInOrder(on.ours.Doc)
	if len(nodes) != len(want) {
		t.Errorf("%s: %d elements; the browser has %d", on.page, len(nodes), len(want))
		return
	}
	for i, n := range nodes {
		c.elements++
		if w := want[i].tag; !strings.EqualFold(n.Name, w) {
			t.Errorf("%s: element %d is %s; the browser has %s", on.page, i, n.Name, w)
			return
		}
		d := *on
		d.node, d.theirs = n, want[i]
		d.each(func(what, got, want string, same bool) {
			c.values++
			if !same {
				d.what, d.got, d.want = what, got, want
				c.judge(t, &d)
			}
		})
	}
}

func (c *differentialTally) judge(t *testing.T, d *difference) {
	for _, k := range differentialKinds {
		if k.is(d) {
			c.kinds[k.id]++
			return
		}
	}
	c.unlisted++
	t.Error(d)
}

func (c *differentialTally) report(t *testing.T) {
	t.Logf("%d views of pages, %d elements, %d values compared, %d differences unlisted", c.pages, c.elements, c.values, c.unlisted)
	for _, k := range differentialKinds {
		n := c.kinds[k.id]
		t.Logf("%6d %s: %s", n, k.id, k.why)
		if n == 0 && (!k.rare || full()) {
			t.Errorf("%s does not occur any more: take it off the list", k.id)
		}
	}
}

// elementsInOrder lists the elements of a page as the browser's are listed.
func elementsInOrder(doc *htmldom.Doc) (out []*htmldom.Node) {
	var walk func(n *htmldom.Node)
	walk = func(n *htmldom.Node) {
		if n.Type == htmldom.Element {
			out = append(out, n)
		}
		if n.Shadow != nil {
			walk(n.Shadow)
		}
		for c := range n.Children() {
			walk(c)
		}
	}
	walk(doc.Root)
	return out
}

// each calls f with everything that is compared of an element.
func (d *difference) each(f func(what, got, want string, same bool)) {
	p, n, b := d.ours, d.node, d.theirs
	rendered := p.Styles.Rendered(n)
	f("rendered", fmt.Sprint(rendered), fmt.Sprint(b.rendered), rendered == b.rendered)
	if rendered && b.rendered {
		c := p.Styles.Of(n)
		for _, prop := range compared {
			got, want := c.Value(prop), b.values[prop]
			if strings.HasSuffix(prop, "color") {
				col := c.Color()
				if prop == "background-color" {
					col = c.BackgroundColor()
				}
				got = fmt.Sprintf("%.0f,%.0f,%.0f,%.3g", col.R*255, col.G*255, col.B*255, col.A)
				f(prop, got, want, sameColour(got, want))
				continue
			}
			if prop == "line-height" {
				got = "normal"
				if lh := c.LineHeight(); !lh.Normal {
					got = fmt.Sprintf("%gpx", lh.Px)
				}
			}
			f(prop, got, want, sameLength(got, want))
		}
	}
	hidden := p.Tree.Hidden(n)
	if b.ax == nil && !b.told && (b.empty || n.Is("img")) && ourRole(p, n) == "" {
		return // nothing to tell, hidden or not
	}
	f("hidden", fmt.Sprint(hidden), strings.TrimSpace(fmt.Sprint(b.hidden())+" "+b.reason()), hidden == b.hidden())
	if hidden || b.hidden() || b.ax == nil {
		return
	}
	role, theirRole := ourRole(p, n), browserRole(b.ax)
	f("role", role, strings.TrimSpace(theirRole+" "+b.reason()), role == theirRole)
	if role != "" && theirRole != "" {
		name, theirName := aria.Collapse(p.Name(n)), aria.Collapse(text(b.ax.Name))
		f("name", name, theirName, name == theirName)
	}
}

// ourRole is the role that assistive technology is told, "" for none.
func ourRole(p *act.Page, n *htmldom.Node) string {
	role := p.Role(n)
	if !p.Exposed(n) || role == aria.Generic || role == aria.None {
		return ""
	}
	return role.String()
}

// browserRole is the browser's role of an element in the words of WAI-ARIA.
func browserRole(ax *accessibility.Node) string {
	if ax.Ignored {
		return ""
	}
	role := text(ax.Role)
	if r, ok := ownNames[role]; ok {
		return r
	}
	return role
}

func sameColour(a, b string) bool {
	x, y := numbers(a, ","), numbers(b, ",")
	if len(x) != 4 || len(y) != 4 {
		return a == b
	}
	if x[3] == 0 && y[3] == 0 {
		return true
	}
	return math.Abs(x[0]-y[0]) <= 2 && math.Abs(x[1]-y[1]) <= 2 && math.Abs(x[2]-y[2]) <= 2 && math.Abs(x[3]-y[3]) < 0.01
}

func sameLength(a, b string) bool {
	if a == b || a == "0px" && b == "normal" {
		return true
	}
	x, y := numbers(a, "px"), numbers(b, "px")
	return len(x) == 1 && len(y) == 1 && math.Abs(x[0]-y[0]) < 0.06
}

// numbers reads the numbers between separators, nil when something is none.
func numbers(s, sep string) (out []float64) {
	for _, part := range slices.DeleteFunc(strings.Split(s, sep), func(p string) bool { return p == "" }) {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil
		}
		out = append(out, x)
	}
	return out
}
