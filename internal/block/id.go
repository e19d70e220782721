package block

import "sync"

// An ids gives out the ids of one page, each once.
type ids struct {
	start idHash // of the page
	taken map[string]bool
	seen  map[place]int
}

// A place is what an id is made of, besides the page and the occurrence.
type place struct{ sec, print Print }

// idsPool keeps the maps of pages that have their ids for the next ones.
var idsPool = sync.Pool{New: func() any { return &ids{taken: map[string]bool{}, seen: map[place]int{}} }}

func newIDs(page string) *ids {
	x := idsPool.Get().(*ids)
	x.start = idHash(hash64(page))
	return x
}

// free gives the maps back.
func (x *ids) free() {
	clear(x.taken)
	clear(x.seen)
	idsPool.Put(x)
}

// next counts one more block with this text in this section.
func (x *ids) next(b *Block) int {
	p := place{b.Sec, b.Print}
	x.seen[p]++
	return x.seen[p]
}

// fresh returns an id made of the page, the section, the fingerprint and the
// occurrence, so that the same text has the same id in any build. An id that
// is taken is passed over.
func (x *ids) fresh(b *Block, occurrence int) string {
	h := x.start.with(uint64(b.Sec)).with(uint64(b.Print)).with(uint64(occurrence))
	for salt := uint64(0); ; salt++ {
		id := h.with(salt).id(5)
		if !x.taken[id] {
			x.taken[id] = true
			return id
		}
	}
}

// An idHash makes an id of a text and numbers.
type idHash uint64

func (h idHash) with(v uint64) idHash {
	h = (h ^ idHash(v&0xffffffff)) * prime64
	h = (h ^ idHash(v>>32)) * prime64
	return h ^ h>>29
}

// id returns n characters of a–z and 0–9.
func (h idHash) id(n int) string {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	var out [8]byte
	for i := range n {
		out[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[h%36]
		h /= 36
	}
	return string(out[:n])
}

const prime64 = 1099511628211

// hash64 is FNV-1a, 64 bits.
func hash64(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime64
	}
	return h
}
