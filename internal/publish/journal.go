package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// A journalFile is the committed intention of a publish: deletions, then
// moves in order, the manifest last.
type journalFile struct {
	Moves   []move   `json:"moves"`
	Deletes []string `json:"deletes"`
}

type move struct {
	From string `json:"from"` // name in the stage folder
	To   string `json:"to"`   // path in the output folder
}

// writeJournal makes j durable under its final name in one step.
func writeJournal(root *os.Root, j journalFile) error {
	data, err := json.Marshal(j)
	if err != nil {
		return err
	}
	tmp := journal + ".tmp"
	f, err := root.Create(tmp)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := root.Rename(tmp, journal); err != nil {
		return err
	}
	return syncDir(root, stageDir)
}

// recoverStage finishes a publish that was interrupted after its commit point
// and drops one that was interrupted before.
func recoverStage(root *os.Root, step func(string)) error {
	data, err := root.ReadFile(journal)
	if errors.Is(err, fs.ErrNotExist) {
		return root.RemoveAll(stageDir)
	}
	if err != nil {
		return err
	}
	var j journalFile
	if err := json.Unmarshal(data, &j); err != nil {
		return fmt.Errorf("%s is damaged: %w", journal, err)
	}
	for _, m := range j.Moves {
		if !fs.ValidPath(m.From) || !fs.ValidPath(m.To) {
			return fmt.Errorf("%s names a path outside the folder: %q", journal, m.To)
		}
	}
	return rollForward(root, j, step)
}

func syncDir(root *os.Root, name string) error {
	d, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(d.Sync()), d.Close())
}
