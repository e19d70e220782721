package block

import "slices"

// Weave puts the headings that a layout makes of typed fields where they were
// printed: printed are all ids of the page, in order. Where a layout prints
// the text in another order than it was written in, the text keeps its order
// and the headings follow it.
func (x *Index) Weave(printed []string) *Index {
	if slices.Equal(printed, x.Live) {
		return x
	}
	at := make(map[string]int, len(x.Live))
	for i, id := range x.Live {
		at[id] = i
	}
	order := make([]int, 0, len(printed)) // index in Live; −1 − index in printed of a field
	next, inOrder, seen := 0, true, map[string]bool{}
	for i, id := range printed {
		j, ok := at[id]
		switch {
		case ok:
			inOrder = inOrder && j == next
			next++
			order = append(order, j)
		case !seen[id]:
			seen[id] = true
			order = append(order, -1-i)
		}
	}
	if !inOrder || next != len(x.Live) {
		fields := make([]int, 0, len(seen))
		for _, j := range order {
			if j < 0 {
				fields = append(fields, j)
			}
		}
		order = order[:0]
		for j := range x.Live {
			order = append(order, j)
		}
		order = append(order, fields...)
	}
	return x.reorder(order, func(j int) string { return printed[-1-j] })
}

// Without returns the index without the blocks of one kind.
func (x *Index) Without(kind byte) *Index {
	order := make([]int, 0, len(x.Live))
	for j := range x.Live {
		if x.Kinds[j] != kind {
			order = append(order, j)
		}
	}
	if len(order) == len(x.Live) {
		return x
	}
	return x.reorder(order, nil)
}

// reorder returns the index with the blocks in a new order; negative ones are
// fields, whose id field tells.
func (x *Index) reorder(order []int, field func(int) string) *Index {
	out := *x
	n := len(order)
	to := make([]int, len(x.Live)+1) // 1 + old index → 1 + new index; 0 for a heading that is gone
	for i, j := range order {
		if j >= 0 {
			to[j+1] = i + 1
		}
	}
	out.Live, out.Prints, out.Under = make([]string, n), make([]Print, n), make([]int, n)
	kinds := make([]byte, n)
	for i, j := range order {
		if j < 0 {
			id := field(j)
			out.Live[i], out.Prints[i], kinds[i] = id, Fingerprint("field "+id), Field
			continue
		}
		out.Live[i], out.Prints[i], out.Under[i], kinds[i] = x.Live[j], x.Prints[j], to[x.Under[j]], x.Kinds[j]
	}
	out.Kinds = string(kinds)
	return &out
}
