package publish

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// smallDisk mounts a file system of its own, which root may do.
func smallDisk(t *testing.T) (dir string, remount func(flags uintptr)) {
	t.Helper()
	mount := t.TempDir()
	if err := unix.Mount("tmpfs", mount, "tmpfs", 0, "size=400k"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(mount, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(mount, "public"), func(flags uintptr) {
		if err := unix.Mount("", mount, "", unix.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFullDiskLeavesTheOldSite(t *testing.T) {
	dir, _ := smallDisk(t)
	mustPublish(t, dir, first)
	big := append(site("big.html", string(bytes.Repeat([]byte("x"), 1<<20))), second...)
	if _, err := publish(dir, big, opts); err == nil {
		t.Fatal("a megabyte fits into 400 kB")
	}
	if diff := cmp.Diff(want(first), tree(t, dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(dir, stageDir)); err == nil {
		t.Error("the stage still takes up the disk")
	}
	mustPublish(t, dir, second)
	if diff := cmp.Diff(want(second), tree(t, dir)); diff != "" {
		t.Errorf("after making room (-want +got):\n%s", diff)
	}
}

func TestAReadOnlyDiskLeavesTheOldSite(t *testing.T) {
	dir, remount := smallDisk(t)
	mustPublish(t, dir, first)
	remount(unix.MS_RDONLY)
	if _, err := publish(dir, second, opts); err == nil {
		t.Fatal("wrote to a read-only disk")
	}
	if diff := cmp.Diff(want(first), tree(t, dir)); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	remount(0)
	mustPublish(t, dir, second)
}
