//go:build !linux

package publish

import (
	"errors"
	"fmt"
	"os"
)

// syncAll makes the staged files of dir durable, one by one.
func syncAll(dir *os.Root, staged []move) error {
	for _, m := range staged {
		f, err := dir.OpenFile(m.From, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

func syncTree(*os.Root) error { return nil }

func ignoreUnsupported(error) error { return nil } // folders cannot be synced everywhere

func lock(root *os.Root) (unlock func(), err error) {
	if err := root.MkdirAll(private, 0o755); err != nil {
		return nil, err
	}
	const name = private + "/lock"
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("another build is publishing here (if none is, remove %s): %w", name, err)
	}
	return func() { f.Close(); root.Remove(name) }, nil
}
