package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"

	"handrail/internal/prefs"
)

// choices answers /prefs and /prefs.css by what the last build wrote.
type choices struct{ now atomic.Pointer[http.Handler] }

func (c *choices) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := c.now.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}

// read goes over to the build in the site's folder; a site without choices
// has none.
func (c *choices) read(site string) error {
	data, err := os.ReadFile(filepath.Join(site, ".handrail", "prefs.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	sheet, err := prefs.ReadSheet(data)
	if err != nil {
		return err
	}
	h := prefs.Handler(sheet)
	c.now.Store(&h)
	return nil
}
