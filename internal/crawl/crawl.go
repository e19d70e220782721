// Package crawl fetches the pages of a site that stands on a web server, with
// their style sheets, so that they can be checked as files. It is bounded in
// pages, depth, time and size, stays on one origin, and does what robots.txt
// asks.
package crawl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/temoto/robotstxt"
	"golang.org/x/net/html/charset"

	"handrail/a11y/dom"
)

// Options bound a crawl. Zero values take the defaults named.
type Options struct {
	MaxPages int           // 200
	MaxDepth int           // 10 links from the start
	Timeout  time.Duration // of the whole crawl: 10 minutes
	Patience time.Duration // with one request: 20 seconds
	MaxBytes int64         // of one file: 10 MiB
	MaxTotal int64         // of all files: 512 MiB
	Agent    string        // "handrail"
	// Progress is told of every page that was asked for.
	Progress func(done, known int, url string)
}

func (o Options) withDefaults() Options {
	if o.MaxPages == 0 {
		o.MaxPages = 200
	}
	if o.MaxDepth == 0 {
		o.MaxDepth = 10
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Minute
	}
	if o.Patience == 0 {
		o.Patience = 20 * time.Second
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 10 << 20
	}
	if o.MaxTotal == 0 {
		o.MaxTotal = 512 << 20
	}
	if o.Agent == "" {
		o.Agent = "handrail"
	}
	return o
}

// A Problem is an address that could not be fetched, and why.
type Problem struct {
	URL string
	Err error
}

// Why a page was not fetched, as errors that callers tell apart.
var (
	ErrRobots    = errors.New("robots.txt asks not to fetch it")
	ErrRedirects = errors.New("more than 5 redirects")
	ErrElsewhere = errors.New("leads to another site")
	ErrTooLarge  = errors.New("larger than the limit")
	ErrNotHTML   = errors.New("not an HTML page")
)

// A Site is what was fetched. Pages are paths in Files.
type Site struct {
	Pages    []string
	Problems []Problem
	Files    Files
	// Cut says that there were more pages than the limits allow.
	Cut bool
}

// Address returns the URL that a page was fetched from.
func (s *Site) Address(page string) string {
	if f := s.Files.files[page]; f != nil {
		return f.url
	}
	return ""
}

// Fetch fetches the site that start belongs to: the page itself and what it
// links to, or the pages of a sitemap, when start names one.
func Fetch(ctx context.Context, start string, o Options) (*Site, error) {
	u, err := url.Parse(start)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%s: want an address that begins with http:// or https://", start)
	}
	u.Fragment = ""
	o = o.withDefaults()
	ctx, cancel := context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("the crawl took longer than %s", o.Timeout))
	defer cancel()
	c := &crawler{o: o, origin: u, start: u.String(), seen: map[string]bool{}, site: &Site{Files: newFiles()}}
	c.client = &http.Client{Timeout: o.Patience, CheckRedirect: c.redirect}
	c.readRobots(ctx)

	level, follow, err := c.first(ctx, u)
	if err != nil {
		return nil, err
	}
	for depth := 0; len(level) > 0 && depth <= o.MaxDepth; depth++ {
		next := c.fetchAll(ctx, level)
		if ctx.Err() != nil || c.total.Load() > c.o.MaxTotal {
			c.site.Cut = true
			break
		}
		if !follow {
			break
		}
		level = next
	}
	c.site.Cut = c.site.Cut || len(level) > 0 && follow
	slices.Sort(c.site.Pages)
	if len(c.site.Pages) == 0 {
		if len(c.site.Problems) > 0 {
			p := c.site.Problems[0]
			return nil, fmt.Errorf("%s: %w", p.URL, p.Err)
		}
		return nil, fmt.Errorf("%s: %w", start, ErrNotHTML)
	}
	return c.site, nil
}

type crawler struct {
	o      Options
	origin *url.URL
	start  string
	total  atomic.Int64 // bytes that were read
	client *http.Client
	robots *robotstxt.Group

	mu    sync.Mutex
	seen  map[string]bool // addresses asked for or to be asked for
	asked int
	site  *Site
}

// first returns the addresses to begin with, and whether links are followed.
func (c *crawler) first(ctx context.Context, u *url.URL) (level []*url.URL, follow bool, err error) {
	if strings.HasSuffix(u.Path, ".xml") {
		level, err = c.sitemap(ctx, u, 0)
		if len(level) > c.o.MaxPages {
			level, c.site.Cut = level[:c.o.MaxPages], true
		}
		return level, false, err
	}
	c.seen[key(u)] = true
	return []*url.URL{u}, true, nil
}

// workers is how many requests are under way at once: a guest's share.
const workers = 3

// fetchAll fetches pages and returns the addresses that they link to.
func (c *crawler) fetchAll(ctx context.Context, level []*url.URL) (next []*url.URL) {
	found := make([][]*url.URL, len(level))
	slots := make(chan struct{}, workers)
	var wg sync.WaitGroup
	for i, u := range level {
		slots <- struct{}{}
		if ctx.Err() != nil || c.total.Load() > c.o.MaxTotal {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			found[i] = c.page(ctx, u)
		})
	}
	wg.Wait()
	for _, links := range found {
		for _, u := range links {
			if c.seen[key(u)] {
				continue
			}
			if len(c.seen) >= c.o.MaxPages {
				c.site.Cut = true
				return next
			}
			c.seen[key(u)] = true
			next = append(next, u)
		}
	}
	return next
}

// page fetches one page with its style sheets and returns its links.
func (c *crawler) page(ctx context.Context, u *url.URL) []*url.URL {
	body, final, err := c.get(ctx, u, "text/html")
	c.mu.Lock()
	c.asked++
	if c.o.Progress != nil {
		c.o.Progress(c.asked, len(c.seen), u.String())
	}
	if errors.Is(err, ErrNotHTML) && c.asked > 1 {
		err = nil // a link may well lead to a document
		body = ""
	}
	name := ""
	switch {
	case err != nil:
		c.site.Problems = append(c.site.Problems, Problem{u.String(), err})
	case body != "":
		name = c.site.Files.add(final, body)
		if !slices.Contains(c.site.Pages, name) {
			c.site.Pages = append(c.site.Pages, name)
		}
	}
	c.mu.Unlock()
	if name == "" {
		return nil
	}
	doc := dom.Parse(body)
	base := final
	var links []*url.URL
	for e := range doc.Elements() {
		switch {
		case e.Is("base") && e.Has("href") && base == final:
			if b, err := final.Parse(e.Get("href")); err == nil {
				base = b
			}
		case e.Is("link") && slices.Contains(strings.Fields(strings.ToLower(e.Get("rel"))), "stylesheet"):
			c.sheet(ctx, base, e.Get("href"), 0)
		case e.Is("a", "area") && e.Has("href") && !e.Has("download"):
			if to := c.inside(base, e.Get("href")); to != nil {
				links = append(links, to)
			}
		case e.Is("style"):
			c.imports(ctx, base, e.TextContent(), 0)
		}
	}
	return links
}

// inside returns the address of a link that stays on the site and may lead to
// a page; nil otherwise.
func (c *crawler) inside(base *url.URL, href string) *url.URL {
	u, err := base.Parse(strings.TrimSpace(href))
	if err != nil || u.Scheme != c.origin.Scheme || u.Host != c.origin.Host {
		return nil
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case "", ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp", ".shtml", ".do":
	default:
		return nil
	}
	u.Fragment, u.RawFragment = "", ""
	return u
}

// get fetches a text. Accept is the media type that it has to have.
func (c *crawler) get(ctx context.Context, u *url.URL, accept string) (body string, final *url.URL, err error) {
	if c.robots != nil && !c.robots.Test(u.RequestURI()) {
		return "", nil, ErrRobots
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", nil, err
	}
	req.Header.Set("User-Agent", c.o.Agent)
	req.Header.Set("Accept", accept+",*/*;q=0.1")
	resp, err := c.client.Do(req)
	if err != nil {
		return "", nil, plain(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", nil, fmt.Errorf("the server answers %s", resp.Status)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if accept == "text/html" && kind != "text/html" && kind != "application/xhtml+xml" {
		return "", nil, ErrNotHTML
	}
	r, err := charset.NewReader(io.LimitReader(resp.Body, c.o.MaxBytes+1), resp.Header.Get("Content-Type"))
	if err == io.EOF { // an empty answer
		return "", resp.Request.URL, nil
	}
	if err != nil {
		return "", nil, plain(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return "", nil, plain(err)
	}
	if int64(len(b)) > c.o.MaxBytes || c.total.Add(int64(len(b))) > c.o.MaxTotal {
		return "", nil, ErrTooLarge
	}
	return string(b), resp.Request.URL, nil
}

// redirect keeps redirects on the site and counts them.
func (c *crawler) redirect(req *http.Request, via []*http.Request) error {
	switch {
	case len(via) > 5:
		return ErrRedirects
	case via[0].URL.String() == c.start: // it may move: to https, and then to www
		c.origin = &url.URL{Scheme: req.URL.Scheme, Host: req.URL.Host, Path: c.origin.Path}
	case req.URL.Host != c.origin.Host:
		return ErrElsewhere
	}
	return nil
}

// plain takes the request out of an error of net/http: it is named anyway.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return errors.New("the server did not answer in time")
		}
		return u.Err
	}
	return err
}

// readRobots reads robots.txt. A site without one forbids nothing.
func (c *crawler) readRobots(ctx context.Context) {
	u := c.origin.ResolveReference(&url.URL{Path: "/robots.txt"})
	body, _, err := c.get(ctx, u, "text/plain")
	if err != nil {
		return
	}
	if data, err := robotstxt.FromString(body); err == nil {
		c.robots = data.FindGroup(c.o.Agent)
	}
}

// key is how addresses are compared.
func key(u *url.URL) string {
	k := *u
	k.Fragment, k.RawFragment = "", ""
	if k.Path == "" {
		k.Path = "/"
	}
	return k.String()
}
