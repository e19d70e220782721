package crawl

import (
	"bytes"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"time"
)

// Files are the fetched files, as a file system whose paths are those of the
// addresses. It is written by one crawl and then read; it lists no folders.
type Files struct {
	files map[string]*file
}

type file struct {
	name, url, body string
}

func newFiles() Files { return Files{map[string]*file{}} }

// Open implements fs.FS.
func (f Files) Open(name string) (fs.File, error) {
	x, ok := f.files[name]
	if !ok || !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &open{Reader: bytes.NewReader([]byte(x.body)), file: x}, nil
}

func (f Files) has(u *url.URL) bool { return f.files[fileName(u)] != nil }

func (f Files) add(u *url.URL, body string) string {
	name := fileName(u)
	f.files[name] = &file{name, u.String(), body}
	return name
}

// An open file is its own description.
type open struct {
	*bytes.Reader
	*file
}

func (o *open) Stat() (fs.FileInfo, error) { return o, nil }
func (o *open) Close() error               { return nil }
func (o *open) Name() string               { return path.Base(o.file.name) }
func (o *open) Size() int64                { return int64(len(o.body)) }
func (o *open) Mode() fs.FileMode          { return 0o444 }
func (o *open) ModTime() time.Time         { return time.Time{} }
func (o *open) IsDir() bool                { return false }
func (o *open) Sys() any                   { return nil }

// fileName is the path of an address in Files: that of a folder is its index
// page, and a query is part of the name.
func fileName(u *url.URL) string {
	p := path.Clean("/" + u.Path)[1:]
	if strings.HasSuffix(u.Path, "/") || p == "" {
		p = path.Join(p, "index.html")
	}
	if u.RawQuery != "" {
		p += "?" + strings.ReplaceAll(u.RawQuery, "/", "%2F")
	}
	return p
}
