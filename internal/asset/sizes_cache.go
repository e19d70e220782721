package asset

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// sizesFile is the file of a cache folder that keeps the sizes of pictures.
const sizesFile = "sizes.json"

// keptSize is a picture's size as the cache keeps it. It holds as long as the
// file has the same length and time of change.
type keptSize struct {
	Bytes  int64 `json:"bytes"`
	Mod    int64 `json:"mod"` // nanoseconds since 1970
	Width  int   `json:"width"`
	Height int   `json:"height"`
}

// LoadCache takes in what SaveCache has written to a folder. A cache that is
// missing or damaged counts as empty: everything in it can be found out again.
func (s *Sizes) LoadCache(dir string) {
	data, err := os.ReadFile(filepath.Join(dir, sizesFile))
	if err != nil {
		return
	}
	var kept map[string]keptSize
	if json.Unmarshal(data, &kept) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, k := range kept {
		s.seen[name] = sizeEntry{k.Bytes, time.Unix(0, k.Mod), k.Width, k.Height}
	}
}

// SaveCache writes the sizes known to a folder, in one step, if any were
// found out since LoadCache.
func (s *Sizes) SaveCache(dir string) error {
	s.mu.Lock()
	kept := make(map[string]keptSize, len(s.seen))
	for name, e := range s.seen {
		kept[name] = keptSize{e.bytes, e.mod.UnixNano(), e.width, e.height}
	}
	fresh := s.fresh
	s.mu.Unlock()
	if !fresh {
		return nil
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	f, err := os.CreateTemp(dir, sizesFile+".*")
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("cache: %w", err)
	}
	return os.Rename(f.Name(), filepath.Join(dir, sizesFile))
}
