package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"handrail/internal/desk"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/store"
	"handrail/internal/upload"
)

func newInboxOpenCmd(g *globals, f *deskFlags) *cobra.Command {
	var folder string
	cmd := &cobra.Command{Use: "open REFERENCE", Short: g.text("tool.d.inbox.open.short"), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, reference, err := f.both(g, args[0])
			if err != nil {
				return err
			}
			x, err := c.Case(cmd.Context(), reference)
			if err != nil {
				return g.refused(err)
			}
			o := opener{g: g, c: c, x: x, w: g.stdout, keys: map[string]string{}}
			o.print()
			if err := o.save(cmd.Context(), folder); err != nil {
				return g.refused(err)
			}
			if o.missed > 0 {
				fmt.Fprintln(g.stderr, g.text("tool.d.inbox.missed", "n", o.missed))
				return errDisease
			}
			return nil
		}}
	cmd.Flags().StringVar(&folder, "files", "", g.text("tool.d.flag.files"))
	return cmd
}

// An opener shows one case on the machine of a clerk.
type opener struct {
	g     *globals
	c     *desk.Client
	x     *desk.Case
	w     io.Writer
	files []forms.File
	keys  map[string]string

	missed int // parts that could not be opened or saved
}

// print opens a case and prints it. What people wrote cannot steer the
// terminal.
func (o *opener) print() {
	x := o.x
	fmt.Fprintf(o.w, "%s\t%s\t%s\t%s\n", seal.Groups(x.Reference), x.State, minute(x.Received), x.Form)
	if x.Review != "" {
		fmt.Fprintln(o.w, o.g.text("tool.d.inbox.review", "why", x.Review))
	}
	if len(x.Sealed) > 0 {
		o.note(o.answers())
	}
	for _, e := range x.Events {
		fmt.Fprintf(o.w, "\n%s\t%s\t%s %s\n", minute(e.At), e.Kind, e.State, e.By)
		if !e.Due.IsZero() {
			fmt.Fprintln(o.w, o.g.text("tool.d.inbox.by", "date", e.Due.Local().Format(time.DateOnly)))
		}
		if len(e.Sealed) > 0 {
			o.note(o.event(&e))
		}
	}
}

// note says of a part that it could not be opened or saved; the others follow.
func (o *opener) note(err error) {
	if err != nil {
		o.missed++
		fmt.Fprintln(o.w, o.g.text("tool.d.inbox.left-out", "why", calm(err.Error())))
	}
}

// event prints what was said with an event.
func (o *opener) event(e *desk.Event) error {
	plain, err := o.c.Open(e.Sealed)
	if err != nil {
		return err
	}
	text := string(plain)
	if e.Kind == store.EventSupply {
		s, err := server.ParseSupply(plain)
		if err != nil {
			return err
		}
		text = s.Text
		maps.Copy(o.keys, s.Keys)
		o.list(e.Kind, s.Files)
	}
	if text != "" {
		fmt.Fprintln(o.w, calm(text))
	}
	return nil
}

func minute(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// answers prints what was sent.
func (o *opener) answers() error {
	plain, err := o.c.Open(o.x.Sealed)
	if err != nil {
		return err
	}
	b, err := server.ParseBundle(plain, o.x.Reference)
	if err != nil {
		return err
	}
	a, err := forms.ParseAnswers(b.Answers)
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(a.Values)) {
		fmt.Fprintf(o.w, "%s: %s\n", key, calm(strings.Join(a.Values[key], " / ")))
	}
	maps.Copy(o.keys, b.Keys)
	for _, key := range slices.Sorted(maps.Keys(a.Files)) {
		o.list(key, a.Files[key])
	}
	return nil
}

// list prints files, with the numbers under which they are saved.
func (o *opener) list(key string, files []forms.File) {
	for _, f := range files {
		o.files = append(o.files, f)
		fmt.Fprintf(o.w, "%s: %s (%s, %s)\n", key, o.name(len(o.files)), f.Type, o.g.tool.Locale.FileSize(f.Size))
	}
}

// name is a safe name for the nth file: numbered, so that none hides another,
// and without anything that leads elsewhere.
func (o *opener) name(n int) string {
	f := o.files[n-1]
	kind := f.Type
	if upload.Media(kind) == upload.Media("") { // not one that we take
		kind = "bin"
	}
	return fmt.Sprintf("%02d-%s", n, calm(upload.Name(f.Name, kind)))
}

// save writes all files into a folder of their own, readable by its owner
// only. A file that is there stays; one that fails keeps no other back.
func (o *opener) save(ctx context.Context, folder string) error {
	switch {
	case len(o.files) == 0:
		return nil
	case folder == "":
		fmt.Fprintln(o.w, "\n"+o.g.text("tool.d.inbox.files", "n", len(o.files)))
		return nil
	}
	dir := filepath.Join(folder, o.x.Reference)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for i, f := range o.files {
		name := o.name(i + 1)
		err := o.saveOne(ctx, root, name, f)
		switch {
		case errors.Is(err, os.ErrExist):
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			o.note(fmt.Errorf("%s: %w", name, o.g.refused(err)))
		default:
			fmt.Fprintln(o.w, filepath.Join(dir, name))
		}
	}
	return nil
}

func (o *opener) saveOne(ctx context.Context, root *os.Root, name string, f forms.File) error {
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = o.c.File(ctx, o.x.Reference, f.ID, o.keys[f.ID], out)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return errors.Join(err, root.Remove(name)) // half a file is none
	}
	return nil
}

// calm drops control characters but line ends, and marks that turn the
// direction of text around.
func calm(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r < 0x20, r >= 0x7F && r < 0xA0, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}
