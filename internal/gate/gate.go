// Package gate decides whether a site may be published. It runs the checker
// over every page in every display mode of its edition, holds the two editions
// of each page against each other, asks what only the page model can answer, and
// weighs what was found with the site's acceptances and baseline. It stands
// between render and publish.
package gate

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unsafe"

	"handrail/a11y"
	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/report"
	"handrail/a11y/rules"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/render"
	"handrail/internal/site"
)

// Options say how a site is judged.
type Options struct {
	Config   *config.Config
	Now      time.Time
	Modes    map[string][]style.Mode                 // by edition
	Sheets   func(path string) (*style.Sheet, error) // built style sheets, by path in the output
	SheetPos func(path string, off int) diag.Pos     // the theme's source of a declaration
	Line     func(diag.Pos) string                   // the text of a line, for excerpts
	Baseline Baseline
	Passed   bool // findings of targets that passed, too
}

// A Gate judges the pages of one build. Page may be called from several
// goroutines; Finish once after all of them.
type Gate struct {
	o        Options
	checkers map[string]*a11y.Checker

	mu    sync.Mutex
	pages []Judged
	errs  []error
	links map[string]string // addresses of pages, each kept once
}

// Judged is what the gate keeps of a page: the HTML itself is not needed any
// more.
type Judged struct {
	page     *site.Page
	findings []report.Finding
	links    map[string][]string // by edition: pages that it leads to
	classes  int
}

// New returns a gate for a build. Without Modes it checks no page and only
// weighs what earlier stages told the author. The care edition is held to level AAA, the
// standard edition to the site's level.
func New(o Options) *Gate {
	g := &Gate{o: o, checkers: map[string]*a11y.Checker{}, links: map[string]string{}}
	for edition, modes := range o.Modes {
		level := wcag.Level(o.Config.Level)
		if edition == site.Care {
			level = wcag.AAA
		}
		g.checkers[edition] = a11y.NewChecker(a11y.Options{
			Rules: rules.For(edition == site.Care), Modes: modes, Level: level, Sheets: o.Sheets, Passed: o.Passed,
		})
	}
	return g
}

// Move says that the page is now p of a newer model, otherwise unchanged.
func (j *Judged) Move(p *site.Page) { j.page = p }

// Add takes a judged page in, of this build or an earlier one.
func (g *Gate) Add(j Judged) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pages = append(g.pages, j)
}

// Page judges one page in the editions it was rendered in.
func (g *Gate) Page(p *site.Page, outs map[string]*render.Output) Judged {
	j := Judged{page: p, links: map[string][]string{}}
	said := map[string][]fact{}
	for _, edition := range editions(outs) {
		out := outs[edition]
		doc := dom.Parse(unsafe.String(unsafe.SliceData(out.HTML), len(out.HTML)))
		res := g.checkers[edition].CheckDoc(p.OutFile(edition), doc)
		j.classes += res.Classes
		for i := range res.Findings {
			j.findings = append(j.findings, g.finding(&res.Findings[i], out))
		}
		for _, u := range res.Unread {
			g.fail(u.Err)
		}
		for _, err := range res.Errors {
			g.fail(err)
		}
		j.links[edition] = g.internalLinks(doc)
		if len(outs) > 1 && comparable(p) {
			said[edition] = facts(doc, out, edition)
		}
	}
	if len(said) > 1 {
		j.findings = append(j.findings, g.parity(p, outs, said)...)
	}
	return j
}

func (g *Gate) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.errs = append(g.errs, err)
}

func editions(outs map[string]*render.Output) []string {
	var names []string
	for e := range outs {
		names = append(names, e)
	}
	slices.SortFunc(names, func(a, b string) int { return -cmp.Compare(a, b) }) // standard first
	return names
}

// comparable reports whether parity compares the page fact by fact. Home,
// section and list pages are judged by what can be reached from them.
func comparable(p *site.Page) bool { return p.Kind == site.Single || p.Kind == site.Checklist }

// finding leads an outcome of the checker home: to the Markdown, the front
// matter or the layout that its bytes were made from.
func (g *Gate) finding(f *a11y.Finding, out *render.Output) report.Finding {
	r := report.Finding{
		Page: f.Page, Rule: f.Rule, ACT: f.ACT, Outcome: f.Outcome, Target: f.Target,
		Modes: f.Modes, Message: f.Message, Hints: f.Hints, Args: f.Args,
	}
	for _, sc := range f.WCAG {
		r.WCAG = append(r.WCAG, string(sc))
	}
	pos := out.Source(f.Offset).Pos
	if f.Style != nil && f.Style.Sheet != f.Page {
		if p := g.o.SheetPos(f.Style.Sheet, f.Style.Offset); !p.IsZero() {
			r.Related = place(p)
		}
	}
	r.Source, r.Line = place(pos), g.o.Line(pos)
	r.Severity = g.severity(f.Rule, f.Outcome)
	return r
}

// severity is what an outcome does to the build, by the site's own settings
// where it has any.
func (g *Gate) severity(rule string, o act.Outcome) report.Severity {
	if o != act.Failed {
		return report.Warning
	}
	switch g.o.Config.Rules[rule] {
	case "warning":
		return report.Warning
	case "notice", "off":
		return report.Notice
	}
	return report.Error
}

func (g *Gate) parity(p *site.Page, outs map[string]*render.Output, said map[string][]fact) []report.Finding {
	var found []report.Finding
	names := editions(outs)
	for _, lacking := range names {
		for _, having := range names {
			if having == lacking {
				continue
			}
			for _, m := range gaps(said[having], said[lacking]) {
				found = append(found, g.gap(p, m, having, lacking, outs))
			}
		}
	}
	return found
}

// gap reports a missing fact at the layout that lacks it, beside the nearest
// fact that both editions have; the content it stands for is the related place.
func (g *Gate) gap(p *site.Page, m gap, having, lacking string, outs map[string]*render.Output) report.Finding {
	content := outs[having].Source(m.fact.off)
	at := layoutBefore(outs[lacking], max(m.after, 0))
	if other := layoutBefore(outs[lacking], m.before); m.before >= 0 {
		// The side that the other edition's layout of the fact answers to.
		want := sharedName(layoutBefore(outs[having], m.fact.off).File)
		if sharedName(at.File) != want && sharedName(other.File) == want {
			at = other
		}
	}
	f := report.Finding{
		Page: p.OutFile(lacking), Rule: ruleParity, Outcome: act.Failed, Source: place(at), Line: g.o.Line(at),
		Related: place(content.Pos), Message: "missing",
		Args: map[string]string{"edition": lacking, "kind": factNames[m.fact.kind], "text": m.fact.text()},
	}
	if content.Key != "" {
		f.Message = "field"
		f.Args["field"] = content.Key
	}
	f.Severity = g.severity(ruleParity, act.Failed)
	return f
}

// sharedName is the part of a layout's path that both editions have:
// partials/x.html of layouts/care/partials/x.html.
func sharedName(file string) string {
	_, name, _ := strings.Cut(file, "/layouts/")
	for _, edition := range []string{site.Standard, site.Care} {
		name = strings.TrimPrefix(name, edition+"/")
	}
	return name
}

// layoutBefore returns the place in a layout after which the byte at off was
// printed.
func layoutBefore(out *render.Output, off int) diag.Pos {
	end := len(out.HTML)
	for i := len(out.Spans) - 1; i >= 0; i-- {
		s := &out.Spans[i]
		if int(s.Out) <= off && s.Kind == render.Layout {
			return out.Source(min(off, end-1)).Pos
		}
		end = int(s.Out)
	}
	return diag.Pos{}
}

// internalLinks lists the pages of the site that a page leads to.
func (g *Gate) internalLinks(doc *dom.Doc) []string {
	var links []string
	for n := range doc.Elements() {
		if !n.Is("a") {
			continue
		}
		href := n.Get("href")
		if !strings.HasPrefix(href, "/") || strings.HasPrefix(href, "//") {
			continue
		}
		href, _, _ = strings.Cut(href, "#")
		href, _, _ = strings.Cut(href, "?")
		if plain, err := url.PathUnescape(href); err == nil {
			href = plain // as pages are called in the model
		}
		links = append(links, href)
	}
	slices.Sort(links)
	links = slices.Clone(slices.Compact(links))
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, href := range links {
		kept, ok := g.links[href]
		if !ok {
			kept = strings.Clone(href) // the page is not kept
			g.links[kept] = kept
		}
		links[i] = kept
	}
	return links
}

func place(p diag.Pos) report.Place { return report.Place{File: p.File, Line: p.Line, Col: p.Col} }

func failed(f *report.Finding) bool { return f.Outcome == act.Failed }
