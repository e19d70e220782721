package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"handrail/internal/publish"
)

// A Previous is the site as it was published last: the ids of blocks are
// carried on from it, and a page that is held back keeps what it was there.
type Previous interface {
	// ReadFile returns a file by its path below the site's root. The error is
	// errNotThere when there is none.
	ReadFile(path string) ([]byte, error)
	// Files lists what the site's manifest names.
	Files() []publish.Entry
	Close() error
}

// NoPrevious, as the name of a previous site, says that there is none.
const NoPrevious = "none"

var errNotThere = errors.New("the previous site has no such file")

// ErrPrevious is wrapped by errors about the previous site: it is the person
// who named it that can mend them.
var ErrPrevious = errors.New("previous site")

// OpenPrevious opens the site that was published last: a folder, or the
// address of the site. Without a manifest it is none of ours.
func OpenPrevious(ctx context.Context, name string) (Previous, error) {
	var p Previous
	var data []byte
	var err error
	if u, bad := url.Parse(name); bad == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		u.RawQuery, u.Fragment = "", ""
		if !strings.HasSuffix(u.Path, "/") {
			u.Path += "/"
		}
		w := &website{ctx: ctx, root: u, client: &http.Client{Timeout: 30 * time.Second}}
		p = w
		data, err = w.get(publish.ManifestName)
	} else {
		root, failed := os.OpenRoot(name)
		if failed != nil {
			return nil, fmt.Errorf("%w: %w", ErrPrevious, failed)
		}
		f := &folder{root: root}
		p = f
		data, err = f.ReadFile(publish.ManifestName)
	}
	if errors.Is(err, errNotThere) {
		err = fmt.Errorf("%w %s: it has no %s, so it was not published by handrail", ErrPrevious, name, publish.ManifestName)
	}
	var m *publish.Manifest
	if err == nil {
		if m, err = publish.ParseManifest(data); err != nil {
			err = fmt.Errorf("%w %s: %w", ErrPrevious, name, err)
		}
	}
	if err != nil {
		p.Close()
		return nil, err
	}
	p.(interface{ list([]publish.Entry) }).list(m.Files)
	return p, nil
}

// A listed is what the manifest of a previous site says.
type listed struct{ files []publish.Entry }

func (l *listed) list(files []publish.Entry) { l.files = files }

// Files lists what the site's manifest names.
func (l *listed) Files() []publish.Entry { return l.files }

// A folder is a published site on disk.
type folder struct {
	listed
	root *os.Root
}

func (f *folder) ReadFile(path string) ([]byte, error) {
	data, err := f.root.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNotThere
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPrevious, err)
	}
	return data, nil
}

func (f *folder) Close() error { return f.root.Close() }

// A website is a published site on a web server. Only files that its manifest
// names are asked for.
type website struct {
	listed
	ctx    context.Context // of the build
	root   *url.URL
	client *http.Client

	once  sync.Once
	named map[string]bool
}

// maxPrevious is how large a file of a previous site may be.
const maxPrevious = 64 << 20

func (w *website) ReadFile(path string) ([]byte, error) {
	w.once.Do(func() {
		w.named = make(map[string]bool, len(w.files))
		for _, f := range w.files {
			w.named[f.Path] = true
		}
	})
	if !w.named[path] {
		return nil, errNotThere
	}
	return w.get(path)
}

func (w *website) get(path string) ([]byte, error) {
	u := w.root.JoinPath(path)
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPrevious, err)
	}
	req.Header.Set("User-Agent", "handrail")
	res, err := w.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPrevious, err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return nil, errNotThere
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%w: %s answers %s", ErrPrevious, u, res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxPrevious+1))
	if err == nil && len(data) > maxPrevious {
		err = fmt.Errorf("%s is larger than %d MiB", u, maxPrevious>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPrevious, err)
	}
	return data, nil
}

func (w *website) Close() error { return nil }
