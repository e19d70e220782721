package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"

	"handrail/a11y"
	"handrail/internal/crawl"
)

// An input is what an argument of check names: pages, and the files that they
// are read from.
type input struct {
	fsys  fs.FS
	pages []string
	shown func(name string) string // how a file is called in reports
}

// maxStdin is how much is read from the standard input.
const maxStdin = 50 << 20

// input finds the pages of an argument: a file, a folder, a sitemap, an
// address, or - for the standard input.
func (g *globals) input(ctx context.Context, arg string, f checkFlags) (*input, error) {
	switch {
	case arg == "-":
		return g.stdinPage(f.root)
	case strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://"):
		return g.webPages(ctx, arg, f)
	}
	in, err := g.localPages(arg, f.root)
	if err != nil {
		return nil, err
	}
	if len(in.pages) == 0 {
		return nil, errors.New(g.text("tool.check.none", "path", arg))
	}
	return in, nil
}

// stdinPage is a page that another program made. Its style sheets are looked
// for below root, or here.
func (g *globals) stdinPage(root string) (*input, error) {
	src, err := io.ReadAll(io.LimitReader(os.Stdin, maxStdin+1))
	if err != nil {
		return nil, err
	}
	if len(src) > maxStdin {
		return nil, errors.New(g.text("tool.check.toolarge", "mb", maxStdin>>20))
	}
	if root == "" {
		root = "."
	}
	const name = "stdin.html"
	return &input{
		fsys:  overlay{fstest.MapFS{name: {Data: src}}, os.DirFS(root)},
		pages: []string{name},
		shown: func(s string) string { return s },
	}, nil
}

// An overlay is a file system whose first layer comes before the second.
type overlay [2]fs.FS

func (o overlay) Open(name string) (fs.File, error) {
	f, err := o[0].Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o[1].Open(name)
	}
	return f, err
}

// webPages fetches pages from a web server.
func (g *globals) webPages(ctx context.Context, start string, f checkFlags) (*input, error) {
	p := g.newProgress()
	site, err := crawl.Fetch(ctx, start, crawl.Options{
		MaxPages: f.maxPages, MaxDepth: f.maxDepth, Agent: "handrail/" + version,
		Progress: func(done, known int, _ string) { p.show("fetch", done, known) },
	})
	p.clear()
	if err != nil {
		return nil, err
	}
	if !g.quiet {
		for _, problem := range site.Problems {
			fmt.Fprintln(g.stderr, g.text("tool.check.unfetched", "url", problem.URL, "why", problem.Err.Error()))
		}
		if site.Cut {
			fmt.Fprintln(g.stderr, g.text("tool.check.cut", "pages", len(site.Pages)))
		}
	}
	return &input{fsys: site.Files, pages: site.Pages, shown: func(name string) string {
		if address := site.Address(name); address != "" {
			return address
		}
		return name
	}}, nil
}

// localPages are those of a file, a folder or a sitemap in a folder.
func (g *globals) localPages(arg, root string) (*input, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, err
	}
	dir, only := arg, ""
	if !info.IsDir() {
		dir, only = filepath.Split(filepath.Clean(arg))
		if dir == "" {
			dir = "."
		}
	}
	if root != "" {
		rel, err := filepath.Rel(root, arg)
		if err != nil || !filepath.IsLocal(rel) {
			return nil, errors.New(g.text("tool.check.outside", "path", arg, "root", root))
		}
		dir, only = root, filepath.ToSlash(rel)
	}
	in := &input{fsys: os.DirFS(dir), shown: func(name string) string { return shownPath(dir, name) }}
	if strings.EqualFold(path.Ext(only), ".xml") {
		in.pages, err = sitemapPages(in.fsys, only)
	} else {
		in.pages, err = pagesBelow(in.fsys, only)
	}
	return in, err
}

// sitemapPages are the pages that a sitemap lists, as files of its folder.
func sitemapPages(fsys fs.FS, name string) ([]string, error) {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	locs, _, err := crawl.ParseSitemap(string(src))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var pages []string
	for _, loc := range locs {
		u, err := url.Parse(loc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		page := strings.TrimPrefix(path.Clean("/"+u.Path), "/")
		for _, candidate := range []string{page, path.Join(page, "index.html"), page + ".html"} {
			if info, err := fs.Stat(fsys, candidate); err == nil && info.Mode().IsRegular() {
				pages = append(pages, candidate)
				break
			}
		}
	}
	slices.Sort(pages)
	return slices.Compact(pages), nil
}

// pagesBelow lists the pages of a folder that are one of only or lie in it.
func pagesBelow(fsys fs.FS, only string) ([]string, error) {
	if only != "" && only != "." {
		if info, err := fs.Stat(fsys, only); err != nil {
			return nil, err
		} else if !info.IsDir() {
			return []string{only}, nil
		}
	}
	pages, err := a11y.Pages(fsys)
	if only == "" || only == "." {
		return pages, err
	}
	return slices.DeleteFunc(pages, func(p string) bool { return !strings.HasPrefix(p, only+"/") }), err
}
