// Package upload keeps the files that people hand in: cleaned while they
// come in, sealed before they reach the disk, one folder for each draft.
//
// A file is told by its content. Photos lose what they say of the place, the
// time and the camera; only what is needed to show them stays. That is done
// by walking over the segments of the file, a few hundred lines of our own:
// libraries that decode and encode again lose quality and open the door to
// images that unpack to gigabytes, and none strips all three formats without
// C. Nothing here decodes an image.
//
// Each file is sealed with age for a key of its own, which travels with the
// answers: sending and taking back need not touch the bytes.
package upload

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"filippo.io/age"
)

// Why a file is not kept.
var (
	ErrEmpty   = errors.New("upload: the file is empty")
	ErrLarge   = errors.New("upload: the file is too large")
	ErrKind    = errors.New("upload: a kind of file that is not taken")
	ErrDamaged = errors.New("upload: the file is damaged")
	ErrPixels  = errors.New("upload: the image has too many pixels")
	ErrQuota   = errors.New("upload: the draft holds too much")
	ErrFull    = errors.New("upload: the disk is full")
)

// Limits bound what is kept, in bytes; zero takes the default.
type Limits struct {
	Draft   int64 // of all files of one draft: 100 MiB
	Total   int64 // of all files: 50 GiB
	Reserve int64 // stays free on the disk, for the database: 64 MiB
}

func (l Limits) orDefault() Limits {
	set := func(n *int64, value int64) {
		if *n == 0 {
			*n = value
		}
	}
	set(&l.Draft, 100<<20)
	set(&l.Total, 50<<30)
	set(&l.Reserve, 64<<20)
	return l
}

// A Dir holds sealed files. It is safe for concurrent use, and several
// processes may share the folder.
type Dir struct {
	root   *os.Root
	limits Limits
	total  atomic.Int64
}

// part ends the name of a file that is still coming in.
const part = ".part"

// Open opens the folder, which it makes if need be.
func Open(dir string, l Limits) (*Dir, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	// The name of the folder itself has to outlive a power cut.
	parent, err := os.Open(filepath.Dir(filepath.Clean(dir)))
	if err != nil {
		return nil, err
	}
	if err := errors.Join(parent.Sync(), parent.Close()); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	d := &Dir{root: root, limits: l.orDefault()}
	if err := d.recount(); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return d, nil
}

// recount finds how much is kept: other processes add and delete, too.
func (d *Dir) recount() error {
	var n int64
	err := fs.WalkDir(d.root.FS(), ".", func(_ string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile
		}
		if err == nil && !e.IsDir() {
			n += sizeOf(e)
		}
		return err
	})
	if err == nil {
		d.total.Store(n)
	}
	return err
}

// Close releases the folder.
func (d *Dir) Close() error { return d.root.Close() }

// Total is how many bytes are kept.
func (d *Dir) Total() int64 { return d.total.Load() }

func sizeOf(e fs.DirEntry) int64 {
	info, err := e.Info()
	if err != nil {
		return 0 // gone meanwhile
	}
	return info.Size()
}

// A File is what was kept.
type File struct {
	Type string // "pdf", "jpg", …
	Size int64  // of the cleaned file
}

// Keep reads a file of one of the kinds, cleans and seals it and writes it
// under draft and id. When it returns nil the file outlives a power cut. An
// error of r is returned as it is.
func (d *Dir) Keep(draft, id string, r io.Reader, kinds []string, limit int64, to age.Recipient) (File, error) {
	if !isName(draft) || !isName(id) {
		return File{}, fs.ErrInvalid
	}
	src := &source{r: r, left: limit}
	in := bufio.NewReaderSize(src, 32<<10)
	head, err := in.Peek(sniffed)
	switch {
	case src.err != nil:
		return File{}, src.err
	case len(head) == 0:
		return File{}, ErrEmpty
	case err != nil && !errors.Is(err, io.EOF):
		return File{}, err
	}
	kind := Sniff(head)
	if kind == office && slices.ContainsFunc(kinds, isOffice) {
		// which of them it is stands further on
	} else if kind == "" || !slices.Contains(kinds, kind) {
		return File{}, ErrKind
	}
	if err := d.room(draft); err != nil {
		return File{}, err
	}
	f, err := d.write(draft, id, in, kind, to)
	if src.err != nil {
		err = src.err // the cause, whatever became of it
	}
	if err == nil && !slices.Contains(kinds, f.Type) {
		err = ErrKind
	}
	if err != nil {
		d.Remove(draft, id)
		return File{}, classify(err)
	}
	return f, nil
}

// A source ends with ErrLarge after left bytes, and remembers its error.
type source struct {
	r    io.Reader
	left int64
	err  error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if s.left -= int64(n); s.left < 0 {
		s.err = ErrLarge
		return 0, ErrLarge
	}
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// classify finds full disks among errors.
func classify(err error) error {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
	}
	return err
}

// room reports whether one more file may come.
func (d *Dir) room(draft string) error {
	if used, err := d.used(draft); err != nil {
		return err
	} else if used >= d.limits.Draft {
		return ErrQuota
	}
	if d.total.Load() >= d.limits.Total {
		return fmt.Errorf("%w: %d bytes of files", ErrFull, d.total.Load())
	}
	if free, ok := freeBytes(d.root); ok && free < d.limits.Reserve {
		return fmt.Errorf("%w: %d bytes left", ErrFull, free)
	}
	return nil
}

// used is how many bytes a draft has.
func (d *Dir) used(draft string) (int64, error) {
	entries, err := d.list(draft)
	var n int64
	for _, e := range entries {
		n += sizeOf(e)
	}
	return n, err
}

func (d *Dir) list(draft string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(d.root.FS(), draft)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return entries, err
}

// write cleans, seals, flushes and names the file, in that order.
func (d *Dir) write(draft, id string, in *bufio.Reader, kind string, to age.Recipient) (f File, err error) {
	switch err := d.root.Mkdir(draft, 0o700); {
	case err == nil:
		if err := d.flush("."); err != nil {
			return File{}, err
		}
	case !errors.Is(err, fs.ErrExist):
		return File{}, err
	}
	out, err := d.root.OpenFile(draft+"/"+id+part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return File{}, err
	}
	defer out.Close()
	buf := bufio.NewWriterSize(out, 64<<10)
	sealed, err := age.Encrypt(buf, to)
	if err != nil {
		return File{}, err
	}
	count := &counter{w: sealed}
	if f.Type, err = clean(count, in, kind); err != nil {
		return File{}, err
	}
	f.Size = count.n
	if err := errors.Join(sealed.Close(), buf.Flush()); err != nil {
		return File{}, err
	}
	if err := out.Sync(); err != nil {
		return File{}, err
	}
	if info, err := out.Stat(); err == nil {
		d.total.Add(info.Size())
	}
	if err := d.root.Rename(draft+"/"+id+part, draft+"/"+id); err != nil {
		return File{}, err
	}
	return f, d.flush(draft)
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// flush makes the names in a folder outlive a power cut.
func (d *Dir) flush(dir string) error {
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// A Stored is a file as it lies on the disk, sealed.
type Stored struct {
	ID   string
	Size int64
}

// List names the whole files of a draft.
func (d *Dir) List(draft string) ([]Stored, error) {
	if !isName(draft) {
		return nil, fs.ErrInvalid
	}
	entries, err := d.list(draft)
	var out []Stored
	for _, e := range entries {
		if isName(e.Name()) { // nothing that is still coming in
			out = append(out, Stored{e.Name(), sizeOf(e)})
		}
	}
	return out, err
}

// Has reports whether a file is there, whole.
func (d *Dir) Has(draft, id string) bool {
	if !isName(draft) || !isName(id) {
		return false
	}
	info, err := d.root.Stat(draft + "/" + id)
	return err == nil && info.Mode().IsRegular()
}

// Sealed opens a file as it lies on the disk, for somebody who has its key
// elsewhere.
func (d *Dir) Sealed(draft, id string) (io.ReadSeekCloser, error) {
	if !isName(draft) || !isName(id) {
		return nil, fs.ErrNotExist
	}
	return d.root.Open(draft + "/" + id)
}

// Read opens a file with its key.
func (d *Dir) Read(draft, id string, key age.Identity) (io.ReadCloser, error) {
	f, err := d.Sealed(draft, id)
	if err != nil {
		return nil, err
	}
	r, err := age.Decrypt(bufio.NewReaderSize(f, 64<<10), key)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("file %s: %w", id, err), f.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{r, f}, nil
}

// Remove deletes one file, whole or not.
func (d *Dir) Remove(draft, id string) {
	if !isName(draft) || !isName(id) {
		return
	}
	for _, name := range []string{draft + "/" + id, draft + "/" + id + part} {
		if info, err := d.root.Stat(name); err == nil && d.root.Remove(name) == nil && !strings.HasSuffix(name, part) {
			d.total.Add(-info.Size())
		}
	}
}

// RemoveAll deletes all files of a draft, but those named.
func (d *Dir) RemoveAll(draft string, but ...string) error {
	if !isName(draft) {
		return fs.ErrInvalid
	}
	entries, err := d.list(draft)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains(but, e.Name()) {
			d.Remove(draft, strings.TrimSuffix(e.Name(), part))
		}
	}
	if len(but) > 0 {
		return nil
	}
	if err := d.root.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// abandoned is how old a folder must be to be swept: its draft may be just
// about to be stored.
const abandoned = time.Hour

// Sweep deletes the files of drafts that nobody has any more, and what broke
// off in the middle. It returns how many folders went.
func (d *Dir) Sweep(ctx context.Context, now time.Time, wanted func(ctx context.Context, draft string) (bool, error)) (int, error) {
	folders, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return 0, err
	}
	n := 0
	for _, e := range folders {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		info, err := e.Info()
		if err != nil || !e.IsDir() || !isName(e.Name()) || now.Sub(info.ModTime()) < abandoned {
			continue
		}
		keep, err := wanted(ctx, e.Name())
		switch {
		case err != nil:
			return n, err
		case keep:
			d.dropParts(e.Name(), now)
			continue
		}
		if err := d.RemoveAll(e.Name()); err != nil {
			return n, err
		}
		n++
	}
	return n, d.recount()
}

func (d *Dir) dropParts(draft string, now time.Time) {
	entries, _ := d.list(draft) // the next sweep comes
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), part)
		info, err := e.Info()
		if ok && err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
			d.Remove(draft, id)
		}
	}
}

// isName reports names that the server has drawn: nothing that leads
// anywhere else.
func isName(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
