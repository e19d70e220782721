package site

import "slices"

// checklistName is the last part of the address of a sheet to print.
const checklistName = "checklist"

// checklists gives every service and journey that asks for papers a sheet to
// print. A page that an author wrote at its address takes its place.
func (b *builder) checklists(l *Lang) {
	for _, p := range l.Pages {
		if p.File == nil || p.Type != "service" && p.Type != "journey" || len(p.File.Front.Items("materials")) == 0 {
			continue
		}
		id := p.ID + "/" + checklistName
		if own := l.byLogical[id]; own != nil {
			p.Checklist = own
			continue
		}
		p.Checklist = &Page{
			ID: id, Lang: l, Kind: Checklist, Type: "page", TitleOff: -1, Path: p.Path + checklistName + "/",
			Parent: p, Ancestors: append(slices.Clip(p.Ancestors), p), Department: p.Department, segment: checklistName,
		}
		l.byLogical[id] = p.Checklist
	}
}

// checklists pairs the sheets of pages that translate each other.
func (g *group) checklists() {
	for _, p := range g.pages {
		if p.Checklist == nil || p.Checklist.File != nil {
			continue
		}
		for _, q := range g.pages {
			if q != p && q.Checklist != nil && q.Checklist.File == nil {
				p.Checklist.Translations = append(p.Checklist.Translations, q.Checklist)
			}
		}
	}
}

// journey tells the services that are steps of a journey about it.
func (b *builder) journey(p *Page) {
	for _, step := range p.File.Get("steps").Items("") {
		for _, r := range p.Fields[step.Get("service")] {
			if r.Page != nil && r.Page.Type == "service" && !slices.Contains(r.Page.Journeys, p) {
				r.Page.Journeys = append(r.Page.Journeys, p)
			}
		}
	}
}
