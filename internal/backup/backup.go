// Package backup copies what a server keeps into one file that only the
// holders of the backup's keys can open, reads copies back, and keeps the list
// of what was deleted, which no copy holds.
//
// A copy is a tar archive encrypted with age: about.json, tables/NAME.jsonl
// (in parts), files/… and, last, end.json, so that a copy that was cut off
// cannot pass for a whole one.
package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"handrail/internal/store/sqlstore"
)

const (
	prefix  = "handrail-"
	suffix  = ".tar.age"
	stamp   = "20060102T150405Z"
	partLen = 1 << 20
)

// An About is the first entry of a copy.
type About struct {
	Format  int       `json:"format"`
	Schema  int       `json:"schema"`
	Created time.Time `json:"created"`
}

// An End is the last entry: what a whole copy has.
type End struct {
	Rows  int `json:"rows"`
	Files int `json:"files"`
}

// A Maker makes copies.
type Maker struct {
	Store      *sqlstore.Store
	Files      string // folder of uploads; "" or missing for none
	Folder     string // where copies go
	Recipients []age.Recipient
	Keep       time.Duration // how long copies are kept
}

// Make writes a copy, reads it back, and only then removes copies that are
// older than Keep. It returns the name of the new file.
func (m *Maker) Make(ctx context.Context, now time.Time) (name string, end End, err error) {
	if len(m.Recipients) == 0 {
		return "", end, errors.New("nobody could open the backup: it has no recipients")
	}
	if err := os.MkdirAll(m.Folder, 0o700); err != nil {
		return "", end, err
	}
	f, err := os.CreateTemp(m.Folder, ".new-*")
	if err != nil {
		return "", end, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	// A key of this moment reads the copy back and is then forgotten.
	once, err := age.GenerateX25519Identity()
	if err != nil {
		return "", end, err
	}
	if end, err = m.write(ctx, f, now, append(m.Recipients[:len(m.Recipients):len(m.Recipients)], once.Recipient())); err != nil {
		return "", end, fmt.Errorf("write the backup: %w", err)
	}
	if err := f.Sync(); err != nil {
		return "", end, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", end, err
	}
	read, err := Read(f, once, discard{})
	if err == nil && read != end {
		err = fmt.Errorf("%d rows and %d files were written, %d and %d read back", end.Rows, end.Files, read.Rows, read.Files)
	}
	if err != nil {
		return "", end, fmt.Errorf("read the backup back: %w", err)
	}
	name = filepath.Join(m.Folder, prefix+now.UTC().Format(stamp)+suffix)
	if err := os.Link(f.Name(), name); err != nil { // never over another one
		return "", end, err
	}
	if err := syncDir(m.Folder); err != nil {
		return "", end, err
	}
	return name, end, m.expire(now)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// expire removes copies by the time in their names.
func (m *Maker) expire(now time.Time) error {
	names, err := filepath.Glob(filepath.Join(m.Folder, prefix+"*"+suffix))
	if err != nil {
		return err
	}
	for _, name := range names {
		base := filepath.Base(name)
		made, err := time.Parse(stamp, base[len(prefix):len(base)-len(suffix)])
		if err != nil || now.Sub(made) <= m.Keep {
			continue
		}
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return syncDir(m.Folder)
}

// A writer writes the entries of an archive.
type writer struct {
	tar  *tar.Writer
	now  time.Time
	part bytes.Buffer
	of   string // the table in part
	n    int    // of the part
	end  End
}

func (m *Maker) write(ctx context.Context, to io.Writer, now time.Time, recipients []age.Recipient) (End, error) {
	sealed, err := age.Encrypt(to, recipients...)
	if err != nil {
		return End{}, err
	}
	w := &writer{tar: tar.NewWriter(sealed), now: now}
	if err := w.json("about.json", About{Format: 1, Schema: m.Store.Schema(), Created: now.UTC()}); err != nil {
		return w.end, err
	}
	if err := m.Store.Dump(ctx, w.row); err != nil {
		return w.end, err
	}
	if err := w.flush(); err != nil {
		return w.end, err
	}
	if err := w.files(m.Files); err != nil {
		return w.end, err
	}
	return w.end, errors.Join(w.json("end.json", w.end), w.tar.Close(), sealed.Close())
}

func (w *writer) entry(name string, b []byte) error {
	if err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), ModTime: w.now}); err != nil {
		return err
	}
	_, err := w.tar.Write(b)
	return err
}

func (w *writer) json(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return w.entry(name, b)
}

// row adds a row to the part of its table.
func (w *writer) row(r sqlstore.Row) error {
	if r.Table != w.of || w.part.Len() > partLen {
		if err := w.flush(); err != nil {
			return err
		}
		w.of = r.Table
	}
	w.end.Rows++
	return json.NewEncoder(&w.part).Encode(encode(r))
}

func (w *writer) flush() error {
	if w.part.Len() == 0 {
		return nil
	}
	w.n++
	err := w.entry(fmt.Sprintf("tables/%s.%06d.jsonl", w.of, w.n), w.part.Bytes())
	w.part.Reset()
	return err
}

// files adds what people have uploaded, sealed as it is. A file that is
// deleted meanwhile is left out.
func (w *writer) files(dir string) error {
	if dir == "" {
		return nil
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil || !d.Type().IsRegular() || strings.HasSuffix(d.Name(), ".part") {
			return err
		}
		b, err := root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
		w.end.Files++
		return w.entry("files/"+name, b)
	})
}
