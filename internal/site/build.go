package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/schema"
	"handrail/internal/source"
)

// Options change how the model is built. The zero value is a normal build.
type Options struct {
	Drafts  bool // take in drafts, future and expired pages, as a preview does
	Related int  // related pages of each page; 5 when 0

	// LayoutIDs returns ids that the layout of a page has beside those of
	// its body. Nil: the keys of the fields that the page has.
	LayoutIDs func(*Page) []string
}

// Build makes the model from what was read. now decides which pages are
// published. The diagnostics are about the site as a whole: addresses, links,
// translations; those of single files come with the tree.
func Build(cfg *config.Config, tree *source.Tree, now time.Time, opt Options) (*Site, diag.List) {
	if tree.Cfg != nil {
		cfg = tree.Cfg
	}
	opt.Related = cmp.Or(opt.Related, 5)
	b := &builder{opt: opt, passedDown: map[*schema.Value]bool{},
		site: &Site{Cfg: cfg, Tree: tree, Data: tree.Data, Now: now, leftOut: map[string]bool{}}}
	b.languages()
	b.pages()
	for _, l := range b.site.Langs {
		b.sections(l)
		b.lists(l)
		b.arrange(l.Home)
		b.setPaths(l.Home)
		b.terms(l)
		b.checklists(l)
	}
	b.index()
	b.translations()
	aliases := b.aliases()
	for _, a := range aliases {
		b.site.lookup.aliases[a.from] = a.to
	}
	aliases = append(aliases, b.redirects()...)
	b.links()
	b.words()
	b.offline()
	for _, l := range b.site.Langs {
		b.neighbours(l.Home)
		b.related(l)
		b.menus(l)
		b.alphabet(l)
		b.pagers(l)
	}
	b.gather()
	b.addresses(aliases)
	b.diags.Sort()
	return b.site, b.diags
}

type builder struct {
	opt   Options
	site  *Site
	diags diag.List

	left  []*Page // pages that are not built, to tell why a link leads nowhere
	extra []*Page // later pages of lists

	passedDown map[*schema.Value]bool // values of sections whose links have been reported
}

func (b *builder) languages() {
	for _, c := range b.site.Cfg.Languages {
		l := &Lang{
			Tag: c.Tag, HTML: c.HTMLLang, Dir: c.Dir, Name: c.Name, Title: b.site.Cfg.Title.In(b.site.Cfg, c.Tag).S,
			Default: c.Tag == b.site.Cfg.DefaultLang, byLogical: map[string]*Page{},
		}
		if !l.Default {
			l.Prefix = "/" + strings.ToLower(l.Tag)
		}
		b.site.Langs = append(b.site.Langs, l)
	}
}

// pages makes a page of every file that is published now.
func (b *builder) pages() {
	langs := map[string]*Lang{}
	for _, l := range b.site.Langs {
		langs[l.Tag] = l
	}
	files := b.site.Tree.Files
	all := make([]Page, len(files)) // one allocation
	for i, f := range files {
		l := langs[f.Lang]
		if l == nil {
			continue
		}
		p := &all[i]
		*p = Page{ID: f.LogicalPath, Lang: l, File: f, Type: f.Type, Kind: Single, TitleOff: -1}
		switch {
		case f.LogicalPath == "":
			p.Kind = Home
		case f.Index && !f.Bundle:
			p.Kind = Section
		}
		p.describe()
		if b.leaveOut(p) {
			p.hidden = true
			b.left = append(b.left, p)
			b.site.leftOut[f.Path] = true
			if f.Plain != nil {
				b.site.leftOut[f.Plain.Path] = true
			}
			continue
		}
		if first := l.byLogical[p.ID]; first != nil {
			b.twoFiles(first, p)
			continue
		}
		l.byLogical[p.ID] = p
		l.Pages = append(l.Pages, p)
	}
}

// leaveOut counts and reports drafts and pages before or after their time. A
// home page is never left out: everything hangs on it.
func (b *builder) leaveOut(p *Page) bool {
	f, now := p.File, b.site.Now
	if b.opt.Drafts || p.Kind == Home {
		return false
	}
	switch {
	case f.Draft:
		b.site.LeftOut.Drafts++
	case f.PublishAt.After(now):
		b.site.LeftOut.Future++
	case !f.ExpiresAt.IsZero() && !f.ExpiresAt.After(now):
		b.site.LeftOut.Expired++
	default:
		return false
	}
	return true
}

// describe fills in what the page says of itself.
func (p *Page) describe() {
	f := p.File
	p.Title, p.TitleOff = "", -1
	if v := f.Front.Get("title"); v != nil && strings.TrimSpace(v.Text) != "" {
		p.Title, p.TitleValue = strings.TrimSpace(v.Text), v
	} else if h := firstHeading(f); h != nil {
		p.Title, p.TitleOff = h.Text, h.Src
	} else {
		p.Title = nameTitle(f)
	}
	p.MenuTitle = cmp.Or(f.Front.String("menu-title"), p.Title)
	p.Date, p.Updated, p.ReviewBy = f.Get("date"), f.Get("updated"), f.Get("review-by")
	if v := f.Get("weight"); v != nil {
		p.Weight = v.Number
	}
	if v := f.Get("summary"); v != nil {
		p.Summary = v.Text
		if in := f.Inline[v]; in != nil && in.Doc.Summary != "" {
			p.Summary = in.Doc.Summary
		}
	}
	p.Excerpt = cmp.Or(p.Summary, f.Front.String("description"))
	if p.Excerpt == "" && f.Doc != nil {
		p.Excerpt = shorten(f.Doc.Summary, 160)
	}
	p.segment = segment(path.Base(p.ID))
}

// shorten cuts a text at a word, or between two Han characters, after about
// n code points.
func shorten(s string, n int) string {
	count, space := 0, 0
	for i, r := range s {
		if r == ' ' {
			space = i
		}
		if count++; count > n {
			if space > i/2 {
				i = space
			}
			return strings.TrimRight(s[:i], " ,;:，；：、") + "…"
		}
	}
	return s
}

type heading struct {
	Text string
	Src  int
}

func firstHeading(f *source.File) *heading {
	switch {
	case f.Title != nil:
		return &heading{f.Title.Text, f.Title.Src}
	case f.Doc == nil:
		return nil
	case f.Doc.FirstH1 != nil && f.Doc.FirstH1.Text != "":
		return &heading{f.Doc.FirstH1.Text, f.Doc.FirstH1.Src}
	}
	for i := range f.Doc.Headings {
		if h := &f.Doc.Headings[i]; h.Text != "" {
			return &heading{h.Text, h.Src}
		}
	}
	return nil
}

// nameTitle makes a title of a file name.
func nameTitle(f *source.File) string {
	name := f.Name
	if f.Index {
		name = path.Base(f.LogicalPath)
	}
	return wordTitle(name)
}

// wordTitle makes words of a name: "old-age_care" becomes "Old age care".
func wordTitle(name string) string {
	if name == "." || name == "" {
		return ""
	}
	s := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, name))
	if s == "" {
		return name
	}
	if c := s[0]; c >= 'a' && c <= 'z' {
		s = string(c-'a'+'A') + s[1:]
	}
	return s
}

// sections gives every page its parent; folders without an index, and a
// missing home page, get a page of their own.
func (b *builder) sections(l *Lang) {
	l.Home = b.section(l, "")
	for _, p := range slices.Clone(l.Pages) {
		if p.ID == "" {
			continue
		}
		p.Parent = b.section(l, parentID(p.ID))
	}
	slices.SortFunc(l.Pages, func(a, c *Page) int { return cmp.Compare(a.ID, c.ID) })
	for _, p := range l.Pages {
		if p.Parent != nil {
			p.Parent.Children = append(p.Parent.Children, p)
		}
	}
}

func parentID(id string) string {
	if i := strings.LastIndexByte(id, '/'); i >= 0 {
		return id[:i]
	}
	return ""
}

// section returns the page of a folder, and makes it when there is none.
func (b *builder) section(l *Lang, id string) *Page {
	if p := l.byLogical[id]; p != nil {
		if p.Kind == Single { // b.md beside the folder b/, or a bundle with pages left out
			p.Kind = Section
			if p.Type == "page" {
				p.Type = "section"
			}
		}
		return p
	}
	p := &Page{ID: id, Lang: l, Kind: Section, Type: "section", TitleOff: -1, segment: segment(path.Base(id))}
	if id == "" {
		p.Kind, p.Title = Home, l.Title
	} else {
		p.Title = wordTitle(path.Base(id))
		p.Parent = b.section(l, parentID(id))
	}
	p.MenuTitle = p.Title
	l.byLogical[id] = p
	l.Pages = append(l.Pages, p)
	return p
}

// arrange orders the children of a section and everything below them, and
// lists each page's ancestors.
func (b *builder) arrange(p *Page) {
	order := ""
	if p.File != nil {
		order = p.File.Front.String("order")
	}
	slices.SortStableFunc(p.Children, func(x, y *Page) int { return comparePages(order, x, y) })
	above := slices.Clip(append(slices.Clone(p.Ancestors), p))
	for _, c := range p.Children {
		c.Ancestors = above
		b.arrange(c)
	}
}

// comparePages orders pages by weight, then by date with the newest first,
// then by title. "date" and "title" skip what comes before.
func comparePages(order string, x, y *Page) int {
	if order == "" || order == "weight" {
		if c := compareWeight(x.Weight, y.Weight); c != 0 {
			return c
		}
	}
	if order != "title" {
		if c := dateOf(y).Compare(dateOf(x)); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(x.Title, y.Title), cmp.Compare(x.ID, y.ID))
}

// compareWeight puts pages without a weight last.
func compareWeight(x, y float64) int {
	switch {
	case x == y:
		return 0
	case x == 0:
		return 1
	case y == 0:
		return -1
	}
	return cmp.Compare(x, y)
}

func dateOf(p *Page) time.Time {
	if p.Date == nil {
		return time.Time{}
	}
	return p.Date.Time
}

// neighbours links the pages of each section with the one before and after.
func (b *builder) neighbours(p *Page) {
	var prev *Page
	for _, c := range p.Children {
		if c.Kind == Single {
			if c.Prev = prev; prev != nil {
				prev.Next = c
			}
			prev = c
		}
		b.neighbours(c)
	}
}

// related gives each page the pages that its author names, then pages that
// share its topics: the ones that follow it in the topic's list, so that the
// work grows with the number of pages only.
func (b *builder) related(l *Lang) {
	at := map[*Page]map[*Page]int{} // topic → page → place in its list
	for _, p := range l.Pages {
		b.namedRelated(p)
		for _, t := range p.Topics {
			if at[t] == nil {
				at[t] = make(map[*Page]int, len(t.Items))
				for i, q := range t.Items {
					at[t][q] = i
				}
			}
			n := len(t.Items)
			for step := 1; step < n && step <= b.opt.Related && len(p.Related) < b.opt.Related; step++ {
				q := t.Items[(at[t][p]+step)%n]
				if q != p && !slices.Contains(p.Related, q) {
					p.Related = append(p.Related, q)
				}
			}
		}
	}
}

func (b *builder) namedRelated(p *Page) {
	if p.File == nil {
		return
	}
	for _, v := range p.File.Front.Items("related") {
		for _, r := range p.Fields[v] {
			if r.Page != nil && r.Page != p && !slices.Contains(p.Related, r.Page) {
				p.Related = append(p.Related, r.Page)
			}
		}
	}
}

// gather lists every page to be rendered.
func (b *builder) gather() {
	s := b.site
	for _, l := range s.Langs {
		slices.SortFunc(l.Pages, func(a, c *Page) int { return cmp.Or(cmp.Compare(a.Path, c.Path), cmp.Compare(a.ID, c.ID)) })
		for _, p := range l.Pages {
			s.Pages = append(s.Pages, p)
			if c := p.Checklist; c != nil && c.File == nil {
				s.Pages = append(s.Pages, c)
			}
		}
		for _, t := range l.Taxonomies {
			if t.Page != nil && t.Page.File == nil {
				s.Pages = append(s.Pages, t.Page)
			}
			for _, term := range t.Terms {
				if term.File == nil {
					s.Pages = append(s.Pages, term)
				}
			}
		}
		for _, p := range []*Page{l.AZPage, l.SiteMapPage, l.DisplayPage, l.NotFoundPage} {
			if p != nil && p.File == nil {
				s.Pages = append(s.Pages, p)
			}
		}
	}
	s.Pages = append(s.Pages, b.extra...)
	slices.SortStableFunc(s.Pages, func(a, c *Page) int { return cmp.Compare(a.Path, c.Path) })
}

// nfc is norm.NFC.String, quick for the usual case.
func nfc(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return norm.NFC.String(s)
		}
	}
	return s
}

// itemText returns the text of an item that may be absent.
func itemText(v *schema.Value) string {
	if v == nil {
		return ""
	}
	return strings.TrimSpace(v.Text)
}
