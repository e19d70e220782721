package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/internal/build"
	"handrail/internal/gate"
	"handrail/internal/publish"
)

func newBuildCmd(g *globals) *cobra.Command {
	var o buildFlags
	cmd := &cobra.Command{
		Use:     "build",
		Short:   g.text("tool.build.short"),
		Example: strings.Trim(g.text("tool.build.example"), "\n"),
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return g.build(cmd, o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.force, "force", false, g.text("tool.flag.force"))
	f.BoolVar(&o.drafts, "drafts", false, g.text("tool.flag.drafts"))
	f.StringVar(&o.format, "format", "text", g.text("tool.flag.format"))
	f.StringVar(&o.baseline, "write-baseline", "", g.text("tool.build.flag.baseline"))
	return cmd
}

type buildFlags struct {
	force, drafts    bool
	format, baseline string
}

// build compiles, checks and publishes the site, and reports.
func (g *globals) build(cmd *cobra.Command, f buildFlags) error {
	o, out, err := g.buildOptions()
	if err != nil {
		return err
	}
	if !slices.Contains(report.Formats(), f.format) {
		return fmt.Errorf("--format %s: %s", f.format, strings.Join(report.Formats(), ", "))
	}
	o.Drafts = f.drafts
	began, cpu := time.Now(), cpuTime()
	p := g.newProgress()
	o.Progress = p.show
	done, err := build.Publish(cmd.Context(), o, build.Target{Dir: out, Force: f.force, Previous: g.previous})
	p.clear()
	if err != nil {
		return g.explainPublish(err, out)
	}
	if err := g.report(f.format, done.Report.Findings); err != nil {
		return err
	}
	if f.baseline != "" {
		name := f.baseline // as site.yaml names it
		if !filepath.IsAbs(name) {
			name = filepath.Join(g.source, name)
		}
		if err := writeBaseline(name, done.Report.Findings); err != nil {
			return err
		}
	}
	g.summary(done, out, time.Since(began), cpuTime()-cpu)
	if done.Report.Count(report.Error) > 0 {
		return errFindings
	}
	return nil
}

func writeBaseline(name string, findings []report.Finding) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(gate.WriteBaseline(f, findings), f.Close())
}

// buildOptions turns the shared flags into options, and says where to
// publish.
func (g *globals) buildOptions() (o build.Options, out string, err error) {
	if !slices.Contains([]string{build.GateClosed, build.GateReport, build.GateOff}, g.gate) {
		return o, "", errors.New(g.text("tool.build.badgate", "got", g.gate))
	}
	for _, e := range g.editions {
		if e != "standard" && e != "care" {
			return o, "", errors.New(g.text("tool.build.badedition", "got", e))
		}
	}
	o = build.Options{
		Source: g.source, Content: g.content, Editions: g.editions, Gate: g.gate, Clock: g.now, Jobs: g.jobs,
		Tool: "handrail " + version, Cache: g.cache,
	}
	if o.Cache == "" && g.content == "" {
		o.Cache = filepath.Join(g.source, ".cache")
	}
	if o.Now, err = g.parseClock(); err != nil {
		return o, "", err
	}
	out = g.output
	if out == "" {
		out = filepath.Join(g.source, "public")
		if g.content != "" {
			out = "public"
		}
	}
	return o, out, g.keepApart(out)
}

// parseClock reads --now, else SOURCE_DATE_EPOCH (reproducible-builds.org).
func (g *globals) parseClock() (time.Time, error) {
	if g.clock == "" {
		if epoch := g.getenv("SOURCE_DATE_EPOCH"); epoch != "" {
			var sec int64
			if _, err := fmt.Sscan(epoch, &sec); err != nil {
				return time.Time{}, errors.New(g.text("tool.build.badclock", "got", epoch))
			}
			return time.Unix(sec, 0).UTC(), nil
		}
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, g.clock); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New(g.text("tool.build.badclock", "got", g.clock))
}

// keepApart refuses an output folder that holds the content or lies in what
// the next build would read, also by way of links.
func (g *globals) keepApart(out string) error {
	read := []string{g.content}
	if g.content == "" {
		read = read[:0]
		for _, dir := range []string{"content", "static", "data", "assets", "themes"} {
			read = append(read, filepath.Join(g.source, dir))
		}
	}
	a, err := realPath(out)
	if err != nil {
		return err
	}
	for _, dir := range read {
		b, err := realPath(dir)
		if err != nil {
			return err
		}
		if within(a, b) || within(b, a) {
			return errors.New(g.text("tool.build.inside", "output", out))
		}
	}
	return nil
}

// realPath is the absolute path without links, also of what does not exist
// yet.
func realPath(p string) (string, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err == nil {
		return real, nil
	}
	dir := filepath.Dir(abs)
	if !errors.Is(err, fs.ErrNotExist) || dir == abs {
		return abs, nil // opening it will say what is wrong
	}
	if dir, err = realPath(dir); err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(abs)), nil
}

func within(p, dir string) bool {
	rel, err := filepath.Rel(dir, p)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// explainPublish adds the way out to what stops a publish.
func (g *globals) explainPublish(err error, out string) error {
	if errors.Is(err, publish.ErrForeign) {
		return fmt.Errorf("%w\n%s", err, g.text("tool.build.foreign", "output", out))
	}
	if errors.Is(err, build.ErrPrevious) {
		return fmt.Errorf("%w\n%s", err, g.text("tool.build.noprevious"))
	}
	return err
}

// report writes findings: to stdout as a result, with words in the author's
// language. What the checker cannot tell is counted in the summary and listed
// with --verbose only: on a clean site it would drown what must be mended.
func (g *globals) report(format string, findings []report.Finding) error {
	if !g.verbose {
		findings = slices.DeleteFunc(slices.Clone(findings), func(f report.Finding) bool {
			return f.Outcome == act.CantTell && f.Target != ""
		})
	}
	return report.Write(g.stdout, format, findings, report.Options{
		Words: gate.Words(g.tool), Verbose: g.verbose, Colour: g.colour(), All: true, Tool: "handrail", Version: version,
	})
}

// summary says at the end of a build what was done, on stderr.
func (g *globals) summary(d *build.Done, out string, took, cpu time.Duration) {
	if g.quiet {
		return
	}
	w := g.stderr
	say := func(key string, args ...any) { fmt.Fprintln(w, g.text("tool.build."+key, args...)) }
	if err := report.Summary(w, d.Report.Findings, report.Options{Words: gate.Words(g.tool)}); err != nil {
		return
	}
	if d.Site != nil && !d.Failed {
		say("pages", "n", len(d.Site.Pages), "langs", len(d.Site.Langs), "editions", len(d.Editions), "files", d.HTML)
		if l := d.Site.LeftOut; l.Drafts+l.Future+l.Expired > 0 {
			say("left", "draft", l.Drafts, "future", l.Future, "expired", l.Expired)
		}
	}
	if d.Modes > 0 {
		say("modes", "modes", d.Modes, "classes", d.Report.Classes)
	}
	if d.Blocks > 0 && d.Fresh {
		say("fresh")
	}
	if d.OfflinePages > 0 {
		say("offline", "n", d.OfflinePages, "size", g.tool.Locale.FileSize(int64(d.OfflineBytes)))
	}
	if d.Published {
		say("files", "output", out, "written", d.Stats.Written, "unchanged", d.Stats.Unchanged, "deleted", d.Stats.Deleted)
	}
	var stages []string
	for _, s := range d.Stages {
		stages = append(stages, g.text("tool.stage."+s.Name)+" "+short(s.Took))
	}
	say("time", "stages", strings.Join(stages, ", "), "total", short(took), "cpu", short(cpu), "memory", peakMemory(g.tool))
	g.verdict(w, d)
}

// verdict is the last line: was it published?
func (g *globals) verdict(w io.Writer, d *build.Done) {
	errs := d.Report.Count(report.Error)
	key, args := "clean", []any{"n", errs}
	switch {
	case g.gate == build.GateOff:
		key = "off"
	case errs == 0:
	case !d.Published:
		key = "closed"
	case d.Held+d.Dropped > 0:
		if d.Held > 0 {
			fmt.Fprintln(w, g.text("tool.build.held", "n", d.Held))
		}
		if d.Dropped > 0 {
			fmt.Fprintln(w, g.text("tool.build.dropped", "n", d.Dropped))
		}
		return
	default:
		key = "report"
	}
	fmt.Fprintln(w, g.text("tool.build."+key, args...))
}

// short prints a duration with three digits.
func short(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}
