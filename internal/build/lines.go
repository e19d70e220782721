package build

import (
	"io/fs"
	"strings"
	"sync"

	"handrail/i18n"
	"handrail/internal/diag"
	"handrail/internal/source"
	"handrail/themes"
)

// A lineReader finds the line that a finding points at: in the site, or in
// what ships with Handrail. Files are read once.
type lineReader struct {
	fsys fs.FS
	dir  string       // put before paths of fsys; "" for none
	tree *source.Tree // what has been read already, or nil

	mu    sync.Mutex
	files map[string]*diag.Lines
}

// line returns the text of a place's line, or "" when it cannot be read.
func (l *lineReader) line(p diag.Pos) string {
	if l == nil || p.File == "" || p.Line == 0 {
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.files == nil {
		l.files = map[string]*diag.Lines{}
		if l.tree != nil {
			for _, f := range l.tree.Files {
				l.files[f.Path] = f.Lines
			}
		}
	}
	lines, ok := l.files[p.File]
	if !ok {
		if data := l.read(p.File); data != nil {
			lines = diag.NewLines(p.File, string(data))
		}
		l.files[p.File] = lines
	}
	if lines == nil {
		return ""
	}
	return lines.Line(p.Line)
}

// named is the folder of the site with its files under the names that authors
// know them by.
func (r *run) named() fs.FS { return named{r.fsys, r.prefix()} }

type named struct {
	fsys   fs.FS
	prefix string // put before all names
}

// Open opens the file that an author calls name.
func (n named) Open(name string) (fs.File, error) {
	return n.fsys.Open(strings.TrimPrefix(strings.TrimPrefix(name, n.prefix), "/"))
}

func (l *lineReader) read(name string) []byte {
	if data, err := fs.ReadFile(named{l.fsys, l.dir}, name); err == nil {
		return data
	}
	if rest, ok := strings.CutPrefix(name, "themes/"); ok {
		if data, err := fs.ReadFile(themes.FS, rest); err == nil {
			return data
		}
	}
	if rest, ok := strings.CutPrefix(name, "i18n/"); ok {
		if data, err := fs.ReadFile(i18n.Embedded().FS, rest); err == nil {
			return data
		}
	}
	return nil
}
