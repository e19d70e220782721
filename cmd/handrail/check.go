package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/a11y/rules"
	"handrail/a11y/wcag"
	"handrail/internal/diag"
	"handrail/internal/gate"
)

type checkFlags struct {
	format, root, level, outcomes string
	rules                         []string
}

func newCheckCmd(g *globals) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:     "check [FILE|FOLDER]...",
		Short:   g.text("tool.check.short"),
		Long:    g.text("tool.check.long"),
		Example: "  handrail check public\n  handrail check --format=jsonl --outcomes=all page.html",
		RunE:    func(cmd *cobra.Command, args []string) error { return g.check(cmd, f, args) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", g.text("tool.flag.format"))
	fl.StringSliceVar(&f.rules, "rules", nil, g.text("tool.flag.rules"))
	fl.StringVar(&f.root, "root", "", g.text("tool.check.flag.root"))
	fl.StringVar(&f.level, "level", "AA", g.text("tool.check.flag.level"))
	fl.StringVar(&f.outcomes, "outcomes", "failed", g.text("tool.flag.outcomes"))
	cmd.RegisterFlagCompletionFunc("rules", cobra.FixedCompletions(ruleIDs(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// check judges finished pages, whoever built them. Every argument is a site of
// its own, unless --root says otherwise.
func (g *globals) check(cmd *cobra.Command, f checkFlags, args []string) error {
	selected, err := rules.Select(f.rules)
	if err != nil {
		return err
	}
	if len(f.rules) == 0 {
		selected = rules.For(false)
	}
	level := wcag.Level(strings.ToUpper(f.level))
	if level != wcag.A && level != wcag.AA && level != wcag.AAA || f.outcomes != "failed" && f.outcomes != "all" {
		return fmt.Errorf("%s", g.text("tool.check.badflag"))
	}
	if len(args) == 0 {
		args = []string{filepath.Join(g.source, "public")}
	}
	var findings []report.Finding
	pages := 0
	for _, arg := range args {
		o := a11y.Options{Rules: selected, Level: level, Passed: f.outcomes == "all"}
		found, n, err := g.checkOne(cmd, arg, f.root, o)
		if err != nil {
			return err
		}
		findings, pages = append(findings, found...), pages+n
	}
	o := report.Options{Words: gate.Words(g.tool), Verbose: g.verbose, Colour: g.colour(), All: f.outcomes == "all", Tool: "handrail", Version: version}
	if err := report.Write(g.stdout, f.format, findings, o); err != nil {
		return err
	}
	failed, warned, unsure := 0, 0, 0
	for i := range findings {
		switch {
		case findings[i].Outcome == act.CantTell:
			unsure++
		case findings[i].Outcome != act.Failed:
		case findings[i].Severity == report.Error:
			failed++
		default:
			warned++
		}
	}
	if !g.quiet {
		fmt.Fprintln(g.stderr, g.text("tool.check.done", "pages", pages, "errors", failed, "warnings", warned, "unsure", unsure))
	}
	if failed > 0 {
		return errFindings
	}
	return nil
}

// checkOne checks a file or a folder.
func (g *globals) checkOne(cmd *cobra.Command, arg, root string, o a11y.Options) ([]report.Finding, int, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, 0, err
	}
	dir, only := arg, ""
	if !info.IsDir() {
		dir, only = filepath.Split(filepath.Clean(arg))
		if dir == "" {
			dir = "."
		}
	}
	if root != "" {
		rel, err := filepath.Rel(root, arg)
		if err != nil || !filepath.IsLocal(rel) {
			return nil, 0, errors.New(g.text("tool.check.outside", "path", arg, "root", root))
		}
		dir, only = root, filepath.ToSlash(rel)
	}
	fsys := os.DirFS(dir)
	pages, err := pagesBelow(fsys, only)
	if err != nil {
		return nil, 0, err
	}
	if len(pages) == 0 {
		return nil, 0, errors.New(g.text("tool.check.none", "path", arg))
	}
	o.Sheets, o.Files = a11y.SheetsFrom(fsys), a11y.FilesFrom(fsys)
	results, err := a11y.NewChecker(o).CheckFiles(cmd.Context(), fsys, pages)
	if err != nil {
		return nil, 0, err
	}
	var findings []report.Finding
	for i := range results {
		found, err := resolve(fsys, dir, &results[i], o.Passed)
		if err != nil {
			return nil, 0, err
		}
		findings = append(findings, found...)
	}
	return findings, len(pages), nil
}

// pagesBelow lists the pages of a folder that are one of only or lie in it.
func pagesBelow(fsys fs.FS, only string) ([]string, error) {
	if only != "" && only != "." {
		if info, err := fs.Stat(fsys, only); err != nil {
			return nil, err
		} else if !info.IsDir() {
			return []string{only}, nil
		}
	}
	pages, err := a11y.Pages(fsys)
	if only == "" || only == "." {
		return pages, err
	}
	return slices.DeleteFunc(pages, func(p string) bool { return !strings.HasPrefix(p, only+"/") }), err
}

// resolve gives the findings of a page their places in its HTML, which here
// is what the author wrote.
func resolve(fsys fs.FS, dir string, r *a11y.Result, inapplicable bool) ([]report.Finding, error) {
	if err := errors.Join(r.Errors...); err != nil {
		return nil, err
	}
	src, err := fs.ReadFile(fsys, r.Page)
	if err != nil {
		return nil, err
	}
	lines := diag.NewLines(shownPath(dir, r.Page), string(src))
	var out []report.Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		x := report.Finding{Page: r.Page, Rule: f.Rule, ACT: f.ACT, Outcome: f.Outcome, Target: f.Target, Modes: f.Modes,
			Message: f.Message, Hints: f.Hints, Args: f.Args}
		for _, sc := range f.WCAG {
			x.WCAG = append(x.WCAG, string(sc))
		}
		p := lines.Pos(f.Offset)
		x.Source, x.Line = report.Place{File: p.File, Line: p.Line, Col: p.Col}, lines.Line(p.Line)
		if f.Level == act.Best || f.Outcome != act.Failed {
			x.Severity = report.Warning
		}
		if f.Style != nil && f.Style.Sheet != f.Page {
			if css, err := fs.ReadFile(fsys, f.Style.Sheet); err == nil {
				q := diag.NewLines(shownPath(dir, f.Style.Sheet), string(css)).Pos(f.Style.Offset)
				x.Related = report.Place{File: q.File, Line: q.Line, Col: q.Col}
			}
		}
		out = append(out, x)
	}
	if inapplicable {
		for _, id := range r.Inapplicable {
			out = append(out, report.Finding{Page: r.Page, Rule: id, Outcome: act.Inapplicable, Severity: report.Notice})
		}
	}
	return out, nil
}

func shownPath(dir, name string) string {
	if dir == "." {
		return name
	}
	return path.Join(filepath.ToSlash(dir), name)
}
