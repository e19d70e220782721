package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"handrail/a11y/report"
	"handrail/internal/build"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/gate"
	"handrail/internal/render"
	"handrail/internal/theme"
)

func newThemeCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "theme",
		Short: g.text("tool.theme.short"),
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "list",
		Short: g.text("tool.theme.list.short"),
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return g.listTheme() },
	})
	return cmd
}

// listTheme prints each file of the site's theme with the folder it comes
// from, and which files it overrides.
func (g *globals) listTheme() error {
	cfg := config.Default()
	if _, err := os.Stat(filepath.Join(g.source, "site.yaml")); err == nil {
		var diags diag.List
		if cfg, diags = config.Load(os.DirFS(g.source), "site.yaml"); diags.Errors() > 0 {
			return g.fail(diags)
		}
	}
	layers, err := build.ThemeLayers(g.source, cfg.Theme)
	if err != nil {
		return err
	}
	th, diags := theme.Load(layers, cfg.Editions, render.Funcs())
	if diags.Errors() > 0 {
		return g.fail(diags)
	}
	for _, f := range th.Files() {
		whose := g.text("tool.theme.shipped")
		if len(layers) > 1 && f.Layer == layers[0].Name {
			whose = g.text("tool.theme.own")
		}
		fmt.Fprintf(g.stdout, "%-8s %s", whose, f.Shown())
		for _, s := range f.Shadows {
			fmt.Fprintf(g.stdout, "  (%s)", g.text("tool.theme.overrides", "file", s+"/"+f.Path))
		}
		fmt.Fprintln(g.stdout)
	}
	return nil
}

// fail reports an author's mistakes outside a build.
func (g *globals) fail(diags diag.List) error {
	diags.Sort()
	read := func(p diag.Pos) string {
		data, err := fs.ReadFile(os.DirFS(g.source), p.File)
		if err != nil {
			return ""
		}
		return diag.NewLines(p.File, string(data)).Line(p.Line)
	}
	var findings []report.Finding
	for _, d := range diags {
		f := gate.FromDiagnostic(d)
		f.Line = read(d.Pos)
		findings = append(findings, f)
	}
	if err := report.Write(g.stdout, "text", findings, report.Options{Words: gate.Words(g.tool), Colour: g.colour(), Verbose: true}); err != nil {
		return err
	}
	return errFindings
}
