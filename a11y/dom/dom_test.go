package dom

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// checkTree fails when links, numbers or positions of a tree do not fit
// together.
func checkTree(t testing.TB, d *Doc) {
	t.Helper()
	for i, n := range d.Nodes {
		if n.Index != i {
			t.Fatalf("node %d has index %d", i, n.Index)
		}
		if n.doc != d {
			t.Fatalf("node %d is of no document", i)
		}
		if n.Pos >= 0 && !(n.Pos <= n.End && n.End <= len(d.Source)) {
			t.Fatalf("%s: position %d–%d in %d bytes", n.Name, n.Pos, n.End, len(d.Source))
		}
		if n.Close > len(d.Source) || n.Pos >= 0 && n.Close < n.End && n.Type == Element {
			t.Fatalf("%s: closed at %d, start tag ends at %d", n.Name, n.Close, n.End)
		}
		if n.Type == Element && n.Pos >= 0 && d.Source[n.Pos] != '<' {
			t.Fatalf("%s: no tag at %d", n.Name, n.Pos)
		}
		last := n.Pos
		for _, a := range n.Attrs {
			if a.Pos < 0 {
				continue
			}
			if n.Name != "html" && n.Name != "body" && (a.Pos <= last || a.Pos >= n.End) {
				t.Fatalf("%s: attribute %s at %d, outside %d–%d", n.Name, a.Name, a.Pos, last, n.End)
			}
			last = a.Pos
		}
		var prev *Node
		for c := n.FirstChild; c != nil; c = c.Next {
			if c.Parent != n || c.Prev != prev || c.Index <= i {
				t.Fatalf("%s: child %s is not linked", n.Name, c.Name)
			}
			if c.Type == Text && prev != nil && prev.Type == Text {
				t.Fatalf("%s: two text nodes side by side", n.Name)
			}
			prev = c
		}
		if n.LastChild != prev {
			t.Fatalf("%s: wrong last child", n.Name)
		}
	}
}

func TestPositions(t *testing.T) {
	src := "<!doctype html>\n<title>T</title>\n<p id=a CLASS='b c'>x &amp; y<br>z</p>\n<!-- c --><table><tr><td>1</table>"
	d := Parse(src)
	checkTree(t, d)
	p := d.ByID("a")
	at := func(name string, pos int, want string) {
		t.Helper()
		if pos < 0 || !strings.HasPrefix(src[pos:], want) {
			t.Errorf("%s at %d; want it at %q", name, pos, want)
		}
	}
	at("p", p.Pos, "<p id")
	at("end of start tag", p.End, "x &amp;")
	at("close", p.Close, "\n<!--")
	at("class", p.AttrPos("class"), "CLASS=")
	at("text", p.FirstChild.Pos, "x &amp;")
	at("end of text", p.FirstChild.End, "<br>")
	if got := p.FirstChild.Text; got != "x & y" {
		t.Errorf("text = %q", got)
	}
	if tbody := d.HTML().LastChild.LastChild.FirstChild; tbody.Name != "tbody" || tbody.Pos != -1 {
		t.Errorf("implied tbody: %s at %d", tbody.Name, tbody.Pos)
	}
}

func TestByteOrderMark(t *testing.T) {
	d := Parse("\ufeff<!doctype html><p id=a>x")
	checkTree(t, d)
	if d.QuirksMode {
		t.Error("quirks mode")
	}
	if got := d.Source[d.ByID("a").Pos:][:2]; got != "<p" {
		t.Errorf("p at %q", got)
	}
}

func TestPath(t *testing.T) {
	d := Parse(`<!doctype html><body><main><img><img><ul><li><li><a>x</a></ul></main>
<div id=side><p></p></div><div id=twice></div><div id=twice><p></p></div><div id="1x"><p></p></div><x-y></x-y>`)
	want := map[string]bool{}
	seen := map[string]bool{}
	for n := range d.Elements() {
		p := n.Path()
		if seen[p] {
			t.Errorf("%s names two elements", p)
		}
		seen[p] = true
	}
	for _, p := range []string{"html", "body", "main", "main > img:nth-of-type(2)", "main > ul > li:nth-of-type(2) > a",
		"#side", "#side > p", "body > div:nth-of-type(3) > p", "body > x-y"} {
		want[p] = true
		if !seen[p] {
			t.Errorf("no element has the path %s", p)
		}
	}
	if t.Failed() {
		t.Log(seen)
	}
}

func TestDeepNesting(t *testing.T) {
	n := 20000
	d := Parse("<!doctype html>" + strings.Repeat("<div>", n) + "x" + strings.Repeat("</div>", n) + "<p>after")
	checkTree(t, d)
	depth, most := 0, 0
	for e := range d.Elements() {
		depth = 0
		for p := e; p != nil; p = p.Parent {
			depth++
		}
		most = max(most, depth)
	}
	if most > maxOpen+1 {
		t.Errorf("depth %d", most)
	}
	if count := len(d.Nodes); count < n {
		t.Errorf("%d nodes; elements were lost", count)
	}
	if p := d.Body().LastChild; p.Name != "p" {
		t.Errorf("after all end tags we are in %s, not in body", p.Name)
	}
	d.Nodes[len(d.Nodes)-1].Path()
}

// TestBombs: pages that would make a careless parser slow or fill the memory.
func TestBombs(t *testing.T) {
	n := 20000
	for name, src := range map[string]string{
		"reopened formatting": func() string {
			var b strings.Builder
			for i := range 500 {
				fmt.Fprintf(&b, "<b id=%d>", i)
			}
			return b.String() + strings.Repeat("<p>x</p>", n)
		}(),
		"unmatched end tags":   strings.Repeat("<span>", n) + strings.Repeat("</b>", n),
		"foster-parented":      "<table>" + strings.Repeat("a<tr>", n),
		"adoption":             strings.Repeat("<a><div>", n/4),
		"many attributes":      "<p " + strings.Repeat("a b c ", n) + ">",
		"nested templates":     strings.Repeat("<template>", n),
		"nested tables":        strings.Repeat("<table><tr><td>", n),
		"open forms in tables": strings.Repeat("<table><form>", n),
	} {
		t.Run(name, func(t *testing.T) { checkTree(t, Parse(src)) })
	}
}

func TestShadowRoot(t *testing.T) {
	d := Parse(`<!doctype html><div id=h><template shadowrootmode=open><p>in</p></template>light</div>
<img><template shadowrootmode=open>plain</template>`)
	checkTree(t, d)
	h := d.ByID("h")
	if h.Shadow == nil || h.Shadow.FirstChild == nil || h.Shadow.FirstChild.Name != "p" {
		t.Fatal("no shadow root")
	}
	if got := h.TextContent(); got != "light" {
		t.Errorf("light tree = %q", got)
	}
	if h.Shadow.FirstChild.Path() != "#h > p" {
		t.Errorf("path = %s", h.Shadow.FirstChild.Path())
	}
}

// perfPage is a page of ordinary shape, or the one that HANDRAIL_PERF_PAGE
// names.
func perfPage(tb testing.TB) string {
	if name := os.Getenv("HANDRAIL_PERF_PAGE"); name != "" {
		b, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		return string(b)
	}
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title></head><body><header class="site-header"><nav aria-label="Main"><ul>`)
	for i := range 12 {
		fmt.Fprintf(&b, `<li class="nav-item"><a href="/section-%d/" class="nav-link">Section %d</a></li>`, i, i)
	}
	b.WriteString(`</ul></nav></header><main id="main"><h1>A page of ordinary length</h1>`)
	for i := range 60 {
		fmt.Fprintf(&b, `<section id="s%d"><h2>Part %d &amp; more</h2><p>Some text with <a href="#s%d">a link</a> and <em>stress</em>, `+
			`long enough to be a paragraph.</p><ul class="list"><li>One</li><li>Two</li></ul></section>`+"\n", i, i, i)
	}
	b.WriteString(`</main><footer><p>Footer</p></footer></body></html>`)
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	src := perfPage(b)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(src)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "<p>x", "<table>a<tr><td>b", "<svg><title><p></svg>", "<a><p><a></p>", "<select><option><select>",
		"<math><annotation-xml encoding=text/html><p>", "<template><td></template>", "<frameset><frame>", "<!DOCTYPE html PUBLIC \"",
		"<textarea>\r\nx</textarea>", "<script><!--<script></script>", "<plaintext>", "<div><template shadowrootmode=open><p>",
		"\ufeff\x00<p\x00 a\x00=\x00>\x00", "<![CDATA[x]]><svg><![CDATA[&]]>", "<p a='&amp;' a=2 =x>", "</>", "<?x>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, o := range []Options{{}, {NoScript: true}} {
			d := ParseWith(src, o)
			checkTree(t, d)
			for n := range d.Elements() {
				if n.Path() == "" {
					t.Fatalf("%s has no path", n.Name)
				}
			}
		}
		for _, context := range []string{"div", "td", "select", "template", "script", "svg"} {
			checkTree(t, ParseFragment(src, context, HTML, Options{}))
		}
		checkTree(t, ParseFragment(src, "title", SVG, Options{}))
	})
}
