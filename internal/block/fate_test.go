package block

import (
	"math/rand/v2"
	"testing"
)

// TestNearest holds the places that are worked out in one pass to their
// definition, on pages of which little is left.
func TestNearest(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		n := 1 + random.IntN(12)
		a := newAligner(make([]Block, n), make([]Block, random.IntN(12)))
		for o := range n {
			a.old[o].Under = random.IntN(3)
			if random.IntN(3) == 0 && o < len(a.new) {
				a.pair(o, o)
			}
		}
		for o, got := range a.nearest() {
			if want := nearestByDefinition(a, o); got != want {
				t.Fatalf("block %d of %v, paired as %v: %d; want %d", o, a.old, a.to, got, want)
			}
		}
	}
}

func nearestByDefinition(a *aligner, o int) int {
	for i := o + 1; i < len(a.old) && a.old[i].Under == a.old[o].Under; i++ {
		if a.to[i] >= 0 {
			return a.to[i]
		}
	}
	for i := o - 1; i >= 0; i-- {
		if a.to[i] >= 0 {
			return a.to[i]
		}
	}
	for i := o + 1; i < len(a.old); i++ {
		if a.to[i] >= 0 {
			return a.to[i]
		}
	}
	return min(o, len(a.new)-1)
}
