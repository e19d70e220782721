package markdown

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"

	"handrail/internal/diag"
)

// A corpusPage is a real page: untidy, and not written for us.
type corpusPage struct {
	name string
	src  []byte
	off  int
}

// corpus returns the pages of the folder that HANDRAIL_CORPUS names.
func corpus(tb testing.TB) []corpusPage {
	dir := os.Getenv("HANDRAIL_CORPUS")
	if dir == "" {
		tb.Skip("HANDRAIL_CORPUS names no folder of Markdown")
	}
	var pages []corpusPage
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		off := 0
		if bytes.HasPrefix(src, []byte("---\n")) {
			if i := bytes.Index(src[4:], []byte("\n---\n")); i >= 0 {
				off = 4 + i + 5
			}
		}
		pages = append(pages, corpusPage{strings.TrimPrefix(path, dir+"/"), src, off})
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return pages
}

func TestCorpusIsSound(t *testing.T) {
	c := New(Options{Articles: true})
	codes := map[string]int{}
	for _, p := range corpus(t) {
		d := c.Convert(p.name, p.src, p.off, nil)
		if err := soundness(d, p.src); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
		if !utf8.Valid(d.HTML) {
			t.Errorf("%s: not UTF-8", p.name)
		}
		for _, x := range d.Diags {
			codes[x.Severity.String()+" "+x.Code]++
			if x.Code == "nesting-too-deep" || strings.HasPrefix(x.Code, "too-") {
				t.Errorf("%v", x)
			}
		}
		if d.FirstH1 != nil {
			d.TakeTitle()
			if err := soundness(d, p.src); err != nil {
				t.Errorf("%s without its title: %v", p.name, err)
			}
		}
	}
	for _, code := range slices.Sorted(keys(codes)) {
		t.Logf("%6d %s", codes[code], code)
	}
}

// Windows line ends change nothing but places.
func TestCorpusWithCRLF(t *testing.T) {
	c := New(Options{})
	for _, p := range corpus(t) {
		want := c.Convert(p.name, p.src, p.off, nil)
		crlf := bytes.ReplaceAll(p.src, []byte("\n"), []byte("\r\n"))
		got := c.Convert(p.name, crlf, p.off+bytes.Count(p.src[:p.off], []byte("\n")), nil)
		if !bytes.Equal(want.HTML, got.HTML) {
			t.Errorf("%s: %s", p.name, firstDifference(strings.ReplaceAll(string(want.HTML), "<", "\n<"), strings.ReplaceAll(string(got.HTML), "<", "\n<")))
		}
	}
}

// beyondUGC is what we let through and bluemonday's UGC policy does not, with
// the reason.
var beyondUGC = map[string]string{
	"class":        "only our own classes and those that the theme lists",
	"role":         "written by us on footnotes and pipe tables only",
	"data-label":   "text: the header of the column, written by us on pipe tables only",
	"data-step":    "written by us on the steps of a directive only",
	"aria-label":   "written by us on footnotes only",
	"aria-hidden":  "written by us on the marks of task lists only",
	"start":        "an ordered list that goes on after a picture",
	"reversed":     "no more dangerous than start",
	"hreflang":     "a language tag, checked",
	"id":           "ids in other scripts; one word, unique in the page",
	"title":        "text: bluemonday refuses characters such as parentheses",
	"alt":          "text: bluemonday refuses characters such as parentheses",
	"abbr":         "text",
	"href":         "tel: and sms:, which readers need; relative URLs with odd characters",
	"src":          "the page writer checks it",
	"lang":         "tags such as zh-Hans",
	"headers":      "ids",
	"element:time": "a date in the text, when it has no attribute",
}

func TestCorpusAgainstUGCPolicy(t *testing.T) {
	c := New(Options{})
	policy := bluemonday.UGCPolicy()
	policy.AllowNoAttrs().OnElements("a", "img", "span", "q", "time", "bdi", "bdo", "del", "ins", "col", "colgroup", "td", "th", "li", "ol", "ul", "table", "kbd")
	for _, p := range corpus(t) {
		page := fill(c.Convert(p.name, p.src, p.off, nil))
		refused(t, p.name, page, policy)
	}
}

// refused reports elements and attributes of page that the policy takes away
// and no reason lets through.
func refused(t *testing.T, name, page string, policy *bluemonday.Policy) {
	kept := inventory(policy.Sanitize(page))
	for item, n := range inventory(page) {
		if kept[item] < n && beyondUGC[item] == "" {
			t.Errorf("%s: bluemonday refuses %d × %s", name, n-kept[item], item)
		}
	}
}

// inventory counts elements and attribute names.
func inventory(page string) map[string]int {
	m := map[string]int{}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return m
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			m["element:"+tok.Data]++
			for _, a := range tok.Attr {
				m[a.Key]++
			}
		}
	}
}

func keys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func BenchmarkCorpus(b *testing.B) {
	pages := corpus(b)
	c := New(Options{Articles: true})
	size := 0
	lines := make([]*diag.Lines, len(pages)) // a page has them before it comes here
	for i, p := range pages {
		size += len(p.src) - p.off
		lines[i] = diag.NewLines(p.name, string(p.src))
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i, p := range pages {
			c.Convert(p.name, p.src, p.off, lines[i])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(pages)), "ns/page")
}
