package block

// Translate says which block of the original each block of a translation
// stands for, or -1. A block that has an id already, as it had before the last
// edit, stands for the block with that id. The others are found by the
// structure: headings of the same level with like sections first, then by kind
// and order inside the sections.
func Translate(original, translation []Block) []int {
	x := &pairing{original, translation, make([]int, len(translation)), make(map[string]int, len(translation))}
	for i := range x.to {
		x.to[i] = -1
	}
	for j := range translation {
		if id := translation[j].ID; id != "" {
			x.pinned[id] = j
		}
	}
	whole := part{0, len(original)}
	if x.sameShape(whole, part{0, len(translation)}) {
		x.inPart(whole, part{0, len(translation)})
		return x.to
	}
	p, q := parts(original), parts(translation)
	if len(p)*len(q) > maxTable {
		return x.to
	}
	x.inPart(p[0], q[0]) // what stands before any heading
	table(len(p)-1, len(q)-1, func(i, j int) float64 {
		a, b := p[i+1], q[j+1]
		if original[a.from].Level != translation[b.from].Level {
			return 0
		}
		return x.worth(a.from, b.from) * (1 + x.likeShape(a, b))
	}, func(i, j int) { x.inPart(p[i+1], q[j+1]) })
	return x.to
}

// A pairing is under way.
type pairing struct {
	original, translation []Block
	to                    []int          // of the translation's blocks
	pinned                map[string]int // blocks of the translation that have an id
}

// worth is 0 when an id says that two blocks are not the same, much when it
// says that they are, else 1, or 2 where both say the same: a number, a name.
func (x *pairing) worth(i, j int) float64 {
	a, b := &x.original[i], &x.translation[j]
	if at, ok := x.pinned[a.ID]; ok || b.ID != "" {
		if ok && at == j {
			return 1000
		}
		return 0
	}
	if a.Print == b.Print {
		return 2
	}
	return 1
}

// sameShape reports whether two parts have the same kinds of blocks, one by
// one, and no id speaks against it.
func (x *pairing) sameShape(a, b part) bool {
	if a.to-a.from != b.to-b.from {
		return false
	}
	for k := range a.to - a.from {
		p, q := &x.original[a.from+k], &x.translation[b.from+k]
		if p.Kind != q.Kind || p.Level != q.Level || x.worth(a.from+k, b.from+k) == 0 {
			return false
		}
	}
	return true
}

// A part is a run of blocks that begins with a heading and has no other; the
// first part of a page has none, and may be empty.
type part struct{ from, to int }

func parts(blocks []Block) []part {
	out := []part{{0, 0}}
	for i := range blocks {
		if blocks[i].Kind == Heading {
			out = append(out, part{i, i})
		}
		out[len(out)-1].to = i + 1
	}
	return out
}

// likeShape is how alike the kinds of two parts are, from 0 to 1.
func (x *pairing) likeShape(a, b part) float64 {
	var count [256]int
	for _, k := range x.original[a.from:a.to] {
		count[k.Kind]++
	}
	both := 0
	for _, k := range x.translation[b.from:b.to] {
		if count[k.Kind] > 0 {
			count[k.Kind]--
			both++
		}
	}
	return 2 * float64(both) / float64(a.to-a.from+b.to-b.from)
}

// inPart pairs the blocks of two parts: all of them when the kinds agree one by
// one, else the longest run of kinds that both have.
func (x *pairing) inPart(a, b part) {
	if x.sameShape(a, b) {
		for k := range b.to - b.from {
			x.to[b.from+k] = a.from + k
		}
		return
	}
	if (a.to-a.from)*(b.to-b.from) > maxTable {
		return
	}
	table(a.to-a.from, b.to-b.from, func(i, j int) float64 {
		p, q := &x.original[a.from+i], &x.translation[b.from+j]
		if p.Kind != q.Kind || p.Level != q.Level {
			return 0
		}
		return x.worth(a.from+i, b.from+j)
	}, func(i, j int) { x.to[b.from+j] = a.from + i })
}
