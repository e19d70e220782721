package forms

import (
	"slices"
	"strconv"
	"strings"
)

// A Page is one page of a form: in the standard edition the fields of a
// section, in care one question. Without script a page cannot show and hide
// its own fields, so a section goes over to a new page before a field that
// depends on one of the same page.
type Page struct {
	ID       string // a segment of the address: "member.1.phone"
	Section  *Section
	Instance int // of a repeated section, from 0; else -1
	Items    []Item
	First    bool // the first page of its section or instance
	Last     bool // the last one; where a section repeats, "add another" stands here
}

// An Item is a field with the key of its answer.
type Item struct {
	Key   string
	Field *Field
}

// Pages lists the pages that a person goes through with these answers, in
// order: only visible ones, with visible fields only.
func (d *Definition) Pages(edition string, a *Answers) []Page {
	var pages []Page
	for _, s := range d.Sections {
		if !d.sectionShown(s, a) {
			continue
		}
		for i := range a.Count(s) {
			instance := i
			if s.Repeat == nil {
				instance = -1
			}
			pages = append(pages, d.sectionPages(s, instance, edition, a)...)
		}
	}
	return pages
}

func (d *Definition) sectionPages(s *Section, instance int, edition string, a *Answers) []Page {
	var pages []Page
	for n, chunk := range chunks(s, edition) {
		p := Page{Section: s, Instance: instance, ID: pageID(s, instance, chunk[0], n == 0 && edition != Care)}
		for _, f := range chunk {
			if d.shown(s, instance, f, a) {
				p.Items = append(p.Items, Item{Key(s, instance, f), f})
			}
		}
		if len(p.Items) > 0 {
			pages = append(pages, p)
		}
	}
	if len(pages) > 0 {
		pages[0].First = true
		pages[len(pages)-1].Last = true
	}
	return pages
}

func pageID(s *Section, instance int, first *Field, whole bool) string {
	if !whole {
		return Key(s, instance, first)
	}
	if instance < 0 {
		return s.ID
	}
	return s.ID + "." + strconv.Itoa(instance)
}

// chunks cuts the fields of a section into pages.
func chunks(s *Section, edition string) [][]*Field {
	var out [][]*Field
	for i, f := range s.Fields {
		if i == 0 || edition == Care || dependsOn(f, out[len(out)-1]) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], f)
	}
	return out
}

func dependsOn(f *Field, fields []*Field) bool {
	return slices.ContainsFunc(f.ShowWhen, func(c Condition) bool {
		return slices.ContainsFunc(fields, func(e *Field) bool { return e.ID == c.Field })
	})
}

// Page returns the page with the id, if these answers lead to it.
func (d *Definition) Page(edition, id string, a *Answers) (Page, bool) {
	for _, p := range d.Pages(edition, a) {
		if p.ID == id {
			return p, true
		}
	}
	return Page{}, false
}

// PageOf returns the page that asks for a key.
func (d *Definition) PageOf(edition, key string, a *Answers) (Page, bool) {
	for _, p := range d.Pages(edition, a) {
		if slices.ContainsFunc(p.Items, func(it Item) bool { return it.Key == key }) {
			return p, true
		}
	}
	return Page{}, false
}

// Same returns the page of the other edition that asks what page id asks
// first, so that a person can change edition in the middle of a form.
func (d *Definition) Same(edition, id string, a *Answers) (Page, bool) {
	if p, ok := d.Page(edition, id, a); ok {
		return p, true
	}
	for _, other := range []string{Standard, Care} {
		if p, ok := d.Page(other, id, a); ok {
			return d.PageOf(edition, p.Items[0].Key, a)
		}
	}
	return Page{}, false
}

// Next returns the page after the one with the id; ok is false after the
// last one: then come the answers to check.
func (d *Definition) Next(edition, id string, a *Answers) (Page, bool) {
	return d.beside(edition, id, a, 1)
}

// Prev returns the page before the one with the id; ok is false before the
// first one.
func (d *Definition) Prev(edition, id string, a *Answers) (Page, bool) {
	return d.beside(edition, id, a, -1)
}

func (d *Definition) beside(edition, id string, a *Answers, by int) (Page, bool) {
	pages := d.Pages(edition, a)
	i := slices.IndexFunc(pages, func(p Page) bool { return p.ID == id })
	if i < 0 || i+by < 0 || i+by >= len(pages) {
		return Page{}, false
	}
	return pages[i+by], true
}

// Position returns which of how many pages the one with the id is, the page
// of answers to check counted as the last.
func (d *Definition) Position(edition, id string, a *Answers) (number, total int) {
	pages := d.Pages(edition, a)
	i := slices.IndexFunc(pages, func(p Page) bool { return p.ID == id })
	return i + 1, len(pages) + 1
}

// sectionShown reports whether the conditions of a section hold.
func (d *Definition) sectionShown(s *Section, a *Answers) bool {
	return d.all(s.ShowWhen, s, -1, a)
}

// shown reports whether a field of a visible section is visible.
func (d *Definition) shown(s *Section, instance int, f *Field, a *Answers) bool {
	return d.all(f.ShowWhen, s, instance, a)
}

func (d *Definition) all(conds []Condition, s *Section, instance int, a *Answers) bool {
	return !slices.ContainsFunc(conds, func(c Condition) bool { return !d.holds(c, s, instance, a) })
}

// holds reports whether a condition of section s holds. A field that is
// hidden or not answered satisfies none. Fields refer to earlier ones only,
// so this ends.
func (d *Definition) holds(c Condition, s *Section, instance int, a *Answers) bool {
	f, of := d.Field(c.Field)
	if f == nil || of.Repeat != nil && of != s {
		return false
	}
	at := -1
	if of.Repeat != nil {
		at = instance
	}
	if of != s && !d.sectionShown(of, a) || !d.shown(of, at, f, a) {
		return false
	}
	var values []string
	if a != nil {
		values = a.Values[Key(of, at, f)]
	}
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	if len(values) == 0 {
		return false
	}
	in := func(set []string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(set, v) })
	}
	if len(c.Not) > 0 {
		return !in(c.Not)
	}
	return in(c.Is)
}

// Visible lists the keys that can be answered with these answers, in order.
func (d *Definition) Visible(a *Answers) []Item {
	var items []Item
	for _, p := range d.Pages(Standard, a) {
		items = append(items, p.Items...)
	}
	return items
}

// prune drops the answers of fields that cannot be seen: what is hidden is
// never stored. It repeats until nothing changes, since an answer that goes may
// hide another question.
func (d *Definition) prune(a *Answers) {
	for {
		keep := map[string]bool{}
		for _, it := range d.Visible(a) {
			keep[it.Key] = true
		}
		before := len(a.Values) + len(a.Files)
		for k := range a.Values {
			if !keep[k] {
				delete(a.Values, k)
			}
		}
		for k := range a.Files {
			if !keep[k] {
				delete(a.Files, k)
			}
		}
		if len(a.Values)+len(a.Files) == before {
			break
		}
	}
	for id := range a.Counts {
		if !slices.ContainsFunc(d.Sections, func(s *Section) bool { return s.ID == id && s.Repeat != nil }) {
			delete(a.Counts, id)
		}
	}
}

// More adds one instance of a repeated section, if there is room, and
// returns the id of its first page.
func (d *Definition) More(edition string, a *Answers, section string) (page string, ok bool) {
	s := d.section(section)
	if s == nil || s.Repeat == nil || a.Count(s) >= s.Repeat.Max {
		return "", false
	}
	if a.Counts == nil {
		a.Counts = map[string]int{}
	}
	n := a.Count(s)
	a.Counts[s.ID] = n + 1
	pages := d.sectionPages(s, n, edition, a)
	if len(pages) == 0 {
		return "", false
	}
	return pages[0].ID, true
}

// Drop removes one instance of a repeated section; those after it move up.
func (d *Definition) Drop(a *Answers, section string, instance int) bool {
	s := d.section(section)
	n := 0
	if s != nil {
		n = a.Count(s)
	}
	if s == nil || s.Repeat == nil || instance < 0 || instance >= n || n <= max(s.Repeat.Min, 1) {
		return false
	}
	for i := instance; i < n; i++ {
		for _, f := range s.Fields {
			to, from := Key(s, i, f), Key(s, i+1, f)
			move(a.Values, to, from)
			move(a.Files, to, from)
		}
	}
	a.Counts[s.ID] = n - 1
	return true
}

func move[T any](m map[string][]T, to, from string) {
	delete(m, to)
	if v, ok := m[from]; ok {
		m[to] = v
		delete(m, from)
	}
}

func (d *Definition) section(id string) *Section {
	for _, s := range d.Sections {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// IsPageID reports whether a segment of an address could be the id of a page.
func IsPageID(s string) bool {
	return s != "" && len(s) <= 128 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}
