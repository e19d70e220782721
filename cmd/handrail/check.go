package main

import (
	"cmp"
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
	"handrail/a11y/style"
	"handrail/a11y/wcag"
	"handrail/internal/diag"
	"handrail/internal/gate"
)

type checkFlags struct {
	format, root, level, outcomes, failOn string
	baseline, writeBaseline               string
	rules, modes                          []string
	maxPages, maxDepth                    int
}

func newCheckCmd(g *globals) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [FILE|FOLDER|URL|-]...",
		Short: g.text("tool.check.short"),
		Long:  g.text("tool.check.long"),
		Example: "  handrail check public\n  handrail check --format=html https://www.example.org/ > report.html\n" +
			"  handrail check --format=jsonl --outcomes=all page.html\n  curl -s http://localhost:8080/ | handrail check -",
		RunE: func(cmd *cobra.Command, args []string) error { return g.check(cmd, f, args) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", g.text("tool.flag.format"))
	fl.StringSliceVar(&f.rules, "rules", nil, g.text("tool.flag.rules"))
	fl.StringSliceVar(&f.modes, "modes", nil, g.text("tool.check.flag.modes"))
	fl.StringVar(&f.root, "root", "", g.text("tool.check.flag.root"))
	fl.StringVar(&f.level, "level", "AA", g.text("tool.check.flag.level"))
	fl.StringVar(&f.outcomes, "outcomes", "failed", g.text("tool.flag.outcomes"))
	fl.StringVar(&f.failOn, "fail-on", "error", g.text("tool.check.flag.failon"))
	fl.StringVar(&f.baseline, "baseline", "", g.text("tool.check.flag.baseline"))
	fl.StringVar(&f.writeBaseline, "write-baseline", "", g.text("tool.check.flag.writebaseline"))
	fl.IntVar(&f.maxPages, "max-pages", 200, g.text("tool.check.flag.maxpages"))
	fl.IntVar(&f.maxDepth, "max-depth", 10, g.text("tool.check.flag.maxdepth"))
	cmd.RegisterFlagCompletionFunc("rules", cobra.FixedCompletions(ruleIDs(), cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("modes", cobra.FixedCompletions(modeNames(), cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(report.Formats(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// check judges finished pages, whoever built them. Every argument is a site of
// its own, unless --root says otherwise.
func (g *globals) check(cmd *cobra.Command, f checkFlags, args []string) error {
	o, err := g.checkOptions(f)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{filepath.Join(g.source, "public")}
	}
	var findings []report.Finding
	pages := 0
	for _, arg := range args {
		in, err := g.input(cmd.Context(), arg, f)
		if err != nil {
			return err
		}
		found, err := g.judge(cmd, in, o)
		if err != nil {
			return err
		}
		findings, pages = append(findings, found...), pages+len(in.pages)
	}
	known, err := f.applyBaseline(findings)
	if err != nil {
		return err
	}
	ro := report.Options{Words: gate.Words(g.tool), Verbose: g.verbose, Colour: g.colour(), All: f.outcomes == "all" || f.format == "html",
		Tool: "handrail", Version: version}
	if err := report.Write(g.stdout, f.format, findings, ro); err != nil {
		return err
	}
	return g.checkVerdict(f, findings, pages, known)
}

// checkOptions are what the flags ask for.
func (g *globals) checkOptions(f checkFlags) (o a11y.Options, err error) {
	selected, err := rules.Select(f.rules)
	if err != nil {
		return o, err
	}
	if len(f.rules) == 0 {
		selected = rules.For(false)
	}
	level := wcag.Level(strings.ToUpper(f.level))
	if level != wcag.A && level != wcag.AA && level != wcag.AAA || f.outcomes != "failed" && f.outcomes != "all" ||
		!slices.Contains([]string{"error", "warning", "unsure", "never"}, f.failOn) || f.maxPages < 1 || f.maxDepth < 0 {
		return o, errors.New(g.text("tool.check.badflag"))
	}
	if !slices.Contains(report.Formats(), f.format) {
		return o, errors.New(g.text("tool.check.badformat", "format", f.format, "formats", strings.Join(report.Formats(), ", ")))
	}
	modes, err := g.chosenModes(f.modes)
	return a11y.Options{Rules: selected, Modes: modes, Level: level, Passed: f.outcomes == "all"}, err
}

// chosenModes returns the display modes with the names; nil, for all, when
// none is named.
func (g *globals) chosenModes(names []string) (out []style.Mode, err error) {
	all := a11y.ForeignModes()
	for _, name := range names {
		i := slices.IndexFunc(all, func(m style.Mode) bool { return m.Name == name })
		if i < 0 {
			return nil, errors.New(g.text("tool.check.badmode", "mode", name, "modes", strings.Join(modeNames(), ", ")))
		}
		out = append(out, all[i])
	}
	return out, nil
}

func modeNames() (names []string) {
	for _, m := range a11y.ForeignModes() {
		names = append(names, m.Name)
	}
	return names
}

// applyBaseline makes warnings of what the baseline knows, and writes one
// when that was asked for.
func (f checkFlags) applyBaseline(findings []report.Finding) (known int, err error) {
	if f.baseline != "" {
		dir, name := filepath.Split(f.baseline)
		b, err := gate.ReadBaseline(os.DirFS(cmp.Or(dir, ".")), name)
		if err != nil {
			return 0, err
		}
		known = b.Apply(findings)
	}
	if f.writeBaseline == "" {
		return known, nil
	}
	w, err := os.Create(f.writeBaseline)
	if err != nil {
		return known, err
	}
	return known, errors.Join(gate.WriteBaseline(w, findings), w.Close())
}

// checkVerdict says how much was found, and fails when that is what --fail-on
// asks for.
func (g *globals) checkVerdict(f checkFlags, findings []report.Finding, pages, known int) error {
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
		if known > 0 {
			fmt.Fprintln(g.stderr, g.text("tool.check.known", "n", known))
		}
	}
	// what the baseline knows fails nothing, whatever --fail-on asks for
	bad := map[string]int{"error": failed, "warning": failed + warned - known, "unsure": failed + warned - known + unsure}[f.failOn]
	if bad > 0 && f.writeBaseline == "" {
		return errFindings
	}
	return nil
}

// judge runs the rules over the pages of an input.
func (g *globals) judge(cmd *cobra.Command, in *input, o a11y.Options) ([]report.Finding, error) {
	o.Sheets, o.Files = a11y.SheetsFrom(in.fsys), a11y.FilesFrom(in.fsys)
	results, err := a11y.NewChecker(o).CheckFiles(cmd.Context(), in.fsys, in.pages)
	if err != nil {
		return nil, err
	}
	var findings []report.Finding
	for i := range results {
		found, err := resolve(in, &results[i], o.Passed)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// resolve gives the findings of a page their places in its HTML, which here
// is what the author wrote.
func resolve(in *input, r *a11y.Result, inapplicable bool) ([]report.Finding, error) {
	if err := errors.Join(r.Errors...); err != nil {
		return nil, err
	}
	src, err := fs.ReadFile(in.fsys, r.Page)
	if err != nil {
		return nil, err
	}
	lines := diag.NewLines(in.shown(r.Page), string(src))
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
			if css, err := fs.ReadFile(in.fsys, f.Style.Sheet); err == nil {
				q := diag.NewLines(in.shown(f.Style.Sheet), string(css)).Pos(f.Style.Offset)
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
