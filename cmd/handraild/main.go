// Command handraild serves the pages that handrail has built and takes what
// people send from their forms.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // also where the machine has none

	"github.com/spf13/cobra"

	"handrail/i18n"
	"handrail/internal/cli"
)

// Exit codes.
const (
	exitClean   = 0
	exitDisease = 1 // something is not in order, already reported
	exitFailure = 2 // misuse, or the world failed
)

// errDisease ends a command that has said what is not in order.
var errDisease = errors.New("something is not in order")

// env is the world as a command sees it; a test can be the world.
type env struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
}

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return (&env{os.Stdout, os.Stderr, os.Getenv, time.Now}).execute(ctx, os.Args[1:])
}

// execute runs one command line and returns its exit code.
func (e *env) execute(ctx context.Context, args []string) int {
	g := &globals{env: e, tool: cli.Texts(cli.PreferredLang(args, e.getenv))}
	root := newRootCmd(g)
	root.SetArgs(args)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errDisease):
		return exitDisease
	}
	fmt.Fprintf(e.stderr, "handraild: %v\n", err)
	return exitFailure
}

// globals are the flags that every command shares.
type globals struct {
	*env
	tool *i18n.Catalogue

	site, data, config string
	lang               string
}

// text returns a text of the tool; args are name, value pairs.
func (g *globals) text(key string, args ...any) string { return cli.Text(g.tool, key, args...) }

func newRootCmd(g *globals) *cobra.Command {
	root := &cobra.Command{
		Use:           "handraild",
		Short:         g.text("tool.d.root.short"),
		Long:          g.text("tool.d.root.long"),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	f := root.PersistentFlags()
	f.StringVar(&g.site, "site", "public", g.text("tool.d.flag.site"))
	f.StringVar(&g.data, "data", "data", g.text("tool.d.flag.data"))
	f.StringVar(&g.config, "config", "", g.text("tool.d.flag.config"))
	f.StringVar(&g.lang, "lang", "", g.text("tool.flag.lang"))
	root.AddCommand(newServeCmd(g), newBackupCmd(g), newRestoreCmd(g), newDeleteCmd(g), newInboxCmd(g), newKeysCmd(g), newOutboxCmd(g), newDoctorCmd(g), newVersionCmd(g))
	cli.TranslateHelp(root, g.tool)
	return root
}

func newVersionCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: g.text("tool.d.version.short"),
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(g.stdout, cli.VersionLine("handraild"))
			return nil
		},
	}
}
