package asset

import (
	"bytes"
	"encoding/xml"
	"image"
	_ "image/gif"  // formats that ImageSize knows
	_ "image/jpeg" //
	_ "image/png"  //
	"io"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/svg"
	_ "golang.org/x/image/webp" //

	"handrail/internal/diag"
)

// Sizes knows the sizes of the pictures in a file system. It reads each one
// once, and again when it has changed. It is safe for concurrent use.
type Sizes struct {
	fsys  fs.FS
	mu    sync.Mutex
	seen  map[string]sizeEntry
	fresh bool // something was found out that the cache does not know
}

type sizeEntry struct {
	bytes  int64
	mod    time.Time
	width  int
	height int
}

// NewSizes returns the sizes of the pictures in fsys.
func NewSizes(fsys fs.FS) *Sizes { return &Sizes{fsys: fsys, seen: map[string]sizeEntry{}} }

// Of returns the width and height in CSS px of the picture at a path, or
// zeros when they cannot be known.
func (s *Sizes) Of(name string) (width, height int) {
	info, err := fs.Stat(s.fsys, name)
	if err != nil || info.IsDir() {
		return 0, 0
	}
	s.mu.Lock()
	e, ok := s.seen[name]
	s.mu.Unlock()
	if ok && e.bytes == info.Size() && e.mod.Equal(info.ModTime()) {
		return e.width, e.height
	}
	e = sizeEntry{bytes: info.Size(), mod: info.ModTime()}
	if f, err := s.fsys.Open(name); err == nil {
		e.width, e.height = ImageSize(name, f)
		f.Close()
	}
	s.mu.Lock()
	s.seen[name], s.fresh = e, true
	s.mu.Unlock()
	return e.width, e.height
}

// ImageSize reads the width and height of a picture from its first bytes.
func ImageSize(name string, r io.Reader) (width, height int) {
	if strings.EqualFold(path.Ext(name), ".svg") {
		return svgSize(r)
	}
	c, _, err := image.DecodeConfig(r)
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}

// svgSize reads the size of the root element: its width and height, or the
// size of its viewBox.
func svgSize(r io.Reader) (width, height int) {
	dec := xml.NewDecoder(r)
	dec.Strict = false
	for {
		tok, err := dec.Token()
		if err != nil {
			return 0, 0
		}
		root, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if root.Name.Local != "svg" {
			return 0, 0
		}
		var w, h float64
		var box []string
		for _, a := range root.Attr {
			switch a.Name.Local {
			case "width":
				w = length(a.Value)
			case "height":
				h = length(a.Value)
			case "viewBox":
				box = strings.FieldsFunc(a.Value, func(r rune) bool { return r == ' ' || r == ',' })
			}
		}
		if len(box) == 4 {
			bw, bh := length(box[2]), length(box[3])
			switch {
			case w == 0 && h == 0:
				w, h = bw, bh
			case h == 0 && bw > 0:
				h = w * bh / bw
			case w == 0 && bh > 0:
				w = h * bw / bh
			}
		}
		return int(math.Round(w)), int(math.Round(h))
	}
}

// length reads a number of CSS px; other units have no fixed size.
func length(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "px"), 64)
	if err != nil || f < 0 || f > 1e6 {
		return 0
	}
	return f
}

// minifySVG makes a picture smaller without changing what it shows.
func minifySVG(f file) (string, error) {
	var out bytes.Buffer
	m := &svg.Minifier{KeepComments: false, Precision: 0}
	if err := m.Minify(minify.New(), &out, bytes.NewReader(f.data), nil); err != nil {
		return "", &diag.Diagnostic{Pos: diag.Pos{File: f.shown}, Code: "svg-error", Msg: "the SVG picture cannot be read: " + err.Error(), Err: err}
	}
	return out.String(), nil
}
