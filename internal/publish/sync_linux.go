package publish

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// syncAll makes every file below dir durable with one call: on a full site a
// sync per file would take longer than the build.
func syncAll(dir *os.Root, _ []move) error { return syncTree(dir) }

func syncTree(dir *os.Root) error {
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	return ignoreUnsupported(unix.Syncfs(int(d.Fd())))
}

// ignoreUnsupported drops the answer of file systems that cannot sync this way.
func ignoreUnsupported(err error) error {
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// lock keeps two builds from publishing into one folder at the same time.
func lock(root *os.Root) (unlock func(), err error) {
	if err := root.MkdirAll(private, 0o755); err != nil {
		return nil, err
	}
	f, err := root.Create(private + "/lock")
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another build is publishing here: %w", err)
	}
	return func() { f.Close() }, nil
}
