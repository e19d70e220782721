package block

// Translate says which block of a translation stands for which block of the
// original, or -1: by headings of the same level and like sections first, then
// by kind and order inside the sections.
func Translate(original, translation []Block) []int {
	to := make([]int, len(translation))
	for i := range to {
		to[i] = -1
	}
	if sameShape(original, translation) {
		for i := range to {
			to[i] = i
		}
		return to
	}
	p, q := parts(original), parts(translation)
	if len(p)*len(q) > maxGap {
		return to
	}
	pair := func(i, j int) {
		a, b := p[i], q[j]
		to[b.from] = a.from
		inPart(original, translation, a, b, to)
	}
	inPart(original, translation, p[0], q[0], to) // what stands before any heading
	table(len(p)-1, len(q)-1, func(i, j int) float64 {
		a, b := p[i+1], q[j+1]
		if original[a.from].Level != translation[b.from].Level {
			return 0
		}
		return 1 + likeShape(original, translation, a, b)
	}, func(i, j int) { pair(i+1, j+1) })
	return to
}

func sameShape(a, b []Block) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Kind != b[i].Kind || a[i].Level != b[i].Level {
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
func likeShape(x, y []Block, a, b part) float64 {
	var count [256]int
	for _, k := range x[a.from:a.to] {
		count[k.Kind]++
	}
	both := 0
	for _, k := range y[b.from:b.to] {
		if count[k.Kind] > 0 {
			count[k.Kind]--
			both++
		}
	}
	return 2 * float64(both) / float64(a.to-a.from+b.to-b.from)
}

// inPart pairs the blocks of two parts: all of them when the kinds agree one by
// one, else a longest common run of kinds. A part that lost a block somewhere
// among its like cannot tell which; then its end is left alone.
func inPart(x, y []Block, a, b part, to []int) {
	if sameShape(x[a.from:a.to], y[b.from:b.to]) {
		for i := range b.to - b.from {
			to[b.from+i] = a.from + i
		}
		return
	}
	if (a.to-a.from)*(b.to-b.from) > maxTable {
		return
	}
	table(a.to-a.from, b.to-b.from, func(i, j int) float64 {
		p, q := &x[a.from+i], &y[b.from+j]
		switch {
		case p.Kind != q.Kind || p.Level != q.Level:
			return 0
		case p.Print == q.Print:
			return 2 // a number, a name or code that is the same in both
		}
		return 1
	}, func(i, j int) { to[b.from+j] = a.from + i })
}
