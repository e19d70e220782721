package main

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"handrail/internal/store"
)

func newOutboxCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{Use: "outbox", Short: g.text("tool.d.outbox.short")}
	cmd.AddCommand(
		&cobra.Command{Use: "dead", Short: g.text("tool.d.outbox.dead.short"), Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return g.task(cmd.Context(), "dead", nil) }},
		&cobra.Command{Use: "replay ID", Short: g.text("tool.d.outbox.replay.short"), Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return g.task(cmd.Context(), "replay", url.Values{"id": args})
			}})
	return cmd
}

// dead lists jobs that were given up, one a line, without what they carry.
func (k *keeper) dead(ctx context.Context) (string, error) {
	jobs, err := k.store.DeadJobs(ctx, 1000)
	if err != nil {
		return "", err
	}
	if len(jobs) == 0 {
		return k.g.text("tool.d.outbox.none"), nil
	}
	var lines []string
	for _, j := range jobs {
		lines = append(lines, strings.Join([]string{j.ID, j.Reference, j.Department, j.Kind, j.Error}, "\t"))
	}
	return strings.Join(lines, "\n"), nil
}

// replay has a job that was given up done again, under the id that its
// receiver may know.
func (k *keeper) replay(ctx context.Context, id string) (string, error) {
	err := k.store.ReplayJob(ctx, id, k.g.now())
	if errors.Is(err, store.ErrNotFound) {
		return "", errors.New(k.g.text("tool.d.outbox.unknown", "id", id))
	} else if err != nil {
		return "", err
	}
	return k.g.text("tool.d.outbox.replayed", "id", id), nil
}
