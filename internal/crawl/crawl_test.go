package crawl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// serve answers from a map of paths; a value that begins with "->" is a
// redirect, one that begins with "text/" says its type first.
func serve(t *testing.T, pages map[string]string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.RequestURI()]
		to, moved := strings.CutPrefix(body, "->")
		switch {
		case !ok:
			http.NotFound(w, r)
		case moved:
			http.Redirect(w, r, to, http.StatusFound)
		case strings.HasSuffix(r.URL.Path, ".css"):
			w.Header().Set("Content-Type", "text/css")
			fmt.Fprint(w, body)
		case strings.HasSuffix(r.URL.Path, ".pdf"):
			w.Header().Set("Content-Type", "application/pdf")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, body)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func fetch(t *testing.T, url string, o Options) *Site {
	t.Helper()
	site, err := Fetch(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func TestFetchFollowsLinks(t *testing.T) {
	s := serve(t, map[string]string{
		"/":              `<link rel=stylesheet href=/a.css><a href="/b/">b</a> <a href="c.html#x">c</a> <a href="https://elsewhere.example/">e</a> <a href="/form.pdf">f</a> <a href="mailto:x@y">m</a>`,
		"/b/":            `<base href="/deep/"><a href="d.html">d</a>`,
		"/c.html":        `<a href="/c.html?page=2">2</a> <a href="/lost">lost</a>`,
		"/c.html?page=2": `two`,
		"/deep/d.html":   `<style>@import "/more.css";</style>`,
		"/a.css":         `@import url("b.css"); p { color: red }`,
		"/b.css":         `a { color: blue }`,
		"/more.css":      ``,
	})
	site := fetch(t, s.URL, Options{})
	want := []string{"b/index.html", "c.html", "c.html?page=2", "deep/d.html", "index.html"}
	if !slices.Equal(site.Pages, want) {
		t.Errorf("pages %v, want %v", site.Pages, want)
	}
	for _, name := range []string{"a.css", "b.css", "more.css"} {
		if _, err := fs.ReadFile(site.Files, name); err != nil {
			t.Errorf("%s was not fetched: %v", name, err)
		}
	}
	if len(site.Problems) != 1 || site.Problems[0].URL != s.URL+"/lost" {
		t.Errorf("problems %v, want the lost page", site.Problems)
	}
	if site.Address("c.html?page=2") != s.URL+"/c.html?page=2" {
		t.Errorf("address %q", site.Address("c.html?page=2"))
	}
}

func TestFetchKeepsItsLimits(t *testing.T) {
	pages := map[string]string{}
	for i := range 100 {
		pages[fmt.Sprintf("/%d", i)] = fmt.Sprintf(`<a href="/%d">next</a>`, i+1)
	}
	s := serve(t, pages)
	if site := fetch(t, s.URL+"/0", Options{MaxPages: 7, MaxDepth: 50}); len(site.Pages) != 7 || !site.Cut {
		t.Errorf("%d pages, cut %v; want 7, true", len(site.Pages), site.Cut)
	}
	if site := fetch(t, s.URL+"/0", Options{MaxDepth: 3}); len(site.Pages) != 4 || !site.Cut {
		t.Errorf("%d pages at depth 3, cut %v; want 4, true", len(site.Pages), site.Cut)
	}
	if _, err := Fetch(t.Context(), s.URL+"/0", Options{MaxBytes: 3}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("err = %v, want ErrTooLarge", err)
	}
}

func TestFetchDoesWhatRobotsAsk(t *testing.T) {
	s := serve(t, map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /private/\n",
		"/":           `<a href="/private/x">x</a> <a href="/open">o</a>`,
		"/private/x":  "secret", "/open": "open",
	})
	site := fetch(t, s.URL+"/", Options{})
	if !slices.Equal(site.Pages, []string{"index.html", "open"}) {
		t.Errorf("pages %v", site.Pages)
	}
	if len(site.Problems) != 1 || !errors.Is(site.Problems[0].Err, ErrRobots) {
		t.Errorf("problems %v", site.Problems)
	}
}

func TestFetchFromSitemap(t *testing.T) {
	pages := map[string]string{"/a": "a", "/b": "b", "/c": "c"}
	s := serve(t, pages)
	pages["/sitemap.xml"] = `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>` + s.URL + `/one.xml</loc></sitemap></sitemapindex>`
	pages["/one.xml"] = `<urlset><url><loc>` + s.URL + `/a</loc></url><url><loc> ` + s.URL + `/b </loc></url><url><loc>https://elsewhere.example/</loc></url></urlset>`
	site := fetch(t, s.URL+"/sitemap.xml", Options{})
	if !slices.Equal(site.Pages, []string{"a", "b"}) {
		t.Errorf("pages %v", site.Pages)
	}
	pages["/sitemap.xml"] = `<html>`
	if _, err := Fetch(t.Context(), s.URL+"/sitemap.xml", Options{}); err == nil || !strings.Contains(err.Error(), "not a sitemap") {
		t.Errorf("err = %v", err)
	}
}

func TestFetchSaysWhy(t *testing.T) {
	s := serve(t, map[string]string{"/loop": "->/loop2", "/loop2": "->/loop", "/form.pdf": "", "/away": "->https://elsewhere.example/"})
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(hang.Close)
	for _, c := range []struct{ url, want string }{
		{s.URL + "/loop", "redirects"},
		{s.URL + "/form.pdf", "not an HTML page"},
		{s.URL + "/lost", "404"},
		{hang.URL, "did not answer in time"},
		{"ftp://x", "http://"},
		{"http://127.0.0.1:1/", "refused"},
	} {
		_, err := Fetch(t.Context(), c.url, Options{Patience: 200 * time.Millisecond})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: err = %v, want %q in it", c.url, err, c.want)
		}
	}
}

func TestFetchEndsInTime(t *testing.T) {
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<a href="/%d">on</a>`, n.Add(1))
		time.Sleep(20 * time.Millisecond)
	}))
	t.Cleanup(s.Close)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	site, err := Fetch(ctx, s.URL+"/", Options{Timeout: 300 * time.Millisecond, MaxDepth: 1e6, MaxPages: 1e6})
	if err != nil || !site.Cut || len(site.Pages) == 0 {
		t.Errorf("err %v, site %+v; want a part of the site", err, site)
	}
}

// TestFetchFollowsTheStart: the start may move twice, as from http to https
// and on to www.
func TestFetchFollowsTheStart(t *testing.T) {
	end := serve(t, map[string]string{"/": "home"})
	middle := serve(t, map[string]string{"/": "->" + end.URL + "/"})
	start := serve(t, map[string]string{"/": "->" + middle.URL + "/"})
	if site := fetch(t, start.URL+"/", Options{}); len(site.Pages) != 1 || site.Address(site.Pages[0]) != end.URL+"/" {
		t.Errorf("%v", site.Pages)
	}
}

// TestFetchHoldsNoMoreThanItMay: a site cannot fill the memory, with many
// large pages or endless style sheets.
func TestFetchHoldsNoMoreThanItMay(t *testing.T) {
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		if strings.HasSuffix(r.URL.Path, ".css") {
			w.Header().Set("Content-Type", "text/css")
			fmt.Fprintf(w, `@import "/%d.css"; @import "/%d.css";`, 2*n, 2*n+1)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<link rel=stylesheet href="/0.css">`, strings.Repeat("x", 1000))
		for i := range 40 {
			fmt.Fprintf(w, `<a href="/%d-%d">x</a><link rel=stylesheet href="/%d-%d.css">`, n, i, n, i)
		}
	}))
	t.Cleanup(s.Close)
	site := fetch(t, s.URL+"/", Options{MaxPages: 5})
	if n := len(site.Files.files); n > 5*11 || !site.Cut {
		t.Errorf("%d files, cut: %v", n, site.Cut)
	}
	site = fetch(t, s.URL+"/", Options{MaxPages: 50, MaxTotal: 20_000})
	held := 0
	for _, f := range site.Files.files {
		held += len(f.body)
	}
	if held > 20_000 || !site.Cut {
		t.Errorf("%d bytes, cut: %v", held, site.Cut)
	}
}
