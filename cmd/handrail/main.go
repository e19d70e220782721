// Command handrail compiles a folder of Markdown into accessible static pages
// in two editions, checks every page in every display mode before it
// publishes, and leads each finding to the line that caused it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"handrail/i18n"
	"handrail/internal/cli"
)

// Exit codes.
const (
	exitClean    = 0
	exitFindings = 1 // the site has problems, already reported
	exitFailure  = 2 // misuse, or the world failed
)

// errFindings ends a command whose report has said all there is to say.
var errFindings = errors.New("the site has problems")

// env is the world as a command sees it; a test can be the world.
type env struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	terminal       bool // stderr is one: progress is welcome
	colourful      bool // stdout is one: colour is welcome
}

func main() { os.Exit(run()) }

func run() int {
	if os.Getenv("GOGC") == "" {
		// A build allocates much and keeps little: half the memory for a few
		// percent of its time.
		debug.SetGCPercent(50)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	e := &env{stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now,
		terminal: term.IsTerminal(int(os.Stderr.Fd())), colourful: term.IsTerminal(int(os.Stdout.Fd()))}
	return e.execute(ctx, os.Args[1:])
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
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(e.stderr, "handrail: "+g.text("tool.interrupted"))
		return exitFailure
	}
	fmt.Fprintf(e.stderr, "handrail: %v\n", err)
	return exitFailure
}

// globals are the flags that every command shares, and what follows from them.
type globals struct {
	*env
	tool *i18n.Catalogue

	source, content, output string
	editions                []string
	gate                    string
	clock, previous, cache  string
	jobs                    int
	quiet, verbose          bool
	lang                    string
}

// text returns a text of the tool in the author's language; args are name,
// value pairs.
func (g *globals) text(key string, args ...any) string {
	return cli.Text(g.tool, key, args...)
}

// colour reports whether results may be coloured (no-color.org).
func (g *globals) colour() bool {
	return g.colourful && g.getenv("NO_COLOR") == "" && g.getenv("TERM") != "dumb"
}

func newRootCmd(g *globals) *cobra.Command {
	root := &cobra.Command{
		Use:           "handrail",
		Short:         g.text("tool.root.short"),
		Long:          g.text("tool.root.long"),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	f := root.PersistentFlags()
	f.StringVarP(&g.source, "source", "s", ".", g.text("tool.flag.source"))
	f.StringVarP(&g.content, "content", "c", "", g.text("tool.flag.content"))
	f.StringVarP(&g.output, "output", "o", "", g.text("tool.flag.output"))
	f.StringSliceVar(&g.editions, "editions", nil, g.text("tool.flag.editions"))
	f.StringVar(&g.gate, "gate", "closed", g.text("tool.flag.gate"))
	f.StringVar(&g.clock, "now", "", g.text("tool.flag.now"))
	f.StringVar(&g.previous, "previous", "", g.text("tool.flag.previous"))
	f.StringVar(&g.cache, "cache", "", g.text("tool.flag.cache"))
	f.IntVarP(&g.jobs, "jobs", "j", 0, g.text("tool.flag.jobs"))
	f.BoolVarP(&g.quiet, "quiet", "q", false, g.text("tool.flag.quiet"))
	f.BoolVarP(&g.verbose, "verbose", "v", false, g.text("tool.flag.verbose"))
	f.StringVar(&g.lang, "lang", "", g.text("tool.flag.lang"))
	root.AddCommand(newNewCmd(g), newBuildCmd(g), newCheckCmd(g), newDevCmd(g), newExplainCmd(g),
		newTreeCmd(g), newSchemaCmd(g), newThemeCmd(g), newVersionCmd(g))
	cli.TranslateHelp(root, g.tool)
	return root
}
