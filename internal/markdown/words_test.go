package markdown

import (
	"strings"
	"testing"

	"handrail/internal/diag"
	"handrail/internal/glossary"
	"handrail/internal/schema"
)

const wordList = `
zh-Hans:
  terms:
    - { term: 低保, means: 补差额的钱。, also: [最低生活保障] }
    - { term: 代办, means: 替别人办。 }
  short:
    - { term: 社保, full: 社会保险 }
  pinyin:
    北碚: běi bèi
en:
  terms:
    - { term: carer, means: somebody who helps. }
`

func marking(t testing.TB) *Converter {
	t.Helper()
	lines := diag.NewLines("data/glossary.yaml", wordList)
	root, _, _ := schema.ParseYAML(wordList, 0, len(wordList), lines)
	all, diags := glossary.Parse(root, lines, []string{"zh-Hans", "en"})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return New(Options{DefaultLang: "zh-Hans", Articles: true}).With(all)
}

func TestWordsAreMarkedOnceOutsideHeadingsLinksAndQuotes(t *testing.T) {
	src := `## 低保

> 引用里的低保。

[链接里的低保](x.md)，` + "`低保`" + `，**申请低保**，再说低保。

## 下一节

代办低保。
`
	d := marking(t).Convert("content/zh-Hans/a.md", []byte(src), 0, nil)
	html := string(d.HTML)
	if n := strings.Count(html, `class="term"`); n != 2 {
		t.Errorf("%d words marked, want 2:\n%s", n, html)
	}
	for _, want := range []string{
		`<strong>申请<a class="term" href="#word.低保" id="use.低保">低保</a></strong>`,
		`<a class="term" href="#word.代办" id="use.代办">代办</a>低保。`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	if err := soundness(d, []byte(src)); err != nil {
		t.Error(err)
	}
	at := strings.Index(html, `id="use.低保">低保`) + len(`id="use.低保">`)
	if got, want := d.SourceOf(at), strings.Index(src, "申请低保")+len("申请"); got != want {
		t.Errorf("the marked word comes from %d, want %d", got, want)
	}
	if got, want := src[d.SourceOf(strings.Index(html, "再说")):], "再说低保"; !strings.HasPrefix(got, want) {
		t.Errorf("what follows the word comes from %q", got[:20])
	}
}

// Each section explains its words at its end, before the next heading.
func TestSectionsExplainTheirWords(t *testing.T) {
	src := "低保。\n\n## 一\n\n代办。\n\n### 小节\n\n别的。\n\n## 二\n\n完。\n"
	d := marking(t).Convert("content/zh-Hans/a.md", []byte(src), 0, nil)
	if len(d.Directives) != 2 || d.Directives[0].Name != "words" || len(d.Directives[0].Uses) != 1 {
		t.Fatalf("directives = %+v", d.Directives)
	}
	if got, want := d.Slots[0].Out, d.Sections[0].Out; got != want {
		t.Errorf("the first list stands at %d, want %d: the end of the introduction", got, want)
	}
	if got, want := d.Slots[1].Out, d.Sections[1].Out; got != want {
		t.Errorf("the second list stands at %d, want %d: the end of its section", got, want)
	}
	if e := d.Directives[1].Uses[0].Entry; e.Word != "代办" {
		t.Errorf("the second list explains %s", e.Word)
	}
}

// Nothing is put into the text of a law: no expansion, and one list behind
// all of it.
func TestLawsAreNotInterrupted(t *testing.T) {
	src := "## 第一章\n\n第一条　社保和低保。\n\n## 第二章\n\n第二条　代办。\n"
	d := marking(t).Convert("content/zh-Hans/a.md", []byte(src), 0, nil)
	if strings.Contains(string(d.HTML), "社会保险") {
		t.Errorf("the law's text has more than the law says:\n%s", d.HTML)
	}
	if len(d.Directives) != 1 || !d.Directives[0].Official || len(d.Directives[0].Uses) != 3 || int(d.Slots[0].Out) != len(d.HTML) {
		t.Errorf("directives = %+v, slots = %+v", d.Directives, d.Slots)
	}
}

func TestAbbreviationsAreWrittenOutOnce(t *testing.T) {
	c := marking(t)
	d := c.Convert("content/zh-Hans/a.md", []byte("交社保，查社保。"), 0, nil)
	if want := `<p>交社保<span class="term-def">（社会保险）</span>，查社保。</p>`; string(d.HTML) != want {
		t.Errorf("got %s\nwant %s", d.HTML, want)
	}
	if d.Summary != "交社保，查社保。" {
		t.Errorf("summary = %q", d.Summary)
	}
	d = c.Convert("content/zh-Hans/a.md", []byte("社会保险（社保）"), 0, nil)
	if want := `<p>社会保险（社保）</p>`; string(d.HTML) != want {
		t.Errorf("got %s\nwant %s", d.HTML, want)
	}
}

func TestListedWordsHaveOneRubyForEachCharacter(t *testing.T) {
	d := marking(t).Convert("content/zh-Hans/a.md", []byte("到北碚，回北碚。\n\n## 又\n\n北碚"), 0, nil)
	html := string(d.HTML)
	want := `<ruby class="py">北<rp>(</rp><rt>běi</rt><rp>)</rp></ruby><ruby class="py">碚<rp>(</rp><rt>bèi</rt><rp>)</rp></ruby>`
	if !strings.HasPrefix(html, "<p>到"+want+"，回北碚。") || strings.Count(html, want) != 2 {
		t.Errorf("got %s", html)
	}
	if d.Summary != "到北碚，回北碚。" || d.Han != 9 {
		t.Errorf("summary %q, %d characters", d.Summary, d.Han)
	}
}

func TestOtherLanguagesPlainVersionsAndTheListItselfAreLeftAlone(t *testing.T) {
	c := marking(t)
	for file, src := range map[string]string{
		"content/en/a.md": "低保 and careers", "content/zh-Hans/a.plain.md": "低保", "content/zh-Hans/b.md": "低保\n\n::glossary\n",
	} {
		if d := c.Convert(file, []byte(src), 0, nil); strings.Contains(string(d.HTML), "term") {
			t.Errorf("%s: %s", file, d.HTML)
		}
	}
	d := c.Convert("content/en/a.md", []byte("Two carers."), 0, nil)
	if want := `<p>Two <a class="term" href="#word.carer" id="use.carer">carers</a>.</p>`; string(d.HTML) != want {
		t.Errorf("got %s", d.HTML)
	}
}

func TestTermWithoutExplanationTakesTheGlossarys(t *testing.T) {
	c := marking(t)
	d := c.Convert("content/zh-Hans/a.md", []byte(":term[低保]，:term[别的]，:term[低保]{def=自己的}"), 0, nil)
	html := string(d.HTML)
	if !strings.Contains(html, `<p><a class="term" href="#word.低保"`) || !strings.Contains(html, "<dfn>别的</dfn>") || !strings.Contains(html, "自己的") {
		t.Errorf("got %s", html)
	}
}

var chinesePage = strings.Repeat("符合条件的老年人可以向居住地的街道办事处提出申请，也可以请家里人**去办**。\n办事处当场告诉您[材料](a.md)齐不齐。\n\n", 40)

func BenchmarkConvertPlain(b *testing.B)  { benchmarkWords(b, New(Options{DefaultLang: "zh-Hans"})) }
func BenchmarkConvertMarked(b *testing.B) { benchmarkWords(b, marking(b)) }

func benchmarkWords(b *testing.B, c *Converter) {
	src := []byte(chinesePage)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		c.Convert("content/zh-Hans/a.md", src, 0, nil)
	}
}
