package style

import (
	"context"
	"encoding/json"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"handrail/a11y/css"
	"handrail/a11y/dom"
)

// browserProps are compared with Chromium. Sizes are left out: it reports used
// values, which layout decides.
var browserProps = strings.Fields(`color background-color background-image font-size font-weight font-style
	letter-spacing word-spacing text-indent text-align text-transform visibility direction writing-mode
	display position float overflow-x overflow-y opacity clip-path z-index text-decoration-line
	margin-top margin-bottom padding-top padding-right padding-bottom padding-left
	border-top-style border-right-style border-left-style border-top-width border-left-width border-right-width
	border-top-color border-left-color outline-style outline-offset outline-color list-style-type
	box-sizing cursor`)

// script writes the computed styles of all elements into the page.
const script = `<script>
addEventListener('load', () => {
  const props = PROPS, out = [];
  for (const e of document.querySelectorAll('*')) {
    if (e.closest('script')) continue;
    const c = getComputedStyle(e), v = {};
    for (const p of props) v[p] = c.getPropertyValue(p);
    out.push({name: e.localName, values: v});
  }
  document.documentElement.innerHTML = '<body><pre id=out></pre>';
  document.getElementById('out').textContent = JSON.stringify(out);
});
</script>`

type browserElement struct {
	Name   string
	Values map[string]string
}

// TestBrowser holds computed values against Chromium's, where it is installed.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	bin, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium")
	}
	files, _ := filepath.Glob("testdata/browser/*.html")
	if len(files) == 0 {
		t.Fatal("no pages")
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			src, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			compareWithBrowser(t, string(src), askBrowser(t, bin, string(src)))
		})
	}
}

// askBrowser returns the computed styles that Chromium reports.
func askBrowser(t *testing.T, bin, src string) []browserElement {
	t.Helper()
	names, _ := json.Marshal(browserProps)
	page := filepath.Join(t.TempDir(), "page.html")
	with := strings.Replace(src, "</body>", strings.Replace(script, "PROPS", string(names), 1)+"</body>", 1)
	if err := os.WriteFile(page, []byte(with), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,800",
		"--hide-scrollbars", "--user-data-dir="+t.TempDir(), "--virtual-time-budget=5000", "--dump-dom", page)
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("chromium does not run here: %v", err)
	}
	_, rest, ok := strings.Cut(string(out), `<pre id="out">`)
	text, _, _ := strings.Cut(rest, "</pre>")
	var els []browserElement
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &els); err != nil || !ok {
		t.Fatalf("no styles from chromium: %v", err)
	}
	return els
}

func compareWithBrowser(t *testing.T, src string, want []browserElement) {
	doc, s := resolve(src, Mode{Width: 1280})
	i := 0
	for n := range doc.Elements() {
		if i >= len(want) {
			t.Fatalf("chromium has %d elements only", len(want))
		}
		w := want[i]
		i++
		if w.Name != n.Name {
			t.Fatalf("element %d is %s here, %s in chromium", i, n.Name, w.Name)
		}
		c := s.Of(n)
		if !s.Rendered(n) {
			continue
		}
		for _, p := range browserProps {
			got := c.Value(p)
			if !sameValue(p, got, w.Values[p]) && !allowed(n, c, p) {
				t.Errorf("%s: %s: %q; chromium has %q", n.Path(), p, got, w.Values[p])
			}
		}
	}
	if i != len(want) {
		t.Errorf("%d elements; chromium has %d", i, len(want))
	}
}

// allowed names the differences that are known and do not matter to rules.
func allowed(n *dom.Node, c *Computed, p string) bool {
	switch {
	case n.Is("input") && (n.Get("type") == "checkbox" || n.Get("type") == "radio"):
		return true // drawn by the browser, whatever borders the author gives
	case n.Is("input", "select", "textarea", "button", "progress", "meter", "option", "optgroup"):
		// The look of form controls is the browser's own business where the
		// author does not set it.
		src, ok := c.Where(p)
		return !ok || src.UA
	case p == "outline-color" && !c.Outline().Drawn():
		return true // the initial value is auto, which Chromium writes as the text colour
	case n.Is("marquee", "dialog", "ruby", "rt", "legend", "html"):
		return strings.HasPrefix(p, "margin") || p == "display" || p == "cursor" || p == "overflow-x" || p == "overflow-y"
	}
	return false
}

func sameValue(p, got, want string) bool {
	if got == want {
		return true
	}
	a, ok1 := readColor(got)
	b, ok2 := readColor(want)
	if ok1 && ok2 {
		near := func(x, y float64) bool { return math.Abs(x-y) <= 1.5/255 }
		return near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B) && near(a.A, b.A) || a.A == 0 && b.A == 0
	}
	x, err1 := strconv.ParseFloat(strings.TrimSuffix(got, "px"), 64)
	y, err2 := strconv.ParseFloat(strings.TrimSuffix(want, "px"), 64)
	if err1 == nil && err2 == nil {
		return math.Abs(x-y) < 0.06
	}
	switch p {
	case "letter-spacing":
		return got == "0px" && want == "normal"
	case "text-align":
		return strings.TrimPrefix(want, "-webkit-") == got
	case "background-image":
		return strings.Contains(want, "gradient") == strings.Contains(got, "gradient")
	}
	return strings.HasPrefix(got, "calc(") || strings.HasPrefix(p, "margin") && got == "auto"
}

func readColor(s string) (Color, bool) {
	toks, _ := css.Tokenize(s)
	c := &cursor{src: s, toks: toks}
	e, ok := c.color()
	if !ok || !c.done() || e.op != colorFixed {
		return Color{}, false
	}
	return e.c, true
}
