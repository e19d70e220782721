package texts

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func keys(t *Texts) []string {
	var out []string
	for k, v := range t.All() {
		if v != "" {
			out = append(out, k)
		}
	}
	return out
}

func TestEveryLanguageHasTheSameKeys(t *testing.T) {
	want := keys(For("en"))
	for _, lang := range Languages() {
		if diff := cmp.Diff(want, keys(For(lang))); diff != "" {
			t.Errorf("%s (-en +%s):\n%s", lang, lang, diff)
		}
	}
}

func TestForFindsTheNearestLanguage(t *testing.T) {
	for _, c := range []struct{ tag, want string }{
		{"en", "en"}, {"en-GB", "en"}, {"zh-CN", "zh-Hans"}, {"zh", "zh-Hans"},
		{"zh-Hans", "zh-Hans"}, {"ar", "en"}, {"", "en"}, {"not a tag", "en"},
	} {
		if got := For(c.tag).Lang(); got != c.want {
			t.Errorf("For(%q) = %s, want %s", c.tag, got, c.want)
		}
	}
}

func TestFill(t *testing.T) {
	args := map[string]string{"a": "1", "b": "{a}"}
	for _, c := range []struct{ in, want string }{
		{"{a} and {b}", "1 and {a}"},
		{"no names", "no names"},
		{"{unknown} {a}", "{unknown} 1"},
		{"{ {a}", "{ 1"},
		{"{a", "{a"},
		{"[x]{lang=ug} {a}", "[x]{lang=ug} 1"},
	} {
		if got := fill(c.in, args); got != c.want {
			t.Errorf("fill(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestUnknownIDsShowThemselves(t *testing.T) {
	x := For("zh-Hans")
	if got := x.Message("image-name", "no-such", nil); got != "no-such" {
		t.Errorf("message = %q", got)
	}
	if got := x.Title("no-such-rule"); got != "no-such-rule" {
		t.Errorf("title = %q", got)
	}
	if got := x.Hint("image-name", "no-such", nil); got != "" {
		t.Errorf("hint = %q", got)
	}
}

func TestLanguagesAreSortedFallbackFirst(t *testing.T) {
	if l := Languages(); l[0] != "en" || !slices.Contains(l, "zh-Hans") {
		t.Errorf("languages = %v", l)
	}
}
