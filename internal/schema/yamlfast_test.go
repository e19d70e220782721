package schema

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"handrail/internal/diag"
)

// FuzzFastYAML holds the quick reader to the whole parser: where it reads a
// text at all, it reads the same.
func FuzzFastYAML(f *testing.F) {
	for _, seed := range []string{
		"title: An introduction\ndate: \"2025-01-06\"\ntags:\n  - podcast\n  - social-media\nweight: 1\naliases:\n  - /a/b/\n",
		"标题: x\ntitle: 中文（一）\n\n# note\nkeywords:\n- 甲\n- '乙'\ndraft: true\nempty:\nlast: 2026-01-02",
		"a: 1\n\nb:\n\nc:\n  - x\n\nd: y\n", "a: b c  \ne:  'f'\n", "a:\n  - b\n  c: d\n", "a: b\n  c\n", "a: b: c\n", "a: x #y\n", "a: 007\nb: 1e3\nc: 0x1F\n",
		"a: yes\nb: ~\nc: null\nd: True\n", "a:\n  - b: c\n", "a: 2026-13-01\n", "a: \"b\" c\n", "a: (b)\nc: /d\n", "a:\n- x\n- \"y\"\nb:\n", "a:\n #x\nb: c\n", "a:\n\n  - b\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) { sameTree(t, in) })
}

// sameTree compares the two readers, and reports whether the quick one read
// the text.
func sameTree(t *testing.T, in string) bool {
	got, ok := parseFast(in, 0, len(in))
	if !ok {
		return false
	}
	want, whole, diags := parseYAML(in, 0, len(in), diag.NewLines("a.md", in))
	if !whole || len(diags) > 0 {
		t.Fatalf("%q is read, but is wrong: %v", in, diags)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Value{})); diff != "" {
		t.Fatalf("%q (-parser +fast):\n%s", in, diff)
	}
	return true
}

// TestFastYAMLOnRandomLines puts pieces of YAML together that a fuzzer would
// seldom find.
func TestFastYAMLOnRandomLines(t *testing.T) {
	pieces := []string{"a", "b", "c-d", "key", ":", ": ", ":  ", "\n", "\n", "\n", "\n  ", "\n- ", "\n  - ", "\n    - ", " ", "x y", "中文", "true", "No", "null", "~",
		"12", "007", "1.5", "2026-01-02", "2026-02-30", "\"q\"", "'q'", "\"q", "it's", "#c", " #c", "/p/", "(x)", "[", "{", "- ", "-", "&a", "*a", "!t", "|", ">", "%", "@", ",", "]", "y:", "e: ", "f:\n", "g: h\n", "h:\n- i\n", "😀", "...", "---", "?", "<<", "=", "1e3", "0x1f", ".inf", "on"}
	keys := []string{"a: ", "b: ", "c-d: ", "key:", "e:\n  - ", "f:\n- ", "g:  ", "h_1: "}
	items := []string{"- ", "  - ", "    - ", "  ", "", "  -  "}
	r := rand.New(rand.NewPCG(1, 2))
	read := 0
	for range 20_000 {
		in := ""
		for range 1 + r.IntN(5) {
			switch r.IntN(8) {
			case 0, 1, 2, 3:
				in += keys[r.IntN(len(keys))]
			case 4, 5, 6:
				in += items[r.IntN(len(items))]
			}
			for range r.IntN(3) {
				in += pieces[r.IntN(len(pieces))]
			}
			in += "\n"
		}
		if sameTree(t, in) {
			read++
		}
	}
	if read < 300 {
		t.Errorf("only %d texts were read the quick way", read)
	}
}

func TestFastYAMLReadsCommonFrontMatter(t *testing.T) {
	in := "title: An introduction to podcasts\ndate: \"2025-01-06\"\nlang: en\ntags:\n  - podcast\n  - social-media\nweight: 1\naliases:\n  - /resources/how/\ndraft: false\n"
	if _, ok := parseFast(in, 0, len(in)); !ok {
		t.Error("common front matter is left to the slow parser")
	}
}

func BenchmarkParseYAML(b *testing.B) {
	in := "title: An introduction to podcasts\ndate: \"2025-01-06\"\nlang: en\ntags:\n  - podcast\n  - social-media\nweight: 1\naliases:\n  - /resources/how/\n"
	lines := diag.NewLines("a.md", in)
	b.Run("fast", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ParseYAML(in, 0, len(in), lines)
		}
	})
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			parseYAML(in, 0, len(in), lines)
		}
	})
}
