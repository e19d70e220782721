package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"handrail/internal/cli"
	"handrail/internal/config"
	"handrail/internal/markdown"
	"handrail/internal/schema"
)

// TestHandbookIsComplete holds the handbook to the program: what it does not
// name, nobody finds.
func TestHandbookIsComplete(t *testing.T) {
	g := &globals{env: &env{getenv: os.Getenv}, tool: cli.Texts("en")}
	var wanted []string
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if (c.HasParent() && !c.HasSubCommands()) || c.Name() == "completion" {
			wanted = append(wanted, c.CommandPath())
		}
		if c.Name() == "completion" {
			return // cobra's own, one for each shell
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" {
				wanted = append(wanted, "`--"+f.Name)
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(g))
	for _, name := range markdown.DirectiveNames() {
		wanted = append(wanted, "`"+name+"`|::"+name)
	}
	for _, typ := range schema.Types() {
		wanted = append(wanted, "`"+typ.Name+"`")
	}
	for _, f := range config.Fields() {
		wanted = append(wanted, "`"+f.Key+"`")
	}
	for _, lang := range []string{"en", "zh-Hans"} {
		files, err := filepath.Glob("../../content/" + lang + "/handbook/*.md")
		if err != nil || len(files) == 0 {
			t.Fatal("no handbook", err)
		}
		var text strings.Builder
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(src)
		}
		for _, w := range wanted {
			one, other, _ := strings.Cut(w, "|")
			if !strings.Contains(text.String(), one) && (other == "" || !strings.Contains(text.String(), other)) {
				t.Errorf("the handbook in %s does not name %s", lang, one)
			}
		}
	}
	if len(wanted) < 70 {
		t.Errorf("only %d names to look for", len(wanted))
	}
}
