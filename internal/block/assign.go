package block

import (
	"maps"
	"time"
)

// A Task is a page whose blocks need ids.
type Task struct {
	Page     string  // key of the page, the same in all languages
	Blocks   []Block // placed; ID is set where it is given
	Old      *Index  // published last; nil for a new page
	OldGrams [][]uint16
	Reserved []string // ids of the page in other languages: not for new blocks
	Today    time.Time
}

// Assign gives each block its id: the author's; else the one that the block
// had in the previous build; else a new one. It writes them into the blocks
// and returns the index to publish. When the page has changed, Old's and the
// new blocks' grams must be there.
//
// An index is a fixed point: a page that has not changed gets the index that
// it was published with.
func Assign(t Task) *Index {
	x := &Index{Version: IndexVersion, Page: t.Page}
	gen := newIDs(t.Page)
	defer gen.free()
	for _, id := range t.Reserved {
		gen.taken[id] = true
	}
	for i := range t.Blocks {
		if id := t.Blocks[i].ID; id != "" {
			gen.taken[id] = true
		}
	}
	if t.Old == nil {
		t.name(gen)
		x.describe(t.Blocks)
		x.seal()
		return x
	}
	old, to := t.carry(x, gen)
	t.name(gen)
	x.describe(t.Blocks)
	if to != nil {
		t.lose(x, old, to)
	}
	t.settle(x)
	x.prune(t.Today)
	x.seal()
	return x
}

// name gives new ids to the blocks that have none.
func (t *Task) name(gen *ids) {
	for i := range t.Blocks {
		b := &t.Blocks[i]
		occurrence := gen.next(b)
		if b.ID == "" {
			b.ID = gen.fresh(b, occurrence)
		}
	}
}

// describe notes the blocks as they are.
func (x *Index) describe(blocks []Block) {
	n := len(blocks)
	x.Live, x.Prints, x.Under = make([]string, n), make([]Print, n), make([]int, n)
	kinds := make([]byte, n)
	for i := range blocks {
		b := &blocks[i]
		x.Live[i], x.Prints[i], x.Under[i], kinds[i] = b.ID, b.Print, b.Under, b.Kind
	}
	x.Kinds = string(kinds)
}

// carry gives the blocks their old ids and notes what has changed. Ids that
// are gone stay taken. It returns what each old block became; nothing, where
// the page is the same.
func (t *Task) carry(x *Index, gen *ids) (old []Block, to []int) {
	for id := range t.Old.Retired {
		gen.taken[id] = true
	}
	for _, id := range t.Old.Live {
		gen.taken[id] = true
	}
	x.Changed, x.Retired = maps.Clone(t.Old.Changed), maps.Clone(t.Old.Retired)
	if t.Old.Same(t.Blocks) {
		for i := range t.Blocks {
			t.Blocks[i].ID = t.Old.Live[i]
		}
		return nil, nil
	}
	old = t.Old.weighed(t.OldGrams)
	given := make(map[string]bool, len(t.Blocks))
	for i := range t.Blocks {
		given[t.Blocks[i].ID] = true
	}
	to = Align(old, t.Blocks)
	for o, n := range to {
		if n < 0 {
			continue
		}
		b := &t.Blocks[n]
		if b.ID == "" && !given[old[o].ID] {
			b.ID = old[o].ID
		}
		if b.ID == old[o].ID && b.Print != old[o].Print {
			if x.Changed == nil {
				x.Changed = map[string]string{}
			}
			x.Changed[b.ID] = t.Today.Format(time.DateOnly)
		}
	}
	return old, to
}

// lose notes what became of the old ids that no block has now.
func (t *Task) lose(x *Index, old []Block, to []int) {
	live := x.live()
	gone := fates(old, t.Blocks, to)
	for o := range old {
		if live[old[o].ID] {
			continue
		}
		r := Retired{Kind: Renamed, Date: t.Today.Format(time.DateOnly)}
		n := to[o]
		if f, ok := gone[o]; ok {
			n, r.Kind = f.to, f.kind
		}
		if n < 0 {
			continue // the page has no block at all
		}
		r.To = t.Blocks[n].ID
		if x.Retired == nil {
			x.Retired = map[string]Retired{}
		}
		x.Retired[old[o].ID] = r
	}
}

// settle leads every id that is gone straight to a block that is there: the
// one that it led to may be gone as well by now.
func (t *Task) settle(x *Index) {
	live := x.live()
	maps.DeleteFunc(x.Changed, func(id, _ string) bool { return !live[id] })
	maps.DeleteFunc(x.Retired, func(id string, _ Retired) bool { return live[id] })
	for id, r := range x.Retired {
		for hops := 0; !live[r.To] && hops < maxHops; hops++ {
			r.To = x.Retired[r.To].To
		}
		x.Retired[id] = r
	}
	maps.DeleteFunc(x.Retired, func(_ string, r Retired) bool { return !live[r.To] })
}

// maxHops is how often a successor may have been replaced at once.
const maxHops = 16

func (x *Index) live() map[string]bool {
	out := make(map[string]bool, len(x.Live))
	for _, id := range x.Live {
		out[id] = true
	}
	return out
}

// weighed returns the blocks of the page with their texts' grams.
func (x *Index) weighed(grams [][]uint16) []Block {
	blocks := x.Blocks()
	for i := range min(len(blocks), len(grams)) {
		blocks[i].Grams = grams[i]
	}
	return blocks
}

// Became says which of the blocks each block of the index is now, or -1.
func (x *Index) Became(blocks []Block, grams [][]uint16) []int {
	if x.Same(blocks) {
		to := make([]int, len(blocks))
		for i := range to {
			to[i] = i
		}
		return to
	}
	return Align(x.weighed(grams), blocks)
}
