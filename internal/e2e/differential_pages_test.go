package e2e

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"handrail/a11y"
	"handrail/a11y/style"
	"handrail/internal/site"
)

// A folder is a site whose pages are held against a browser.
type folder struct {
	name  string
	fsys  fs.FS
	pages []string
	modes bool // its pages have looks: they are seen in each, in turn
}

// folders are the sites of the differential tests: our own, W3C's test cases,
// pages of other makers, and what HANDRAIL_CORPUS names.
func folders(t *testing.T) []folder {
	list := []folder{ownSite(), madeByOthers(t), testCases(t)}
	if dir := os.Getenv("HANDRAIL_CORPUS"); dir != "" {
		fsys := os.DirFS(dir)
		list = append(list, folder{"corpus", fsys, every(pagesOf(t, fsys), 100), true})
	}
	return list
}

// ownSite is a page of each kind in every language, in both editions in turn,
// or in both when everything is looked at.
func ownSite() folder {
	f := folder{name: "own", fsys: siteFS(), modes: true}
	for i, tag := range languages() {
		for j, p := range sample(tag) {
			for k, edition := range []string{site.Standard, site.Care} {
				if full() || (i+j+k)%2 == 0 {
					f.pages = append(f.pages, path.Join(strings.TrimPrefix(p.URL(edition), "/"), "index.html"))
				}
			}
		}
	}
	f.pages = slices.DeleteFunc(f.pages, func(name string) bool {
		_, err := fs.Stat(f.fsys, name)
		return err != nil
	})
	return f
}

// madeByOthers are the pages that npm packages ship.
func madeByOthers(t *testing.T) folder {
	fsys := os.DirFS("node_modules")
	f := folder{name: "others", fsys: fsys, modes: true}
	for _, pattern := range []string{"accessible-autocomplete/examples/*.html", "hint.css/demo.html", "html5-boilerplate/dist/*.html",
		"jquery-ui-dist/index.html", "npm/docs/output/*/*.html", "reveal.js/*.html"} {
		names, err := fs.Glob(fsys, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no page %s: %v (run npm ci in internal/e2e)", pattern, err)
		}
		if !full() {
			names = every(names, 5)
		}
		f.pages = append(f.pages, names...)
	}
	return f
}

// testCases are W3C's, of which a rule's first is looked at, or every one that
// the browser does not leave at once.
func testCases(t *testing.T) folder {
	files, err := filepath.Glob("../../a11y/rules/testdata/act/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives of W3C's cases: %v", err)
	}
	fsys := fstest.MapFS{}
	f := folder{name: "w3c", fsys: fsys}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		const base = "WAI/content-assets/wcag-act-rules/"
		var cases []string
		for _, c := range ar.Files {
			if strings.HasPrefix(c.Name, base) {
				fsys[c.Name] = &fstest.MapFile{Data: c.Data}
				continue
			}
			name := base + "testcases/" + strings.TrimSuffix(filepath.Base(file), ".txtar") + "/" + path.Base(c.Name)
			fsys[name] = &fstest.MapFile{Data: c.Data}
			if path.Ext(name) == ".html" && !bytes.Contains(c.Data, []byte(`content="0; `)) {
				cases = append(cases, name)
			}
		}
		if !full() {
			cases = every(cases, 1)
		}
		f.pages = append(f.pages, cases...)
	}
	return f
}

// every returns n of the names, evenly spread.
func every(names []string, n int) []string {
	if len(names) <= n {
		return names
	}
	out := make([]string, n)
	for i := range out {
		out[i] = names[i*len(names)/n]
	}
	return out
}

func pagesOf(t *testing.T, fsys fs.FS) []string {
	pages, err := a11y.Pages(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// serve serves the folder without its scripts, which we do not run.
func (f folder) serve(t *testing.T) (url string) {
	files := http.FileServerFS(f.fsys)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "script-src 'none'")
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/"
}

// differentialLooks are the ways of looking at a page, and our mode for each.
var differentialLooks = []look{{1280, "light", false}, {320, "light", false}, {1280, "dark", false}, {1280, "light", true}}

func (l look) mode() style.Mode {
	return style.Mode{Name: l.String(), Width: int(l.width), Scheme: l.scheme, Forced: l.forced}
}

// looks are those in which the folder's i-th page is seen.
func (f folder) looks(i int) []look {
	switch {
	case !f.modes:
		return differentialLooks[:1]
	case full():
		return differentialLooks
	}
	return differentialLooks[i%len(differentialLooks):][:1]
}
