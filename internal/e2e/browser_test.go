package e2e

import (
	"context"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"handrail/internal/build"
	"handrail/internal/dev"
	"handrail/internal/site"
)

// today is when the site was built, so that pages do not change overnight.
var today = time.Date(2026, 11, 24, 0, 0, 0, 0, time.FixedZone("", 8*3600))

// built is the repository's own site, published once for all tests.
var built struct {
	dir  string
	url  string
	site *site.Site
}

func TestMain(m *testing.M) {
	if os.Getenv("HANDRAIL_BROWSER") == "" {
		fmt.Println("no browser tests: set HANDRAIL_BROWSER, as .ci/test does")
		os.Exit(m.Run())
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "handrail-e2e")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(dir)
	done, err := build.Publish(context.Background(), build.Options{Source: "../..", Gate: build.GateOff, Now: today, Clock: time.Now, Tool: "handrail e2e"},
		build.Target{Dir: dir})
	if err != nil || !done.Published {
		fmt.Println("the site was not built:", err)
		return 1
	}
	srv := httptest.NewServer(dev.Files(os.DirFS(dir)))
	defer srv.Close()
	built.dir, built.url, built.site = dir, srv.URL, done.Site
	return m.Run()
}

func siteFS() fs.FS { return os.DirFS(built.dir) }

func needBrowser(t *testing.T) {
	t.Helper()
	if built.site == nil {
		t.Skip("HANDRAIL_BROWSER is not set")
	}
}

// newTab opens a tab in a browser of its own that reaches nothing but the
// loopback interface.
func newTab(t *testing.T) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox,
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
	)
	actx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(actx)
	t.Cleanup(cancel)
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watchScript}); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// watchScript notes what a page does wrong while it loads.
const watchScript = `window.__problems = [];
addEventListener("securitypolicyviolation", e => __problems.push("CSP: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", e => __problems.push("error: " + (e.message || e.target.src || e.target.href)), true);`

// A look is one way of displaying a page.
type look struct {
	width  int64
	scheme string // light or dark
	forced bool
}

func (l look) String() string {
	s := fmt.Sprintf("%s-%d", l.scheme, l.width)
	if l.forced {
		s += "-forced"
	}
	return s
}

// show loads a page as l wants it seen.
func show(t *testing.T, ctx context.Context, path string, l look) {
	t.Helper()
	setLook(t, ctx, l)
	if err := chromedp.Do(ctx, chromedp.Navigate(built.url+path)); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func setLook(t *testing.T, ctx context.Context, l look) {
	t.Helper()
	forced := "none"
	if l.forced {
		forced = "active"
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}, {Name: "forced-colors", Value: forced}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(l.width, 900)); err != nil {
		t.Fatal(err)
	}
}

// eval runs a script in the page; a CSP does not stop a debugger.
func eval[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%.60s: %v", script, err)
	}
	return v
}

// axeSource is the script of axe-core, from npm.
func axeSource(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("%v (run npm ci in internal/e2e)", err)
	}
	return string(src)
}

// sample picks one page for each template in a language: the longest, since it
// has most to go wrong. Rules of the handbook, the catalogue of components and
// what says something of the build are templates of their own.
func sample(tag string) []*site.Page {
	best := map[string]*site.Page{}
	var order []string
	for _, p := range built.site.Pages {
		if p.Lang.Tag != tag {
			continue
		}
		key := template(p)
		size := func(p *site.Page) int {
			if p.File == nil {
				return 0
			}
			return len(p.File.Src)
		}
		if best[key] == nil {
			order = append(order, key)
		}
		if best[key] == nil || size(p) > size(best[key]) {
			best[key] = p
		}
	}
	var pages []*site.Page
	for _, k := range order {
		pages = append(pages, best[k])
	}
	return pages
}

// template tells pages apart that are drawn differently: by kind and type, and
// those pages of the handbook that hold what no other page does.
func template(p *site.Page) string {
	key := string(p.Kind) + "/" + p.Type
	switch id := strings.Trim(p.ID, "/"); {
	case strings.HasPrefix(id, "handbook/rules/"):
		key += " of a rule"
	case id == "about/accessibility", id == "handbook/components", id == "handbook/tables-and-charts":
		key += " " + id
	}
	return key
}

func languages() []string {
	var tags []string
	for _, l := range built.site.Langs {
		tags = append(tags, l.Tag)
	}
	return tags
}

// full reports whether every combination is to be looked at (make matrix).
func full() bool { return strings.EqualFold(os.Getenv("HANDRAIL_MATRIX"), "full") }
