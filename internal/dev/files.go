package dev

import (
	"bufio"
	"bytes"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// Files serves a published folder as a host in production would: clean URLs,
// the headers of _headers, the redirects of _redirects, the 404 page of the
// edition and language, and nothing private.
func Files(fsys fs.FS) http.Handler { return &fileHandler{fsys} }

type fileHandler struct{ fsys fs.FS }

func (h *fileHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h.setHeaders(w, r.URL.Path)
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if strings.HasSuffix(r.URL.Path, "/") || name == "" {
		name = path.Join(name, "index.html")
	} else if info, err := fs.Stat(h.fsys, name); err == nil && info.IsDir() {
		http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently)
		return
	}
	if private(name) {
		h.notFound(w, r)
		return
	}
	if data, err := fs.ReadFile(h.fsys, name); err == nil {
		write(w, r, name, http.StatusOK, data)
		return
	}
	if to, code := h.redirect(r.URL.Path); to != "" {
		http.Redirect(w, r, to, code)
		return
	}
	h.notFound(w, r)
}

// private reports files that are for the server, the host or the build.
func private(name string) bool {
	return strings.HasPrefix(name, ".handrail") || name == "_headers" || name == "_redirects"
}

func write(w http.ResponseWriter, r *http.Request, name string, code int, data []byte) {
	t := mime.TypeByExtension(path.Ext(name))
	switch path.Ext(name) {
	case ".webmanifest":
		t = "application/manifest+json"
	case ".vtt":
		t = "text/vtt; charset=utf-8"
	}
	if t == "" {
		t = http.DetectContentType(data)
	}
	w.Header().Set("Content-Type", t)
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		w.Write(data)
	}
}

// notFound answers with the nearest 404.html: of the language below the
// edition, of the edition, of the site.
func (h *fileHandler) notFound(w http.ResponseWriter, r *http.Request) {
	dir := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	for {
		dir = path.Dir(dir)
		name := path.Join(dir, "404.html")
		if data, err := fs.ReadFile(h.fsys, name); err == nil {
			write(w, r, name, http.StatusNotFound, data)
			return
		}
		if dir == "." || dir == "/" {
			http.NotFound(w, r)
			return
		}
	}
}

func (h *fileHandler) setHeaders(w http.ResponseWriter, urlPath string) {
	data, err := fs.ReadFile(h.fsys, "_headers")
	if err != nil {
		return
	}
	matched := false
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		line := s.Text()
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case line[0] != ' ' && line[0] != '\t':
			matched = matchPath(line, urlPath)
		case matched:
			if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
				w.Header().Set(name, strings.TrimSpace(value))
			}
		}
	}
}

// matchPath matches a pattern of _headers; a * stands for any text.
func matchPath(pattern, p string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if !star {
		return p == pattern
	}
	return strings.HasPrefix(p, head) && strings.HasSuffix(p[len(head):], tail)
}

func (h *fileHandler) redirect(urlPath string) (to string, code int) {
	data, err := fs.ReadFile(h.fsys, "_redirects")
	if err != nil {
		return "", 0
	}
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) < 2 || f[0] != urlPath {
			continue
		}
		if len(f) > 2 && f[2] == "302" {
			return f[1], http.StatusFound
		}
		return f[1], http.StatusMovedPermanently
	}
	return "", 0
}
