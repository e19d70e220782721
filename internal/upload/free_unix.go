//go:build unix

package upload

import (
	"os"

	"golang.org/x/sys/unix"
)

// freeBytes is how much can be written to the disk.
func freeBytes(root *os.Root) (int64, bool) {
	var st unix.Statfs_t
	if err := unix.Statfs(root.Name(), &st); err != nil {
		return 0, false
	}
	return int64(st.Bavail) * int64(st.Bsize), true
}
