package block

import (
	"slices"
	"testing"
	"unicode/utf16"
)

func utf16Runes(units []uint16) []rune { return utf16.Decode(units) }

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"Bring it.", "第一条 ，", "e\u0301", "a\xffb", "Ⅲ①"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Normalise(nil, s)
		if want := normaliseSlowly(nil, s); !slices.Equal(got, want) {
			t.Errorf("the fast way gives %q, the slow way %q", utf16Runes(got), utf16Runes(want))
		}
		again := Normalise([]uint16{'x'}, string(utf16Runes(got)))[1:]
		if Hash(got) != 0 && len(again) == 0 {
			t.Errorf("%q vanishes when it is normalised again", utf16Runes(got))
		}
		g := Grams(s)
		if (len(g) == 0) != (len(got) == 0) || !slices.IsSorted(g) {
			t.Errorf("grams of %q: %v", s, g)
		}
		if d := Dice(g, g); len(g) > 0 && d != 1 {
			t.Errorf("%q is like itself by %v", s, d)
		}
	})
}

func TestPrintText(t *testing.T) {
	for _, p := range []Print{0, 1, Fingerprint("x"), 1<<48 - 1} {
		text, _ := p.MarshalText()
		var back Print
		if err := back.UnmarshalText(text); err != nil || back != p {
			t.Errorf("%x is written %q and read %x, %v", uint64(p), text, uint64(back), err)
		}
	}
	var p Print
	for _, bad := range []string{"1", "zzzzzzzzzzzz", "0123456789abc"} {
		if p.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
