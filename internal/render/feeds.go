package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"handrail/internal/site"
)

// feedSize is how many pages a feed names.
const feedSize = 20

// A Feed is a link to a feed in the head of a page.
type Feed struct {
	URL, MIME string
	Title     *Value
}

// Feeds returns the feeds that fit the page: those of the nearest section
// with dated pages, or of the language.
func (p *Page) Feeds() []Feed {
	p.w.ask(question{op: opConfig})
	p.w.askList(p.p, "feed")
	s := feedOf(p.p)
	if s == nil || p.w.r.opt.Site.Cfg.BaseURL == "" {
		return nil
	}
	title := p.w.ref(s).Title()
	if s.Kind == site.Home {
		title = p.Site().Title()
	}
	return []Feed{
		{s.Path + "feed.xml", "application/atom+xml", title},
		{s.Path + "feed.json", "application/feed+json", title},
	}
}

// feedOf returns the nearest section with a feed, going up from a page, or nil.
func feedOf(p *site.Page) *site.Page {
	if isFeed(p) {
		return p
	}
	for _, a := range slices.Backward(p.Ancestors) {
		if isFeed(a) {
			return a
		}
	}
	return nil
}

// isFeed reports whether a page has a feed: a section with dated pages, or a
// home page with dated pages anywhere below it.
func isFeed(p *site.Page) bool {
	if !strings.HasSuffix(p.Path, "/") {
		return false
	}
	if p.Kind == site.Home {
		return slices.ContainsFunc(p.Lang.Pages, isDated)
	}
	return p.Kind == site.Section && (p.Pager == nil || p.Pager.Number <= 1) && slices.ContainsFunc(p.Children, isDated)
}

func isDated(p *site.Page) bool {
	return p.Date != nil && !p.Date.Time.IsZero() && p.Kind == site.Single
}

// entries returns the newest dated pages of a feed.
func entries(p *site.Page) []*site.Page {
	from := p.Children
	if p.Kind == site.Home {
		from = p.Lang.Pages
	}
	var out []*site.Page
	for _, c := range from {
		if isDated(c) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b *site.Page) int { return b.Date.Time.Compare(a.Date.Time) })
	return out[:min(len(out), feedSize)]
}

func changed(p *site.Page) time.Time {
	if p.Updated != nil && p.Updated.Time.After(p.Date.Time) {
		return p.Updated.Time
	}
	return p.Date.Time
}

// feeds writes an Atom and a JSON feed for every language and section with
// dated pages.
func (r *Renderer) feeds([]string) ([]File, error) {
	if r.opt.Site.Cfg.BaseURL == "" {
		return nil, nil
	}
	var out []File
	for _, p := range r.opt.Site.Pages {
		if !isFeed(p) {
			continue
		}
		pages := entries(p)
		atom, err := r.atom(p, pages)
		if err != nil {
			return nil, err
		}
		js, err := r.jsonFeed(p, pages)
		if err != nil {
			return nil, err
		}
		out = append(out, File{outPath(p.Path + "feed.xml"), atom}, File{outPath(p.Path + "feed.json"), js})
	}
	return out, nil
}

func (r *Renderer) absolute(path string) string { return r.opt.Site.Cfg.BaseURL + escapePath(path) }

// feedTitle is the name of a feed: the section's and the site's.
func feedTitle(p *site.Page) string {
	if p.Kind == site.Home || p.Title == "" {
		return p.Lang.Title
	}
	if p.Lang.Title == "" {
		return p.Title
	}
	return p.Title + " — " + p.Lang.Title
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Links   []atomLink  `xml:"link"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title     string   `xml:"title"`
	ID        string   `xml:"id"`
	Link      atomLink `xml:"link"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Summary   string   `xml:"summary,omitempty"`
}

// atom writes RFC 4287.
func (r *Renderer) atom(p *site.Page, pages []*site.Page) ([]byte, error) {
	f := atomFeed{
		Lang: p.Lang.HTML, Title: feedTitle(p), ID: r.canonical(p), Author: p.Lang.Title,
		Links: []atomLink{{Href: r.canonical(p)}, {Rel: "self", Type: "application/atom+xml", Href: r.absolute(p.Path + "feed.xml")}},
	}
	if f.Author == "" {
		f.Author = f.Title
	}
	var last time.Time
	for _, e := range pages {
		if t := changed(e); t.After(last) {
			last = t
		}
		f.Entries = append(f.Entries, atomEntry{
			Title: e.Title, ID: r.canonical(e), Link: atomLink{Href: r.canonical(e)},
			Published: e.Date.Time.Format(time.RFC3339), Updated: changed(e).Format(time.RFC3339), Summary: e.Excerpt,
		})
	}
	f.Updated = last.Format(time.RFC3339)
	return marshalXML(f)
}

func marshalXML(v any) ([]byte, error) {
	data, err := xml.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write XML: %w", err)
	}
	return append([]byte(xml.Header), append(data, '\n')...), nil
}

type jsonFeed struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	HomePage string     `json:"home_page_url"`
	FeedURL  string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Text      string `json:"content_text"`
	Published string `json:"date_published"`
	Modified  string `json:"date_modified,omitempty"`
}

// jsonFeed writes JSON Feed 1.1.
func (r *Renderer) jsonFeed(p *site.Page, pages []*site.Page) ([]byte, error) {
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: feedTitle(p), HomePage: r.canonical(p),
		FeedURL: r.absolute(p.Path + "feed.json"), Language: p.Lang.HTML, Items: []jsonItem{},
	}
	for _, e := range pages {
		it := jsonItem{ID: r.canonical(e), URL: r.canonical(e), Title: e.Title, Text: e.Excerpt,
			Published: e.Date.Time.Format(time.RFC3339)}
		if t := changed(e); !t.Equal(e.Date.Time) {
			it.Modified = t.Format(time.RFC3339)
		}
		f.Items = append(f.Items, it)
	}
	return marshalJSON(f)
}

func marshalJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return b.Bytes(), nil
}
