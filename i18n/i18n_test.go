package i18n

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"handrail/internal/diag"
)

func layer(files map[string]string) Layer {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Layer{FS: m, Dir: ".", Name: "i18n"}
}

func load(t *testing.T, layers ...map[string]string) *Set {
	t.Helper()
	var ls []Layer
	for _, l := range layers {
		ls = append(ls, layer(l))
	}
	s, diags := Load(ls...)
	for _, d := range diags {
		t.Errorf("Load: %v", d)
	}
	return s
}

func TestFormatFillsInPlaceholdersAndChoosesThePlural(t *testing.T) {
	s := load(t, map[string]string{
		"en.yaml": "files: {one: '{n} file of {kind}', other: '{n} files of {kind}'}\nbrace: 'a { b } {x y}'\n",
		"ar.yaml": "files:\n  zero: لا ملفات\n  two: ملفان\n  few: '{n} ملفات'\n  other: '{n} ملف'\n",
	})
	en, ar := s.For("en"), s.For("ar")
	for _, c := range []struct {
		cat  *Catalogue
		key  string
		args []any
		want string
	}{
		{en, "files", []any{"n", 1, "kind", "text"}, "1 file of text"},
		{en, "files", []any{"n", 12345, "kind", "text"}, "12,345 files of text"},
		{en, "files", []any{"n", 2}, "2 files of {kind}"},
		{en, "brace", nil, "a { b } {x y}"},
		{ar, "files", []any{"n", 0}, "لا ملفات"},
		{ar, "files", []any{"n", 2}, "ملفان"},
		{ar, "files", []any{"n", 105}, "105 ملفات"},
		{ar, "files", []any{"n", 11}, "11 ملف"},
	} {
		if got, ok := c.cat.Text(c.key, c.args...); got != c.want || !ok {
			t.Errorf("%s %s %v = %q, %v; want %q", c.cat.Tag, c.key, c.args, got, ok, c.want)
		}
	}
}

func TestALaterLayerWinsMessageByMessage(t *testing.T) {
	s := load(t, map[string]string{"en.yaml": "a: old\nb: kept\n"}, map[string]string{"en.yaml": "a: new\n"})
	c := s.For("en")
	if m := c.Message("a"); m == nil || m.Format(c.Locale) != "new" || m.Pos != (diag.Pos{File: "i18n/en.yaml", Line: 1, Col: 4}) {
		t.Errorf("a = %+v; want the later layer's text at i18n/en.yaml:1:4", m)
	}
	if got, _ := c.Text("b"); got != "kept" {
		t.Errorf("b = %q; want kept", got)
	}
}

func TestMissingMessagesComeFromTheFallback(t *testing.T) {
	s := load(t, map[string]string{"en.yaml": "a: A\nb: B\n", "zh-Hans.yaml": "a: 甲\n"})
	c := s.For("zh-CN")
	if got, _ := c.Text("a"); got != "甲" {
		t.Errorf("a = %q; want 甲", got)
	}
	m := c.Message("b")
	if m == nil || !c.Foreign(m) {
		t.Errorf("b = %+v; want the English message, known as foreign", m)
	}
	if got, ok := c.Text("none"); got != "none" || ok {
		t.Errorf("none = %q, %v; want the key and false", got, ok)
	}
	if fr := s.For("fr", "zh-Hans"); fr.Own() || fr.Message("a").Tag != "zh-Hans" {
		t.Errorf("fr: own %v, a from %q; want the fallback's", fr.Own(), fr.Message("a").Tag)
	}
}

func TestMistakesInACatalogueHaveTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want, pos string }{
		{"duplicate", "a: 1\nb: 2\na: 3\n", "duplicate-key", "i18n/en.yaml:3:1"},
		{"list", "a: [1]\n", "wrong-type", "i18n/en.yaml:1:4"},
		{"no other", "a:\n  one: x\n", "missing-plural", "i18n/en.yaml:1:1"},
		{"syntax", "a: 'x\n", "yaml-syntax", ""},
		{"not a map", "- a\n", "wrong-type", "i18n/en.yaml:1:1"},
	} {
		_, diags := Load(layer(map[string]string{"en.yaml": c.text}))
		if len(diags) != 1 || diags[0].Code != c.want || c.pos != "" && diags[0].Pos.String() != c.pos {
			t.Errorf("%s: %v; want one %s at %s", c.name, diags, c.want, c.pos)
		}
	}
}

func TestLocalesWriteDatesNumbersSizesAndLists(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ tag, date, number, size, list string }{
		{"zh-Hans", "2026年3月1日", "1,234,567.5", "1.5\u00a0MB", "甲、乙和丙"},
		{"en", "1 March 2026", "1,234,567.5", "1.5\u00a0MB", "甲, 乙 and 丙"},
		{"ar", "1 مارس 2026", "1,234,567.5", "1.5\u00a0MB", "甲 و乙 و丙"},
		{"fr", "1er mars 2026", "1\u202f234\u202f567,5", "1,5\u00a0MB", "甲, 乙 et 丙"},
		{"xx", "2026-03-01", "1234567.5", "1.5\u00a0MB", "甲, 乙, 丙"},
	} {
		l := LocaleOf(c.tag)
		got := []string{l.DateLong(day), l.Number(1234567.5), l.FileSize(1_500_000), l.List([]string{"甲", "乙", "丙"})}
		if want := []string{c.date, c.number, c.size, c.list}; !slices.Equal(got, want) {
			t.Errorf("%s: %q; want %q", c.tag, got, want)
		}
	}
	if got := LocaleOf("en").FileSize(999_600); got != "1\u00a0MB" {
		t.Errorf("FileSize(999600) = %q; want 1 MB", got)
	}
}

func TestDirectionAndHTMLLang(t *testing.T) {
	for _, c := range [][3]string{
		{"zh-Hans", "zh-CN", "ltr"}, {"zh-Hant-HK", "zh-HK", "ltr"}, {"ar", "ar", "rtl"}, {"ug", "ug", "rtl"},
		{"ug-Latn", "ug-Latn", "ltr"}, {"az-Arab", "az-Arab", "rtl"}, {"en-GB", "en-GB", "ltr"},
	} {
		if h, d := HTMLLang(c[0]), Direction(c[0]); h != c[1] || d != c[2] {
			t.Errorf("%s: %s %s; want %s %s", c[0], h, d, c[1], c[2])
		}
	}
}

func TestNegotiate(t *testing.T) {
	offered := []string{"zh-Hans", "en", "ar"}
	for in, want := range map[string]string{
		"": "zh-Hans", "en-GB,en;q=0.9": "en", "fr;q=1, ar;q=0.5": "ar", "zh-CN": "zh-Hans", "zh_CN.UTF-8": "zh-Hans",
		"zh-TW": "zh-Hans", "fr": "zh-Hans", "en;q=0, ar": "ar",
	} {
		if got := Negotiate(in, offered); got != want {
			t.Errorf("Negotiate(%q) = %q; want %q", in, got, want)
		}
	}
}

// Every message that one shipped language has, all have, with the same
// placeholders.
func TestShippedCataloguesAgree(t *testing.T) {
	s, diags := Load(Embedded())
	for _, d := range diags {
		t.Errorf("%v", d)
	}
	en := s.tags["en"]
	for tag, msgs := range s.tags {
		for key, m := range en {
			other := msgs[key]
			if other == nil {
				t.Errorf("%s lacks %q", tag, key)
				continue
			}
			want, got := m.Placeholders(), other.Placeholders()
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(slices.Compact(want), slices.Compact(got)) {
				t.Errorf("%s %q wants %v; English wants %v", tag, key, got, want)
			}
		}
		for key := range msgs {
			if en[key] == nil {
				t.Errorf("%s has %q, English does not", tag, key)
			}
		}
	}
}
