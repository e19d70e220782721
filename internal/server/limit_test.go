package server

import (
	"net/http/httptest"
	"net/netip"
	"testing"
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
