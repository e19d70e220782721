//go:build !linux

package publish

import "os"

// writeStaged writes a new file of the stage.
func writeStaged(stage *os.Root, _ *os.File, name string, data []byte) error {
	return stage.WriteFile(name, data, 0o644)
}

// A placer moves staged files to their places in the output folder.
type placer struct{ root *os.Root }

func newPlacer(root *os.Root) (*placer, error) { return &placer{root}, nil }

func (p *placer) close() {}

func (p *placer) move(from, to string) error { return moveIn(p.root, from, to) }
