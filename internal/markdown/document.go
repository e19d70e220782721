package markdown

import (
	"slices"
	"sort"

	"handrail/internal/diag"
)

// A Document is one Markdown text, parsed and rendered once. Both editions of
// a page and all its views are cut from the same Document; nobody may change
// it after TakeTitle.
type Document struct {
	HTML []byte    // the body; every element it opens, it closes
	Map  []Mapping // sorted by Out, beginning with Out 0

	Slots      []Slot      // places to be filled in, sorted by Out, properly nested
	Headings   []Heading   // in document order; none has level 1
	Sections   []Section   // the body split at its highest headings
	Links      []Link      // in document order, those of directives too
	Images     []Image     // in document order
	Directives []Directive // in document order
	IDs        []string    // every id in the body, in document order

	FirstH1 *Heading // a copy of the first h1 the author wrote; see TakeTitle
	Summary string   // plain text of the first paragraph
	Han     int      // Han characters in the text
	Words   int      // words of other scripts in the text

	Diags diag.List

	shifted  bool // levels were moved down because the author wrote an h1
	firstH1  int  // index in Headings of FirstH1
	authorH1 int  // how many h1 the author wrote
}

// A Mapping says where the bytes of HTML from Out on come from; the next
// mapping ends it. In text the offsets run in step; the bytes of a Fixed
// mapping (tags, resolved character references, words of our own) all come
// from Src.
type Mapping struct {
	Out, Src uint32
	Fixed    bool
}

// SlotKind says what goes into a slot.
type SlotKind uint8

const (
	// SlotLink is a point inside href="": the URL of Links[Index] goes there.
	SlotLink SlotKind = iota
	// SlotImage is a point right after "<img": the attributes src, width,
	// height and loading of Images[Index] go there, each with a space before.
	SlotImage
	// SlotDirective is the rendered inner body of Directives[Index]; the
	// theme's template of that name goes round it.
	SlotDirective
	// SlotMedia is a point inside another attribute that holds a URL, such as
	// cite="": the URL of Links[Index] goes there.
	SlotMedia
)

// A Slot is a place in HTML that the page writer fills in. End equals Out
// unless the slot is a directive.
type Slot struct {
	Kind     SlotKind
	Out, End uint32
	Index    int
	Depth    int // how many directives it lies in; offsets cannot tell when bodies are empty
}

// A Heading is one heading of the body. Its start tag lies at Out and its end
// tag ends at End; Src is the place of the heading in the source.
type Heading struct {
	Level    int
	ID       string
	Text     string // plain
	HTML     string // inline, without links and ids: it may stand in a list of contents
	Out, End uint32
	Src      int
	Nested   bool // inside a list, a quotation, a table, a directive or the like
	Given    bool // the author chose the ID

	level int  // as shifted, also past 6
	inner bool // inside any element: no section begins here
	wide  bool // holds more than inline content, so it is no title
}

// A Section is a heading of the highest level in the body and what follows it.
type Section struct {
	Heading  int // index in Headings
	Out, End uint32
}

// LinkKind says what a link is for.
type LinkKind uint8

const (
	LinkPage LinkKind = iota // something a reader can follow
	LinkFile                 // a file that the page needs or offers: media, captions, a download
	LinkCite                 // the source of a quotation; never shown
)

// A Link is a reference from the body to something else.
type Link struct {
	Kind     LinkKind
	Dest     string // without the fragment; as written, references resolved
	Fragment string // after "#", not decoded
	Src      int    // place of the destination, or of the link where unknown
	Text     string // plain text of the link
}

// URL returns the whole destination as written.
func (l *Link) URL() string {
	if l.Fragment == "" {
		return l.Dest
	}
	return l.Dest + "#" + l.Fragment
}

// An Image is a picture of the body.
type Image struct {
	Dest          string
	Alt           string
	Decorative    bool // alt="" on purpose
	Title         string
	Width, Height int // as the author gave them in raw HTML; 0 when unknown
	Src           int // place of the destination, or of the image where unknown
}

// A Directive is one use of a directive that a theme template renders.
type Directive struct {
	Name  string
	Attrs map[string]string
	Links map[string]int // attributes that hold a URL or path → index in Links

	Title     string // plain text of the [Title]
	TitleHTML string // the same as inline HTML, without links
	TitleSrc  int    // place of the title
	Src       int
	AttrSrc   map[string]int // place of each attribute's value

	Chart    *ChartImage // of a chart
	Uses     []Use       // of "words": what it explains
	Official bool        // of "words": it stands behind the text of a law
}

// A ChartImage is what a chart shows besides its table.
type ChartImage struct {
	HTML    string // the drawing
	Summary string // what it shows, in words
	Src     int    // place of the table
}

// Intro is the end of what stands before the first section.
func (d *Document) Intro() uint32 {
	if len(d.Sections) == 0 {
		return uint32(len(d.HTML))
	}
	return d.Sections[0].Out
}

// SourceOf returns the place in the source that the byte of HTML at out comes
// from.
func (d *Document) SourceOf(out int) int {
	i := sort.Search(len(d.Map), func(i int) bool { return d.Map[i].Out > uint32(out) }) - 1
	if i < 0 {
		return 0
	}
	m := d.Map[i]
	if m.Fixed {
		return int(m.Src)
	}
	return int(m.Src) + out - int(m.Out)
}

// TakeTitle takes FirstH1 out of the body, because the page shows it as its
// title already. When it was the only h1, the other headings go back to the
// levels that the author gave them.
func (d *Document) TakeTitle() {
	if d.FirstH1 == nil {
		return
	}
	h := d.Headings[d.firstH1]
	d.Headings = slices.Delete(d.Headings, d.firstH1, d.firstH1+1)
	d.FirstH1 = nil
	if h.ID != "" {
		if i := slices.Index(d.IDs, h.ID); i >= 0 {
			d.IDs = slices.Delete(d.IDs, i, i+1)
		}
	}
	if d.shifted && d.authorH1 == 1 {
		d.shiftHeadings(-1)
		d.shifted = false
	}
	d.cut(h.Out, h.End)
	d.split()
}

// shiftHeadings changes the level of every heading, in HTML too: the two tags
// differ in one digit. Headings pushed past 6 stay 6, and come back from there.
func (d *Document) shiftHeadings(by int) {
	for i := range d.Headings {
		h := &d.Headings[i]
		h.level += by
		h.Level = min(h.level, 6)
		digit := byte('0' + h.Level)
		d.HTML[h.Out+2] = digit
		d.HTML[h.End-2] = digit
	}
}

// cut removes the bytes from lo to hi of HTML and all that points into them.
// Links and images keep their index.
func (d *Document) cut(lo, hi uint32) {
	n := hi - lo
	move := func(at *uint32) {
		switch {
		case *at >= hi:
			*at -= n
		case *at > lo:
			*at = lo
		}
	}
	d.HTML = slices.Delete(d.HTML, int(lo), int(hi))
	// What holds right behind the cut may have begun inside it.
	behind := Mapping{Out: lo, Src: uint32(d.SourceOf(int(hi)))}
	kept := make([]Mapping, 0, len(d.Map))
	for i, m := range d.Map {
		last := i+1 == len(d.Map) || d.Map[i+1].Out > hi
		if m.Out < lo || m.Out >= hi {
			move(&m.Out)
			kept = append(kept, m)
		} else if last && int(lo) < len(d.HTML) {
			behind.Fixed = m.Fixed
			kept = append(kept, behind)
		}
	}
	if len(kept) == 0 || kept[0].Out != 0 {
		kept = slices.Insert(kept, 0, Mapping{Fixed: true})
	}
	d.Map = kept
	d.Slots = slices.DeleteFunc(d.Slots, func(s Slot) bool { return s.Out > lo && s.Out < hi })
	for i := range d.Slots {
		move(&d.Slots[i].Out)
		move(&d.Slots[i].End)
	}
	for i := range d.Headings {
		move(&d.Headings[i].Out)
		move(&d.Headings[i].End)
	}
}

// split fills Sections from Headings.
func (d *Document) split() {
	d.Sections = d.Sections[:0]
	top := 7
	for i := range d.Headings {
		if h := &d.Headings[i]; !h.inner {
			top = min(top, h.Level)
		}
	}
	for i := range d.Headings {
		h := &d.Headings[i]
		if h.inner || h.Level != top {
			continue
		}
		if n := len(d.Sections); n > 0 {
			d.Sections[n-1].End = h.Out
		}
		d.Sections = append(d.Sections, Section{Heading: i, Out: h.Out, End: uint32(len(d.HTML))})
	}
}
