package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handrail/internal/cli"
	"handrail/internal/server/servertest"
	"handrail/internal/settings"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"handraild": func() {
		unsafe = os.Getenv("HANDRAILD_TEST_UNSAFE") != ""
		os.Exit(run())
	}})
}

// TestScripts runs the commands over a small site: one archive a story.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "C")
			servertest.WriteSite(t, filepath.Join(e.WorkDir, "public"), servertest.Form())
			return nil
		},
	})
}

// TestHandbookIsComplete holds the handbook to the program: what it does not
// name, nobody finds.
func TestHandbookIsComplete(t *testing.T) {
	g := &globals{env: &env{getenv: os.Getenv}, tool: cli.Texts("en")}
	var wanted []string
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.HasParent() && !c.HasSubCommands() && c.Name() != "help" && c.Parent().Name() != "completion" {
			wanted = append(wanted, c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && c.Name() != "completion" && (!c.HasParent() || c.Parent().Name() != "completion") {
				wanted = append(wanted, "`--"+f.Name)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(g))
	for _, f := range settings.Fields() {
		wanted = append(wanted, "`"+f.Key+"`")
	}
	for _, lang := range []string{"en", "zh-Hans"} {
		src, err := os.ReadFile("../../content/" + lang + "/handbook/server.md")
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wanted {
			if !strings.Contains(string(src), w) {
				t.Errorf("the handbook in %s does not name %s", lang, w)
			}
		}
	}
	if len(wanted) < 12 {
		t.Errorf("only %d names to look for", len(wanted))
	}
}
