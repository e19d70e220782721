package render

import (
	"fmt"
	"slices"
	"strings"

	"handrail/internal/asset"
	"handrail/internal/site"
)

// A File is a file that is published beside the pages.
type File struct {
	Path string
	Data []byte
}

// Extras returns what is published beside the pages: feeds, the sitemap,
// robots.txt, web manifests, redirects and headers, sorted by path. Feeds and
// the sitemap need absolute addresses, so a site without a base URL has none.
func (r *Renderer) Extras(editions []string) ([]File, error) {
	var out []File
	for _, make := range []func([]string) ([]File, error){
		r.feeds, r.sitemap, r.manifests, r.redirects,
	} {
		files, err := make(editions)
		if err != nil {
			return nil, err
		}
		out = append(out, files...)
	}
	out = append(out, File{"robots.txt", r.robots()}, File{"_headers", r.headers()})
	slices.SortFunc(out, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// outPath is the file below the output folder for an address.
func outPath(url string) string {
	if strings.HasSuffix(url, "/") {
		url += "index.html"
	}
	return strings.TrimPrefix(url, "/")
}

// robots lets everybody in. Care pages are not closed: a search engine has to
// read them to learn that the standard page is canonical.
func (r *Renderer) robots() []byte {
	s := "User-agent: *\nAllow: /\n"
	if base := r.opt.Site.Cfg.BaseURL; base != "" {
		s += "\nSitemap: " + base + "/sitemap.xml\n"
	}
	return []byte(s)
}

// Policy returns the Content-Security-Policy of every page: nothing from
// elsewhere, no inline style, and one inline script by its hash.
func (r *Renderer) Policy() string {
	script := "script-src 'self'"
	if h := r.opt.Assets.HeadScriptHash(); h != "" {
		script += " '" + h + "'"
	}
	return strings.Join([]string{
		"default-src 'none'", script, "style-src 'self'", "img-src 'self'", "font-src 'self'", "media-src 'self'",
		"connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
	}, "; ")
}

// A Header is one line of HTTP headers.
type Header struct{ Name, Value string }

// Headers returns the headers that every response carries.
func (r *Renderer) Headers() []Header {
	return []Header{
		{"Content-Security-Policy", r.Policy()},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "strict-origin-when-cross-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
	}
}

// CacheControl returns how long a file may be cached. A built asset has a
// fingerprint in its name and never changes; everything else is asked for
// again after a minute, and shown from the cache while that goes on or the
// server is down.
func CacheControl(path string) string {
	switch path = strings.TrimPrefix(path, "/"); {
	case strings.HasPrefix(path, asset.Dir+"/"):
		return "max-age=31536000, immutable"
	case path == workerURL[1:]: // what it says about itself must be heard
		return "no-cache"
	}
	return "max-age=60, stale-while-revalidate=86400, stale-if-error=604800"
}

// headers writes the _headers file that several hosts read. They add up the
// rules that fit a path, so the one for everything says nothing of caching:
// what hosts do with pages by themselves is right.
func (r *Renderer) headers() []byte {
	var b strings.Builder
	b.WriteString("/*\n")
	for _, h := range r.Headers() {
		fmt.Fprintf(&b, "  %s: %s\n", h.Name, h.Value)
	}
	for _, path := range []string{"/" + asset.Dir + "/*", workerURL} {
		fmt.Fprintf(&b, "%s\n  Cache-Control: %s\n", path, CacheControl(path))
	}
	return []byte(b.String())
}

// published lists the pages that search engines and feeds may know.
func published(s *site.Site) []*site.Page {
	out := make([]*site.Page, 0, len(s.Pages))
	for _, p := range s.Pages {
		if p.Kind != site.NotFound && (p.Pager == nil || p.Pager.Number <= 1) {
			out = append(out, p)
		}
	}
	return out
}
