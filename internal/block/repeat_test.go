package block

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestTranslateAgain: what the structure paired stays paired when it is asked
// again with the ids it gave, so that building twice changes nothing.
func TestTranslateAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,3}|# [a-z]{1,3}`), 0, 25)
		original, translation := texts(list.Draw(t, "original")...), texts(list.Draw(t, "translation")...)
		for i := range original {
			original[i].ID = string(rune('A' + i))
		}
		first := Translate(original, translation)
		for j, i := range first {
			if i >= 0 {
				translation[j].ID = original[i].ID
			}
		}
		if again := Translate(original, translation); !slices.Equal(first, again) {
			t.Fatalf("first %v, again %v", first, again)
		}
	})
}
