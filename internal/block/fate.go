package block

// What became of a block whose id is not carried on.
const (
	Changed = "changed" // other words stand in its place
	Merged  = "merged"  // its words are part of another block
	Removed = "removed" // nothing stands for it; what follows is the nearest
	Renamed = "moved"   // the same block goes by another id, or is elsewhere
)

// A fate is what became of one old block.
type fate struct {
	to   int // a new block, or -1 when the page has none
	kind string
}

const (
	floorMerged = 0.70 // of a block's grams are part of another
	floorPlace  = 0.15 // from which other words in its place may be said to be it, changed
	minMerged   = 6    // grams: a phrase may stand anywhere
)

// fates says what became of the old blocks that Align has left.
func fates(old, new []Block, to []int) map[int]fate {
	out := map[int]fate{}
	a := newAligner(old, new)
	for o, n := range to {
		if n >= 0 {
			a.pair(o, n)
		}
	}
	lost := a.freeOld()
	if len(lost) == 0 {
		return out
	}
	place, near := a.places(), a.nearest()
	var look *finder
	for _, o := range lost {
		if look == nil && len(old[o].Grams) >= minMerged {
			all := make([]int, len(new))
			for i := range all {
				all[i] = i
			}
			look = newFinder(new, all)
		}
		if n := a.mergedInto(o, look); n >= 0 {
			out[o] = fate{n, Merged}
			continue
		}
		n, inPlace := place[o]
		switch {
		case inPlace && a.likeness(o, n) >= floorPlace:
			out[o] = fate{n, Changed}
		case inPlace:
			out[o] = fate{n, Removed}
		default:
			out[o] = fate{near[o], Removed}
		}
	}
	return out
}

// mergedInto returns the new block that holds most of an old one, or -1.
func (a *aligner) mergedInto(o int, look *finder) int {
	b := &a.old[o]
	if len(b.Grams) < minMerged || look == nil || b.Kind == Heading {
		return -1
	}
	candidates := look.near(b.Grams)
	for _, side := range []int{o - 1, o + 1} {
		if side >= 0 && side < len(a.old) && a.to[side] >= 0 {
			candidates = append(candidates, a.to[side])
		}
	}
	best, at := floorMerged, -1
	for _, n := range candidates {
		if s := shared(b.Grams, a.new[n].Grams); s >= best && a.new[n].Kind != Heading {
			best, at = s, n
		}
	}
	return at
}

// places gives each lost block the new block that stands at its place between
// the same neighbours, where there is one.
func (a *aligner) places() map[int]int {
	out := map[int]int{}
	a.eachGap(func(o, n []int) {
		for i, x := range o {
			out[x] = n[min(i*len(n)/len(o), len(n)-1)]
		}
	})
	return out
}

// nearest gives each old block the place where the nearest old block that is
// left stands now: the next one of the section, else the last one before it,
// else any.
func (a *aligner) nearest() []int {
	n := len(a.old)
	near, after := make([]int, n), make([]int, n) // in the section; anywhere
	for o := n - 1; o >= 0; o-- {
		near[o], after[o] = -1, -1
		if o+1 == n {
			continue
		}
		if after[o] = a.to[o+1]; after[o] < 0 {
			after[o] = after[o+1]
		}
		if a.old[o+1].Under != a.old[o].Under {
			continue
		}
		if near[o] = a.to[o+1]; near[o] < 0 {
			near[o] = near[o+1]
		}
	}
	before := -1
	for o := range n {
		switch {
		case near[o] >= 0:
		case before >= 0:
			near[o] = before
		case after[o] >= 0:
			near[o] = after[o]
		default:
			near[o] = min(o, len(a.new)-1)
		}
		if a.to[o] >= 0 {
			before = a.to[o]
		}
	}
	return near
}
