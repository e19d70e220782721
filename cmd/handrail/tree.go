package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"handrail/a11y"
)

func newTreeCmd(g *globals) *cobra.Command {
	var selector, format, root string
	cmd := &cobra.Command{
		Use:     "a11y-tree FILE",
		Short:   g.text("tool.tree.short"),
		Example: "  handrail a11y-tree page.html\n  handrail a11y-tree page.html --select 'a, button' --format=jsonl",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, name := filepath.Split(filepath.Clean(args[0]))
			if dir == "" {
				dir = "."
			}
			if root != "" {
				rel, err := filepath.Rel(root, args[0])
				if err != nil {
					return err
				}
				dir, name = root, filepath.ToSlash(rel)
			}
			src, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			page := a11y.NewChecker(a11y.Options{Sheets: a11y.SheetsFrom(os.DirFS(dir))}).Page(name, string(src))
			if selector == "" && format != "jsonl" {
				_, err := fmt.Fprint(g.stdout, a11y.Outline(page))
				return err
			}
			if selector == "" {
				selector = "*"
			}
			elements, err := a11y.Query(page, selector)
			if err != nil {
				return err
			}
			for _, e := range elements {
				if format == "jsonl" {
					if err := json.NewEncoder(g.stdout).Encode(e); err != nil {
						return err
					}
					continue
				}
				fmt.Fprintf(g.stdout, "%s %q (%s)\n", e.Role, e.Name, e.Target)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&selector, "select", "", g.text("tool.tree.flag.select"))
	cmd.Flags().StringVar(&format, "format", "text", g.text("tool.tree.flag.format"))
	cmd.Flags().StringVar(&root, "root", "", g.text("tool.check.flag.root"))
	return cmd
}
