package style

import "handrail/a11y/dom"

// places remembers, for the children of each parent asked about, their places
// among their siblings, so that :nth-child() on a long table stays linear.
type places struct {
	all, typed []place // by Node.Index
	doc        *dom.Doc
}

// place is a position from the start, and how many siblings there are.
type place struct{ pos, count int32 }

func (p *places) of(n *dom.Node, last, ofType bool) int {
	if n.Parent == nil {
		return 1
	}
	if p.all == nil {
		p.all = make([]place, len(p.doc.Nodes))
		p.typed = make([]place, len(p.doc.Nodes))
	}
	if p.all[n.Index].pos == 0 {
		p.count(n.Parent)
	}
	pl := p.all[n.Index]
	if ofType {
		pl = p.typed[n.Index]
	}
	if last {
		return int(pl.count - pl.pos + 1)
	}
	return int(pl.pos)
}

// count numbers the children of parent.
func (p *places) count(parent *dom.Node) {
	type name struct {
		ns   dom.Namespace
		name string
	}
	total := int32(0)
	types := map[name]int32{}
	for e := parent.FirstChild; e != nil; e = e.Next {
		if e.Type == dom.Element {
			total++
			types[name{e.NS, e.Name}]++
			p.all[e.Index].pos = total
			p.typed[e.Index].pos = types[name{e.NS, e.Name}]
		}
	}
	for e := parent.FirstChild; e != nil; e = e.Next {
		if e.Type == dom.Element {
			p.all[e.Index].count = total
			p.typed[e.Index].count = types[name{e.NS, e.Name}]
		}
	}
}
