package crawl

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// maxImports is how deep style sheets may import one another, and sitemaps
// name other sitemaps.
const maxImports = 4

// sheetsPerPage is how many style sheets a page may have on average.
const sheetsPerPage = 10

// sheet fetches a style sheet of the site and what it imports, once. Sheets
// of other sites are left alone.
func (c *crawler) sheet(ctx context.Context, base *url.URL, href string, depth int) {
	u, err := base.Parse(strings.TrimSpace(href))
	if err != nil || u.Host != c.origin.Host || depth > maxImports || strings.TrimSpace(href) == "" {
		return
	}
	c.mu.Lock()
	known := c.site.Files.has(u)
	if len(c.site.Files.files) >= sheetsPerPage*c.o.MaxPages || c.total.Load() > c.o.MaxTotal {
		known, c.site.Cut = true, true // no sheet of this site is worth the memory
	}
	if !known {
		c.site.Files.add(u, "")
	}
	c.mu.Unlock()
	if known {
		return
	}
	body, _, err := c.get(ctx, u, "text/css")
	c.mu.Lock()
	if err != nil {
		c.site.Problems = append(c.site.Problems, Problem{u.String(), err})
	} else {
		c.site.Files.add(u, body)
	}
	c.mu.Unlock()
	c.imports(ctx, u, body, depth+1)
}

var importRule = regexp.MustCompile(`@import\s+(?:url\(\s*)?["']?([^"')\s;]+)`)

func (c *crawler) imports(ctx context.Context, base *url.URL, css string, depth int) {
	for _, m := range importRule.FindAllStringSubmatch(css, -1) {
		c.sheet(ctx, base, m[1], depth)
	}
}

// sitemap returns the addresses of a sitemap that lie on the site; those of
// the sitemaps that it names with them. https://www.sitemaps.org/protocol.html
func (c *crawler) sitemap(ctx context.Context, u *url.URL, depth int) ([]*url.URL, error) {
	body, _, err := c.get(ctx, u, "application/xml")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u, err)
	}
	pages, maps, err := ParseSitemap(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", u, err)
	}
	var out []*url.URL
	for _, loc := range pages {
		if to := c.inside(u, loc); to != nil && !c.seen[key(to)] {
			c.seen[key(to)] = true
			out = append(out, to)
		}
	}
	for _, loc := range maps {
		to, err := u.Parse(loc)
		if err != nil || to.Host != c.origin.Host || depth >= maxImports || len(out) > c.o.MaxPages {
			continue
		}
		more, err := c.sitemap(ctx, to, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// ParseSitemap returns the addresses of pages and of other sitemaps in a
// sitemap.
func ParseSitemap(src string) (pages, maps []string, err error) {
	var doc struct {
		XMLName xml.Name
		URLs    []string `xml:"url>loc"`
		Maps    []string `xml:"sitemap>loc"`
	}
	if err := xml.Unmarshal([]byte(src), &doc); err != nil {
		return nil, nil, fmt.Errorf("not a sitemap: %w", err)
	}
	if n := doc.XMLName.Local; n != "urlset" && n != "sitemapindex" {
		return nil, nil, fmt.Errorf("not a sitemap: the root element is <%s>", n)
	}
	trim := func(list []string) []string {
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		return list
	}
	return trim(doc.URLs), trim(doc.Maps), nil
}
