package block

import "sync"

// An ids gives out the ids of one page, each once.
type ids struct {
	page  string
	taken map[string]bool
	seen  map[place]int
}

// A place is what an id is made of, besides the page and the occurrence.
type place struct{ sec, print Print }

// idsPool keeps the maps of pages that have their ids for the next ones.
var idsPool = sync.Pool{New: func() any { return &ids{taken: map[string]bool{}, seen: map[place]int{}} }}

func newIDs(page string) *ids {
	x := idsPool.Get().(*ids)
	x.page = page
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
	for salt := uint64(0); ; salt++ {
		id := hashID(5, x.page, uint64(b.Sec), uint64(b.Print), uint64(occurrence), salt)
		if !x.taken[id] {
			x.taken[id] = true
			return id
		}
	}
}

// hashID returns n characters of a–z and 0–9 made of a text and numbers.
func hashID(n int, text string, numbers ...uint64) string {
	h := hash64(text)
	for _, v := range numbers {
		h = (h ^ v&0xffffffff) * prime64
		h = (h ^ v>>32) * prime64
		h ^= h >> 29
	}
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
