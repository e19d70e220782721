package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/markdown"
	"handrail/internal/schema"
)

// The lists that every site has, with the logical path of their page. An
// author's page at that path becomes the list's beginning.
const (
	topicsID      = "topics"
	departmentsID = "departments"
	keywordsID    = "keywords"
	azID          = "a-z"
	siteMapID     = "site-map"
	displayID     = "display"
	notFoundID    = "404"
)

// lists gives kinds to the authors' pages that are lists, before pages get
// their addresses.
func (b *builder) lists(l *Lang) {
	for id, kind := range map[string]Kind{topicsID: Topics, departmentsID: Taxonomy, keywordsID: Taxonomy, azID: AZ, siteMapID: SiteMap, displayID: Display} {
		if p := l.byLogical[id]; p != nil && p.File != nil {
			p.Kind = kind
		}
	}
	if p := l.byLogical[notFoundID]; p != nil && p.File != nil && len(p.Children) == 0 {
		p.Kind = NotFound
		p.Path = l.Prefix + "/404.html"
		l.Home.Children = slices.DeleteFunc(l.Home.Children, func(c *Page) bool { return c == p })
		p.Ancestors = []*Page{l.Home}
	}
}

// list returns the page of a list, the author's or a new one.
func (b *builder) list(l *Lang, id string, kind Kind, path string) *Page {
	if p := l.byLogical[id]; p != nil && p.Kind == kind {
		return p
	}
	p := &Page{ID: id, Lang: l, Kind: kind, Type: "page", Path: l.Prefix + path, TitleOff: -1,
		Parent: l.Home, Ancestors: []*Page{l.Home}, segment: id}
	if l.byLogical[id] == nil {
		l.byLogical[id] = p
	}
	return p
}

// terms makes the taxonomies of a language, and the other lists.
func (b *builder) terms(l *Lang) {
	topics := b.taxonomy(l, "topic", topicsID, Topics)
	departments := b.taxonomy(l, "department", departmentsID, Taxonomy)
	keywords := b.taxonomy(l, "keyword", keywordsID, Taxonomy)
	for _, p := range l.Pages {
		if p.File == nil {
			continue
		}
		if v := p.Get("topics"); v != nil {
			p.Topics = topics.addAll(v, p, b.topicName)
		}
		if v := p.Get("keywords"); v != nil {
			p.Keywords = keywords.addAll(v, p, nil)
		}
		if v := p.Get("department"); v != nil && v.Text != "" {
			b.department(departments, v, p)
		}
		b.directiveDepartments(p)
	}
	col := collate.New(language.Make(l.Tag))
	for _, t := range []*taxonomy{topics, departments, keywords} {
		l.Taxonomies = append(l.Taxonomies, t.finish(col))
	}
	l.TopicsPage = l.Taxonomies[0].Page
	l.SiteMapPage = b.list(l, siteMapID, SiteMap, "/site-map/")
	l.DisplayPage = b.list(l, displayID, Display, "/display/")
	l.NotFoundPage = b.list(l, notFoundID, NotFound, "/404.html")
	l.AZPage = b.list(l, azID, AZ, "/a-z/")
}

// A taxonomy is a Tax that is being filled.
type taxonomy struct {
	tax  *Tax
	page *Page // the list, with a path even when it stays empty
	by   map[string]*Page
	l    *Lang
	id   string
}

func (b *builder) taxonomy(l *Lang, name, id string, kind Kind) *taxonomy {
	return &taxonomy{tax: &Tax{Name: name}, page: b.list(l, id, kind, "/"+id+"/"), by: map[string]*Page{}, l: l, id: id}
}

// addAll adds a page to the terms of a list of words.
func (t *taxonomy) addAll(v *schema.Value, p *Page, name func(*Lang, string) (string, string)) []*Page {
	out := make([]*Page, 0, len(v.List))
	for _, it := range v.List {
		word := itemText(it)
		if word == "" {
			continue
		}
		title, summary := word, ""
		if name != nil {
			title, summary = name(t.l, word)
		}
		if term := t.add(word, title, summary, p); !slices.Contains(out, term) {
			out = append(out, term)
		}
	}
	return out
}

// add adds a page to a term. Words that differ only by case are one term.
func (t *taxonomy) add(word, title, summary string, p *Page) *Page {
	seg := wordSegment(word)
	term := t.by[seg]
	if term == nil {
		term = t.term(seg, word, title, summary)
		t.by[seg] = term
		t.tax.Terms = append(t.tax.Terms, term)
	}
	if n := len(term.Items); n == 0 || term.Items[n-1] != p {
		term.Items = append(term.Items, p)
	}
	return term
}

// term returns the page of a term: the author's, where there is one.
func (t *taxonomy) term(seg, word, title, summary string) *Page {
	id := t.id + "/" + seg
	if p := t.l.byLogical[id]; p != nil {
		p.Kind, p.TermID = Term, word
		return p
	}
	p := &Page{
		ID: id, Lang: t.l, Kind: Term, Type: "page", TermID: word, Title: title, MenuTitle: title, TitleOff: -1,
		Summary: summary, Excerpt: summary,
		Path: t.page.Path + seg + "/", Parent: t.page, Ancestors: []*Page{t.l.Home, t.page}, segment: seg,
	}
	t.l.byLogical[id] = p
	return p
}

// finish orders the terms by name and their pages as sections do.
func (t *taxonomy) finish(col *collate.Collator) *Tax {
	if len(t.tax.Terms) == 0 {
		if t.page.File == nil {
			delete(t.l.byLogical, t.id)
		} else {
			t.tax.Page = t.page
		}
		return t.tax
	}
	for _, term := range t.tax.Terms {
		slices.SortStableFunc(term.Items, func(x, y *Page) int { return comparePages("", x, y) })
	}
	var buf collate.Buffer
	keys := make(map[*Page][]byte, len(t.tax.Terms))
	for _, term := range t.tax.Terms {
		keys[term] = col.KeyFromString(&buf, term.Title)
	}
	slices.SortStableFunc(t.tax.Terms, func(x, y *Page) int {
		return cmp.Or(slices.Compare(keys[x], keys[y]), cmp.Compare(x.ID, y.ID))
	})
	t.page.Items, t.page.TermID = t.tax.Terms, t.tax.Name
	t.tax.Page = t.page
	return t.tax
}

// topicName returns the words that site.yaml has for a topic's id.
func (b *builder) topicName(l *Lang, id string) (title, summary string) {
	t := b.site.Cfg.Topics[id]
	if t == nil {
		return id, ""
	}
	title = cmp.Or(t.Name.In(b.site.Cfg, l.Tag).S, id)
	if s, ok := t.Summary.For(l.Tag); ok {
		summary = s.S
	}
	return title, summary
}

// department gives a page its department, which has to be in site.yaml.
func (b *builder) department(t *taxonomy, v *schema.Value, p *Page) {
	deps := b.site.Cfg.Departments
	d := deps[v.Text]
	if d == nil && (len(deps) > 0 || p.File.Strict) {
		b.unknownDepartment(v.Text, p.File.Pos(v), p.File.Strict)
		return
	}
	title := v.Text
	if d != nil {
		p.Department = d
		title = cmp.Or(d.Name.In(b.site.Cfg, p.Lang.Tag).S, d.ID)
	}
	p.DepartmentRef = t.add(v.Text, title, "", p)
	p.DepartmentRef.Department = d
}

// directiveDepartments checks the departments that directives of the body name.
func (b *builder) directiveDepartments(p *Page) {
	if p.File.Doc == nil {
		return
	}
	for i := range p.File.Doc.Directives {
		d := &p.File.Doc.Directives[i]
		if id := d.Attrs["department"]; id != "" && b.site.Cfg.Departments[id] == nil {
			b.unknownDepartment(id, p.File.Lines.Pos(d.AttrSrc["department"]), true)
		}
	}
}

func (b *builder) unknownDepartment(id string, at diag.Pos, strict bool) {
	ids := make([]string, 0, len(b.site.Cfg.Departments))
	for _, d := range sortedDepartments(b.site.Cfg) {
		ids = append(ids, d.ID)
	}
	e := &diag.Diagnostic{
		Pos: at, Code: "unknown-department", Msg: fmt.Sprintf("unknown department %q", id),
		Hint: "add it to departments in site.yaml, or use " + strings.Join(ids, ", "),
		Args: map[string]any{"id": id, "ids": strings.Join(ids, ", ")},
	}
	if len(ids) == 0 {
		e.Hint = "add it to departments in site.yaml"
	}
	if !strict {
		e.Severity = diag.Warning
	}
	schema.DidYouMean(e, schema.Suggest(id, ids))
	b.diags.Add(e)
}

func sortedDepartments(c *config.Config) []*config.Department {
	out := make([]*config.Department, 0, len(c.Departments))
	for _, d := range c.Departments {
		out = append(out, d)
	}
	slices.SortFunc(out, func(x, y *config.Department) int { return x.Pos.Compare(y.Pos) })
	return out
}

// pagers cuts long lists into pages.
func (b *builder) pagers(l *Lang) {
	for _, p := range l.Pages {
		if p.Kind == Section { // a home page shows all that it has
			b.pager(p, p.Children)
		}
	}
	for _, t := range l.Taxonomies {
		for _, term := range t.Terms {
			b.pager(term, term.Items)
		}
	}
}

// pager gives a list its further pages. They share everything with the first
// one but their address and what they show, and have no body.
func (b *builder) pager(p *Page, items []*Page) {
	size := b.site.Cfg.PageSize
	if p.File != nil {
		if v := p.File.Front.Get("page-size"); v != nil {
			size = int(v.Number)
		}
	}
	if size < 1 || len(items) <= size {
		return
	}
	total := (len(items) + size - 1) / size
	all := []*Page{p}
	for n := 2; n <= total; n++ {
		q := *p
		q.Path = fmt.Sprintf("%spage/%d/", p.Path, n)
		q.Translations, q.Prev, q.Next = nil, nil, nil
		if p.File != nil {
			f := *p.File
			f.Doc, f.Plain = &markdown.Document{}, nil
			q.File, q.Links, q.Images = &f, nil, nil
		}
		all = append(all, &q)
	}
	for i, q := range all {
		q.Pager = &Pager{Items: items[i*size : min((i+1)*size, len(items))], Number: i + 1, Total: total, Pages: all}
		if i > 0 {
			q.Pager.Prev = all[i-1]
			b.extra = append(b.extra, q)
		}
		if i+1 < total {
			q.Pager.Next = all[i+1]
		}
	}
}
