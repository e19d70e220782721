// Package site is the page model: sections, pages and the lists made from
// them, with their addresses, neighbours, translations and links. It is
// built from what package source has read; it does no I/O and knows no HTML.
package site

import (
	"strings"
	"time"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/glossary"
	"handrail/internal/schema"
	"handrail/internal/source"
)

// A Kind says what a page is in the structure of the site; its Type says what
// it is about. Kinds are the names of layouts.
type Kind string

// The kinds of pages.
const (
	Home     Kind = "home"
	Section  Kind = "section"
	Single   Kind = "page"
	Taxonomy Kind = "taxonomy" // the list of a taxonomy's terms
	Term     Kind = "term"     // the list of a term's pages
	AZ       Kind = "az"
	Topics   Kind = "topics" // the list of topics
	SiteMap  Kind = "sitemap"
	Display  Kind = "display" // the reader's settings

	// Checklist is what to bring and where to go, on one sheet to print: a
	// page that goes with each service and journey that asks for papers.
	Checklist Kind = "checklist"

	NotFound Kind = "404"
)

// Editions are the prefixes that tell editions apart.
const (
	Standard = "standard"
	Care     = "care"
)

// A Site is the whole model. It is not changed after Build.
type Site struct {
	Cfg       *config.Config
	Langs     []*Lang // in the order of the language switch
	Pages     []*Page // every page to be rendered, sorted by path
	Data      map[string]*source.Data
	Tree      *source.Tree
	Now       time.Time
	Redirects []Redirect
	Copies    []Copy // files that are published as they are
	LeftOut   LeftOut
	Offline   []*Page                          // kept on a reader's device, sorted by path
	WordPages map[*glossary.Entry]ResolvedLink // of the glossary: the pages that say more

	lookup  *lookup
	leftOut map[string]bool // files of pages that are not built
}

// LeftOut counts the pages that are not built.
type LeftOut struct{ Drafts, Future, Expired int }

// A Lang is one language of the site.
type Lang struct {
	Tag     string // "zh-Hans"
	HTML    string // "zh-CN", for lang attributes
	Dir     string // "ltr" or "rtl"
	Name    string // in its own words
	Title   string // the site's title
	Default bool
	Prefix  string // "" or "/en"

	Home       *Page
	Pages      []*Page // pages and sections that authors wrote or folders imply, sorted by path
	Taxonomies []*Tax
	Menu       []*MenuItem
	Footer     []*MenuItem
	Doors      []*MenuItem
	AZ         []*Letter
	CareNames  []string // under which people look for the care edition; none without it

	AZPage, TopicsPage, SiteMapPage, DisplayPage, NotFoundPage *Page // nil when there is nothing to list
	WordsPage                                                  *Page // the page that lists the words of the glossary, or nil
	OfflinePage                                                *Page // the page that lists what is kept on a device, or nil

	byLogical map[string]*Page
}

// A Tax is one taxonomy in one language.
type Tax struct {
	Name  string // "topic", "department" or "keyword"
	Page  *Page  // the list of its terms; nil when it has none
	Terms []*Page
}

// A Page is one page of the site in one language; both editions are rendered
// from it.
type Page struct {
	ID   string // logical path without language; equal in translations
	Lang *Lang
	Kind Kind
	Type string       // "page", "service", …; "" for generated lists
	File *source.File // nil for pages that no file stands for
	Path string       // "/services/a/" or "/en/services/a/"

	Title      string
	TitleValue *schema.Value // nil when the title was derived
	TitleOff   int           // place of a title taken from a heading, or -1
	MenuTitle  string        // for menus and breadcrumbs
	Summary    string        // the author's; see Excerpt
	Excerpt    string        // the summary, the description or the beginning of the body
	Date       *schema.Value // published; nil when not said
	Updated    *schema.Value
	ReviewBy   *schema.Value
	Weight     float64

	Parent     *Page
	Ancestors  []*Page // from home down to the parent
	Children   []*Page // in the section's order, subsections among them
	Prev, Next *Page   // within the section
	Related    []*Page

	Translations  []*Page // in other languages, in the order of the site's languages
	Department    *config.Department
	DepartmentRef *Page // its term page
	Topics        []*Page
	Keywords      []*Page
	Interprets    *Page
	InterpretedBy []*Page
	Journeys      []*Page // of a service: the journeys that it is a step of
	Checklist     *Page   // its sheet to print; nil without papers to bring
	Aliases       []string

	Pager   *Pager    // of a list page; nil when all is on one page
	Items   []*Page   // of a Term: its pages; of a Taxonomy: its terms
	TermID  string    // of a Term: the id or word
	Letters []*Letter // of an AZ page

	Links  []ResolvedLink                   // parallel to File.Doc.Links
	Images []ResolvedLink                   // parallel to File.Doc.Images
	Fields map[*schema.Value][]ResolvedLink // links of a field: one for a path, or those of its inline Markdown
	Plain  []ResolvedLink                   // links of the plain version's body

	segment string // its part of the path
	hidden  bool
}

// A Pager is one page of a list that goes over several.
type Pager struct {
	Items      []*Page // shown here
	Number     int     // from 1
	Total      int     // pages of the list
	Prev, Next *Page
	Pages      []*Page // all pages of the list; Pages[0] is the section itself
}

// A MenuItem is a line of a menu.
type MenuItem struct {
	Text       string
	Note, Icon string
	Link       ResolvedLink
	Page       *Page // where it leads; nil for addresses elsewhere
	Value      *schema.Value
}

// A Letter is one group of the A–Z.
type Letter struct {
	Letter string // "A", "ع", "#"
	ID     string // an anchor
	Items  []AZItem
}

// An AZItem is one line of the A–Z.
type AZItem struct {
	Text string
	Page *Page
	Also bool // a name that people use, not the page's title
	Care bool // a name of the care edition: leads to Page in that edition
}

// A Redirect leads an old address to a page.
type Redirect struct {
	From string
	To   *Page
	Pos  diag.Pos
}

// URL returns the page's address in an edition, without the host.
func (p *Page) URL(edition string) string {
	if edition == Care {
		return "/care" + p.Path
	}
	return p.Path
}

// OutFile returns the file that the page is written to in an edition, below
// the output folder.
func (p *Page) OutFile(edition string) string {
	return outFile(p.URL(edition))
}

// BlocksURL returns the address of the index of the page's blocks, which
// serves both editions.
func (p *Page) BlocksURL() string { return "/" + BlocksFile(p.Path) }

// BlocksFile is the file, below the output folder, that indexes the blocks of
// the page at a path.
func BlocksFile(path string) string {
	if strings.HasSuffix(path, "/") {
		return path[1:] + "blocks.json"
	}
	return strings.TrimSuffix(path[1:], ".html") + ".blocks.json"
}

// FileAt is the file that a page at a path is written to in an edition.
func FileAt(path, edition string) string { return (&Page{Path: path}).OutFile(edition) }

func outFile(url string) string {
	if url[len(url)-1] == '/' {
		return url[1:] + "index.html"
	}
	return url[1:]
}

// Get returns a front-matter value of the page, or nil.
func (p *Page) Get(path string) *schema.Value {
	if p.File == nil {
		return nil
	}
	return p.File.Get(path)
}

// Pos returns where to send somebody who wants to change the page.
func (p *Page) Pos() diag.Pos {
	if p.File == nil {
		return diag.Pos{}
	}
	return diag.Pos{File: p.File.Path, Line: 1, Col: 1}
}

// Translation returns the page in a language, or nil.
func (p *Page) Translation(tag string) *Page {
	if p.Lang.Tag == tag {
		return p
	}
	for _, t := range p.Translations {
		if t.Lang.Tag == tag {
			return t
		}
	}
	return nil
}

// Lang returns the language with the tag, or nil.
func (s *Site) Lang(tag string) *Lang {
	for _, l := range s.Langs {
		if l.Tag == tag {
			return l
		}
	}
	return nil
}

// Spare makes mistakes on pages that are left out into warnings: they close
// no gate while nobody can read the page.
func (s *Site) Spare(list diag.List) diag.List {
	out := make(diag.List, len(list))
	for i, d := range list {
		if d.Severity == diag.Error && s.leftOut[d.Pos.File] {
			c := *d
			c.Severity = diag.Warning
			d = &c
		}
		out[i] = d
	}
	return out
}

// Page returns the page at a path, such as "/en/services/a/", or nil.
func (s *Site) Page(path string) *Page { return s.lookup.byURL[path] }
