package markdown

import (
	"strings"
	"testing"
	"time"
)

// slowInputs are texts that make careless parsers take time that grows with
// the square of their length.
var slowInputs = map[string]func(n int) string{
	"brackets":           func(n int) string { return strings.Repeat("[", n) },
	"brackets by lines":  func(n int) string { return strings.Repeat("[a\n\n", n/4) },
	"bracket pairs":      func(n int) string { return strings.Repeat("[a] ", n/4) },
	"bracket pair lines": func(n int) string { return strings.Repeat("[a] b\n", n/6) },
	"links":              func(n int) string { return strings.Repeat("[a](b) ", n/7) },
	"open links":         func(n int) string { return strings.Repeat("[a](b ", n/6) },
	"open titles":        func(n int) string { return strings.Repeat("[a](b (c ", n/9) },
	"references":         func(n int) string { return strings.Repeat("[a]: b\n", n/7) },
	"reference uses":     func(n int) string { return "[a]: b\n\n" + strings.Repeat("[a][a] ", n/7) },
	"emphasis":           func(n int) string { return strings.Repeat("*a **a ", n/7) },
	"mixed emphasis":     func(n int) string { return strings.Repeat("*a_ ", n/4) },
	"closers":            func(n int) string { return strings.Repeat("a* ", n/3) },
	"pairs of emphasis":  func(n int) string { return strings.Repeat("*a* ", n/4) },
	"intraword":          func(n int) string { return strings.Repeat("a**b", n/4) },
	"tildes":             func(n int) string { return strings.Repeat("~~a ", n/4) },
	"stars":              func(n int) string { return strings.Repeat("*", n) + "a" },
	"backticks": func(n int) string {
		var b strings.Builder
		for i := 1; b.Len() < n; i++ {
			b.WriteString("e" + strings.Repeat("`", i))
		}
		return b.String()
	},
	"backtick lines":      func(n int) string { return strings.Repeat("` a\n", n/4) },
	"quotations":          func(n int) string { return strings.Repeat(">", n) + "a" },
	"quotations by lines": func(n int) string { return strings.Repeat("> ", 99) + strings.Repeat("a\n", n/2) },
	"lists":               func(n int) string { return strings.Repeat("- ", n/2) + "a" },
	"list items":          func(n int) string { return strings.Repeat("- a\n", n/4) },
	"loose items":         func(n int) string { return strings.Repeat("- a\n\n", n/5) },
	"staircase": func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.Repeat("  ", i%90) + "- a\n")
		}
		return b.String()
	},
	"directives":         func(n int) string { return strings.Repeat(":::note\n", n/8) },
	"directive pairs":    func(n int) string { return strings.Repeat(":::note\na\n:::\n", n/14) },
	"stray ends":         func(n int) string { return strings.Repeat(":::\n", n/4) },
	"colons":             func(n int) string { return strings.Repeat(":", n) },
	"open spans":         func(n int) string { return strings.Repeat(":term[a ", n/8) },
	"spans":              func(n int) string { return strings.Repeat("[a]{lang=en} ", n/13) },
	"open attributes":    func(n int) string { return strings.Repeat("[a]{lang=en ", n/12) },
	"tags":               func(n int) string { return strings.Repeat("<b>", n/3) },
	"divisions":          func(n int) string { return strings.Repeat("<div>\n", n/6) },
	"open tags":          func(n int) string { return strings.Repeat("<a ", n/3) },
	"open tag blocks":    func(n int) string { return "<div>" + strings.Repeat("<a b=\"", n/6) },
	"open comments":      func(n int) string { return strings.Repeat("a <!-- ", n/7) },
	"open scripts":       func(n int) string { return strings.Repeat("a <script>\n\n", n/12) },
	"inline scripts":     func(n int) string { return strings.Repeat("a <script> ", n/11) },
	"table soup":         func(n int) string { return strings.Repeat("<table><tr><td>", n/15) },
	"end tags":           func(n int) string { return "<div>" + strings.Repeat("</b>", n/4) },
	"list soup":          func(n int) string { return "<ul>" + strings.Repeat("<li>a", n/5) },
	"link soup":          func(n int) string { return strings.Repeat("<a href=x>a ", n/12) },
	"references of text": func(n int) string { return strings.Repeat("&amp;", n/5) },
	"ampersands":         func(n int) string { return strings.Repeat("&a", n/2) },
	"addresses":          func(n int) string { return strings.Repeat("*a@a", n/4) },
	"one address":        func(n int) string { return strings.Repeat("a@a", n/3) },
	"urls":               func(n int) string { return strings.Repeat("http://a.b (", n/12) },
	"headings":           func(n int) string { return strings.Repeat("# a\n", n/4) },
	"heading attributes": func(n int) string { return strings.Repeat("# a {#a}\n", n/9) },
	"setext":             func(n int) string { return strings.Repeat("a\n-\n", n/4) },
	"footnotes": func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			k := strings.Repeat("x", 1+i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26))
			b.WriteString("a[^" + k + "]\n\n[^" + k + "]: b\n\n")
		}
		return b.String()
	},
	"footnote uses": func(n int) string { return "[^a]: b\n\n" + strings.Repeat("a[^a] ", n/6) },
	"wide table": func(n int) string {
		return strings.Repeat("a|", n/4) + "\n" + strings.Repeat("-|", n/4) + "\n" + strings.Repeat("a\n", n/8)
	},
	"long table":        func(n int) string { return "a|b\n-|-\n" + strings.Repeat("c|d\n", n/4) },
	"code in a table":   func(n int) string { return "a|b\n-|-\n" + strings.Repeat("`c\\|d`|e\n", n/9) },
	"definitions":       func(n int) string { return strings.Repeat("a\n: b\n\n", n/7) },
	"lines":             func(n int) string { return strings.Repeat("a\n", n/2) },
	"one line":          func(n int) string { return strings.Repeat("a ", n/2) },
	"hard breaks":       func(n int) string { return strings.Repeat("a  \n", n/4) },
	"images":            func(n int) string { return strings.Repeat("![](x) ", n/7) },
	"escapes":           func(n int) string { return strings.Repeat("\\*", n/2) },
	"invalid bytes":     func(n int) string { return strings.Repeat("\xff", n) },
	"zeros":             func(n int) string { return strings.Repeat("\x00", n) },
	"carriage returns":  func(n int) string { return strings.Repeat("a\r", n/2) },
	"entities in links": func(n int) string { return strings.Repeat("<a href='&#", n/11) },
}

// Sixteen times the text may take sixteen times as long, with much room for
// noise, and not 256 times.
func TestTimeGrowsWithLength(t *testing.T) {
	if testing.Short() {
		t.Skip("takes time")
	}
	const small, factor = 10_000, 16
	c := New(Options{})
	measure := func(src string) time.Duration {
		best := time.Hour
		for range 3 {
			start := time.Now()
			c.Convert("slow.md", []byte(src), 0, nil)
			best = min(best, time.Since(start))
		}
		return best
	}
	for name, input := range slowInputs {
		t.Run(name, func(t *testing.T) {
			one, many := input(small), input(small*factor)
			for try := 1; ; try++ {
				a, b := measure(one), measure(many)
				if b <= 6*factor*a || b < 200*time.Millisecond {
					break
				}
				if try == 3 {
					t.Fatalf("%d bytes take %v, %d bytes take %v", len(one), a, len(many), b)
				}
			}
			d := c.Convert("slow.md", []byte(one), 0, nil)
			if err := soundness(d, []byte(one)); err != nil {
				t.Error(err)
			}
		})
	}
}
