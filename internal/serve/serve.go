// Package serve answers requests for published pages from a folder: with
// ranges, entity tags and precompressed files, the headers of _headers, the
// redirects of _redirects, and the 404 page of the edition and language.
// Nothing below .handrail ever leaves the folder.
package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
)

// A Site is a published folder. It is safe for concurrent use, also while the
// folder is published again.
type Site struct {
	root  *os.Root
	files cache
	rules rules
}

// Open opens a published folder.
func Open(dir string) (*Site, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the site: %w", err)
	}
	s := &Site{root: root}
	s.files.root = root
	s.rules.root = root
	return s, nil
}

// Close lets go of the folder.
func (s *Site) Close() error { return s.root.Close() }

func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rules := s.rules.current()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		rules.apply(w.Header(), r.URL.Path)
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name, ok := fileName(r.URL.Path)
	if !ok {
		s.notFound(w, r, rules)
		return
	}
	f, err := s.files.get(name)
	switch {
	case err == nil && !clean(r.URL.Path):
		// A page has one address: the lines of _headers go by it.
		moved(w, localPath("/"+strings.TrimSuffix(name, "index.html")), http.StatusMovedPermanently)
	case err == nil:
		s.send(w, r, f, rules)
	case errors.Is(err, errDirectory):
		moved(w, localPath("/"+name+"/"), http.StatusMovedPermanently)
	case errors.Is(err, fs.ErrNotExist):
		if to, code := rules.redirect(r.URL.Path); to != "" {
			moved(w, to, code)
			return
		}
		s.notFound(w, r, rules)
	default:
		http.Error(w, "the page cannot be read", http.StatusInternalServerError)
	}
}

func moved(w http.ResponseWriter, to string, code int) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Location", to)
	w.WriteHeader(code)
}

func clean(p string) bool { return p == path.Clean(p) || p == path.Clean(p)+"/" }

// fileName is the file that an address means; ok is false where none may be
// served.
func fileName(urlPath string) (name string, ok bool) {
	if strings.ContainsAny(urlPath, "\x00\\") {
		return "", false
	}
	name = strings.TrimPrefix(path.Clean("/"+urlPath), "/")
	for seg := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(seg, ".") && seg != ".well-known" {
			return "", false
		}
	}
	switch name {
	case "_headers", "_redirects", "README.md": // for the server, and for whoever looks into the folder
		return "", false
	}
	if name == "" || strings.HasSuffix(urlPath, "/") {
		name = path.Join(name, "index.html")
	}
	return name, true
}

// localPath writes a path so that no browser takes it for another host.
func localPath(p string) string {
	return "/" + strings.TrimLeft((&url.URL{Path: p}).EscapedPath(), "/")
}

// send answers with a file, compressed where the build has compressed it and
// the browser takes that.
func (s *Site) send(w http.ResponseWriter, r *http.Request, f *file, rules *ruleSet) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cacheControl)
	rules.apply(h, r.URL.Path)
	if f.body == nil {
		s.stream(w, r, f)
		return
	}
	body, tag := f.body, f.tag
	if f.br != nil || f.gz != nil {
		h.Add("Vary", "Accept-Encoding")
		if r.Header.Get("Range") == "" {
			switch accept := r.Header.Get("Accept-Encoding"); {
			case f.br != nil && accepts(accept, "br"):
				body, tag = f.br, tag+"-br"
				h.Set("Content-Encoding", "br")
			case f.gz != nil && accepts(accept, "gzip"):
				body, tag = f.gz, tag+"-gz"
				h.Set("Content-Encoding", "gzip")
			}
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	if enc := h.Get("Content-Encoding"); enc != "" {
		h.Set("Content-Length", strconv.Itoa(len(body))) // ServeContent leaves it out then
	}
	http.ServeContent(w, r, "", f.modified, bytes.NewReader(body))
}

// stream sends a file that is too large to keep.
func (s *Site) stream(w http.ResponseWriter, r *http.Request, f *file) {
	file, err := s.root.Open(f.name)
	if err != nil {
		http.Error(w, "the page cannot be read", http.StatusInternalServerError)
		return
	}
	defer file.Close()
	w.Header().Set("ETag", `"`+f.tag+`"`)
	http.ServeContent(w, r, "", f.modified, file)
}

// notFound answers with the nearest 404.html: of the language below the
// edition, of the edition, of the site.
func (s *Site) notFound(w http.ResponseWriter, r *http.Request, rules *ruleSet) {
	dir := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	for {
		dir = path.Dir(dir)
		if name, ok := fileName("/" + path.Join(dir, "404.html")); ok {
			if f, err := s.files.get(name); err == nil && f.body != nil {
				rules.apply(w.Header(), r.URL.Path)
				h := w.Header()
				h.Set("Content-Type", f.contentType)
				h.Set("Cache-Control", "no-cache")
				h.Set("Content-Length", strconv.Itoa(len(f.body)))
				w.WriteHeader(http.StatusNotFound)
				if r.Method != http.MethodHead {
					w.Write(f.body)
				}
				return
			}
		}
		if dir == "." || dir == "/" {
			http.NotFound(w, r)
			return
		}
	}
}

// accepts reports whether an Accept-Encoding header takes an encoding.
// RFC 9110, 12.5.3.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			q := strings.ReplaceAll(params, " ", "")
			weight, err := strconv.ParseFloat(strings.TrimPrefix(q, "q="), 64)
			return q == "" || err != nil || weight > 0
		}
	}
	return false
}
