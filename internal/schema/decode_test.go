package schema

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handrail/internal/diag"
)

// messages renders diagnostics as "line:col severity code: message".
func messages(list diag.List) []string {
	list.Sort()
	var out []string
	for _, d := range list {
		out = append(out, strings.TrimPrefix(d.Pos.String(), "a.md:")+" "+d.Severity.String()+" "+d.Code+": "+d.Msg)
	}
	return out
}

func TestMistakesInYAML(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"tab", "title: x\na:\n\tb: 1\n", `3:1 error yaml-tab: a tab cannot be used to indent here`},
		{"open double quote", "title: x\nsummary: \"open\n", `2:10 error yaml-open-quote: this quote is never closed`},
		{"open single quote", "标题: '开\n", `1:5 error yaml-open-quote: this quote is never closed`},
		{"open list", "topics: [a, b\nsource: c\n", `1:9 error yaml-open-list: this [ is never closed`},
		{"open group", "plain: {who: a\n", `1:8 error yaml-open-map: this { is never closed`},
		{"colon in text", "title: One: two\n", `1:11 error yaml-colon: text that holds a colon and a space has to be in quotes`},
		{"indented key", "title: x\n  source: y\n", `2:3 error yaml-indent: this line is indented in another way than the lines above`},
		{"at sign", "source: @city\n", "1:9 error yaml-start: a value cannot begin with @"},
		{"percent", "source: %city\n", "1:9 error yaml-start: a value cannot begin with %"},
		{"anchor", "source: *city\n", "1:9 error yaml-anchor: a value that begins with * names an anchor, and there is none of this name above"},
		{"escape", `source: "a\qb"` + "\n", "1:11 error yaml-escape: a backslash in double quotes begins an escape, and this one does not exist"},
		{"text after quote", "title: 'it's open'\n", "1:12 error yaml-quote: the text goes on after its closing quote"},
		{"item and key", "- a\nb: 1\n", "2:1 error yaml-mixed: a list item was expected here, as in the lines above"},
		{"no colon", "title: x\njust words\nsource: y\n", "2:1 error yaml-no-colon: this line has no colon; front matter is written as “key: value”"},
		{"duplicate key", "title: a\nsource: b\ntitle: c\n", `3:1 error duplicate-key: key "title" is given twice; the first is on line 1`},
		{"duplicate key below", "plain:\n  who: a\n  who: b\n", `3:3 error duplicate-key: key "who" is given twice; the first is on line 2`},
		{"key that is a list", "? [a, b]\n: c\n", "1:3 error yaml-key: a key has to be plain text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, diags := ParseYAML(tt.in, 0, len(tt.in), diag.NewLines("a.md", tt.in))
			if diff := cmp.Diff([]string{tt.want}, messages(diags)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMistakesInTOML(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"open quote", "title = \"x\nsource = \"y\"\n", "1:9 error toml-open-quote: this quote is never closed"},
		{"no equals sign", "title \"x\"\n", "1:7 error toml-equals: this line has no equals sign; TOML is written as “key = value”"},
		{"duplicate key", "title = \"a\"\ntitle = \"b\"\n", `2:1 error duplicate-key: key "title" is given twice; the first is on line 1`},
		{"duplicate table", "[plain]\nwho = \"a\"\n[plain]\nget = \"b\"\n", `3:2 error duplicate-key: key "plain" is given twice; the first is on line 1`},
		{"value without quotes", "title = words\n", "1:9 error toml-value: this is no TOML value"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, ok, diags := ParseTOML(tt.in, 0, len(tt.in), diag.NewLines("a.md", tt.in))
			if diff := cmp.Diff([]string{tt.want}, messages(diags)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if want := strings.HasPrefix(tt.name, "duplicate"); ok != want {
				t.Errorf("whole = %v; want %v", ok, want)
			}
		})
	}
}

func TestAllMistakesOfAStrictPageComeAtOnce(t *testing.T) {
	in := `type: policy
titel: Rules for lifts
summary: [a, b]
number: 2026-1
issuer:
issued: 18.9.2026
status: inforce
amended-by: old
draft: maybe
weight: heavy
plain:
  who: all
  what: nothing
materials: x
`
	root, _, diags := ParseYAML(in, 0, len(in), diag.NewLines("a.md", in))
	d := Decoder{Lines: diag.NewLines("a.md", in)}
	diags = append(diags, d.Decode(Lookup("policy"), root)...)
	want := []string{
		`2:1 error unknown-key: unknown key "titel"; did you mean "title"?`,
		`3:10 error wrong-type: "summary" has to be a text, not a list`,
		`5:1 error empty-field: "issuer" needs a value`,
		`6:9 error bad-date: "18.9.2026" is no date: "issued"`,
		`7:9 error unknown-word: "status" cannot be "inforce"; did you mean "in-force"?`,
		`8:13 error wrong-type: "amended-by" has to be a list, not "old"`,
		`9:8 error wrong-type: "draft" has to be true or false, not "maybe"`,
		`10:9 error wrong-type: "weight" has to be a number, not "heavy"`,
		`13:3 error unknown-key: unknown key "what"`,
		`14:1 error unknown-key: unknown key "materials"`,
	}
	if diff := cmp.Diff(want, messages(diags)); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if got := root.String("number"); got != "2026-1" {
		t.Errorf("number = %q; text may look like a number", got)
	}
	var missing []string
	for _, f := range Missing(Lookup("policy"), root) {
		missing = append(missing, f.Key)
	}
	if missing != nil {
		t.Errorf("missing = %v; fields that are there but wrong are reported once", missing)
	}
}

func TestMissingFieldsOfGroups(t *testing.T) {
	in := "fee:\n  amount: 5\nsteps:\n  - text: go\n"
	root, _, _ := ParseYAML(in, 0, len(in), diag.NewLines("a.md", in))
	d := Decoder{Lines: diag.NewLines("a.md", in)}
	want := []string{
		`1:1 error missing-field: "fee.charged" is missing`,
		`4:5 error missing-field: "steps.title" is missing`,
	}
	if diff := cmp.Diff(want, messages(d.Decode(Lookup("service"), root))); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

func TestLenientPages(t *testing.T) {
	in := "title: x\ncolour: red\nkeywords: one\ndate: 2026/9/8\nexpires-at: soon\nweight: \"3\"\n"
	root, _, _ := ParseYAML(in, 0, len(in), diag.NewLines("a.md", in))
	var unknown []string
	d := Decoder{Lines: diag.NewLines("a.md", in), Lenient: true, Unknown: func(v *Value) { unknown = append(unknown, v.Key) }}
	want := []string{`5:13 warning bad-date: "soon" is no date: "expires-at"`}
	if diff := cmp.Diff(want, messages(d.Decode(Lookup("page"), root))); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"colour"}, unknown); diff != "" {
		t.Errorf("unknown keys (-want +got):\n%s", diff)
	}
	if got := root.Get("date").Time.Format(time.DateOnly); got != "2026-09-08" {
		t.Errorf("date = %s; want 2026-09-08", got)
	}
	if got := root.Strings("keywords"); len(got) != 1 || got[0] != "one" {
		t.Errorf("keywords = %q; want one word", got)
	}
	if got := root.Get("weight"); got == nil || got.Number != 3 {
		t.Errorf("weight = %v; want 3", got)
	}
}

func TestDates(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	for _, tt := range []struct {
		in, want string
		hasTime  bool
	}{
		{"2026-09-18", "2026-09-18T00:00:00+08:00", false},
		{"2026-09-18T09:30:00Z", "2026-09-18T09:30:00Z", true},
		{"2026-02-30", "", false},
		{"2026-9-1", "", false},
		{"20260901", "", false},
		{"", "", false},
	} {
		got, hasTime, ok := ParseDate(tt.in, shanghai, false)
		if ok != (tt.want != "") || hasTime != tt.hasTime || ok && got.Format(time.RFC3339) != tt.want {
			t.Errorf("ParseDate(%q) = %v, %v, %v; want %q", tt.in, got, hasTime, ok, tt.want)
		}
	}
}

func TestBrokenFrontMatterKeepsWhatCanBeRead(t *testing.T) {
	in := "title: Visit us\nsummary: One: two\ntopics:\n  - a\n  - b\nsource: \"x\n"
	root, ok, diags := ParseYAML(in, 0, len(in), diag.NewLines("a.md", in))
	if ok || len(diags) != 1 {
		t.Fatalf("ok = %v with %d diagnostics; want one syntax error", ok, len(diags))
	}
	if root.String("title") != "Visit us" || len(root.Strings("topics")) != 2 {
		t.Errorf("title %q, topics %q: lost", root.String("title"), root.Strings("topics"))
	}
}

func TestPlacesInText(t *testing.T) {
	in := "---\n标题: \"中文 [链接](a)\"\nsummary: |\n  one\n\n  two [x](y)\nalias: &n plain\n---\n"
	root, _, _ := ParseYAML(in, 4, len(in)-4, diag.NewLines("a.md", in))
	for _, tt := range []struct{ key, find string }{{"标题", "链接"}, {"summary", "[x]"}, {"summary", "one"}, {"alias", "plain"}} {
		v := root.Get(tt.key)
		got := v.Source(in, strings.Index(v.Text, tt.find))
		if want := strings.Index(in, tt.find); got != want {
			t.Errorf("%s: %q at %d; want %d", tt.key, tt.find, got, want)
		}
	}
}

// A list on one line took time by the square of its length: its values were
// each looked for from the beginning of the line.
func TestLongLinesAreReadInStep(t *testing.T) {
	src := "a: [" + strings.Repeat("é, ", 100_000) + "\"z\"]\nb: x\n"
	began := time.Now()
	root, _, diags := ParseYAML(src, 0, len(src), diag.NewLines("a.md", src))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("reading took %v", took)
	}
	list := root.Get("a").List
	for _, v := range []*Value{list[0], list[99_999], list[100_000], root.Get("b")} {
		if rest := src[v.Off:]; !strings.HasPrefix(strings.TrimPrefix(rest, `"`), v.Text) {
			t.Errorf("%q is placed at %q", v.Text, rest[:min(len(rest), 10)])
		}
	}
}
