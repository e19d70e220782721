package e2e

import (
	"bytes"
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"handrail/internal/build"
	"handrail/internal/publish"
)

// Budgets, in bytes after brotli 5.
const (
	budgetMedian = 14 << 10 // HTML of a median page
	budgetPage   = 30 << 10 // HTML of the heaviest page, a long policy
	budgetCSS    = 8 << 10  // the one sheet of an edition
	budgetFiles  = 4        // requests before any picture: page, sheet, module, icon
	budgetScript = 8 << 10  // what every page loads, inline script with it
	budgetSpeech = 10 << 10
	budgetLazy   = 12 << 10 // any other module that is loaded on first use
)

// A memory sink keeps what a build hands on.
type memory struct {
	mu    sync.Mutex
	files map[string][]byte
}

func (s *memory) Add(f publish.File) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[f.Path] = f.Data
	return nil
}

// buildSite builds the site in dir, without the gate.
func buildSite(t *testing.T, dir string) (map[string][]byte, *build.Result) {
	t.Helper()
	sink := &memory{files: map[string][]byte{}}
	res, err := build.Run(context.Background(), build.Options{Source: dir, Gate: build.GateOff, Now: today, Clock: time.Now, Tool: "handrail e2e"}, sink)
	if err != nil {
		t.Fatal(err)
	}
	if res.Failed || res.Site == nil {
		t.Fatal("the site was not built")
	}
	return sink.files, res
}

// packed is the size of data on the wire.
func packed(data []byte) int { return len(pack(data)) }

// pack compresses as a build does, at brotli 5.
func pack(data []byte) []byte {
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, 5)
	_, err := w.Write(data)
	if cerr := w.Close(); err != nil || cerr != nil {
		panic("e2e: brotli to memory") // a bytes.Buffer takes everything
	}
	return b.Bytes()
}

var (
	reSheet  = regexp.MustCompile(`<link[^>]* rel="?stylesheet"?[^>]*>`)
	reScript = regexp.MustCompile(`(?s)<script([^>]*)>(.*?)</script>`)
	reLazy   = regexp.MustCompile(`data-src="?([^"> ]+\.js)`)
	reHref   = regexp.MustCompile(`(?:href|src)="?([^"> ]+)`)
)

// A weight is what one page costs before any picture.
type weight struct {
	page              string
	html, css, script int
	requests          int
	lazy              []string
	template          string
}

// weigh reckons the weight of a page from its markup.
func weigh(t *testing.T, files map[string][]byte, name string) weight {
	t.Helper()
	html := string(files[name])
	w := weight{page: name, html: packed(files[name]), requests: 1}
	fetch := func(url string) int {
		url, _, _ = strings.Cut(url, "?")
		data, ok := files[strings.TrimPrefix(url, "/")]
		if !ok || !strings.HasPrefix(url, "/") || strings.HasPrefix(url, "//") {
			t.Errorf("%s loads %s, which is not of this site", name, url)
		}
		w.requests++
		return packed(data)
	}
	plain := regexp.MustCompile(`(?s)<noscript>.*?</noscript>`).ReplaceAllString(html, "")
	for _, tag := range reSheet.FindAllString(plain, -1) {
		w.css += fetch(reHref.FindStringSubmatch(tag)[1])
	}
	for _, m := range reScript.FindAllStringSubmatch(plain, -1) {
		if src := reHref.FindStringSubmatch(m[1]); src != nil {
			w.script += fetch(src[1])
		} else if !strings.Contains(m[1], "json") {
			w.script += packed([]byte(m[2]))
		}
	}
	if strings.Contains(plain, `rel="icon"`) || strings.Contains(plain, "rel=icon") {
		w.requests++
	}
	for _, m := range reLazy.FindAllStringSubmatch(plain, -1) {
		w.lazy = append(w.lazy, m[1])
	}
	return w
}

// TestBudgets weighs every page of a heavy city: no page, sheet or script costs
// more than a slow phone can bear.
func TestBudgets(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a site of some hundred pages")
	}
	files, res := heavy(t)
	var all []weight
	heaviest := map[string]weight{} // by template and edition
	lazy := map[string]bool{}
	for _, p := range res.Site.Pages {
		for _, edition := range res.Editions {
			name := p.OutFile(edition)
			if files[name] == nil {
				continue
			}
			w := weigh(t, files, name)
			w.template = edition + " " + string(p.Kind) + "/" + p.Type
			all = append(all, w)
			if w.html > heaviest[w.template].html {
				heaviest[w.template] = w
			}
			for _, l := range w.lazy {
				lazy[l] = true
			}
			limit := func(what string, got, most int) {
				if got > most {
					t.Errorf("%s: %s is %d bytes packed, %d over", name, what, got, got-most)
				}
			}
			limit("HTML", w.html, budgetPage)
			limit("CSS", w.css, budgetCSS)
			limit("script", w.script, budgetScript)
			if w.requests > budgetFiles {
				t.Errorf("%s: %d requests before any picture", name, w.requests)
			}
		}
	}
	byHTML := func(a, b weight) int { return cmp.Compare(b.html, a.html) }
	slices.SortFunc(all, byHTML)
	if m := all[len(all)/2].html; m > budgetMedian {
		t.Errorf("the median page is %d bytes packed, %d over", m, m-budgetMedian)
	}
	var templates []weight
	for _, w := range heaviest {
		templates = append(templates, w)
	}
	slices.SortFunc(templates, byHTML)
	t.Logf("%d pages, median %d bytes packed; the heaviest page of the ten heaviest templates:", len(all), all[len(all)/2].html)
	for _, w := range templates[:min(10, len(templates))] {
		t.Logf("%6d HTML %5d CSS %5d script  %s (%s)", w.html, w.css, w.script, w.page, w.template)
	}
	if m := templates[len(templates)/2].html; m > budgetMedian {
		t.Errorf("the median template is %d bytes packed, %d over", m, m-budgetMedian)
	}
	checkLazy(t, files, lazy)
}

// checkLazy weighs the modules that a page loads on first use: those that pages
// name, and those that modules import.
func checkLazy(t *testing.T, files map[string][]byte, named map[string]bool) {
	t.Helper()
	for name, data := range files {
		if path.Ext(name) != ".js" || path.Base(name) == "sw.js" {
			continue
		}
		most := budgetLazy
		if strings.Contains(name, "speech") {
			most = budgetSpeech
		}
		n := packed(data)
		if named["/"+name] {
			t.Logf("%6d on first use  %s", n, name)
		}
		if n > most {
			t.Errorf("%s is %d bytes packed, %d over", name, n, n-most)
		}
	}
	for name := range named {
		if files[strings.TrimPrefix(name, "/")] == nil {
			t.Errorf("no file for %s", name)
		}
	}
}
