package render

import (
	"sort"

	"handrail/internal/site"
)

// PageBlocks are the ids of a page's blocks, by which a reader's place is
// found again. Marks are sorted by their place.
type PageBlocks struct {
	Page  string // key of the page, the same in all languages and editions
	Rev   string // of the blocks
	URL   string // of the index of the blocks, which serves both editions; "" when there is none
	Body  []Mark // in the page's text
	Plain []Mark // in its plain version
}

// A Mark is the id of one block. Out is where its attribute goes.
type Mark struct {
	Out uint32
	ID  string
}

// Blocks returns what the page says of its blocks, or nil when they have no ids.
func (p *Page) Blocks() *PageBlocks { return p.w.blocks(p.p) }

// Block returns the id of the heading's block, or "".
func (s *Section) Block() string {
	b := s.p.w.blocks(s.p.p)
	if b == nil {
		return ""
	}
	i := firstMark(b.Body, s.heading.Out)
	if i == len(b.Body) || b.Body[i].Out >= s.heading.End {
		return ""
	}
	return b.Body[i].ID
}

// blocks returns the ids of the page that is being rendered. Another page's
// text has none where it is shown.
func (w *worker) blocks(p *site.Page) *PageBlocks {
	if w.page != p {
		return nil
	}
	w.ask(question{op: opBlocks, page: p.Path})
	return w.r.opt.Blocks[p]
}

// firstMark returns the first mark that does not stand before a place.
func firstMark(marks []Mark, from uint32) int {
	return sort.Search(len(marks), func(i int) bool { return marks[i].Out >= from })
}

func (b *PageBlocks) say(say func(...string)) {
	if b == nil {
		return
	}
	say(b.Page, b.Rev, b.URL)
	for _, marks := range [][]Mark{b.Body, b.Plain} {
		for _, m := range marks {
			say(m.ID)
		}
	}
}

// marked copies up to a place, with the ids of the blocks that begin before
// it.
func (c *copier) marked(end uint32) {
	for c.mark < len(c.s.marks) && c.s.marks[c.mark].Out < end {
		m := &c.s.marks[c.mark]
		c.mark++
		if m.Out <= c.at {
			continue // in a part that is not written
		}
		c.plain(m.Out)
		c.w.out = append(c.w.out, ` data-b="`...)
		c.w.out = appendEscaped(c.w.out, m.ID)
		c.w.out = append(c.w.out, '"')
	}
	c.plain(end)
}
