package css

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite testdata")

var kindNames = map[Kind]string{Ident: "ident", Function: "function", AtKeyword: "at", Hash: "hash", String: "string",
	BadString: "bad-string", URL: "url", BadURL: "bad-url", Delim: "delim", Number: "number", Percentage: "percentage",
	Dimension: "dimension", Space: "_", CDO: "cdo", CDC: "cdc", Colon: ":", Semicolon: ";", Comma: ",", OpenSquare: "[",
	CloseSquare: "]", OpenParen: "(", CloseParen: ")", OpenBrace: "{", CloseBrace: "}"}

func TestTokenize(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a b", "ident=a _ ident=b"},
		{"a/**/b", "ident=a ident=b"},
		{"--x -y -", "ident=--x _ ident=-y _ delim=-"},
		{`\61 b`, "ident=ab"},
		{`\31 23`, "ident=123"},
		{"1 +2 -.5 1e3 1e 10%", "number=1 _ number=2 _ number=-0.5 _ number=1000 _ dimension=1e _ percentage=10"},
		{"1.5em 2x-y", "dimension=1.5em _ dimension=2x-y"},
		{"#a #1 #", "hash=a _ hash=1 _ delim=#"},
		{`"a\"b" 'c'`, `string=a"b _ string=c`},
		{"\"a\nb", "bad-string _ ident=b"},
		{`"a\` + "\n" + `b"`, "string=ab"},
		{"url(a.png) url( a ) url('x')", "url=a.png _ url=a _ function=url string=x )"},
		{"url(a b) c", "bad-url _ ident=c"},
		{"rgb(1,2)", "function=rgb number=1 , number=2 )"},
		{"@media{}", "at=media { }"},
		{"<!-- -->", "cdo _ cdc"},
		{"u\\", "ident=u\uFFFD"},
		{"中文 é", "ident=中文 _ ident=é"},
		{"\x00a", "ident=\uFFFDa"},
	}
	for _, tt := range tests {
		toks, _ := Tokenize(tt.in)
		var out []string
		for _, k := range toks {
			s := kindNames[k.Kind]
			switch k.Kind {
			case Number, Percentage:
				s += fmt.Sprintf("=%v", k.Num)
			case Dimension:
				s += fmt.Sprintf("=%v%s", k.Num, k.Text)
			default:
				if k.Text != "" {
					s += "=" + k.Text
				}
			}
			out = append(out, s)
		}
		if got := strings.Join(out, " "); got != tt.want {
			t.Errorf("Tokenize(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

// TestParse runs testdata/*.txtar: pairs of a sheet (x.css) and what the parser
// makes of it (x.want).
func TestParse(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	if len(files) == 0 {
		t.Fatal("no testdata")
	}
	for _, f := range files {
		ar, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(ar.Files); i += 2 {
			in, want := ar.Files[i], ar.Files[i+1]
			t.Run(filepath.Base(f)+"/"+in.Name, func(t *testing.T) {
				src := strings.TrimSuffix(string(in.Data), "\n")
				got := describe(Parse(src))
				ar.Files[i+1].Data = []byte(got)
				if diff := cmp.Diff(string(want.Data), got); diff != "" && !*update {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(f, txtar.Format(ar), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// describe writes a sheet as indented lines with positions.
func describe(s *Sheet) string {
	var b strings.Builder
	describeRules(&b, s.Source, s.Rules, "")
	for _, e := range s.Errors {
		fmt.Fprintf(&b, "error %d %s\n", e.Pos, e.Msg)
	}
	return b.String()
}

func describeRules(b *strings.Builder, src string, rules []*Rule, indent string) {
	for _, r := range rules {
		if r.At != "" {
			fmt.Fprintf(b, "%s%d @%s %s\n", indent, r.Pos, r.At, Text(src, r.Prelude))
		} else {
			var sels []string
			for _, sel := range r.Selector {
				sels = append(sels, selText(sel))
			}
			fmt.Fprintf(b, "%s%d %s\n", indent, r.Pos, strings.Join(sels, ", "))
		}
		for _, d := range r.Decls {
			bang := ""
			if d.Important {
				bang = " !"
			}
			fmt.Fprintf(b, "%s  %d %s: %s%s\n", indent, d.Pos, d.Name, d.Text(src), bang)
		}
		describeRules(b, src, r.Rules, indent+"  ")
	}
}

// selText writes a selector in a normal form.
func selText(s *Selector) string {
	var b strings.Builder
	for i, c := range s.Compounds {
		switch {
		case c.Comb != Descendant:
			b.WriteString(" " + string(c.Comb) + " ")
		case i > 0:
			b.WriteString(" ")
		}
		for _, x := range c.Simples {
			b.WriteString(simpleText(x))
		}
	}
	if s.Pseudo != "" {
		b.WriteString("::" + s.Pseudo)
	}
	return strings.TrimSpace(b.String())
}

func simpleText(x Simple) string {
	switch x.Kind {
	case Universal:
		return "*"
	case Type:
		return x.Name
	case ID:
		return "#" + x.Name
	case Class:
		return "." + x.Name
	case Attribute:
		if x.Op == 0 {
			return "[" + x.Name + "]"
		}
		op := "="
		if x.Op != '=' {
			op = string(x.Op) + "="
		}
		flag := ""
		if x.Fold {
			flag = " i"
		}
		return "[" + x.Name + op + fmt.Sprintf("%q", x.Value) + flag + "]"
	}
	var args []string
	if strings.HasPrefix(x.Name, "nth") {
		args = append(args, fmt.Sprintf("%dn%+d", x.A, x.B))
	}
	args = append(args, x.Args...)
	var subs []string
	for _, sub := range x.List {
		subs = append(subs, selText(sub))
	}
	if len(subs) > 0 {
		args = append(args, strings.Join(subs, ", "))
	}
	if len(args) == 0 {
		return ":" + x.Name
	}
	return ":" + x.Name + "(" + strings.Join(args, " ") + ")"
}

func TestSpecificity(t *testing.T) {
	tests := []struct {
		in      string
		a, b, c int
	}{
		{"*", 0, 0, 0},
		{"li", 0, 0, 1},
		{"ul li", 0, 0, 2},
		{"ul ol+li", 0, 0, 3},
		{"h1 + *[rel=up]", 0, 1, 1},
		{"ul ol li.red", 0, 1, 3},
		{"li.red.level", 0, 2, 1},
		{"#x34y", 1, 0, 0},
		{"#s12:not(FOO)", 1, 0, 1},
		{".foo :is(.bar, #baz)", 1, 1, 0},
		{":where(#a) b", 0, 0, 1},
		{":nth-child(2n+1 of .a, #b)", 1, 1, 0},
		{"a::before", 0, 0, 2},
		{"a:has(> .b img)", 0, 1, 2},
		{"a:hover:focus", 0, 2, 1},
	}
	for _, tt := range tests {
		l, err := ParseSelectors(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if a, b, c := l[0].Spec.Parts(); a != tt.a || b != tt.b || c != tt.c {
			t.Errorf("%s: (%d,%d,%d); want (%d,%d,%d)", tt.in, a, b, c, tt.a, tt.b, tt.c)
		}
	}
}

func TestSelectors(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a>b~c+d e", "a > b ~ c + d e"},
		{"[ a = 'b' i ]", `[a="b" i]`},
		{"[a|=b][c^=d][e$=f][g*=h][i~=j][k]", `[a|="b"][c^="d"][e$="f"][g*="h"][i~="j"][k]`},
		{":nth-child( odd )", ":nth-child(2n+1)"},
		{":nth-child(even)", ":nth-child(2n+0)"},
		{":nth-child(-n + 3)", ":nth-child(-1n+3)"},
		{":nth-child(+3n - 2)", ":nth-child(3n-2)"},
		{":nth-last-of-type(n)", ":nth-last-of-type(1n+0)"},
		{":nth-child(5)", ":nth-child(0n+5)"},
		{":nth-child(2n+1 of .a, b)", ":nth-child(2n+1 .a, b)"},
		{":is(a, :::, b)", ":is(a, b)"},
		{":lang(zh, 'en-*', *-Hans)", ":lang(zh en-* *-hans)"},
		{"p::first-line", "p::first-line"},
		{"p:before", "p::before"},
		{"svg|a, *|b, |c", "a, b, c"},
		{`.\31 0`, ".10"},
		{":has(+ a, > b c)", ":has(+ a, > b c)"},
		{"a:not([href]):not(b c, d)", "a:not([href]):not(b c, d)"},
		{"A.B#C", "A.B#C"},
	}
	for _, tt := range tests {
		l, err := ParseSelectors(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		var out []string
		for _, s := range l {
			out = append(out, selText(s))
		}
		if got := strings.Join(out, ", "); got != tt.want {
			t.Errorf("%s: %s; want %s", tt.in, got, tt.want)
		}
	}
	for _, bad := range []string{"", "a,", ",a", "a >", "> a", "a > > b", "a b >", ":nope", "::nope", "a:not(", "[a=]", "[=b]", "[a b]",
		"a..b", "a.1", "#1", ":nth-child(2x)", ":nth-child(2 3)", ":nth-child(- 3)", ":nth-of-type(2n of a)", "a::before b", "a:not(>b)", "a{", "a!"} {
		if l, err := ParseSelectors(bad); err == nil && !(bad == "a:not(") {
			t.Errorf("%q is valid: %v", bad, selText(l[0]))
		}
	}
}

// env is a screen 800 px wide, dark, at 16 px.
type env struct{}

func (env) MediaType(n string) bool { return n == "screen" }

func (env) Feature(name, op string, v []Token) (bool, bool) {
	switch name {
	case "width":
		if op == "" {
			return true, true
		}
		if len(v) != 1 {
			return false, false
		}
		px := v[0].Num
		if v[0].Text == "em" {
			px *= 16
		}
		switch op {
		case "=":
			return px == 800, true
		case "<":
			return 800 < px, true
		case "<=":
			return 800 <= px, true
		case ">":
			return 800 > px, true
		}
		return 800 >= px, true
	case "prefers-color-scheme":
		return op == "" || v[0].Text == "dark", true
	}
	return false, false
}

func TestMedia(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{
		{"", true}, {"all", true}, {"screen", true}, {"print", false}, {"not print", true}, {"not screen", false},
		{"only screen", true}, {"SCREEN", true}, {"print, screen", true}, {"tty", false},
		{"(width)", true}, {"(min-width: 800px)", true}, {"(min-width: 801px)", false}, {"(max-width:50em)", true},
		{"screen and (min-width: 100px) and (max-width: 900px)", true}, {"screen and (min-width: 900px)", false},
		{"(width >= 800px)", true}, {"(width > 800px)", false}, {"(800px <= width)", true}, {"(400px < width < 900px)", true},
		{"(400px < width <= 700px)", false}, {"(900px > width > 400px)", true}, {"(width = 800px)", true},
		{"(prefers-color-scheme: dark)", true}, {"(prefers-color-scheme: light)", false},
		{"not (prefers-color-scheme: light)", true}, {"(not (width))", false},
		{"(width > 1px) or (width > 900px)", true}, {"((width > 1px) and (width < 900px))", true},
		{"(width > 1px) and (width > 2px) or (width)", false}, // mixing and, or is invalid
		{"(unknown-feature)", false}, {"not (unknown-feature)", false}, {"(unknown-feature) or (width)", true},
		{"screen and", false}, {"and", false}, {"(width", true}, {"{}", false}, {"screen or (width)", false}, {"&x, screen", true},
		{"(400px < width > 200px)", false},
	}
	for _, tt := range tests {
		if got := ParseMedia(tt.in).Matches(env{}); got != tt.want {
			t.Errorf("%q: %t; want %t", tt.in, got, tt.want)
		}
	}
}

func TestSupports(t *testing.T) {
	known := func(name string, v []Token) bool { return name == "display" && len(v) > 0 }
	tests := []struct {
		in   string
		want bool
	}{
		{"(display: grid)", true}, {"(nope: 1)", false}, {"not (nope: 1)", true}, {"(display: grid) and (nope: 1)", false},
		{"(display: grid) or (nope: 1)", true}, {"selector(a > b)", true}, {"selector(a:nope)", false},
		{"((display: grid) and (not (nope: 1)))", true}, {"font-tech(color-COLRv1)", false}, {"display: grid", false}, {"", false},
	}
	for _, tt := range tests {
		toks, _ := Tokenize(tt.in)
		if got := Supports(tt.in, toks, known); got != tt.want {
			t.Errorf("%q: %t; want %t", tt.in, got, tt.want)
		}
	}
}

func TestStates(t *testing.T) {
	l, err := ParseSelectors("a:not(:focus-visible):hover, b")
	if err != nil {
		t.Fatal(err)
	}
	if l[0].States != Hover|FocusVisible || l[1].States != 0 {
		t.Errorf("states %b, %b", l[0].States, l[1].States)
	}
}

// TestDeep: nesting that a recursive parser must not follow to the end.
func TestDeep(t *testing.T) {
	n := 100000
	for name, src := range map[string]string{
		"blocks":    strings.Repeat("a{", n),
		"at-rules":  strings.Repeat("@media all{", n),
		"brackets":  "a{b:" + strings.Repeat("(", n),
		"selectors": strings.Repeat(":is(", n) + "{}",
		"media":     "@media " + strings.Repeat("(", n) + "{a{b:c}}",
		"nested &":  strings.Repeat("& & &{", 60) + "a:b",
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range Parse(src).Rules {
				if r.At == "media" {
					ParseMediaTokens(src, r.Prelude)
				}
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a{b:c}", "@media (a){b{c:d!important}}", "a{&:hover{b:c}d{e:f}g:h}", "@import url(x) layer(a.b) supports(c:d) screen;",
		"a:nth-child(2n + 1 of b){", "@layer a, b;@layer c{}", "}a{}", "a{b:url(x", "a{b:\"", "\\", "/*", "<!-- a{} -->", "@font-face{a:b}", "a{--x:{}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		s := Parse(src)
		checkRules(t, src, s.Rules, 0, len(src))
		for _, e := range s.Errors {
			if e.Pos < 0 || e.Pos > len(src) {
				t.Fatalf("error at %d of %d", e.Pos, len(src))
			}
		}
		decls, _ := ParseDecls(src)
		checkDecls(t, src, decls, 0, len(src))
		if l, err := ParseSelectors(src); err == nil && len(l) == 0 {
			t.Fatal("no selectors and no error")
		}
		ParseMedia(src).Matches(env{})
	})
}

func checkRules(t *testing.T, src string, rules []*Rule, from, to int) {
	last := from
	for _, r := range rules {
		if r.Pos < last || r.End < r.Pos || r.End > to {
			t.Fatalf("rule at %d–%d, between %d and %d", r.Pos, r.End, last, to)
		}
		checkDecls(t, src, r.Decls, r.Pos, r.End)
		checkRules(t, src, r.Rules, r.Pos, r.End)
		last = r.End
	}
}

func checkDecls(t *testing.T, src string, decls []Decl, from, to int) {
	last := from
	for i := range decls {
		d := &decls[i]
		if d.Pos < last || d.End < d.Pos || d.End > to {
			t.Fatalf("declaration at %d–%d, between %d and %d", d.Pos, d.End, last, to)
		}
		d.Text(src)
		last = d.End
	}
}

func BenchmarkParse(b *testing.B) {
	var sb strings.Builder
	for i := range 300 {
		fmt.Fprintf(&sb, ".block-%d > .item:hover, #id%d a[href^='http'] { color: rgb(%d 0 0 / 50%%); margin: 0 auto 1rem; --x: var(--y, %dpx) }\n", i, i, i%255, i)
	}
	src := sb.String()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(src)
	}
}
