package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"handrail/internal/dev"
)

// A wire is the built site behind a line that can be cut.
type wire struct {
	*httptest.Server
	cut  atomic.Bool
	gone atomic.Bool // the site keeps nothing any more
}

// takesBack is what a build without offline: writes.
const takesBack = `addEventListener("install",()=>skipWaiting());addEventListener("activate",e=>e.waitUntil((async()=>{` +
	`for(const k of await caches.keys())if(k.startsWith("handrail-"))await caches.delete(k);await registration.unregister()})()));`

func newWire(t *testing.T) *wire {
	t.Helper()
	files := dev.Files(siteFS())
	w := &wire{}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case w.cut.Load():
			panic(http.ErrAbortHandler) // the connection breaks
		case w.gone.Load() && r.URL.Path == "/sw.js":
			rw.Header().Set("Content-Type", "text/javascript")
			_, _ = rw.Write([]byte(takesBack))
		case strings.HasPrefix(r.URL.Path, "/f/"):
			rw.Header().Set("Content-Type", "text/html")
			_, _ = rw.Write([]byte("<!doctype html><title>a form</title><form></form>"))
		default:
			files.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(w.Close)
	return w
}

func goTo(t *testing.T, ctx context.Context, url string) error {
	t.Helper()
	c, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return chromedp.Do(c, chromedp.Navigate(url))
}

const cachedPaths = `(async () => { const out = []; for (const k of await caches.keys())
	for (const r of await (await caches.open(k)).keys()) out.push(new URL(r.url).pathname); return out.sort() })()`

// awaited waits until an expression that takes its time holds.
func awaited(t *testing.T, ctx context.Context, expr string) {
	t.Helper()
	eval[bool](t, ctx, `window.__holds = false, (async () => { for (let i = 0; i < 400 && !window.__holds; i++) {
		if (`+expr+`) window.__holds = true; else await new Promise(f => setTimeout(f, 50)) } })(), true`)
	until(t, ctx, "window.__holds", 25*time.Second)
}

// TestPagesCanBeReadOffline visits the site once, cuts the line, and reads on.
func TestPagesCanBeReadOffline(t *testing.T) {
	needBrowser(t)
	w := newWire(t)
	ctx := newTab(t)
	if err := goTo(t, ctx, w.URL+"/"); err != nil {
		t.Fatal(err)
	}
	awaited(t, ctx, `(await `+cachedPaths+`).length >= 20 && navigator.serviceWorker.controller`)
	if err := goTo(t, ctx, w.URL+"/f/letter/"); err != nil {
		t.Fatal(err)
	}
	if err := goTo(t, ctx, w.URL+"/help/"); err != nil {
		t.Fatal(err)
	}
	if eval[bool](t, ctx, `!document.getElementById("saved").hidden`) {
		t.Error("a page that came over the line says that it was kept")
	}
	awaited(t, ctx, `window.__paths = await `+cachedPaths)
	paths := eval[[]string](t, ctx, `window.__paths`)
	for _, p := range paths {
		if strings.HasPrefix(p, "/f/") || strings.HasPrefix(p, "/care/f/") {
			t.Errorf("%s was kept", p)
		}
	}

	w.cut.Store(true)
	if err := goTo(t, ctx, w.URL+"/help/"); err != nil {
		t.Fatalf("without a connection: %v", err)
	}
	if got := eval[string](t, ctx, `document.querySelector("h1").textContent`); got != "找人帮忙" {
		t.Errorf("the page is headed %q", got)
	}
	saved := eval[string](t, ctx, `(() => { const s = document.getElementById("saved"); return s.offsetHeight > 0 ? s.textContent : "" })()`)
	if day := time.Now().Format("2006年1月2日"); !strings.Contains(saved, day) {
		t.Errorf("the page says %q; want the day %s", saved, day)
	}
	if font := eval[string](t, ctx, `getComputedStyle(document.body).color`); font == "rgb(0, 0, 0)" {
		t.Error("the style sheet was not kept")
	}
	if err := goTo(t, ctx, w.URL+"/care/en/policies/"); err != nil {
		t.Fatalf("a page that is not kept: %v", err)
	}
	if got := eval[string](t, ctx, `document.documentElement.dataset.edition + " " + document.querySelector("h1").textContent`); got != "care Pages you can read offline" {
		t.Errorf("in its place stands %q", got)
	}
	if err := goTo(t, ctx, w.URL+"/f/letter/"); err == nil {
		t.Error("a form was shown without a connection")
	}
	if bad := eval[[]string](t, ctx, `window.__problems || []`); len(bad) > 0 {
		t.Error(bad)
	}
}

// TestASiteCanStopBeingKept publishes without offline: and demands that
// nothing stays on the device.
func TestASiteCanStopBeingKept(t *testing.T) {
	needBrowser(t)
	w := newWire(t)
	ctx := newTab(t)
	if err := goTo(t, ctx, w.URL+"/"); err != nil {
		t.Fatal(err)
	}
	awaited(t, ctx, `(await caches.keys()).length > 0 && navigator.serviceWorker.controller`)
	w.gone.Store(true)
	eval[bool](t, ctx, `navigator.serviceWorker.getRegistration().then(r => r.update()), true`)
	awaited(t, ctx, `(await caches.keys()).length === 0 && (await navigator.serviceWorker.getRegistrations()).length === 0`)
}
