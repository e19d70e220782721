package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// network file systems, by their magic numbers (statfs(2)): their locks and
// fsync do not keep what SQLite needs.
var network = map[int64]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.SMB2_SUPER_MAGIC: "SMB",
	unix.CIFS_SUPER_MAGIC: "CIFS", unix.V9FS_MAGIC: "9P", unix.AFS_SUPER_MAGIC: "AFS",
	unix.CEPH_SUPER_MAGIC: "Ceph", unix.CODA_SUPER_MAGIC: "Coda",
}

// A NetworkError says that the data folder lies on another machine.
type NetworkError struct{ Dir, Kind string }

func (e *NetworkError) Error() string {
	return fmt.Sprintf("%s lies on a network file system (%s), which cannot promise that what was written stays: use a disk of this machine",
		e.Dir, e.Kind)
}

func refuseNetwork(dir string) error {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return fmt.Errorf("look at the file system of %s: %w", dir, err)
	}
	return judge(dir, int64(st.Type))
}

func judge(dir string, magic int64) error {
	if kind, bad := network[magic]; bad {
		return &NetworkError{dir, kind}
	}
	return nil
}

// ErrInUse: another process has the data folder.
var ErrInUse = errors.New("another handraild uses this data folder")

// lock keeps the data folder for this process until unlock, or its end.
func lock(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
		}
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	return f.Close, nil
}
