package dev

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

var published = fstest.MapFS{
	"index.html":        {Data: []byte("home")},
	"404.html":          {Data: []byte("nothing here")},
	"a/index.html":      {Data: []byte("a")},
	"care/404.html":     {Data: []byte("nothing here, large")},
	"care/en/404.html":  {Data: []byte("nothing here, large, English")},
	"site.webmanifest":  {Data: []byte("{}")},
	"assets/x.abcd.css": {Data: []byte("b{}")},
	"办事/index.html":     {Data: []byte("services")},
	".handrail/secret":  {Data: []byte("no")},
	"_headers":          {Data: []byte("/*\n  X-Content-Type-Options: nosniff\n  Cache-Control: max-age=60\n/assets/*\n  Cache-Control: immutable\n")},
	"_redirects":        {Data: []byte("/old/ /a/ 301\n/soon/ /a/ 302\n")},
	"folder/sub/f.html": {Data: []byte("f")},
}

func TestFiles(t *testing.T) {
	for _, tt := range []struct {
		path string
		code int
		body string // or the target of a redirect
		mime string
	}{
		{"/", 200, "home", "text/html; charset=utf-8"},
		{"/a/", 200, "a", "text/html; charset=utf-8"},
		{"/a", 301, "/a/", ""},
		{"/%E5%8A%9E%E4%BA%8B/", 200, "services", ""},
		{"/assets/x.abcd.css", 200, "b{}", "text/css; charset=utf-8"},
		{"/site.webmanifest", 200, "{}", "application/manifest+json"},
		{"/missing/", 404, "nothing here", ""},
		{"/folder/", 404, "nothing here", ""},
		{"/care/missing", 404, "nothing here, large", ""},
		{"/care/en/x/y/", 404, "nothing here, large, English", ""},
		{"/care/../a/", 200, "a", ""},
		{"/../../etc/passwd", 404, "nothing here", ""},
		{"/.handrail/secret", 404, "nothing here", ""},
		{"/_headers", 404, "nothing here", ""},
		{"/old/", 301, "/a/", ""},
		{"/soon/", 302, "/a/", ""},
	} {
		t.Run(tt.path, func(t *testing.T) {
			w := httptest.NewRecorder()
			req := httptest.NewRequest("GET", "http://localhost/", nil)
			req.URL.Path = tt.path
			if tt.path == "/%E5%8A%9E%E4%BA%8B/" {
				req.URL.Path = "/办事/"
			}
			Files(published).ServeHTTP(w, req)
			if w.Code != tt.code {
				t.Fatalf("status = %d; want %d", w.Code, tt.code)
			}
			if tt.code/100 == 3 {
				if got := w.Header().Get("Location"); got != tt.body {
					t.Errorf("location = %q; want %q", got, tt.body)
				}
				return
			}
			if got := w.Body.String(); got != tt.body {
				t.Errorf("body = %q; want %q", got, tt.body)
			}
			if got := w.Header().Get("Content-Type"); tt.mime != "" && got != tt.mime {
				t.Errorf("content type = %q; want %q", got, tt.mime)
			}
			if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
				t.Errorf("headers are missing: %v", w.Header())
			}
		})
	}
}

func TestFilesTakesNoOtherMethod(t *testing.T) {
	w := httptest.NewRecorder()
	Files(published).ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("status = %d; want 405", w.Code)
	}
}

func TestLaterHeadersWin(t *testing.T) {
	w := httptest.NewRecorder()
	Files(published).ServeHTTP(w, httptest.NewRequest("HEAD", "/assets/x.abcd.css", nil))
	if got := w.Header().Get("Cache-Control"); got != "immutable" {
		t.Errorf("Cache-Control = %q; want immutable", got)
	}
	if w.Body.Len() != 0 {
		t.Error("HEAD has a body")
	}
}
