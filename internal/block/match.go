package block

import "math"

// A Block is one block of a page, in the order of the page.
type Block struct {
	Kind  byte     // one of the kinds below
	Level uint8    // of a heading: 1 to 6
	Print Print    // of its own text, without that of blocks inside it
	Sec   Print    // of the heading that it stands under; 0 when there is none
	Under int      // 1 + index of that heading; 0 when there is none
	Grams []uint16 // of its text; nil when nobody needs them
	ID    string   // given by the author, or by what it translates; else ""
}

// Kinds of blocks, as published.
const (
	Heading    = 'h'
	Paragraph  = 'p'
	Item       = 'l'
	Row        = 'r'
	Definition = 'd'
	Code       = 'c'
	Field      = 'f' // a heading that a layout makes of a typed field
)

// Place sets Sec and Under of every block: the last heading before it, or
// before a heading the last one of a higher rank.
func Place(blocks []Block) {
	var open [7]int // 1 + index of the headings that are open, by level
	for i := range blocks {
		b := &blocks[i]
		level := 7
		if b.Kind == Heading {
			level = int(min(max(b.Level, 1), 6))
		}
		b.Sec, b.Under = 0, 0
		for l := level - 1; l > 0 && b.Under == 0; l-- {
			b.Under = open[l]
		}
		if b.Under > 0 {
			b.Sec = blocks[b.Under-1].Print
		}
		if level < 7 {
			open[level] = i + 1
			for l := level + 1; l < len(open); l++ {
				open[l] = 0
			}
		}
	}
}

// An Anchor is what a saved place remembers of its block, to find it again
// when its id is not known any more.
type Anchor struct {
	Print   Print    `json:"fp"`
	Prev    Print    `json:"prev"` // of the block before it; 0 at the beginning
	Next    Print    `json:"next"`
	Sec     Print    `json:"sec"`
	Ordinal int      `json:"o"` // how many blocks of its section stand before it
	Index   int      `json:"i"`
	Count   int      `json:"n"` // blocks of the page
	Grams   []uint16 `json:"g,omitempty"`
}

// NewAnchor returns the anchor of a block.
func NewAnchor(blocks []Block, i int) Anchor {
	b := &blocks[i]
	a := Anchor{
		Print: b.Print, Sec: b.Sec, Index: i, Count: len(blocks), Grams: Sketch(b.Grams),
		Prev: printAt(blocks, i-1), Next: printAt(blocks, i+1),
	}
	for j := range i {
		if blocks[j].Sec == b.Sec {
			a.Ordinal++
		}
	}
	return a
}

func printAt(blocks []Block, i int) Print {
	if i < 0 || i >= len(blocks) {
		return 0
	}
	return blocks[i].Print
}

// A Certainty says how sure it is that a block is the one that was saved.
type Certainty string

// The certainties.
const (
	Exact       Certainty = "exact"
	Near        Certainty = "near"        // it has changed, or its neighbourhood is all there is
	Approximate Certainty = "approximate" // about there
)

// Floors of likeness, and how much the best must be ahead of the second.
const (
	floorContext = 0.30 // beside an old neighbour
	floorSection = 0.45
	floorPage    = 0.60
	ahead        = 0.05
	sure         = 0.50 // by so much context must decide between equal texts
	longText     = 12   // grams from which a text is no mere phrase
)

// Match finds the block of a page that an anchor means, by the first of these
// that answers: its text; a text like it; its old neighbours; its place in its
// section; its place on the page. It takes time linear in the page. On an
// empty page the index is -1.
func Match(blocks []Block, a Anchor) (int, Certainty) {
	if len(blocks) == 0 {
		return -1, Approximate
	}
	m := matcher{blocks, a}
	if i, c := m.sameText(); i >= 0 {
		return i, c
	}
	if i := m.likeText(); i >= 0 {
		return i, Near
	}
	if i, c := m.neighbours(); i >= 0 {
		return i, c
	}
	if i := m.inSection(); i >= 0 {
		return i, Approximate
	}
	return m.inProportion(), Approximate
}

type matcher struct {
	blocks []Block
	a      Anchor
}

// context scores what stands round block i: a neighbour each 1, the section ½.
func (m *matcher) context(i int) float64 {
	s := 0.0
	if printAt(m.blocks, i-1) == m.a.Prev {
		s++
	}
	if printAt(m.blocks, i+1) == m.a.Next {
		s++
	}
	if m.blocks[i].Sec == m.a.Sec {
		s += 0.5
	}
	return s
}

// distance is how far block i has come from its place, of the page's length.
func (m *matcher) distance(i int) float64 {
	return math.Abs(float64(i)/float64(len(m.blocks)) - float64(m.a.Index)/float64(max(m.a.Count, 1)))
}

// sameText looks for the very text. Among several the neighbours decide; a
// mere phrase that has lost all of its context is no sure sign.
func (m *matcher) sameText() (int, Certainty) {
	best, at, second := math.Inf(-1), -1, math.Inf(-1)
	for i := range m.blocks {
		if m.a.Print == 0 || m.blocks[i].Print != m.a.Print {
			continue
		}
		s := m.context(i) - 0.5*m.distance(i)
		if s > best {
			best, at, second = s, i, best
		} else if s > second {
			second = s
		}
	}
	switch {
	case at < 0:
		return -1, ""
	case best-second < sure, len(m.a.Grams) < longText && m.context(at) == 0:
		return at, Near
	}
	return at, Exact
}

// likeText looks for a changed text: the nearer to the old place, the less
// alike it needs to be. Two that are equally alike decide nothing, unless one
// of them stands beside an old neighbour.
func (m *matcher) likeText() int {
	if len(m.a.Grams) == 0 {
		return -1
	}
	best, at, second := 0.0, -1, 0.0
	beside, besideAt, besideSecond := 0.0, -1, 0.0
	for i := range m.blocks {
		d := Dice(m.a.Grams, m.blocks[i].Grams)
		if d < floorContext {
			continue
		}
		near := m.beside(i)
		if near {
			if d > beside {
				beside, besideAt, besideSecond = d, i, beside
			} else {
				besideSecond = max(besideSecond, d)
			}
		}
		if !near && (d < floorSection || d < floorPage && m.blocks[i].Sec != m.a.Sec) {
			continue
		}
		if d > best {
			best, at, second = d, i, best
		} else {
			second = max(second, d)
		}
	}
	switch {
	case at >= 0 && best-second >= ahead:
		return at
	case besideAt >= 0 && beside-besideSecond >= ahead && beside >= best-ahead:
		return besideAt
	}
	return -1
}

// beside reports whether a neighbour of block i was one of the old block, too.
func (m *matcher) beside(i int) bool {
	prev, next := printAt(m.blocks, i-1), printAt(m.blocks, i+1)
	return prev != 0 && prev == m.a.Prev || next != 0 && next == m.a.Next
}

// neighbours looks for the place between the old neighbours, which now stand
// side by side, or each once on the page. Both of them make it near, one of
// them about there.
func (m *matcher) neighbours() (int, Certainty) {
	for i := 1; i < len(m.blocks); i++ {
		if m.a.Prev != 0 && m.a.Next != 0 && m.blocks[i-1].Print == m.a.Prev && m.blocks[i].Print == m.a.Next {
			return i, Near
		}
	}
	p, q := m.only(m.a.Prev), m.only(m.a.Next)
	last := len(m.blocks) - 1
	switch {
	case p >= 0 && q > p:
		return p + 1, Near // what has come between, or else the next one
	case q >= 0 && p < 0:
		return q, Approximate
	case p >= 0:
		return min(p+1, last), Approximate
	}
	return -1, ""
}

// only returns the one block with the fingerprint, or -1.
func (m *matcher) only(p Print) int {
	at := -1
	for i := range m.blocks {
		if p != 0 && m.blocks[i].Print == p {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// inSection returns the block with the old ordinal in the old section, or the
// last one there.
func (m *matcher) inSection() int {
	at, n := -1, 0
	for i := range m.blocks {
		if m.a.Sec == 0 || m.blocks[i].Sec != m.a.Sec {
			continue
		}
		at = i
		if n++; n > m.a.Ordinal {
			break
		}
	}
	return at
}

func (m *matcher) inProportion() int {
	i := math.Floor(float64(m.a.Index)/float64(max(m.a.Count, 1))*float64(len(m.blocks)) + 0.5)
	return min(max(int(i), 0), len(m.blocks)-1)
}
