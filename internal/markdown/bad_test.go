package markdown

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"handrail/internal/diag"
)

// What authors get wrong, where we say it is, and in which words.
func TestBadInput(t *testing.T) {
	deep := func(s string, n int, rest string) string { return strings.Repeat(s, n) + rest }
	tests := []struct{ name, in, want string }{
		{"unknown directive", "a\n\n:::sumary\nb\n:::", `3:4: error: unknown directive "sumary"; did you mean "summary"?`},
		{"unknown directive, nothing like it", "  :::qqqqqq\nb\n:::", `1:6: error: unknown directive "qqqqqq"`},
		{"unknown inline directive", "中文:trem[a]", `1:4: error: unknown directive "trem"; did you mean "term"?`},
		{"unclosed directive", "a\n\n:::note\nb\n", `3:1: error: directive "note" is not closed`},
		{"unclosed inner directive", "::::steps\n1. a\n:::note\nb\n::::", `3:1: error: directive "note" is not closed`},
		{"unclosed in a list", "- a\n  :::note\n  b\n\nc", `2:3: error: directive "note" is not closed`},
		{"stray end", "a\n\n:::\n", `3:1: warning: ":::" closes nothing here; it stays as text`},
		{"directive without its attribute", ":::figure{alt=a}\nb\n:::", `1:4: error: directive "figure" needs the attribute "src"`},
		{"download without file", "::download[a]", `1:3: error: directive "download" needs the attribute "file"`},
		{"figure without text", "::figure{src=a.png}", `1:3: error: directive "figure" needs one of the attributes "alt", "decorative"`},
		{"video without captions", "::video{src=a.mp4}", `1:3: error: directive "video" needs one of the attributes "captions", "transcript"`},
		{"contact with nobody", "::contact{}", `1:3: error: directive "contact" needs one of the attributes "office", "department"`},
		{"abbreviation without its long form", "文:abbr[a]", `1:3: error: directive "abbr" needs the attribute "title"`},
		{"ruby without a reading", ":ruby[漢]", `1:2: error: directive "ruby" needs a reading`},
		{"unknown attribute", ":::note{colour=red}\na\n:::", `1:9: error: directive "note" has no attribute "colour"`},
		{"misspelt attribute", "::video{src=a captions=c catpions=b}", `1:26: error: directive "video" has no attribute "catpions"; did you mean "captions"?`},
		{"attribute twice", "::download{file=a file=b}", `1:19: error: the attribute "file" is given twice`},
		{"attribute without a value", "::download{file}", `1:12: error: the attribute "file" of directive "download" wants a value`},
		{"bad language", "[a]{lang=\"not a tag\"}", `1:11: error: the attribute "lang" of [text]{…} wants a language tag such as "en" or "zh-Hans"`},
		{"bad direction", "[a]{dir=up}", `1:9: error: the attribute "dir" of [text]{…} wants "ltr", "rtl" or "auto"`},
		{"bad date in an attribute", "::stat[1]{label=a date=2026-02-30}", `1:24: error: the attribute "date" of directive "stat" wants a date such as 2026-03-05`},
		{"bad date", "办理截至:date[2026-13-01]", `1:11: error: "2026-13-01" is not a date`},
		{"details without a title", ":::details\na\n:::", `1:4: error: directive "details" needs a title`},
		{"attributes not closed", ":::note{kind=tip\na\n:::", `1:8: error: directive "note": the attributes cannot be read; write {key=value key="two words"}`},
		{"title not closed", ":::note[a\nb\n:::", `1:8: error: directive "note": the title "[" is not closed on this line`},
		{"container as leaf", "::note[a]", `1:1: error: directive "note" needs a body`},
		{"block directive in a line", "a :note[b]", `1:3: error: directive "note" cannot stand inside a line`},
		{"inline directive as block", ":::term\na\n:::", `1:1: error: directive "term" stands inside a line`},
		{"steps without steps", ":::steps\na\n:::", `1:1: warning: directive "steps" holds no numbered list`},
		{"script in an attribute", "::download[a]{file=javascript:b}", `1:20: error: links of the kind "javascript:" are not allowed; the link is left out`},

		{"image without text", "一二 ![](a.png)", `1:4: error: the image has no text for those who cannot see it`},
		{"raw image without text", "> <img src=a.png>", `1:3: error: the image has no text for those who cannot see it`},
		{"image without address", "![a]()", `1:1: error: the image has no address`},
		{"link without address", "[a]()", `1:1: error: the link has no destination`},
		{"script in a link", "[a](JavaScript:b)", `1:5: error: links of the kind "javascript:" are not allowed; the link is left out`},
		{"script in a raw link", "a <a href=\"java\nscript:b\">c</a>", `1:12: error: links of the kind "javascript:" are not allowed; the link is left out`},
		{"script behind a space of another script", "[a](&nbsp;javascript:b)", `1:5: error: links of the kind "javascript:" are not allowed; the link is left out`},
		{"script behind a space in a raw link", "a <a href=\"\u3000javascript:b\">c</a>", `1:12: error: links of the kind "javascript:" are not allowed; the link is left out`},
		{"script in an autolink", "<javascript:a>", `1:2: error: links of the kind "javascript:" are not allowed; the link is left out`},
		{"id twice", "# a {#b}\n\n## c {#b}", `3:1: warning: the id "b" is used twice on this page`},
		{"raw id twice", "<p id=a>b</p>\n<p id=a>c</p>", `2:4: warning: the id "a" is used already on this page; this one is left out`},
		{"comment not closed", "a\n\n<!-- b\n\nc", `3:1: error: the comment is not closed; what follows is left out`},
		{"raw element not closed", "a <b>c", `1:3: notice: element <b> is not closed; it ends here with what is around it`},
		{"raw end tag alone", "中文</b>", `1:3: notice: the end tag </b> closes nothing; it is left out`},
		{"raw script", "a <script>b</script>", `1:3: notice: the tag <script> is left out: it is not allowed in a page, nor is what stands in it`},
		{"raw style", "<p style=\"a\">b</p>", `1:4: notice: the attribute "style" of <p> is left out`},
		{"raw handler", "> <p\n> onclick=a>b</p>", `2:3: notice: the attribute "onclick" of <p> is left out`},
		{"footnote missing", "a[^b]\n\n[^c]: d", `1:2: warning: there is no footnote "b"`},

		{"quotations", "a\n\n" + deep("> ", 101, "b"), `3:201: error: quotations are nested more than 100 deep; the page is shown as plain text`},
		{"quotations without spaces", deep(">", 5000, "b"), `1:101: error: quotations are nested more than 100 deep; the page is shown as plain text`},
		{"lists on a line", deep("- ", 5000, "b"), `1:202: error: lists are nested more than 100 deep; the page is shown as plain text`},
		{"lists line by line", staircase(120), `101:202: error: lists are nested more than 100 deep; the page is shown as plain text`},
		{"brackets", deep("[", 5000, "b"), `1:101: error: brackets are nested more than 100 deep; the page is shown as plain text`},
		{"emphasis", deep("*a ", 5000, ""), `1:301: error: marks of emphasis are nested more than 100 deep; the page is shown as plain text`},
		{"directives", deep(":::note\n", 101, ""), `101:1: error: directives are nested more than 100 deep; the page is shown as plain text`},
		{"table filled up", "|" + strings.Repeat("a|", 3000) + "\n|" + strings.Repeat("-|", 3000) + "\n" + strings.Repeat("|b\n", 400), `336:1: error: the rows of this table lack more than 1000000 cells; the page is shown as plain text`},
	}
	c := New(Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := c.Convert("bad.md", []byte(tt.in), 0, nil)
			if err := soundness(d, []byte(tt.in)); err != nil {
				t.Error(err)
			}
			if len(d.Diags) == 0 || line(d.Diags[0]) != tt.want {
				t.Errorf("first of %d: %v\nwant %s", len(d.Diags), lines(d.Diags), tt.want)
			}
		})
	}
}

func line(d *diag.Diagnostic) string {
	return fmt.Sprintf("%d:%d: %s: %s", d.Pos.Line, d.Pos.Col, d.Severity, d.Msg)
}

func lines(l diag.List) string {
	var b strings.Builder
	for _, d := range l {
		b.WriteString(line(d) + "\n")
	}
	return b.String()
}

func staircase(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

// A page that nests too deeply keeps all of its text.
func TestTooDeepIsPlainText(t *testing.T) {
	in := strings.Repeat("> ", 101) + "<b>深</b>\n\nnext *line*\nmore"
	d := New(Options{}).Convert("deep.md", []byte(in), 0, nil)
	want := "<p>" + strings.Repeat("&gt; ", 101) + "&lt;b&gt;深&lt;/b&gt;</p><p>next *line*<br>more</p>"
	if got := string(d.HTML); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Up to the limit, nesting is fine.
func TestDeepEnough(t *testing.T) {
	for _, in := range []string{strings.Repeat("> ", 100) + "a", strings.Repeat("- ", 99) + "a", staircase(100), strings.Repeat("[", 100) + "a"} {
		if d := New(Options{}).Convert("deep.md", []byte(in), 0, nil); len(d.Diags) > 0 {
			t.Errorf("%v", d.Diags[0])
		} else if err := soundness(d, []byte(in)); err != nil {
			t.Error(err)
		}
	}
}

// Big pages go through, in a time that nobody minds.
func TestBigPages(t *testing.T) {
	if testing.Short() {
		t.Skip("takes time")
	}
	paragraph := "办事指南 with *some* [links](a.md) and `code`, <b>raw</b> too.\n\n"
	pages := map[string]string{
		"10 MB":        strings.Repeat(paragraph, 10<<20/len(paragraph)),
		"100,000 rows": "| a | b | c |\n|---|---|---|\n" + strings.Repeat("| 1 | *2* | [3](x) |\n", 100_000),
	}
	for name, src := range pages {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			d := New(Options{}).Convert("big.md", []byte(src), 0, nil)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
			if len(d.Diags) > 0 {
				t.Errorf("%v", d.Diags[0])
			}
			if name == "100,000 rows" && bytes.Count(d.HTML, []byte("<tr role")) != 100_001 {
				t.Errorf("%d rows", bytes.Count(d.HTML, []byte("<tr role")))
			}
		})
	}
}

// Bytes that are no text become the replacement character.
func TestBytesThatAreNoText(t *testing.T) {
	in := "a\x00b \xff\xfe `\x01` [c](d\xff) <p title=\"\x00\">\x80</p>"
	d := New(Options{}).Convert("bytes.md", []byte(in), 0, nil)
	if err := soundness(d, []byte(in)); err != nil {
		t.Error(err)
	}
	want := "<div>a\uFFFDb \uFFFD\uFFFD <code>\uFFFD</code> <a href=\"d\xff\">c</a> <p title=\"\uFFFD\">\uFFFD</p></div>"
	if got := strings.ReplaceAll(fill(d), "d\uFFFD", "d\xff"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
