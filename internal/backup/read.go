package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"handrail/internal/store"
	"handrail/internal/store/sqlstore"
)

// A line is a row as it stands in a copy: bytes are {"b": base64}.
type line struct {
	Table   string   `json:"t"`
	Columns []string `json:"c"`
	Values  []any    `json:"v"`
}

func encode(r sqlstore.Row) line {
	l := line{r.Table, r.Columns, make([]any, len(r.Values))}
	for i, v := range r.Values {
		if b, ok := v.([]byte); ok {
			v = map[string]string{"b": base64.StdEncoding.EncodeToString(b)}
		}
		l.Values[i] = v
	}
	return l
}

func decode(b []byte) (sqlstore.Row, error) {
	var l line
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&l); err != nil {
		return sqlstore.Row{}, err
	}
	if len(l.Values) != len(l.Columns) {
		return sqlstore.Row{}, fmt.Errorf("a row of %q has %d values for %d columns", l.Table, len(l.Values), len(l.Columns))
	}
	for i, v := range l.Values {
		var err error
		switch v := v.(type) {
		case json.Number:
			l.Values[i], err = v.Int64()
		case map[string]any:
			s, _ := v["b"].(string)
			l.Values[i], err = base64.StdEncoding.DecodeString(s)
		case string, nil:
		default:
			err = fmt.Errorf("a value of %q is a %T", l.Table, v)
		}
		if err != nil {
			return sqlstore.Row{}, err
		}
	}
	return sqlstore.Row{Table: l.Table, Columns: l.Columns, Values: l.Values}, nil
}

// A Taker takes what Read finds.
type Taker interface {
	About(About) error
	Row(sqlstore.Row) error
	File(name string, r io.Reader) error
}

type discard struct{}

func (discard) About(About) error                { return nil }
func (discard) Row(sqlstore.Row) error           { return nil }
func (discard) File(_ string, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }

// ErrCut: the copy is not whole.
var ErrCut = errors.New("the backup is not whole")

// Read reads a copy to its end and hands everything to t.
func Read(r io.Reader, key age.Identity, t Taker) (End, error) {
	plain, err := age.Decrypt(r, key)
	if err != nil {
		return End{}, err
	}
	var found End
	for archive := tar.NewReader(plain); ; {
		h, err := archive.Next()
		if err != nil {
			return found, fmt.Errorf("%w: %w", ErrCut, err)
		}
		kind, name, _ := strings.Cut(h.Name, "/")
		switch kind {
		case "about.json":
			var a About
			if err := errors.Join(json.NewDecoder(archive).Decode(&a), t.About(a)); err != nil {
				return found, err
			}
		case "tables":
			if err := readRows(archive, t, &found); err != nil {
				return found, fmt.Errorf("%s: %w", h.Name, err)
			}
		case "files":
			if !filepath.IsLocal(name) {
				return found, fmt.Errorf("%q leads out of the folder", name)
			}
			found.Files++
			if err := t.File(name, archive); err != nil {
				return found, err
			}
		case "end.json":
			var said End
			if err := json.NewDecoder(archive).Decode(&said); err != nil {
				return found, err
			}
			if said != found {
				return found, ErrCut
			}
			_, err := io.Copy(io.Discard, plain) // age authenticates the last chunk
			return found, err
		}
	}
}

func readRows(r io.Reader, t Taker, found *End) error {
	for lines := bufio.NewReader(r); ; {
		b, err := lines.ReadBytes('\n')
		if err == io.EOF && len(b) == 0 {
			return nil
		} else if err != nil {
			return err
		}
		row, err := decode(b)
		if err != nil {
			return err
		}
		found.Rows++
		if err := t.Row(row); err != nil {
			return err
		}
	}
}

// A Restorer reads a copy into an empty store.
type Restorer struct {
	Store *sqlstore.Store
	Files string
	Keys  age.Identity
}

// A SchemaError says that another release has written a copy.
type SchemaError struct{ Backup, Program int }

func (e *SchemaError) Error() string {
	return fmt.Sprintf("the backup has schema %d, this program %d: restore with the release that wrote it, then go over to this one",
		e.Backup, e.Program)
}

// Restore reads the copy twice: once to see that it is whole, then to store
// it. After that everything in stones is deleted again. It returns how many
// rows and files came back, and how many cases were deleted again.
func (r *Restorer) Restore(ctx context.Context, from io.ReadSeeker, stones []store.Tombstone) (End, int, error) {
	if _, err := Read(from, r.Keys, discard{}); err != nil {
		return End{}, 0, err
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return End{}, 0, err
	}
	rows := make(chan sqlstore.Row)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type result struct {
		end End
		err error
	}
	done := make(chan result, 1)
	go func() {
		end, err := Read(from, r.Keys, &sink{r, rows, ctx})
		close(rows)
		done <- result{end, err}
	}()
	var read result
	loadErr := r.Store.Load(ctx, func() (sqlstore.Row, error) {
		if row, ok := <-rows; ok {
			return row, nil
		}
		if read = <-done; read.err != nil {
			return sqlstore.Row{}, read.err
		}
		return sqlstore.Row{}, io.EOF
	})
	if loadErr != nil {
		return End{}, 0, loadErr
	}
	n, err := r.Store.Bury(ctx, stones)
	return read.end, n, err
}

// A sink stores files and passes rows on.
type sink struct {
	r    *Restorer
	rows chan<- sqlstore.Row
	ctx  context.Context
}

func (s *sink) About(a About) error {
	if a.Format != 1 || a.Schema != s.r.Store.Schema() {
		return &SchemaError{a.Schema, s.r.Store.Schema()}
	}
	return nil
}

func (s *sink) Row(row sqlstore.Row) error {
	select {
	case s.rows <- row:
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

func (s *sink) File(name string, r io.Reader) error {
	if s.r.Files == "" {
		return fmt.Errorf("there is no folder for %s", name)
	}
	if err := os.MkdirAll(s.r.Files, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(s.r.Files)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Sync(), f.Close())
}
