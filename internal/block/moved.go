package block

import (
	"math"
	"slices"
)

// moved pairs equal texts that stand elsewhere now. Where a text stands
// several times, the neighbours decide.
func (a *aligner) moved() {
	at := map[Print][]int{}
	for _, n := range a.freeNew() {
		at[a.new[n].Print] = append(at[a.new[n].Print], n)
	}
	// Twice: the first blocks that are paired are neighbours of the next.
	for range 2 {
		for _, o := range a.freeOld() {
			best, to := math.Inf(-1), -1
			for k, n := range at[a.old[o].Print] {
				if k == maxSame {
					break
				}
				if a.from[n] >= 0 || !a.equal(o, n) {
					continue
				}
				if s := a.context(o, n); s > best {
					best, to = s, n
				}
			}
			if to >= 0 {
				a.pair(o, to)
			}
		}
	}
}

// maxSame is how many places of one text are compared.
const maxSame = 64

// context scores how well the surroundings of two blocks agree, as matcher
// does.
func (a *aligner) context(o, n int) float64 {
	s := 0.0
	if o > 0 && n > 0 && a.to[o-1] == n-1 {
		s++
	}
	if o+1 < len(a.old) && n+1 < len(a.new) && a.to[o+1] == n+1 {
		s++
	}
	if a.sameSection(o, n) {
		s += 0.5
	}
	return s - 0.5*math.Abs(float64(o)/float64(len(a.old))-float64(n)/float64(len(a.new)))
}

// alike pairs changed texts that moved as well: each is the best for the
// other, and clearly so.
func (a *aligner) alike() {
	olds, news := a.freeOld(), a.freeNew()
	if len(olds) == 0 || len(news) == 0 {
		return
	}
	look := newFinder(a.new, news)
	byOld, byNew := make(map[int]rank, len(olds)), make(map[int]rank, len(news))
	for _, o := range olds {
		for _, n := range look.near(a.old[o].Grams) {
			s := a.likeness(o, n)
			byOld[o] = byOld[o].with(s, n)
			byNew[n] = byNew[n].with(s, o)
		}
	}
	for _, o := range olds {
		r := byOld[o]
		if !r.clear() || byNew[r.to].to != o || !byNew[r.to].clear() {
			continue
		}
		if r.best >= floorPage || r.best >= floorSection && a.sameSection(o, r.to) {
			a.pair(o, r.to)
		}
	}
}

// A rank is the best of several and how good the second is.
type rank struct {
	best, second float64
	to           int
}

func (r rank) with(s float64, to int) rank {
	switch {
	case s > r.best:
		return rank{s, r.best, to}
	case s > r.second:
		r.second = s
	}
	return r
}

func (r rank) clear() bool { return r.best > 0 && r.best-r.second >= ahead }

// A finder finds the blocks that share rare grams with a text, without
// comparing it to all.
type finder struct {
	has   map[uint16][]int32
	count []int32 // by block
}

func newFinder(blocks []Block, which []int) *finder {
	f := &finder{map[uint16][]int32{}, make([]int32, len(blocks))}
	for _, i := range which {
		for _, g := range Sketch(blocks[i].Grams) {
			f.has[g] = append(f.has[g], int32(i))
		}
	}
	return f
}

// Limits of a finder: a gram that so many blocks have tells nothing, and so
// many blocks are looked at closely.
const (
	commonGram = 32
	closeLooks = 8
)

// near returns the few blocks that share most of the grams.
func (f *finder) near(grams []uint16) []int {
	var found []int
	for _, g := range Sketch(grams) {
		list := f.has[g]
		if len(list) > commonGram {
			continue
		}
		for _, i := range list {
			if f.count[i] == 0 {
				found = append(found, int(i))
			}
			f.count[i]++
		}
	}
	top := make([]int, 0, closeLooks+1)
	for _, i := range found {
		at := len(top)
		for at > 0 && f.count[top[at-1]] < f.count[i] {
			at--
		}
		if top = slices.Insert(top, at, i); len(top) > closeLooks {
			top = top[:closeLooks]
		}
	}
	for _, i := range found {
		f.count[i] = 0
	}
	return top
}
