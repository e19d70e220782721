package formpage

import "time"

// Continue asks for the number of a link or a reading card, and shows where a
// link leads.
type Continue struct {
	Action  string
	Typed   string
	Problem string // as in Resume
	Group   int
	Found   *Place
}

// A Place is where somebody was on a page.
type Place struct {
	Title string // of the page
	URL   string // with the part
	Part  string // heading; "" for the beginning
	Sure  string // "page", "exact", "near", "changed" or "gone"
}

// Choose asks which part of a page is meant.
type Choose struct {
	Action string
	Hidden []Hidden
	Title  string // of the page
	Parts  []PagePart
}

// A PagePart begins with a heading.
type PagePart struct{ ID, Title string }

// Kept is the number of a new link.
type Kept struct {
	Code     string // 20 digits
	Link     string // the whole address; "" when there is none
	Until    time.Time
	Title    string // of the page
	Part     string // heading; "" for the beginning
	Back     string // address of the place
	Continue string // address where the number is entered
}

func (*Continue) template() string { return "continue" }
func (*Choose) template() string   { return "choose" }
func (*Kept) template() string     { return "kept" }

// PlaceField asks for a number to go on reading with.
func (p *page) PlaceField() (*digits, error) {
	return p.code("code", "place.code", p.V.(*Continue).Typed)
}
