package e2e

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"handrail/internal/dev"
	"handrail/internal/site"
)

// A host serves files as a static host does, packed as a reader gets them, and
// remembers what was asked for.
type host struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func serveFiles(t *testing.T, files map[string][]byte) *host {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data, Mode: 0o644}
	}
	plain := dev.Files(fsys)
	h := &host{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.asked = append(h.asked, r.URL.Path)
		h.mu.Unlock()
		rec := httptest.NewRecorder()
		plain.ServeHTTP(rec, r)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		body := rec.Body.Bytes()
		if strings.Contains(r.Header.Get("Accept-Encoding"), "br") && len(body) > 500 {
			body = pack(body)
			w.Header().Set("Content-Encoding", "br")
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body) // a reader that has gone away needs nothing
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *host) takeAsked() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := h.asked
	h.asked = nil
	return asked
}

// slow is an old phone's line: 250 kbit/s and 800 ms there and back.
var slow = network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{{Latency: 800, DownloadThroughput: 250e3 / 8, UploadThroughput: 50e3 / 8}}}

// firstPaint waits for the first contentful paint and returns when it was.
const firstPaint = `new Promise(done => {
	const see = () => { const p = performance.getEntriesByName("first-contentful-paint")[0]; p ? done(p.startTime) : setTimeout(see, 50); };
	see();
	setTimeout(() => done(-1), 15000);
})`

// TestFirstPaint: on a slow line the heaviest pages show their text within two
// and a half seconds, after at most four requests, all to their own host. At
// home the browser fetches the manifest as well, after the page. The time is
// held to its limit by make matrix only, as other work on a machine adds to it.
func TestFirstPaint(t *testing.T) {
	needBrowser(t)
	files, res := heavy(t)
	pages := map[string]*site.Page{}
	for _, p := range res.Site.Pages {
		pages[p.URL(site.Standard)] = p
	}
	files = maps.Clone(files)
	delete(files, "sw.js") // pages kept for reading offline are fetched behind the next page's back
	h := serveFiles(t, files)
	for _, path := range []string{"/", "/policies/long/", "/services/long/", "/notices/"} {
		p := pages[path]
		if p == nil {
			t.Fatalf("no page %s", path)
		}
		for _, edition := range []string{site.Standard, site.Care} {
			took := paintSlowly(t, h, p.URL(edition))
			if !full() {
				continue // the time is told; whether it is short enough, only a machine at rest can say
			}
			for n := 1; n < 4 && took > 2500*time.Millisecond; n++ {
				took = min(took, paintSlowly(t, h, p.URL(edition))) // a busy machine only adds
			}
			if took <= 2500*time.Millisecond {
				continue
			}
			if busy() {
				t.Skipf("%s: %v, but the machine has too much else to do", p.URL(edition), took)
			}
			t.Errorf("%s: the first paint comes after %v", p.URL(edition), took)
		}
	}
}

// busy reports that more is waiting for the processors than they can do, so
// that times say nothing about a page.
func busy() bool {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return false
	}
	var load float64
	_, err = fmt.Sscan(string(text), &load)
	return err == nil && load > 1.5*float64(runtime.NumCPU())
}

// paintSlowly loads a page over a slow line with a cold cache and returns when
// its text was first seen.
func paintSlowly(t *testing.T, h *host, path string) time.Duration {
	t.Helper()
	ctx := newTab(t)
	defer func() { _ = chromedp.Cancel(ctx) }() // the next tab must not share the line
	outside := watchRequests(t, ctx, h.URL)
	if _, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, slow); err != nil {
		t.Fatal(err)
	}
	h.takeAsked()
	if err := chromedp.Do(ctx, chromedp.Navigate(h.URL+path)); err != nil {
		t.Fatal(err)
	}
	ms := eval[float64](t, ctx, firstPaint)
	if ms < 0 {
		t.Fatalf("%s is never painted", path)
	}
	eval[bool](t, ctx, `new Promise(done => document.readyState === "complete" ? done(true) : addEventListener("load", () => done(true)))`)
	asked := slices.DeleteFunc(h.takeAsked(), func(p string) bool { return path == strings.TrimSuffix(p, "manifest.webmanifest") })
	if len(asked) > 4 {
		t.Errorf("%s: %d requests: %v", path, len(asked), asked)
	}
	for _, u := range outside() {
		t.Errorf("%s asks for %s", path, u)
	}
	took := time.Duration(ms * float64(time.Millisecond)).Round(10 * time.Millisecond)
	t.Logf("%s: first paint %v, %d requests", path, took, len(asked))
	return took
}

// watchRequests notes every address outside base that the tab asks for.
func watchRequests(t *testing.T, ctx context.Context, base string) func() []string {
	t.Helper()
	var mu sync.Mutex
	var outside []string
	err := chromedp.Listen(ctx, func(ev any) {
		e, ok := ev.(*network.EventRequestWillBeSent)
		if ok && !strings.HasPrefix(e.Request.URL, base) && !strings.HasPrefix(e.Request.URL, "data:") {
			mu.Lock()
			outside = append(outside, e.Request.URL)
			mu.Unlock()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return outside
	}
}
