package main

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"handrail/internal/dev"
	"handrail/internal/gate"
)

func newDevCmd(g *globals) *cobra.Command {
	var port int
	var editor string
	cmd := &cobra.Command{
		Use:   "dev",
		Short: g.text("tool.dev.short"),
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, out, err := g.buildOptions()
			if err != nil {
				return err
			}
			o.Drafts = true
			if editor == "" {
				editor = g.getenv("HANDRAIL_EDITOR")
			}
			say := func(key string, args ...any) {
				if !g.quiet {
					fmt.Fprintln(g.stderr, g.text("tool.dev."+key, args...))
				}
			}
			if g.getenv("GOGC") == "" {
				debug.SetGCPercent(100) // a preview keeps much, and has to be quick
			}
			return dev.Run(cmd.Context(), dev.Options{
				Build: o, Port: port, Editor: editor, Words: gate.Words(g.tool), Text: g.text, Output: out,
				Ready: func(url string) { say("serving", "url", url, "care", url+"care/") },
				Rebuilt: func(r dev.Rebuild) {
					key := "rebuilt"
					if r.Failed {
						key = "failed"
					}
					say(key, "time", g.now().Format(time.TimeOnly), "pages", r.Pages, "n", r.Errors, "ms", r.Took.Milliseconds(),
						"errors", r.Errors, "warnings", r.Warnings)
				},
				Log: func(format string, a ...any) { fmt.Fprintf(g.stderr, format+"\n", a...) },
			})
		},
	}
	cmd.Flags().IntVarP(&port, "port", "p", 1313, g.text("tool.dev.flag.port"))
	cmd.Flags().StringVar(&editor, "editor", "", g.text("tool.dev.flag.editor"))
	return cmd
}
