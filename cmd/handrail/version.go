package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"handrail/internal/cli"
)

const version = cli.Version

func newVersionCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: g.text("tool.version.short"),
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(g.stdout, cli.VersionLine("handrail"))
			return nil
		},
	}
}
