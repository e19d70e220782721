package block

import (
	"encoding/json"
	"testing"
)

// TestEncode: what is written by hand is what encoding/json would write.
func TestEncode(t *testing.T) {
	e := (*edition)(nil).next(day, page...).next(day, page[3:]...)
	for _, x := range []*Index{e.index, {Version: 1, Page: `a"b\ü`, Live: []string{"第一"}, Prints: []Print{1}, Under: []int{0}, Kinds: "h"}} {
		want, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(x.Encode()); got != string(want)+"\n" {
			t.Errorf("got %s want %s", got, want)
		}
	}
}

// TestWeave: headings of typed fields come where they were printed, and go
// again without a trace.
func TestWeave(t *testing.T) {
	x := (*edition)(nil).next(day, "a1", "# B", "b1").index
	w := x.Weave([]string{x.Live[0], "part-x", x.Live[1], x.Live[2], "part-y", "part-x"})
	if w.Kinds != "pfhpf" || w.Live[1] != "part-x" || w.Under[3] != 3 {
		t.Errorf("woven: %+v", w)
	}
	if back := w.Without(Field); string(back.Encode()) != string(x.Encode()) {
		t.Errorf("unwoven: %+v, want %+v", back, x)
	}
	if w := x.Weave([]string{x.Live[1], "part-x", x.Live[0]}); w.Kinds != "phpf" {
		t.Errorf("in another order: %+v", w)
	}
}
