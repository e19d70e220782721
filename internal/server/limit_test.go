package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"handrail/internal/server/servertest"
	"handrail/internal/store/sqlite"
)

// TestClient: what a proxy says is believed of proxies only, and however they
// write it.
func TestClient(t *testing.T) {
	trusted := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.0.2.1:99", "198.51.100.7", "192.0.2.1"},
		{"10.0.0.1:99", "", "10.0.0.1"},
		{"10.0.0.1:99", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:99", "203.0.113.9, 198.51.100.7, 10.2.3.4", "198.51.100.7"},
		{"10.0.0.1:99", "198.51.100.7:4711", "198.51.100.7"},
		{"[::1]:99", "[2001:db8::1]:4711", "2001:db8::/64"},
		{"[::1]:99", "[2001:db8::1]", "2001:db8::/64"},
		{"[::ffff:10.0.0.1]:99", "::ffff:198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:99", "<script>", "10.0.0.1"},
		{"@", "198.51.100.7", ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := trusted.client(r); got != c.want {
			t.Errorf("%s for %q: %q; want %q", c.remote, c.forwarded, got, c.want)
		}
	}
}

// TestSharedAddress: 200 people behind one address begin at the same moment
// and open eight pages each. All get through; the later ones are held, none
// is turned away, and their neighbours notice nothing. What comes on top of
// that is told when to come again.
func TestSharedAddress(t *testing.T) {
	t.Parallel()
	st, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s := benchOver(t, st, servertest.Identities(t, 2))
	moment := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s.byAddr.now = func() time.Time { return moment }
	s.byStart.now = s.byAddr.now
	var held []time.Duration
	s.pause = func(_ context.Context, d time.Duration) error { held = append(held, d); return nil }
	h := s.Handler()
	get := func(remote string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest("GET", "/case/", nil), httptest.NewRecorder()
		r.RemoteAddr = remote
		h.ServeHTTP(w, r)
		return w
	}
	const people, pages = 200, 8
	for range people {
		if wait := s.byStart.delay("192.0.2.1"); wait > 0 {
			t.Fatalf("who begins is held for %v", wait)
		}
		for range pages {
			if w := get("192.0.2.1:99"); w.Code != http.StatusOK {
				t.Fatalf("turned away: %d after %d were held", w.Code, len(held))
			}
		}
	}
	if want := people*pages - s.byAddr.burst; len(held) != want {
		t.Errorf("%d of %d were held; want %d", len(held), people*pages, want)
	}
	for i, d := range held {
		if d > maxDelay || i > 0 && d < held[i-1] {
			t.Fatalf("%d is held for %v after %v", i, d, held[max(i-1, 0)])
		}
	}
	n := len(held)
	if w := get("198.51.100.9:99"); w.Code != http.StatusOK || len(held) > n {
		t.Errorf("a neighbour: %d, held %v", w.Code, held[n:])
	}
	var last *httptest.ResponseRecorder
	for range 300 {
		last = get("192.0.2.1:99")
	}
	if last.Code != http.StatusServiceUnavailable || last.Header().Get("Retry-After") == "" {
		t.Errorf("too many: %d, Retry-After %q", last.Code, last.Header().Get("Retry-After"))
	}
	moment = moment.Add(time.Minute)
	if n := len(held); get("192.0.2.1:99").Code != http.StatusOK || len(held) > n {
		t.Error("a minute later the address is still held")
	}
}
