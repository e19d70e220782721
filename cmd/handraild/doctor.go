package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"handrail/internal/server"
	"handrail/internal/store/sqlite"
)

func newDoctorCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: g.text("tool.d.doctor.short"),
		Long:  g.text("tool.d.doctor.long"),
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &doctor{g: g}
			d.look(cmd.Context())
			if d.bad > 0 {
				return errDisease
			}
			return nil
		},
	}
}

// A doctor looks at everything that a server needs and says how it is.
type doctor struct {
	g   *globals
	bad int
}

func (d *doctor) say(ok bool, what string) {
	key := "tool.d.doctor.ok"
	if !ok {
		key = "tool.d.doctor.bad"
		d.bad++
	}
	fmt.Fprintln(d.g.stdout, d.g.text(key, "what", what))
}

func (d *doctor) look(ctx context.Context) {
	g := d.g
	s, err := g.settings()
	d.say(err == nil, g.text("tool.d.doctor.settings"))
	kit, err := g.kit()
	if err != nil {
		d.say(false, err.Error())
	} else {
		d.say(true, g.text("tool.d.doctor.site", "dir", g.site, "n", len(kit.Site().Forms)))
	}
	if s != nil && kit != nil {
		for _, m := range missingKeys(g, kit, s.Recipients) {
			d.say(false, m)
		}
		seen := map[string]bool{}
		for _, id := range kit.Site().Forms {
			dep := kit.Form(id).Department
			if n := len(s.Recipients[dep]); n > 0 && !seen[dep] {
				seen[dep] = true
				d.say(true, g.text("tool.d.doctor.keys", "department", dep, "n", n))
			}
		}
	}
	if s != nil && kit != nil && s.Database == "" && !s.UnprovedKeys {
		known, err := sqlite.Proved(ctx, g.data)
		if err != nil {
			d.say(false, err.Error())
		}
		for _, line := range g.unproved(kit, s, func(recipient string) bool { return known[recipient] }) {
			d.say(false, line)
		}
	}
	d.database(ctx)
	d.disk()
	now := g.now()
	d.say(now.Year() >= 2026 && now.Year() < 2100, g.text("tool.d.doctor.clock", "time", now.UTC().Format(time.RFC3339)))
}

func (d *doctor) database(ctx context.Context) {
	g := d.g
	r, err := sqlite.Look(ctx, g.data)
	switch {
	case err != nil:
		d.say(false, err.Error())
	case !r.Exists:
		d.say(true, g.text("tool.d.doctor.no-database", "dir", g.data))
	default:
		d.say(true, g.text("tool.d.doctor.schema", "version", r.Schema, "cases", r.Cases, "drafts", r.Drafts, "jobs", r.Waits))
		d.retention(ctx)
	}
}

// unclaimed is how long a department may take to get a case.
const unclaimed = 3 * 24 * time.Hour

// retention says how many cases have had their time, and how many will stay
// for ever, since no department has them.
func (d *doctor) retention(ctx context.Context) {
	g := d.g
	due, waiting, err := sqlite.Due(ctx, g.data, g.now(), unclaimed, server.Keep)
	if err != nil {
		d.say(false, err.Error())
		return
	}
	d.say(true, g.text("tool.d.doctor.due", "n", due))
	if waiting > 0 {
		d.say(false, g.text("tool.d.doctor.unclaimed", "n", waiting))
	}
}

// leastFree is how much room a disk should have.
const leastFree = 1 << 30

func (d *doctor) disk() {
	free, err := freeBytes(d.g.data)
	if errors.Is(err, fs.ErrNotExist) {
		return // serve makes it
	}
	if err != nil {
		d.say(false, err.Error())
		return
	}
	d.say(free >= leastFree, d.g.text("tool.d.doctor.disk", "dir", d.g.data, "size", d.g.tool.Locale.FileSize(free)))
}
