// Package watch turns changes of files into batches. It stands before a
// rebuild: an editor that saves one file causes several events, and a branch
// switch thousands; each burst becomes one batch.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Quiet is how long the files must rest before a batch is sent. Editors write
// a file in several steps within a few milliseconds.
const Quiet = 25 * time.Millisecond

// A Batch is a burst of changes: the paths that changed, sorted, once each.
type Batch []string

// Watch sends a batch for each burst of changes below roots (files or
// folders) until ctx ends; then it closes the channel. Folders made later are
// watched too. When changes come too fast to be told one by one, the batch
// names the roots. Paths for which skip is true are neither watched nor reported.
// Errors of the operating system's watcher, such as too many watches, go to
// report and do not end the watch.
func Watch(ctx context.Context, roots []string, skip func(string) bool, report func(error)) (<-chan Batch, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch files: %w", err)
	}
	t := &tree{w, roots, skip, report}
	for _, r := range roots {
		if err := t.add(r); err != nil {
			w.Close()
			return nil, fmt.Errorf("watch %s: %w", r, err)
		}
	}
	changes := make(chan string)
	go func() {
		defer close(changes)
		defer w.Close()
		t.pump(ctx, changes)
	}()
	return Debounce(changes, Quiet), nil
}

type tree struct {
	w      *fsnotify.Watcher
	roots  []string
	skip   func(string) bool
	report func(error)
}

// add watches dir and the folders below it. A root that is a file is watched
// through its folder, since editors replace files.
func (t *tree) add(root string) error {
	return filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && p != root:
			return nil // gone while walking
		case err != nil && d != nil && d.IsDir():
			t.report(err)
			return fs.SkipDir
		case err != nil:
			return err
		case t.skip(p) && d.IsDir():
			return fs.SkipDir
		case d.IsDir():
			return t.w.Add(p)
		}
		return nil
	})
}

func (t *tree) pump(ctx context.Context, changes chan<- string) {
	for {
		select {
		case <-ctx.Done():
			return
		case err, ok := <-t.w.Errors:
			if !ok {
				return
			}
			t.report(err)
			if errors.Is(err, fsnotify.ErrEventOverflow) { // some changes are not known
				for _, r := range t.roots {
					send(ctx, changes, r)
				}
			}
		case ev, ok := <-t.w.Events:
			if !ok {
				return
			}
			if ev.Op == fsnotify.Chmod || t.skip(ev.Name) || editorLitter(ev.Name) {
				continue
			}
			if ev.Has(fsnotify.Create) {
				if err := t.add(ev.Name); err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.report(err)
				}
			}
			send(ctx, changes, ev.Name)
		}
	}
}

func send(ctx context.Context, changes chan<- string, name string) {
	select {
	case changes <- name:
	case <-ctx.Done():
	}
}

// editorLitter reports names that editors use for swap and backup files.
func editorLitter(p string) bool {
	name := filepath.Base(p)
	return strings.HasSuffix(name, "~") || strings.HasPrefix(name, ".#") ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".swx") || name == "4913"
}

// Debounce joins the changes of a burst: it sends a batch when in has rested
// for quiet. When the receiver is busy, the burst goes on growing. The result
// is closed after in is closed and the last batch is taken.
func Debounce(in <-chan string, quiet time.Duration) <-chan Batch {
	out := make(chan Batch)
	go func() {
		defer close(out)
		pending := map[string]bool{}
		var rest <-chan time.Time // fires when the burst is over
		var send chan<- Batch     // out when a batch is ready
		var ready Batch
		for in != nil || len(pending) > 0 {
			select {
			case p, ok := <-in:
				if !ok {
					in = nil
					ready, send, rest = batch(pending), out, nil
					continue
				}
				pending[p] = true
				send, rest = nil, time.After(quiet)
			case <-rest:
				ready, send, rest = batch(pending), out, nil
			case send <- ready:
				clear(pending)
				send = nil
			}
		}
	}()
	return out
}

func batch(pending map[string]bool) Batch {
	b := make(Batch, 0, len(pending))
	for p := range pending {
		b = append(b, p)
	}
	slices.Sort(b)
	return b
}
