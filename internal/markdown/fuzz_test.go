package markdown

import (
	"testing"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
)

// fuzz runs a target over texts: whatever they hold, the body is sound.
func fuzz(f *testing.F, seeds []string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	c := New(Options{Articles: true})
	policy := bluemonday.UGCPolicy()
	policy.AllowNoAttrs().OnElements("a", "img", "span", "q", "time", "bdi", "bdo", "del", "ins", "col", "colgroup", "td", "th", "li", "ol", "ul", "table", "kbd")
	f.Fuzz(func(t *testing.T, src []byte) {
		d := c.Convert("fuzz.md", src, 0, nil)
		if err := soundness(d, src); err != nil {
			t.Fatalf("%v\n%s", err, fill(d))
		}
		if !utf8.Valid(d.HTML) {
			t.Fatalf("not UTF-8: %q", d.HTML)
		}
		refused(t, "fuzz.md", fill(d), policy)
		if d.FirstH1 != nil {
			d.TakeTitle()
			if err := soundness(d, src); err != nil {
				t.Fatalf("without its title: %v\n%s", err, d.HTML)
			}
		}
		in := c.Inline(string(src))
		if err := soundness(in, src); err != nil {
			t.Fatalf("inline: %v\n%s", err, in.HTML)
		}
	})
}

func FuzzMarkdown(f *testing.F) {
	fuzz(f, []string{
		"# a\n\nb *c* **d** `e` [f](g \"h\") ![i](j) <k@l.m> ~~n~~\n\n- [x] o\n- [ ] p\n\n1. q\n",
		"a\n: b\n\nc[^1]\n\n[^1]: d[^1]\n",
		"|a|b|\n|:-|-:|\n|`c\\|d`|e|\n|f\n",
		"> [!NOTE] a\n> b\n\n> [!TIP]\n",
		"    code\n\n```go x\n<&>\n```\n\n---\n\n# a {#b .wide}\n",
		"中文\n接着 English\n中文。\r\n第十二条 a\r\n",
		"\x00\xff&#0;&lt;&amp;&notit;\\*",
		"[a]: b 'c'\n\n[a] [d][a] [e][] ![a]\n",
		"![](x){decorative} ![](y) [](z) [a](javascript:b)",
	})
}

func FuzzDirectives(f *testing.F) {
	fuzz(f, []string{
		":::note[A *b*]{id=x .wide kind=tip}\nc\n\n- d\n  :::warning\n  e\n  :::\n:::\n",
		"::::steps\n1. a\n\n:::note\nb\n:::\n::::\n",
		":::figure{src=a.png alt=\"b\"}\nc\n:::\n\n::figure{src=a decorative}\n",
		"::download[a]{file=b.pdf}\n::video[a]{src=v captions=c}\n::stat[1]{label=a}\n",
		"a :term[b `c]` d]{def=\"e\" page=/f/} :abbr[g]{title=h} :ruby[漢字]{hàn zì} :date[2026-03-05] [i *j*]{lang=ug}",
		"*a :term[b* c]{def=d} [e](f :term[g](h) i) :ruby[a [b]]{c|d}\n",
		":::details[a\n:::unknown{b}\n:::\n:::\n> :::note\n> a\n:::\n",
		"<div>\n\n:::note\n</div>\n:::\n\n</div>\n",
		":::summary\n# a\n```\n:::\n```\n:::",
	})
}

func FuzzRawHTML(f *testing.F) {
	fuzz(f, []string{
		"<div class=\"wide x\" id=a style=b onclick=c><p>d<b>e</div>f",
		"<table><tr><td>a<td>b<tr>c<tbody><caption>d</caption><col><thead>e</table>",
		"<table>\n<tr>\n<td>\n\na</td>\n<td>b\n\n</td></tr></table>",
		"<ul><li>a<li>b<ul><li>c</ul><p>d<p>e</ul><li>f<dl><dt>g<dd>h</dl>",
		"a <div>b</div> <h1>c <h2>d</h2></h1> <a href=e>f <a href=g>h</a></a>",
		"<script>a</script>b <script>c\n\nd</script>e <style>f",
		"<!-- a --> b <!-- c\n\nd --> <![CDATA[e]]> <?f?> <!g>",
		"<iframe src=https://a.b title=c></iframe> <img src=d alt=e> <img src=f> <img alt>",
		"<ruby>a<rp>(<rt>b<rp>)</ruby> <rt>c <pre>\n\nd\n</pre> <details><summary>e</summary>f</details> <summary>g",
		"<a href=javascript:a>b</a> <a href=\"java\tscript:c\">d</a> <a name=e>f</a> <x-y z>g</x-y> <br/> </br> </p>",
		"*a <b>c* d</b> [e <i>f](g)</i> `<u>` <td>h</td>",
		"<p>a\n\nb\n\n</p>\n\n<h2>c\n\n## d\n\n</h2>",
	})
}
