package outbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// put writes a file into a folder, whole or not at all, and returns when both
// the bytes and the name are on the disk. A file that is there already stays:
// who takes files away may know a repeat by the name.
func put(folder, name string, b []byte) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("open the folder of the department: %w", err)
	}
	defer root.Close()
	old, err := root.ReadFile(name)
	if err == nil && bytes.Equal(old, b) {
		return syncDir(root)
	}
	return place(root, name, bytes.NewReader(b))
}

// putFrom is put for what may be large: a file of this name and size is taken
// for the same one.
func putFrom(folder, name string, size int64, src io.Reader) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("open the folder of the department: %w", err)
	}
	defer root.Close()
	if info, err := root.Stat(name); err == nil && info.Size() == size {
		return syncDir(root)
	}
	return place(root, name, src)
}

// place writes under another name, and gives the file its own when it is
// whole. Dot files are left alone by who collects; the next attempt
// overwrites.
func place(root *os.Root, name string, src io.Reader) error {
	temporary := "." + name + ".part"
	if err := write(root, temporary, src); err != nil {
		return errors.Join(fmt.Errorf("write into the folder of the department: %w", err), gone(root.Remove(temporary)))
	}
	if err := root.Rename(temporary, name); err != nil {
		return fmt.Errorf("name the file in the folder of the department: %w", err)
	}
	return syncDir(root)
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func write(root *os.Root, name string, src io.Reader) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, src)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDir(root *os.Root) error {
	d, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
