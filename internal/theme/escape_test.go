package theme

import (
	"html"
	"html/template"
	"net/url"
	"strings"
	"testing"
)

// contexts are the places that a value may stand in.
var contexts = []string{
	`<p>{{.}}</p>`,
	`<title>{{.}}</title>`,
	`<textarea>{{.}}</textarea>`,
	`<p title="{{.}}">x</p>`,
	`<p title='{{.}}'>x</p>`,
	`<p title={{.}}>x</p>`,
	`<a href="{{.}}">x</a>`,
	`<a href='{{.}}'>x</a>`,
	`<a href={{.}}>x</a>`,
	`<a href="/a/{{.}}">x</a>`,
	`<a href="/a?q={{.}}">x</a>`,
	`<a href="#{{.}}">x</a>`,
	`<img src="{{.}}" alt="">`,
	`<form action="{{.}}"></form>`,
	`<p {{.}}="x">y</p>`,
	`<!-- {{.}} --><p>x</p>`,
}

// oracle is the page as html/template itself prints it.
func oracle(t *testing.T, layout, value string) string {
	t.Helper()
	tmpl, err := template.New("x").Parse(layout)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := tmpl.Execute(&b, value); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// plainForm undoes what we do otherwise on purpose: "+" needs no escape,
// letters of all scripts stay in URLs, and refused things have other names.
func plainForm(t *testing.T, s string) string {
	t.Helper()
	for _, r := range [][2]string{{"#ZgotmplZ", "#unsafe-url"}, {"ZgotmplZ", "data-refused"}, {"&#43;", "+"}} {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	// Percent-encoded bytes from 0x80 on become letters again, and digits
	// upper case.
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			hex := strings.ToUpper(s[i : i+3])
			if c, err := url.PathUnescape(hex); err == nil && c[0] >= 0x80 {
				b.WriteString(c)
			} else {
				b.WriteString(hex)
			}
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func escape(t *testing.T, th *Theme, value string) string {
	t.Helper()
	r := &recorder{theme: th}
	if err := th.Layout("standard", "base").Run(r, nil, value); err != nil {
		t.Fatal(err)
	}
	return string(r.buf)
}

func TestEscapingIsThatOfHTMLTemplate(t *testing.T) {
	values := []string{
		"plain", "a b", `<script>alert("x")</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='x`, "`x`", "a=b c+d&e;f",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "https://example.org/?a=1&b=2#c", "//example.org/x", "mailto:a@b.example",
		"/服务/办 事/?问=答", "100%", "%41%zz", "tab\tline\nfeed\fret\r", "&amp;", "</title></textarea>", "\u2028", "lang", "data-x", "onclick", "style", "href",
	}
	for _, layout := range contexts {
		th := load(t, map[string]string{"layouts/standard/base.html": layout, "layouts/care/base.html": "x"})
		for _, v := range values {
			want, got := plainForm(t, oracle(t, layout, v)), plainForm(t, escape(t, th, v))
			if got != want && !stricter(layout, v, got) {
				t.Errorf("%s with %q\n got %s\nwant %s", layout, v, got, want)
			}
		}
	}
}

// stricter reports a difference that is meant: attributes by a value's name
// are only such that can do no harm.
func stricter(layout, value, got string) bool {
	return strings.HasPrefix(layout, "<p {{") && strings.HasPrefix(got, `<p data-refused="x"`) && value != "lang"
}

func FuzzEscapedTextComesBack(f *testing.F) {
	f.Add("a<b>\"c' &amp;")
	f.Add("\x00\xff`=")
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.ReplaceAll(s, "\x00", "\uFFFD")
		for _, e := range []Escaping{escapeHTML, escapeAttr, escapeRCDATA, escapeNoSpace} {
			out := string(e.Append(nil, s))
			if strings.ContainsAny(out, `<>'`) || e == escapeNoSpace && s != "" && strings.ContainsAny(out, " \t\n\f\r\"=`") {
				t.Errorf("%d: %q can end what it stands in", e, out)
			}
			if got := html.UnescapeString(out); got != want && !(e == escapeNoSpace && s == "") {
				t.Errorf("%d: %q comes back as %q", e, s, got)
			}
		}
	})
}
