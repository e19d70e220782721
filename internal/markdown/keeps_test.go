package markdown

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	xhtml "golang.org/x/net/html"
)

// indentedTag is a line that Markdown takes for code and its author for HTML.
var indentedTag = regexp.MustCompile(`(?m)^[ \t]{4,}(</?[a-zA-Z!])`)

// kramdown is an attribute list of another tool's.
var kramdown = regexp.MustCompile(`\{:[^}]*\}`)

// What goldmark's own renderer shows, ours shows too, in the same order: no
// text of a real page is lost. Ours shows more: placeholders such as
// <your-name>, and links in the place of frames.
func TestCorpusKeepsItsText(t *testing.T) {
	plain := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.DefinitionList),
		goldmark.WithParserOptions(parser.WithAttribute()), goldmark.WithRendererOptions(html.WithUnsafe()))
	c := New(Options{})
	for _, p := range corpus(t) {
		if bytes.Contains(p.src, []byte("[^")) || bytes.Contains(p.src, []byte("- [")) || bytes.Contains(p.src, []byte("> [!")) {
			continue // notes, tasks and alerts have words of ours
		}
		var b bytes.Buffer
		if err := plain.Convert(kramdown.ReplaceAll(indentedTag.ReplaceAll(p.src[p.off:], []byte("$1")), nil), &b); err != nil {
			t.Fatal(err)
		}
		want, got := letters(t, b.String()), letters(t, fill(c.Convert(p.name, p.src, p.off, nil)))
		if i := missing(want, got); i >= 0 {
			if strings.HasSuffix(p.name, "/2017-08-07-by-the-numbers-why-video-is-effective.md") {
				continue // goldmark shows tags in the second line of indented HTML
			}
			t.Errorf("%s: lost …%q", p.name, want[max(0, i-60):min(len(want), i+60)])
		}
	}
}

// missing returns the place of the first byte of want that got does not have
// in its turn, or -1.
func missing(want, got string) int {
	at := 0
	for i := range len(want) {
		j := strings.IndexByte(got[at:], want[i])
		if j < 0 {
			return i
		}
		at += j + 1
	}
	return -1
}

// letters returns the letters and digits that a page shows.
func letters(t *testing.T, page string) string {
	doc, err := xhtml.Parse(strings.NewReader("<body>" + page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *xhtml.Node)
	walk = func(n *xhtml.Node) {
		if n.Type == xhtml.ElementNode && withContent[n.Data] {
			return
		}
		if n.Type == xhtml.TextNode {
			for _, ru := range n.Data {
				if unicode.IsLetter(ru) || unicode.IsDigit(ru) {
					b.WriteRune(ru)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return b.String()
}
