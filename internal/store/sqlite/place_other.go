//go:build !linux

package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func refuseNetwork(string) error { return nil }

// ErrInUse: another process has the data folder.
var ErrInUse = errors.New("another handraild uses this data folder")

// lock keeps the data folder for this process until unlock. A file left by a
// crash has to be removed by hand.
func lock(dir string) (unlock func() error, err error) {
	name := filepath.Join(dir, "lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("%s: %w (or %s was left by a crash: remove it)", dir, ErrInUse, name)
	}
	if err != nil {
		return nil, err
	}
	return func() error { return errors.Join(f.Close(), os.Remove(name)) }, nil
}
