package glossary

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

func parse(t testing.TB, src string) (map[string]*Glossary, diag.List) {
	t.Helper()
	lines := diag.NewLines("data/glossary.yaml", src)
	root, _, diags := schema.ParseYAML(src, 0, len(src), lines)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return Parse(root, lines, []string{"zh-Hans", "en", "ar"})
}

const words = `
zh-Hans:
  terms:
    - { term: 低保, means: 补差额的钱。, also: [最低生活保障], page: /a/, group: money }
    - { term: 低保边缘家庭, means: 收入高一点的家庭。 }
    - { term: 代办, means: 替别人办。, not: [代办处] }
  short:
    - { term: 社保, full: 社会保险 }
  pinyin:
    北碚: běi bèi
en:
  terms:
    - { term: carer, means: somebody who helps. }
    - { term: allowance, means: money. }
    - { term: authority, means: an office. }
  short:
    - { term: WCAG, full: Web Content Accessibility Guidelines }
ar:
  terms:
    - { term: إعانة, means: مال. }
`

// found lists the words of a text, each in brackets with what it is.
func found(g *Glossary, text string) string {
	var out []string
	for at, before := 0, rune(0); ; {
		m, ok := g.Next([]byte(text), at, before)
		if !ok {
			return strings.Join(out, " ")
		}
		name := ""
		switch {
		case m.Full:
			name = "full:" + m.Term.Word
		case m.Term != nil:
			name = m.Term.Word
		}
		if m.Reading != nil {
			name += "/" + strings.Join(m.Reading.Readings, "-")
		}
		out = append(out, text[m.Start:m.End]+"="+name)
		at, before = m.End, []rune(text[:m.End])[len([]rune(text[:m.End]))-1]
	}
}

func TestWordsAreFoundLongestFirst(t *testing.T) {
	all, diags := parse(t, words)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for _, c := range []struct{ lang, text, want string }{
		{"zh-Hans", "申请低保。最低生活保障", "低保=低保 最低生活保障=低保"},
		{"zh-Hans", "低保边缘家庭和低保户", "低保边缘家庭=低保边缘家庭 低保=低保"},
		{"zh-Hans", "请到代办处代办", "代办=代办"}, // the second: the first is an office
		{"zh-Hans", "交社保，也叫社会保险", "社保=社保 社会保险=full:社保"},
		{"zh-Hans", "北碚区", "北碚=/běi-bèi"},
		{"zh-Hans", "什么都没有", ""},
		{"en", "Carers, a carer, careers and scarers", "Carers=carer carer=carer"},
		{"en", "Authorities give allowances.", "Authorities=authority allowances=allowance"},
		{"en", "WCAG, not WCAGs or wcag, but (WCAG)", "WCAG=WCAG WCAG=WCAG"},
		{"en", "éallowance allowanceé", ""},
		{"ar", "إعانة والإعانة الإعانة", "إعانة=إعانة الإعانة=إعانة"},
	} {
		if got := found(all[c.lang], c.text); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestMistakesHaveTheirPlaces(t *testing.T) {
	_, diags := parse(t, `zh-Hans:
  terms:
    - { term: 低保, means: 钱。, also: [社保] }
    - { term: 低保, means: 又一次。 }
    - { term: 没有解释 }
    - { term: 错字, meens: 解释。 }
  short:
    - { term: 社保, full: 社会保险 }
  pinyin:
    北碚: běi
fr:
  terms: []
`)
	var got []string
	for _, d := range diags {
		got = append(got, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Col, d.Code))
	}
	want := []string{"4:15 word-twice", "5:7 missing-field", "6:7 missing-field", "6:19 unknown-key", "8:15 word-twice", "10:9 pinyin-count", "11:1 unlisted-language"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Text that begins many words and holds none takes time in step with its
// length.
func TestSearchIsLinear(t *testing.T) {
	src := "en:\n  terms:\n"
	for i := 1; i <= 60; i++ {
		src += fmt.Sprintf("    - { term: %s, means: x. }\n", strings.Repeat("a ", i)+"b")
	}
	all, _ := parse(t, src)
	took := func(n int) time.Duration {
		b := []byte(strings.Repeat("a ", n))
		best := time.Hour
		for range 3 {
			start := time.Now()
			if _, ok := all["en"].Next(b, 0, 0); ok {
				t.Fatal("found a word")
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	if small, large := took(5_000), took(50_000); large > 40*small {
		t.Errorf("ten times the text took %v instead of %v", large, small)
	}
}

func BenchmarkNextInChinese(b *testing.B) {
	all, _ := parse(b, words)
	text := []byte(strings.Repeat("符合条件的老年人可以向居住地的街道办事处提出申请，也可以请家里人去办。", 30))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		all["zh-Hans"].Next(text, 0, 0)
	}
}

func FuzzNext(f *testing.F) {
	all, _ := parse(f, words)
	f.Add("请到代办处代办低保\xff carers")
	f.Fuzz(func(t *testing.T, s string) {
		for _, g := range all {
			last := 0
			for at := 0; ; {
				m, ok := g.Next([]byte(s), at, 0)
				if !ok {
					break
				}
				if m.Start < last || m.End <= m.Start || m.End > len(s) {
					t.Fatalf("match %d–%d after %d in %q", m.Start, m.End, last, s)
				}
				at, last = m.End, m.End
			}
		}
	})
}
