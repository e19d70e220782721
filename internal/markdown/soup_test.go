package markdown

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
)

var soups = flag.Int("soups", 3000, "how many random texts TestSoup makes")

// morsels are what random texts are made of.
var morsels = []string{
	"a", " b ", "中", "文。", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r", "\t", "    ", "  ", "\\", "&amp;", "&#10;", "&lt;", "\x00", "\xff",
	"*", "**", "_", "~~", "`", "``", "[", "]", "](x)", "![", "](y 'z')", "{decorative}", "{lang=ug}", "{.wide}", "{#q}", "{: .k}", "<", ">",
	"# ", "## ", "\n# h\n", "\n### k {#h}\n", "\n===\n", "\n---\n", "- ", "* ", "1. ", "> ", "\n> [!TIP] t\n> u\n", "- [ ] ", "- [x] ", "\n    code\n",
	"\n```\n", "\n~~~ go\n", "|", "\n|a|b|\n|-|-|\n|c|d|\n", "\n: d\n", "[^1]", "\n[^1]: n ", "[r]: /s\n", "[r]", "http://x.example/y", "m@n.example",
	"\n:::note[t]\n", "\n::::steps\n", "\n:::\n", "\n::::\n", "\n:::figure{src=f alt=g}\n", "\n::download[w]{file=z}\n", "\n:::bad\n", "\n:::details\n",
	":term[", ":abbr[", "]{title=\"v\"}", ":ruby[漢字]{hàn zì}", ":date[2026-03-05]", ":term[低]{def=\"d<e\" page=p}",
	"<p>", "</p>", "<div>", "</div>", "<div class=\"wide evil\" style='a' id=i>", "<span>", "</span>", "<b>", "</b>", "<i>", "</i>", "<em>", "</em>",
	"<a href=x>", "<a href='javascript:y'>", "<a name=n>", "</a>", "<h1>", "</h1>", "<h2 id=w>", "</h2>", "<h3>", "</h3>", "<br>", "<br/>", "</br>", "<hr>", "<wbr>",
	"<ul>", "</ul>", "<ol start=3 reversed>", "</ol>", "<li>", "</li>", "<dl>", "</dl>", "<dt>", "<dd>", "</dd>", "<blockquote cite=c>", "</blockquote>",
	"<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th scope=row>", "</th>", "<thead>", "<tbody>", "</tbody>", "<tfoot>", "<caption>", "</caption>",
	"<colgroup>", "<col span=2>", "</colgroup>", "<pre>", "</pre>", "<code>", "</code>", "<ruby>", "</ruby>", "<rt>", "</rt>", "<rp>", "<details open>", "</details>",
	"<summary>", "</summary>", "<figure>", "</figure>", "<figcaption>", "<section>", "</section>", "<article>", "<aside>", "<hgroup>", "<q>", "</q>", "<center>", "</center>",
	"<tt>", "<font color=red>", "<script>", "</script>", "<style>x", "</style>", "<!--", "-->", "<!-- c -->", "<![CDATA[", "]]>", "<?p?>", "<!x>", "<iframe src=http://e>",
	"</iframe>", "<svg>", "</svg>", "<math>", "<title>", "<textarea>", "</textarea>", "<select>", "<option>", "<button>", "</button>", "<form>", "<input>", "<img src=a alt=b>",
	"<img src=a>", "<img src='data:x'>", "<token>", "</token>", "<x-y z='1'>", "<p", "<div a=\"", "</", "<main>", "<nav>", "<body>", "<html>", "<template>", "<noscript>",
	"<frameset>", "<plaintext>", "<xmp>", "<object>", "<marquee>", "<nobr>", "<ins datetime=2026>", "<del>", "<time datetime=2026-03-05>", "<small>", "<sub>", "<u>", "<s>",
}

// Texts at random, of the pieces that go wrong together, stay sound.
func TestSoup(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2026, 3))
	c := New(Options{Articles: true})
	policy := bluemonday.UGCPolicy()
	policy.AllowNoAttrs().OnElements("a", "img", "span", "q", "time", "bdi", "bdo", "del", "ins", "col", "colgroup", "td", "th", "li", "ol", "ul", "table", "kbd")
	failed := 0
	for range *soups {
		var b strings.Builder
		for range 1 + rnd.IntN(40) {
			b.WriteString(morsels[rnd.IntN(len(morsels))])
		}
		src := []byte(b.String())
		d := c.Convert("soup.md", src, 0, nil)
		err := soundness(d, src)
		if err == nil && d.FirstH1 != nil {
			d.TakeTitle()
			err = soundness(d, src)
		}
		if err == nil {
			err = soundness(c.Inline(b.String()), src)
		}
		if err != nil {
			t.Errorf("%q\n%v\n%s", src, err, fill(d))
			if failed++; failed == 5 {
				t.FailNow()
			}
			continue
		}
		refused(t, b.String(), fill(d), policy)
	}
}
