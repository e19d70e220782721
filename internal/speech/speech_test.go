package speech

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
)

// vectors are examples that this package and the script of the theme share.
type vectors struct {
	Say []struct{ Lang, Text, Said string }
	// Sentences give the parts of a text and how each is said.
	Sentences []struct {
		Lang, Text  string
		Limit       int
		Parts, Said []string
	}
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSay(t *testing.T) {
	for _, x := range readVectors(t).Say {
		if got := Say(x.Text, x.Lang); got != x.Said {
			t.Errorf("Say(%q, %s)\n got %s\nwant %s", x.Text, x.Lang, got, x.Said)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, x := range readVectors(t).Sentences {
		var parts, said []string
		for _, s := range Sentences(x.Text, x.Lang, x.Limit) {
			parts, said = append(parts, x.Text[s.From:s.To]), append(said, s.Said)
		}
		if diff := cmp.Diff(x.Parts, parts); diff != "" {
			t.Errorf("parts of %q (-want +got):\n%s", x.Text, diff)
		}
		if diff := cmp.Diff(x.Said, said); diff != "" {
			t.Errorf("said of %q (-want +got):\n%s", x.Text, diff)
		}
	}
}

// A question is one text for the script; answers are in the same order.
type question struct {
	Lang  string `json:"lang"`
	Text  string `json:"text"`
	Limit int    `json:"limit"`
}

type answer struct{ Parts, Said []string }

// askScript has the theme's script cut and say texts, in Node.
func askScript(t *testing.T, questions []question) []answer {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no Node to run the script in")
	}
	res := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{
			Contents: `import { sentences } from "./speech-split";
				const ask = JSON.parse(require("fs").readFileSync(0, "utf8"));
				console.log(JSON.stringify(ask.map(({ lang, text, limit }) => {
					const found = sentences(text, lang, limit);
					return { parts: found.map((s) => text.slice(s.from, s.to)), said: found.map((s) => s.said) };
				})));`,
			ResolveDir: "../../themes/civic/assets", Loader: api.LoaderTS,
		},
		Bundle: true, Platform: api.PlatformNode, Target: api.ES2018, TsconfigRaw: "{}",
	})
	if len(res.Errors) > 0 {
		t.Fatal(res.Errors)
	}
	in, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "say.js")
	if err := os.WriteFile(script, res.OutputFiles[0].Contents, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, script)
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(in)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []answer
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// TestScript holds the theme's script to the shared examples, and to this
// package on every line of the repository's own pages.
func TestScript(t *testing.T) {
	v := readVectors(t)
	var questions []question
	for _, x := range v.Say {
		questions = append(questions, question{x.Lang, x.Text, 100000})
	}
	for _, x := range v.Sentences {
		questions = append(questions, question{x.Lang, x.Text, x.Limit})
	}
	for lang, folder := range map[string]string{"zh-Hans": "zh-Hans", "en": "en", "ar": "ar"} {
		files, err := filepath.Glob("../../content/" + folder + "/*/*.md")
		if err != nil || len(files) == 0 {
			t.Fatalf("no pages in %s: %v", folder, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(data)) {
				questions = append(questions, question{lang, line, 40})
			}
		}
	}
	for i := range 1500 {
		questions = append(questions, question{[]string{"zh-Hans", "en"}[i%2], mixed(uint64(i)), 20 + i%60})
	}
	answers := askScript(t, questions)
	for i, q := range questions {
		var want answer
		for _, s := range Sentences(q.Text, q.Lang, q.Limit) {
			want.Parts, want.Said = append(want.Parts, q.Text[s.From:s.To]), append(want.Said, s.Said)
		}
		if i < len(v.Say) && len(want.Said) == 1 && want.Said[0] != v.Say[i].Said {
			t.Errorf("%q: said %q, want %q", q.Text, want.Said[0], v.Say[i].Said)
		}
		if strings.Join(answers[i].Said, "|") != strings.Join(want.Said, "|") || strings.Join(answers[i].Parts, "|") != strings.Join(want.Parts, "|") {
			t.Errorf("%s %q:\nscript %q\n    Go %q", q.Lang, q.Text, answers[i], want)
		}
	}
}

// mixed returns a text that is made of pieces at random, the same for the
// same seed.
func mixed(seed uint64) string {
	pieces := strings.Split("2026|3|05|12|1,200|.50|.5|110|12345|0300-555-0101|A4|GB|km|m²|%|¥|$|元|年|月|日|号|—|-|–|~|:|：|/|(|)|（|）|《|》|〔|〕|。|，|；|、| |  |. |! |, |No.|e.g.|Dr. |May |March |in |call |电话|拨打|第|个|老人|津贴|Handrail|the|X|①|+|&|…|’|”|st|th|am| p.m.|@|a.b|www.|https://|万|亿|2|0", "|")
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	for range 2 + r.IntN(14) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"2026年3月5日，¥1,200.50。", "e.g. No. 12 at 5 p.m. on 5 March 2026!", "安民发〔2026〕12号", "91350100M000100Y43-1-2", "−5～3—2", "𠮷。野屋", "\xff1/2\x00"} {
		f.Add(s, 40)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = max(limit%200, 1)
		for _, lang := range []string{"zh-Hans", "en", "ar"} {
			last := 0
			for _, s := range Sentences(text, lang, limit) {
				if s.From < last || s.To <= s.From || s.To > len(text) {
					t.Fatalf("%s: part %d–%d behind %d of %d bytes", lang, s.From, s.To, last, len(text))
				}
				if n := utf8.RuneCountInString(text[s.From:s.To]); n > 1 && utf8.RuneCountInString(s.Said) > limit {
					t.Fatalf("%s: %q is said in %d characters, more than %d", lang, s.Said, utf8.RuneCountInString(s.Said), limit)
				}
				if strings.ContainsRune(s.Said, '\n') {
					t.Fatalf("%s: %q has a line break", lang, s.Said)
				}
				last = s.To
			}
		}
	})
}

func BenchmarkSentences(b *testing.B) {
	text := strings.Repeat("自2026年3月5日起，每月发放高龄津贴¥1,200.50，请拨打12345。", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Sentences(text, "zh-Hans", Limit)
	}
}

func TestLexicon(t *testing.T) {
	l := Lexicon{{"银行", "银háng"}, {"人民银行", "人民银háng总部"}, {"ID", "I D"}, {"", "x"}}
	for in, want := range map[string]string{
		"到银行去":       "到银háng去",
		"中国人民银行":     "中国人民银háng总部",
		"ID and IDs": "I D and IDs",
		"":           "",
	} {
		if got := l.Apply(in); got != want {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
	}
	if got := Lexicon(nil).Apply("银行"); got != "银行" {
		t.Errorf("without entries: %q", got)
	}
}
