package block

import (
	"cmp"
	"slices"
)

// Align says which block of the new page each block of the old one became, or
// -1. Blocks with the same given id are the same; then equal texts in order
// (a longest common subsequence), then changed texts between them, then what
// moved. A new block stands for at most one old block.
//
// The time is near linear in the size of the pages: only the gaps between
// equal texts are compared pair by pair, and large ones by way of their rarest
// grams.
func Align(old, new []Block) []int {
	a := newAligner(old, new)
	a.pin()
	a.common(a.freeOld(), a.freeNew())
	a.gaps()
	a.moved()
	a.alike()
	return a.to
}

type aligner struct {
	old, new []Block
	to, from []int // old → new and back; -1: none
}

func newAligner(old, new []Block) *aligner {
	a := &aligner{old, new, make([]int, len(old)), make([]int, len(new))}
	for i := range a.to {
		a.to[i] = -1
	}
	for i := range a.from {
		a.from[i] = -1
	}
	return a
}

func (a *aligner) pair(o, n int) { a.to[o], a.from[n] = n, o }

// pin pairs what has the same given id.
func (a *aligner) pin() {
	given := map[string]int{}
	for n := range a.new {
		if id := a.new[n].ID; id != "" {
			given[id] = n
		}
	}
	if len(given) == 0 {
		return
	}
	for o := range a.old {
		if n, ok := given[a.old[o].ID]; ok && a.from[n] < 0 {
			a.pair(o, n)
		}
	}
}

func (a *aligner) freeOld() []int { return free(a.to) }
func (a *aligner) freeNew() []int { return free(a.from) }

func free(pairs []int) []int {
	var out []int
	for i, p := range pairs {
		if p < 0 {
			out = append(out, i)
		}
	}
	return out
}

// maxTable is how many cells a table of pairs may have.
const maxTable = 1 << 19

// common pairs equal texts of two runs of blocks, in order.
func (a *aligner) common(o, n []int) {
	for len(o) > 0 && len(n) > 0 && a.equal(o[0], n[0]) {
		a.pair(o[0], n[0])
		o, n = o[1:], n[1:]
	}
	for len(o) > 0 && len(n) > 0 && a.equal(o[len(o)-1], n[len(n)-1]) {
		a.pair(o[len(o)-1], n[len(n)-1])
		o, n = o[:len(o)-1], n[:len(n)-1]
	}
	switch {
	case len(o) == 0 || len(n) == 0:
	case len(o)*len(n) <= maxTable:
		a.longest(o, n)
	default:
		a.patient(o, n)
	}
}

func (a *aligner) equal(o, n int) bool {
	return a.old[o].Print == a.new[n].Print && (a.old[o].Kind == Heading) == (a.new[n].Kind == Heading)
}

// longest pairs a longest common subsequence.
func (a *aligner) longest(o, n []int) {
	table(len(o), len(n), func(i, j int) float64 {
		if a.equal(o[i], n[j]) {
			return 1
		}
		return 0
	}, func(i, j int) { a.pair(o[i], n[j]) })
}

// table finds the pairs, in order on both sides, whose scores sum to the
// most, and calls found for each.
func table(rows, cols int, score func(i, j int) float64, found func(i, j int)) {
	width := cols + 1
	best := make([]float32, (rows+1)*width)
	take := make([]bool, (rows+1)*width)
	for i := rows - 1; i >= 0; i-- {
		for j := cols - 1; j >= 0; j-- {
			at := i*width + j
			best[at] = max(best[at+width], best[at+1])
			if s := score(i, j); s > 0 {
				if sum := best[at+width+1] + float32(s); sum >= best[at] {
					best[at], take[at] = sum, true
				}
			}
		}
	}
	for i, j := 0, 0; i < rows && j < cols; {
		at := i*width + j
		switch {
		case take[at]:
			found(i, j)
			i, j = i+1, j+1
		case best[at+width] >= best[at+1]:
			i++
		default:
			j++
		}
	}
}

// patient pairs the texts that stand once in both runs, as far as they keep
// their order, and goes on between them (patience diff). Where no text does,
// the run is left to what comes after.
func (a *aligner) patient(o, n []int) {
	type spot struct{ olds, news, o, n int }
	spots := make(map[Print]*spot, len(o))
	for i, x := range o {
		s := spots[a.old[x].Print]
		if s == nil {
			s = &spot{}
			spots[a.old[x].Print] = s
		}
		s.olds++
		s.o = i
	}
	var once []*spot // in the order of n
	for j, x := range n {
		if s := spots[a.new[x].Print]; s != nil {
			s.news++
			s.n = j
			once = append(once, s)
		}
	}
	once = slices.DeleteFunc(once, func(s *spot) bool { return s.olds != 1 || s.news != 1 || !a.equal(o[s.o], n[s.n]) })
	rising := longestRising(len(once), func(i int) int { return once[i].o })
	if len(rising) == 0 {
		return
	}
	i, j := 0, 0
	for _, k := range rising {
		s := once[k]
		a.common(o[i:s.o], n[j:s.n])
		a.pair(o[s.o], n[s.n])
		i, j = s.o+1, s.n+1
	}
	a.common(o[i:], n[j:])
}

// longestRising returns the indexes of a longest subsequence whose values rise.
func longestRising(n int, value func(i int) int) []int {
	tails := make([]int, 0, n) // by length − 1: where such a subsequence ends lowest
	before := make([]int, n)
	for i := range n {
		k, _ := slices.BinarySearchFunc(tails, value(i), func(t, v int) int { return cmp.Compare(value(t), v) })
		before[i] = -1
		if k > 0 {
			before[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	if len(tails) == 0 {
		return nil
	}
	out := make([]int, len(tails))
	for i, at := len(out)-1, tails[len(tails)-1]; i >= 0; i, at = i-1, before[at] {
		out[i] = at
	}
	return out
}

// gaps pairs changed texts that stand between the same neighbours, in order.
func (a *aligner) gaps() {
	a.eachGap(func(o, n []int) {
		if len(o)*len(n) > maxGap {
			return // alike looks for the best of them
		}
		table(len(o), len(n), func(i, j int) float64 {
			if s := a.likeness(o[i], n[j]); s >= floorContext {
				return s
			}
			return 0
		}, func(i, j int) { a.pair(o[i], n[j]) })
	})
}

// maxGap is how many pairs of texts are compared in one gap.
const maxGap = 10_000

// eachGap calls f with the free blocks between pairs that keep their order.
func (a *aligner) eachGap(f func(o, n []int)) {
	var paired []int
	for o, n := range a.to {
		if n >= 0 {
			paired = append(paired, o)
		}
	}
	o, n := 0, 0
	gap := func(toO, toN int) {
		olds, news := freeIn(a.to, o, toO), freeIn(a.from, n, toN)
		if len(olds) > 0 && len(news) > 0 {
			f(olds, news)
		}
		o, n = toO+1, toN+1
	}
	for _, k := range longestRising(len(paired), func(i int) int { return a.to[paired[i]] }) {
		gap(paired[k], a.to[paired[k]])
	}
	gap(len(a.old), len(a.new))
}

func freeIn(pairs []int, from, to int) []int {
	var out []int
	for i := from; i < to; i++ {
		if pairs[i] < 0 {
			out = append(out, i)
		}
	}
	return out
}

func (a *aligner) likeness(o, n int) float64 {
	x, y := &a.old[o], &a.new[n]
	if (x.Kind == Heading) != (y.Kind == Heading) {
		return 0
	}
	return dice(x.Grams, y.Grams, 1<<16)
}

// sameSection reports whether two blocks stand under the same heading, which
// may have been changed.
func (a *aligner) sameSection(o, n int) bool {
	x, y := &a.old[o], &a.new[n]
	if x.Under == 0 || y.Under == 0 {
		return x.Under == y.Under
	}
	return a.to[x.Under-1] == y.Under-1 || x.Sec == y.Sec
}
