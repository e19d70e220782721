package backup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"handrail/internal/store"
)

// StonesFile is the list of what was deleted, in the data folder. No copy
// holds it: keep it apart from them.
const StonesFile = "tombstones.jsonl"

// A Graveyard is a store that notes what is deleted or taken back in a file
// beside the database before it does so. A copy made earlier then brings
// nothing back.
type Graveyard struct {
	store.Store
	Name  string // of the list
	Files string // folder of uploads, by draft; "" for none
	mu    sync.Mutex
}

// DeleteCase implements [store.Store].
func (g *Graveyard) DeleteCase(ctx context.Context, t store.Tombstone) error {
	c, err := g.Case(ctx, t.Reference)
	if err != nil {
		return err
	}
	if err := g.note(t); err != nil {
		return err
	}
	if err := g.Store.DeleteCase(ctx, t); err != nil {
		return err
	}
	return g.removeFiles(ctx, c.Draft)
}

// Undo implements [store.Store]. What was taken back in time is noted after:
// a note about a case that stands would delete it.
func (g *Graveyard) Undo(ctx context.Context, u *store.Undoing) (*store.Case, error) {
	c, err := g.Store.Undo(ctx, u)
	if err == nil && c.Changed.UnixMilli() == u.At.UnixMilli() {
		err = g.note(store.Tombstone{Reference: c.Reference, Deleted: u.At, Why: "withdrawn"})
	}
	return c, err
}

// removeFiles removes what was uploaded with a draft that is gone.
func (g *Graveyard) removeFiles(ctx context.Context, draft string) error {
	if g.Files == "" || !filepath.IsLocal(draft) {
		return nil
	}
	// Opened again, and perhaps sent again: its files belong to what came next.
	if wanted, err := g.HasDraft(ctx, draft); wanted || err != nil {
		return err
	}
	root, err := os.OpenRoot(g.Files)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer root.Close()
	return errors.Join(root.RemoveAll(draft), syncDir(g.Files))
}

func (g *Graveyard) note(t store.Tombstone) error {
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	f, err := os.OpenFile(g.Name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	err = trim(f)
	if err == nil {
		_, err = f.Write(append(b, '\n'))
	}
	return errors.Join(err, f.Sync(), f.Close(), syncDir(filepath.Dir(g.Name)))
}

// trim goes to the end of the last whole line.
func trim(f *os.File) error {
	b, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	end := int64(bytes.LastIndexByte(b, '\n') + 1)
	if err := f.Truncate(end); err != nil {
		return err
	}
	_, err = f.Seek(end, io.SeekStart)
	return err
}

// ReadStones reads lists of what was deleted, oldest first. A last line that a
// power cut has torn is left out: what it was about was not deleted yet.
func ReadStones(names ...string) ([]store.Tombstone, error) {
	var all []store.Tombstone
	for _, name := range names {
		b, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		for l := range strings.Lines(string(b)) {
			var t store.Tombstone
			if err := json.Unmarshal([]byte(l), &t); err != nil {
				if !strings.HasSuffix(l, "\n") {
					break
				}
				return nil, errors.Join(errors.New(name+" is damaged"), err)
			}
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b store.Tombstone) int { return a.Deleted.Compare(b.Deleted) })
	return all, nil
}
