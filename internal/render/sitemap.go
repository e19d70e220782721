package render

import (
	"encoding/xml"
	"fmt"
	"slices"

	"handrail/i18n"
	"handrail/internal/asset"
	"handrail/internal/site"
)

// sitemapLimit is how many addresses one sitemap may hold (sitemaps.org).
const sitemapLimit = 50_000

type urlSet struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string       `xml:"xmlns:xhtml,attr"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc        string           `xml:"loc"`
	LastMod    string           `xml:"lastmod,omitempty"`
	Alternates []sitemapAltLink `xml:"xhtml:link"`
}

type sitemapAltLink struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type sitemapIndex struct {
	XMLName  xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Sitemaps []sitemapLoc `xml:"sitemap"`
}

type sitemapLoc struct {
	Loc string `xml:"loc"`
}

// sitemap lists the pages of the canonical edition with their translations.
func (r *Renderer) sitemap([]string) ([]File, error) {
	s := r.opt.Site
	if s.Cfg.BaseURL == "" {
		return nil, nil
	}
	var urls []sitemapURL
	for _, p := range published(s) {
		u := sitemapURL{Loc: r.canonical(p)}
		switch {
		case p.Updated != nil && !p.Updated.Time.IsZero():
			u.LastMod = i18n.DateISO(p.Updated.Time)
		case p.Date != nil && !p.Date.Time.IsZero():
			u.LastMod = i18n.DateISO(p.Date.Time)
		}
		for _, a := range r.alternates(p) {
			u.Alternates = append(u.Alternates, sitemapAltLink{"alternate", a.HrefLang, a.URL})
		}
		urls = append(urls, u)
	}
	return r.sitemaps(urls, sitemapLimit)
}

// sitemaps writes one sitemap, or an index of several.
func (r *Renderer) sitemaps(urls []sitemapURL, limit int) ([]File, error) {
	write := func(urls []sitemapURL) ([]byte, error) {
		return marshalXML(urlSet{XHTML: "http://www.w3.org/1999/xhtml", URLs: urls})
	}
	if len(urls) <= limit {
		data, err := write(urls)
		return []File{{"sitemap.xml", data}}, err
	}
	var out []File
	var index sitemapIndex
	for part := range slices.Chunk(urls, limit) {
		name := fmt.Sprintf("sitemap-%d.xml", len(out)+1)
		data, err := write(part)
		if err != nil {
			return nil, err
		}
		out = append(out, File{name, data})
		index.Sitemaps = append(index.Sitemaps, sitemapLoc{r.absolute("/" + name)})
	}
	data, err := marshalXML(index)
	return append(out, File{"sitemap.xml", data}), err
}

const manifestName = "manifest.webmanifest"

// ManifestURL returns the address of the web manifest for the page's language
// and edition.
func (p *Page) ManifestURL() string { return p.p.Lang.Home.URL(p.Edition) + manifestName }

type webManifest struct {
	Name            string         `json:"name"`
	ShortName       string         `json:"short_name,omitempty"`
	Lang            string         `json:"lang"`
	Dir             string         `json:"dir"`
	ID              string         `json:"id"`
	StartURL        string         `json:"start_url"`
	Scope           string         `json:"scope"`
	Display         string         `json:"display"`
	ThemeColor      string         `json:"theme_color,omitempty"`
	BackgroundColor string         `json:"background_color,omitempty"`
	Icons           []manifestIcon `json:"icons,omitempty"`
	Shortcuts       []shortcut     `json:"shortcuts,omitempty"`
}

// A shortcut is a page that a device offers when the site's icon is held.
type shortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type manifestIcon struct {
	Src   string `json:"src"`
	Type  string `json:"type"`
	Sizes string `json:"sizes"`
}

// manifests writes a web manifest for each language and edition.
func (r *Renderer) manifests(editions []string) ([]File, error) {
	theme := r.opt.Theme.Config
	var icons []manifestIcon
	for _, name := range theme.Icons {
		url, err := r.opt.Assets.URL(name)
		if err != nil {
			return nil, err
		}
		icons = append(icons, manifestIcon{url, asset.MIME(name), "any"})
	}
	var out []File
	for _, l := range r.opt.Site.Langs {
		for _, e := range editions {
			home := l.Home.URL(e)
			m := webManifest{Name: r.manifestName(l, e), Lang: l.HTML, Dir: l.Dir, ID: home, StartURL: home, Scope: "/",
				Display: "browser", ThemeColor: theme.ThemeColor.Light, BackgroundColor: theme.ThemeColor.Light, Icons: icons}
			for _, other := range editions {
				if other != e {
					m.Shortcuts = append(m.Shortcuts, shortcut{r.manifestName(l, other), l.Home.URL(other)})
				}
			}
			data, err := marshalJSON(m)
			if err != nil {
				return nil, err
			}
			out = append(out, File{outPath(home + manifestName), data})
		}
	}
	return out, nil
}

// manifestName is the site's name, with the edition's where it is not the
// standard one.
func (r *Renderer) manifestName(l *site.Lang, edition string) string {
	name := l.Title
	if name == "" {
		name = l.Home.Title
	}
	if edition == site.Standard {
		return name
	}
	if t, ok := r.langs[l].cat.Text("title." + edition); ok {
		name += t
	}
	return name
}
