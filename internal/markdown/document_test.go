package markdown

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSlug(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Hello, World!", "hello-world"},
		{"办理条件（2026）", "办理条件2026"},
		{"  a  -  b  ", "a-b"},
		{"Ärger", "Ärger"},
		{"A\u0308rger", "Ärger"}, // NFC
		{"ئۇيغۇر تىلى", "ئۇيغۇر-تىلى"},
		{"བོད་ཡིག", "བོདཡིག"},
		{"a_b c/d", "a_b-cd"},
		{"？！", ""},
		{"全　角", "全-角"},
	}
	for _, tt := range tests {
		if got := slug(tt.in); got != tt.want {
			t.Errorf("slug(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestArticleID(t *testing.T) {
	tests := []struct{ in, want string }{
		{"第一条 为了", "art-1"}, {"**第十条** a", "art-10"}, {"第十二条", "art-12"}, {"第二十条", "art-20"},
		{"第一百零五条", "art-105"}, {"第一千二百三十四条", "art-1234"}, {"第一〇五条", "art-105"}, {"第12条", "art-12"}, {"第１２条", "art-12"},
		{"第十二条之一", "art-12-1"}, {"第 3 条", ""}, {"第条", ""}, {"第一章", ""}, {"第一款", ""}, {"条", ""}, {"第", ""},
		{"Article 7. a", "art-7"}, {"Article 7", "art-7"}, {"Article 7a", ""}, {"Articles 7", ""}, {"", ""},
		{"第九九九九九九九九条", ""},
	}
	for _, tt := range tests {
		if got := articleID([]byte(tt.in)); got != tt.want {
			t.Errorf("articleID(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestScheme(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a.md", ""}, {"/a:b", ""}, {"?a:b", ""}, {"#a:b", ""}, {"HTTP://a", "http"}, {" \x01javascript:a", "javascript"},
		{"java\tscript:a", "javascript"}, {"java\r\nscript:a", "javascript"}, {"javascript\n:a", "javascript"}, {":a", ""},
		{"a b:c", ""}, {"中文:a", ""}, {"tel:1", "tel"}, {"data:a", "data"}, {"1a:b", ""}, {"", ""},
	}
	for _, tt := range tests {
		if got := scheme(tt.in); got != tt.want {
			t.Errorf("scheme(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestDecode(t *testing.T) {
	tests := []struct {
		in   string
		how  reading
		want string
	}{
		{`a\*b\c`, asMarkdown, `a*b\c`}, {`a\*b`, asHTML, `a\*b`}, {"&lt;&copy;&#65;&#x4e2d;", asHTML, "<©A中"},
		{"&amp", asHTML, "&amp"}, {"&#0;&#xD800;&#x110000;", asHTML, "\uFFFD\uFFFD\uFFFD"}, {"&bogus;&;&#;&#x;", asHTML, "&bogus;&;&#;&#x;"},
		{"&lt;", asCode, "&lt;"}, {"&#13;", asHTML, "\n"},
	}
	for _, tt := range tests {
		if got := decode([]byte(tt.in), tt.how); got != tt.want {
			t.Errorf("decode(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestTakeTitle(t *testing.T) {
	src := []byte("---\ntitle: x\n---\n# Title *a*\n\nText [l](m) ![n](o)\n\n## Part\n\n:::note\n### Deep\n:::\n\n## Next\n")
	d := New(Options{}).Convert("a.md", src, 17, nil)
	if d.FirstH1 == nil || d.FirstH1.Text != "Title a" || d.FirstH1.HTML != "Title <em>a</em>" {
		t.Fatalf("FirstH1 = %+v", d.FirstH1)
	}
	if len(d.Sections) != 1 || d.Headings[1].Level != 3 {
		t.Errorf("before: %+v", d.Headings)
	}
	d.TakeTitle()
	if err := soundness(d, src); err != nil {
		t.Error(err)
	}
	want := `<p>Text <a href="m">l</a> <img src="o" alt="n"></p><h2 id="part">Part</h2><h3 id="deep">Deep</h3><h2 id="next">Next</h2>`
	if got := fill(d); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(d.Sections) != 2 || d.Intro() != d.Sections[0].Out || d.Sections[1].End != uint32(len(d.HTML)) {
		t.Errorf("sections: %+v", d.Sections)
	}
	if !d.Headings[1].Nested || d.Headings[0].Nested {
		t.Errorf("nested: %+v", d.Headings)
	}
	if diff := cmp.Diff([]string{"part", "deep", "next"}, d.IDs); diff != "" {
		t.Error(diff)
	}
}

// Every word, start tag and attribute leads to its place.
func TestSourceOf(t *testing.T) {
	src := "x\n\n> - 中文 *em* a&amp;b `c` \\* [link](dest \"t\") <b title=u>raw</b>\n\n:::note[T]\nbody\n:::\n\n| h |\n|---|\n| cell |\n"
	d := New(Options{}).Convert("a.md", []byte(src), 3, nil)
	if err := soundness(d, []byte(src)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ out, src string }{
		{"<blockquote", "> -"}, {"中文", "中文"}, {"<em>", "*em*"}, {"em</em>", "em*"}, {"amp;b", "&amp;b"}, {"b <code>", "b `c`"},
		{"<code>", "`c`"}, {"c</code>", "c`"}, {"* <a", "\\*"}, {"<a ", "[link]"}, {"title=\"t\"", "[link]"}, {"link</a>", "link]"},
		{"<b ", "<b "}, {"title=\"u\"", "<b "}, {"raw", "raw"}, {"body", "body"}, {"<table", "| h |"}, {"<td ", "cell"}, {">cell", "cell"},
	}
	for _, tt := range tests {
		out := bytes.Index(d.HTML, []byte(tt.out))
		if out < 0 {
			t.Errorf("no %q in %s", tt.out, d.HTML)
			continue
		}
		if got, want := d.SourceOf(out), strings.Index(src, tt.src); got != want {
			t.Errorf("%q comes from %d %q, want %d", tt.out, got, src[got:min(len(src), got+8)], want)
		}
	}
}

func TestDocument(t *testing.T) {
	src := "首段 *text* with [a link](b.md#c).\n\nwords: don't stop 中文\n\n::download[D]{file=x.pdf}\n\n![alt](y.png)"
	d := New(Options{}).Convert("a.md", []byte(src), 0, nil)
	if d.Summary != "首段 text with a link." {
		t.Errorf("Summary = %q", d.Summary)
	}
	if d.Han != 4 || d.Words != 8 {
		t.Errorf("Han = %d, Words = %d; want 4, 8", d.Han, d.Words)
	}
	raw := New(Options{}).Convert("a.md", []byte("<a href=x>*raw* <b>link</b></a> <a href=y>z"), 0, nil)
	if raw.Links[0].Text != "raw link" || raw.Links[1].Text != "z" {
		t.Errorf("%+v", raw.Links)
	}
	want := []Link{
		{Kind: LinkPage, Dest: "b.md", Fragment: "c", Src: strings.Index(src, "b.md"), Text: "a link"},
		{Kind: LinkFile, Dest: "x.pdf", Src: strings.Index(src, "x.pdf")},
	}
	if diff := cmp.Diff(want, d.Links); diff != "" {
		t.Error(diff)
	}
	if d.Directives[0].Links["file"] != 1 || d.Directives[0].TitleSrc != strings.Index(src, "D]") {
		t.Errorf("%+v", d.Directives[0])
	}
	if d.Images[0].Src != strings.Index(src, "y.png") {
		t.Errorf("%+v", d.Images[0])
	}
}

func TestInline(t *testing.T) {
	c := New(Options{})
	tests := []struct{ in, want string }{
		{"a *b* [c](d)", `a <em>b</em> <a href="d">c</a>`},
		{"# no heading\n- no list", "# no heading - no list"},
		{"", ""},
		{":::note", ":::note"},
		{"a\n\nb", "a b"},
		{"<div>a</div> <b>b", "a <b>b</b>"},
	}
	for _, tt := range tests {
		if got := fill(c.Inline(tt.in)); got != tt.want {
			t.Errorf("Inline(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestOptions(t *testing.T) {
	c := New(Options{IDPrefix: "plain-", ReservedIDs: []string{"plain-a", "plain-x-*"}, Classes: []string{"big"}})
	d := c.Convert("a.md", []byte("## A\n\n## X y\n\n<p class=\"big small\" id=b>c</p> [d]{.big}"), 0, nil)
	want := `<h2 id="text-plain-a">A</h2><h2 id="text-plain-x-y">X y</h2><p class="big" id="plain-b">c</p>[d]{.big}`
	if got := fill(d); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// One converter serves many at once, and gives each the same.
func TestConcurrentUse(t *testing.T) {
	c := New(Options{})
	src := []byte("# a\n\n:::note[b]\n- [x] c[^1]\n:::\n\n[^1]: <b>d\n\n| e |\n|---|\n| :term[f]{def=g} |\n")
	want := c.Convert("a.md", src, 0, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				got := c.Convert("a.md", src, 0, nil)
				if !bytes.Equal(got.HTML, want.HTML) || len(got.Diags) != len(want.Diags) {
					t.Errorf("got %s", got.HTML)
					return
				}
			}
		})
	}
	wg.Wait()
}

// The table of directives is one that themes and authors can rely on.
func TestDirectiveSpecs(t *testing.T) {
	for _, s := range directiveSpecs {
		if s.use == "" || s.forms == 0 {
			t.Errorf("%s: incomplete", s.name)
		}
		seen := map[string]bool{}
		for _, a := range s.allAttrs() {
			if seen[a.key] {
				t.Errorf("%s: attribute %s twice", s.name, a.key)
			}
			seen[a.key] = true
		}
		for _, group := range s.oneOf {
			for _, key := range group {
				if !seen[key] {
					t.Errorf("%s: no attribute %s", s.name, key)
				}
			}
		}
	}
	for name, a := range aliases {
		if specByName[a[0]] == nil || specByName[name] != nil {
			t.Errorf("alias %s", name)
		}
	}
}
