package dev

import (
	"bufio"
	"bytes"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// Files serves a published folder as a host in production would: clean URLs,
// the headers of _headers, the redirects of _redirects, the 404 page of the
// edition and language, and nothing private.
func Files(fsys fs.FS) http.Handler { return &fileHandler{folder: onDisk{fsys}} }

// A folder is what is published: on disk, or in memory under the preview.
type folder interface {
	read(name string) ([]byte, bool)
	isDir(name string) bool
}

type onDisk struct{ fsys fs.FS }

func (d onDisk) read(name string) ([]byte, bool) {
	data, err := fs.ReadFile(d.fsys, name)
	return data, err == nil
}

func (d onDisk) isDir(name string) bool {
	info, err := fs.Stat(d.fsys, name)
	return err == nil && info.IsDir()
}

type fileHandler struct {
	folder folder
	inject string // put before </body> of pages; "" outside the preview
}

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
	} else if h.folder.isDir(name) {
		http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently)
		return
	}
	if private(name) {
		h.notFound(w, r)
		return
	}
	if data, ok := h.folder.read(name); ok {
		h.write(w, r, name, http.StatusOK, data)
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

func (h *fileHandler) write(w http.ResponseWriter, r *http.Request, name string, code int, data []byte) {
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
	if h.inject != "" && path.Ext(name) == ".html" {
		if i := bytes.LastIndex(data, []byte("</body>")); i >= 0 {
			data = slices.Concat(data[:i], []byte(h.inject), data[i:])
		}
	}
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
		if data, ok := h.folder.read(name); ok {
			h.write(w, r, name, http.StatusNotFound, data)
			return
		}
		if dir == "." || dir == "/" {
			http.NotFound(w, r)
			return
		}
	}
}

func (h *fileHandler) setHeaders(w http.ResponseWriter, urlPath string) {
	data, ok := h.folder.read("_headers")
	if !ok {
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
	data, ok := h.folder.read("_redirects")
	if !ok {
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
