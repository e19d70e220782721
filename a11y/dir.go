package a11y

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"runtime"
	"strings"
	"sync"
)

// CheckDir checks every .html and .htm file of the folder, in parallel, and
// returns the results in the order of their paths. Linked style sheets are
// read from the folder; root-relative URLs start at its root, and nothing
// outside it is read.
func CheckDir(ctx context.Context, fsys fs.FS, o Options) ([]Result, error) {
	pages, err := Pages(fsys)
	if err != nil {
		return nil, err
	}
	if o.Sheets == nil {
		o.Sheets = SheetsFrom(fsys)
	}
	if o.Files == nil {
		o.Files = FilesFrom(fsys)
	}
	return NewChecker(o).CheckFiles(ctx, fsys, pages)
}

// Pages returns the paths of the HTML files of the folder, sorted. What lies in
// a folder whose name begins with a dot is no page: tools keep their own files there.
func Pages(fsys fs.FS) ([]string, error) {
	var pages []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".html", ".htm":
			if !d.IsDir() {
				pages = append(pages, name)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list pages: %w", err)
	}
	return pages, nil
}

// CheckFiles checks the named files of the folder, in parallel, and returns
// the results in their order.
func (c *Checker) CheckFiles(ctx context.Context, fsys fs.FS, pages []string) ([]Result, error) {
	results := make([]Result, len(pages))
	errs := make([]error, len(pages))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(pages)) {
		wg.Go(func() {
			for i := range next {
				src, err := fs.ReadFile(fsys, pages[i])
				if err != nil {
					errs[i] = fmt.Errorf("read page: %w", err)
					continue
				}
				results[i] = c.Check(pages[i], string(src))
			}
		})
	}
	err := feed(ctx, next, len(pages))
	wg.Wait()
	if err != nil {
		return nil, err
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// feed sends 0 to n-1, until the context ends, and closes the channel.
func feed(ctx context.Context, next chan<- int, n int) error {
	defer close(next)
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Resolve returns the path in the site that href on the page leads to, and
// false when it leads elsewhere: to another host, or out of the root.
func Resolve(page, base, href string) (string, bool) {
	u, err := url.Parse(strings.Trim(href, " \t\n\f\r"))
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return "", false
	}
	from := &url.URL{Path: "/" + page}
	if base != "" {
		b, err := url.Parse(base)
		if err != nil || b.Scheme != "" || b.Host != "" {
			return "", false
		}
		from = from.ResolveReference(b)
	}
	name := strings.TrimPrefix(path.Clean(from.ResolveReference(u).Path), "/")
	return name, name != "" && fs.ValidPath(name)
}
