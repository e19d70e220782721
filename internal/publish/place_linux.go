package publish

import (
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// writeStaged writes a new file of the stage. [os.Root] asks the system ten
// times a file, which is a tenth of a large build.
func writeStaged(_ *os.Root, folder *os.File, name string, data []byte) error {
	fd, err := unix.Openat(int(folder.Fd()), name, unix.O_WRONLY|unix.O_CREAT|unix.O_TRUNC|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o644)
	if err != nil {
		return err
	}
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			unix.Close(fd)
			return err
		}
		data = data[n:]
	}
	return unix.Close(fd)
}

// A placer moves staged files to their places in the output folder. Moves that
// are sorted by place walk into every folder once.
type placer struct {
	root       *os.Root
	top, stage *os.File
	from       int      // descriptor of stage
	names      []string // folders below top that are open, one in the other
	fds        []int
}

func newPlacer(root *os.Root) (*placer, error) {
	top, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	stage, err := root.Open(stageDir)
	if err != nil {
		top.Close()
		return nil, err
	}
	return &placer{root: root, top: top, stage: stage, from: int(stage.Fd())}, nil
}

func (p *placer) close() {
	p.leave(0)
	p.stage.Close()
	p.top.Close()
}

// move puts a staged file in place. What the quick way cannot do, such as
// following a link inside the folder, [os.Root] tries once more.
func (p *placer) move(from, to string) error {
	if dir, err := p.enter(path.Dir(to)); err == nil {
		if unix.Renameat(p.from, from, dir, path.Base(to)) == nil {
			return nil
		}
	}
	return moveIn(p.root, from, to)
}

// enter opens a folder, and makes it when there is none. It follows no links.
func (p *placer) enter(dir string) (int, error) {
	var names []string
	if dir != "." {
		names = strings.Split(dir, "/")
	}
	same := 0
	for same < len(names) && same < len(p.names) && names[same] == p.names[same] {
		same++
	}
	p.leave(same)
	at := int(p.top.Fd())
	if same > 0 {
		at = p.fds[same-1]
	}
	for _, name := range names[same:] {
		if err := unix.Mkdirat(at, name, 0o755); err != nil && err != unix.EEXIST {
			return 0, err
		}
		fd, err := unix.Openat(at, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		if err != nil {
			return 0, err
		}
		p.names, p.fds = append(p.names, name), append(p.fds, fd)
		at = fd
	}
	return at, nil
}

// leave closes the open folders below the first n.
func (p *placer) leave(n int) {
	for _, fd := range p.fds[n:] {
		unix.Close(fd)
	}
	p.names, p.fds = p.names[:n], p.fds[:n]
}
