package serve

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func site(t testing.TB, files map[string]string) (*Site, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, dir
}

var files = map[string]string{
	"index.html": "home", "404.html": "nothing", "care/404.html": "care nothing", "care/en/404.html": "care en nothing",
	"a/index.html": "page a", "a/index.html.br": "BR", "a/index.html.gz": "GZ", "assets/main.0a1b2c3d4e.css": "body{}",
	"files/notice-decision.pdf": "decision", "README.md": "not published",
	"政策/index.html": "policy", ".handrail/site.json": "{}", ".well-known/x": "known", "a/.secret": "s", "manifest.json": "{}",
	"_headers":   "/*\n  X-Content-Type-Options: nosniff\n/a/*\n  X-A: 1\n",
	"_redirects": "/old/ /a/ 301\n/soon/ /a/ 302\n/was/* /is/:splat\n",
}

func get(s http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Path = path
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	s, _ := site(t, files)
	for _, c := range []struct {
		path string
		code int
		body string
		to   string
	}{
		{"/", 200, "home", ""},
		{"/a/", 200, "page a", ""},
		{"/a", 301, "", "/a/"},
		{"//a", 301, "", "/a/"},
		{"/a//index.html", 301, "", "/a/"},
		{"/assets/../a/", 301, "", "/a/"},
		{"/assets/x/../../index.html", 301, "", "/"},
		{"/a/index.html", 200, "page a", ""},
		{"/政策/", 200, "policy", ""},
		{"/.well-known/x", 200, "known", ""},
		{"/none/", 404, "nothing", ""},
		{"/care/none", 404, "care nothing", ""},
		{"/care/en/x/none", 404, "care en nothing", ""},
		{"/old/", 301, "", "/a/"},
		{"/soon/", 302, "", "/a/"},
		{"/was/b/c/", 301, "", "/is/b/c/"},
		{"/was///evil.example/", 301, "", "/is/evil.example/"},
		{"/_headers", 404, "nothing", ""},
		{"/README.md", 404, "nothing", ""},
		{"/.handrail/site.json", 404, "nothing", ""},
		{"/a/../.handrail/site.json", 404, "nothing", ""},
		{"/a/.secret", 404, "nothing", ""},
		{"/..%2f..%2fetc/passwd", 404, "nothing", ""},
		{"/../../etc/passwd", 404, "nothing", ""},
		{"/a\\..\\b", 404, "nothing", ""},
		{"/a\x00b", 404, "nothing", ""},
		{"/" + strings.Repeat("x", 5000), 404, "nothing", ""},
		{"/．．/．handrail/site.json", 404, "nothing", ""},
	} {
		w := get(s, c.path)
		if w.Code != c.code || c.body != "" && w.Body.String() != c.body || w.Header().Get("Location") != c.to {
			t.Errorf("%q: %d %q to %q; want %d %q to %q", c.path, w.Code, w.Body, w.Header().Get("Location"), c.code, c.body, c.to)
		}
	}
}

func TestHeaders(t *testing.T) {
	s, _ := site(t, files)
	w := get(s, "/a/")
	if h := w.Header(); h.Get("X-A") != "1" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-cache" {
		t.Errorf("headers %v", h)
	}
	if cc := get(s, "/assets/main.0a1b2c3d4e.css").Header().Get("Cache-Control"); !strings.Contains(cc, "immutable") {
		t.Errorf("a fingerprinted file has %q", cc)
	}
	if cc := get(s, "/files/notice-decision.pdf").Header().Get("Cache-Control"); cc != "no-cache" {
		t.Errorf("a file that may change has %q", cc)
	}
	r := httptest.NewRequest(http.MethodPost, "/a/", nil)
	post := httptest.NewRecorder()
	s.ServeHTTP(post, r)
	if post.Code != http.StatusMethodNotAllowed || post.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", post.Code)
	}
}

func TestEncodings(t *testing.T) {
	s, _ := site(t, files)
	for _, c := range []struct{ accept, body, encoding string }{
		{"", "page a", ""}, {"gzip, deflate, br", "BR", "br"}, {"gzip", "GZ", "gzip"}, {"br;q=0, gzip;q=0.5", "GZ", "gzip"}, {"identity", "page a", ""},
	} {
		w := get(s, "/a/", "Accept-Encoding", c.accept)
		if w.Body.String() != c.body || w.Header().Get("Content-Encoding") != c.encoding || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: %q as %q", c.accept, w.Body, w.Header().Get("Content-Encoding"))
		}
		again := get(s, "/a/", "Accept-Encoding", c.accept, "If-None-Match", w.Header().Get("ETag"))
		if again.Code != http.StatusNotModified {
			t.Errorf("%q again: %d", c.accept, again.Code)
		}
	}
	w := get(s, "/a/", "Accept-Encoding", "br", "Range", "bytes=0-3")
	if w.Code != http.StatusPartialContent || w.Body.String() != "page" {
		t.Errorf("range: %d %q", w.Code, w.Body)
	}
}

// TestPacked: what the build has not compressed is compressed here, once, if
// it is text and large enough.
func TestPacked(t *testing.T) {
	text := strings.Repeat("办事、看政策、找机构。", 300)
	s, _ := site(t, map[string]string{"index.html": text, "a.svg": text, "a.json": text, "a.png": text, "small.html": "small", "old.html": text, "old.html.br": "BR"})
	for path, want := range map[string]string{"/": "gzip", "/a.svg": "gzip", "/a.json": "gzip", "/a.png": "", "/small.html": "", "/old.html": ""} {
		w := get(s, path, "Accept-Encoding", "gzip")
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("%s: %q; want %q", path, got, want)
		}
		if want == "" {
			continue
		}
		r, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != text {
			t.Errorf("%s: %v, %d bytes", path, err, len(b))
		}
		if plain := get(s, path); plain.Body.String() != text || plain.Header().Get("ETag") == w.Header().Get("ETag") || plain.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: plain is %d bytes, %v", path, plain.Body.Len(), plain.Header())
		}
	}
}

// TestPublishedAgain: a new version is served soon after it is in place.
func TestPublishedAgain(t *testing.T) {
	s, dir := site(t, files)
	old := get(s, "/").Header().Get("ETag")
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("new home"), 0o644); err != nil {
		t.Fatal(err)
	}
	time.Sleep(recheck + 50*time.Millisecond)
	if w := get(s, "/", "If-None-Match", old); w.Code != 200 || w.Body.String() != "new home" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// TestLinksOut: a symbolic link does not lead out of the folder.
func TestLinksOut(t *testing.T) {
	s, dir := site(t, files)
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "passwd.txt")); err != nil {
		t.Fatal(err)
	}
	if w := get(s, "/passwd.txt"); w.Code != 404 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestLargeFile(t *testing.T) {
	s, _ := site(t, map[string]string{"big.bin": strings.Repeat("0123456789", 200000)})
	w := get(s, "/big.bin", "Range", "bytes=10-19")
	if w.Code != http.StatusPartialContent || w.Body.String() != "0123456789" || w.Header().Get("ETag") == "" {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

func BenchmarkPage(b *testing.B) {
	s, _ := site(b, map[string]string{"index.html": strings.Repeat("x", 30000)})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}

// TestHalfPublished: a request that comes between a page and its compressed
// form gets the old one for a moment, not for good.
func TestHalfPublished(t *testing.T) {
	s, dir := site(t, files)
	page := filepath.Join(dir, "a", "index.html")
	if err := os.WriteFile(page, []byte("page a anew"), 0o644); err != nil {
		t.Fatal(err)
	}
	get(s, "/a/", "Accept-Encoding", "br")
	if err := os.WriteFile(page+".br", []byte("BR ANEW"), 0o644); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if body := get(s, "/a/", "Accept-Encoding", "br").Body.String(); body == "BR ANEW" {
			return
		} else if time.Now().After(end) {
			t.Fatalf("still %q", body)
		}
	}
}
