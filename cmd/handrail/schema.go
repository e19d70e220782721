package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"handrail/internal/schema"
)

func newSchemaCmd(g *globals) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:       "schema [TYPE]",
		Short:     g.text("tool.schema.short"),
		Long:      g.text("tool.schema.long"),
		Example:   "  handrail schema service\n  handrail schema --dir .schema",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: schema.TypeNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			types := schema.Types()
			if len(args) == 1 {
				t := schema.Lookup(args[0])
				if t == nil {
					return fmt.Errorf("%s", g.text("tool.schema.unknown", "type", args[0], "types", g.tool.Locale.List(schema.TypeNames())))
				}
				types = []*schema.Type{t}
			}
			if dir == "" {
				if len(args) == 0 {
					for _, t := range types {
						fmt.Fprintf(g.stdout, "%-16s %s\n", t.Name, describe(t.EN, t.ZH, g.tool.Tag))
					}
					return nil
				}
				_, err := g.stdout.Write(types[0].JSONSchema(g.tool.Tag))
				return err
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return err
			}
			for _, t := range types {
				name := filepath.Join(dir, t.Name+".schema.json")
				if err := os.WriteFile(name, t.JSONSchema(g.tool.Tag), 0o644); err != nil {
					return err
				}
				fmt.Fprintln(g.stderr, g.text("tool.wrote", "file", name))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", g.text("tool.schema.flag.dir"))
	return cmd
}

func describe(en, zh, lang string) string {
	if lang == "zh-Hans" && zh != "" {
		return zh
	}
	return en
}
