package markdown

import (
	"bytes"
	"sync"

	blocks "handrail/internal/block"
)

// Blocks lists the blocks of the body in order, without their sections, and
// where their attributes may be put: behind the name of their element. A block
// is a heading, paragraph, list item, table row or the like that has a text of
// its own: what does not stand in a block inside it. With grams they know what
// they are made of, too.
func (d *Document) Blocks(grams bool) ([]blocks.Block, []uint32) {
	s := scanners.Get().(*blockScanner)
	s.doc, s.grams = d, grams
	s.scan()
	list, outs := s.finish()
	clear(s.found)
	*s = blockScanner{found: s.found[:0], open: s.open[:0], units: s.units[:0]}
	scanners.Put(s)
	return list, outs
}

// scanners keeps the buffers of documents that have been read for the next.
var scanners = sync.Pool{New: func() any { return &blockScanner{} }}

// blockKinds are the elements that are blocks.
var blockKinds = [tagCount]byte{
	tagP: blocks.Paragraph, tagFigcaption: blocks.Paragraph, tagCaption: blocks.Paragraph, tagSummary: blocks.Paragraph,
	tagH2: blocks.Heading, tagH3: blocks.Heading, tagH4: blocks.Heading, tagH5: blocks.Heading, tagH6: blocks.Heading,
	tagLi: blocks.Item, tagTr: blocks.Row, tagDt: blocks.Definition, tagDd: blocks.Definition, tagPre: blocks.Code,
}

// blockTag returns the tag of a block by its name, or none.
func blockTag(name []byte) tag {
	switch len(name) {
	case 1:
		if name[0] == 'p' {
			return tagP
		}
	case 2:
		switch {
		case name[0] == 'h' && name[1] >= '2' && name[1] <= '6':
			return tagH2 + tag(name[1]-'2')
		case name[0] == 'l' && name[1] == 'i':
			return tagLi
		case name[0] == 't' && name[1] == 'r':
			return tagTr
		case name[0] == 'd' && name[1] == 't':
			return tagDt
		case name[0] == 'd' && name[1] == 'd':
			return tagDd
		}
	case 3, 7, 10:
		switch string(name) {
		case "pre":
			return tagPre
		case "caption":
			return tagCaption
		case "summary":
			return tagSummary
		case "figcaption":
			return tagFigcaption
		}
	}
	return tagNone
}

// BlockKind returns the kind of block that an element is, and the level of a
// heading.
func BlockKind(name string) (kind byte, level uint8) {
	t := blockTag([]byte(name))
	if t.isHeading() {
		level = uint8(t - tagH1 + 1)
	}
	if kind = blockKinds[t]; kind == 0 {
		kind = blocks.Paragraph
	}
	return kind, level
}

// A blockScanner reads HTML of our own making: what is opened is closed, and
// no attribute holds a bare ">".
type blockScanner struct {
	doc   *Document
	grams bool
	found []foundBlock
	open  []int // in found: blocks that are open
	units []uint16

	heading int // in doc.Headings: the next one
	hidden  int // open spans from one that says what the reader cannot see
}

// A foundBlock is an element that is a block if it has a text of its own.
type foundBlock struct {
	blocks.Block
	out  uint32
	hash blocks.Hasher
	text []uint16 // for grams
}

func (s *blockScanner) scan() {
	html := s.doc.HTML
	for at := 0; at < len(html); {
		lt := bytes.IndexByte(html[at:], '<')
		if lt < 0 {
			return // what follows the last tag stands in no block
		}
		if lt > 0 && len(s.open) > 0 && s.hidden == 0 {
			s.text(html[at : at+lt])
		}
		at += lt
		end := bytes.IndexByte(html[at:], '>')
		if end < 0 {
			return
		}
		if html[at+1] == '/' {
			s.endTag(html[at+2 : at+end])
		} else {
			s.startTag(html[at+1:at+end], at+1)
		}
		at += end + 1
	}
}

func (s *blockScanner) startTag(text []byte, at int) {
	n := 0
	for n < len(text) && text[n] != ' ' {
		n++
	}
	name := text[:n]
	if len(name) == 4 && string(name) == "span" {
		if s.hidden > 0 || bytes.HasPrefix(text, []byte(`span class="visually-hidden"`)) {
			s.hidden++
		}
		return
	}
	t := blockTag(name)
	if t == tagNone {
		return
	}
	b := foundBlock{out: uint32(at + n)}
	b.Kind = blockKinds[t]
	if t.isHeading() {
		b.Level = uint8(t - tagH1 + 1)
		b.ID = s.givenID(uint32(at - 1))
	}
	if n := len(s.open); t == tagP && n > 0 && s.found[s.open[n-1]].Kind == blocks.Item && s.found[s.open[n-1]].hash.Print() == 0 {
		b.Kind = blocks.Item // a list reads the same with blank lines in it
	}
	s.open = append(s.open, len(s.found))
	s.found = append(s.found, b)
}

// givenID returns the id that the author gave the heading at a place.
func (s *blockScanner) givenID(out uint32) string {
	list := s.doc.Headings
	for s.heading < len(list) && list[s.heading].Out < out {
		s.heading++
	}
	if s.heading < len(list) && list[s.heading].Out == out && list[s.heading].Given {
		return list[s.heading].ID
	}
	return ""
}

func (s *blockScanner) endTag(name []byte) {
	if s.hidden > 0 && string(name) == "span" {
		s.hidden--
		return
	}
	if len(s.open) > 0 && blockTag(name) != tagNone {
		s.open = s.open[:len(s.open)-1]
	}
}

// text takes in a text of the innermost block. The references that we write
// stand for no letters.
func (s *blockScanner) text(b []byte) {
	for len(b) > 0 {
		piece := b
		if i := bytes.IndexByte(b, '&'); i >= 0 {
			piece = b[:i]
			b = b[i:]
			b = b[bytes.IndexByte(b, ';')+1:]
			if len(piece) == 0 {
				continue
			}
		} else {
			b = nil
		}
		in := &s.found[s.open[len(s.open)-1]]
		s.units = blocks.Normalise(s.units[:0], piece)
		in.hash.Add(s.units)
		if s.grams {
			in.text = append(in.text, s.units...)
		}
	}
}

// finish leaves out blocks without a text of their own.
func (s *blockScanner) finish() ([]blocks.Block, []uint32) {
	n := 0
	for i := range s.found {
		b := &s.found[i]
		if b.Print = b.hash.Print(); b.Print != 0 {
			n++
		}
	}
	list, outs := make([]blocks.Block, 0, n), make([]uint32, 0, n)
	for i := range s.found {
		b := &s.found[i]
		if b.Print == 0 {
			continue
		}
		if s.grams {
			b.Grams = blocks.GramsOf(b.text)
		}
		list, outs = append(list, b.Block), append(outs, b.out)
	}
	return list, outs
}
