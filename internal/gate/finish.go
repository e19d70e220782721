package gate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/site"
)

// The gate's own rules.
const (
	ruleParity     = "parity"
	ruleReach      = "reach"
	ruleTitles     = "duplicate-title"
	ruleTimeLimit  = "time-limit"
	rulePlainWords = "plain-length"
)

// HouseRules lists the IDs of the gate's own rules, sorted. Their words are
// in the tool's catalogue under gate.<id>.
func HouseRules() []string {
	ids := []string{ruleParity, ruleReach, ruleTitles, ruleTimeLimit, rulePlainWords}
	slices.Sort(ids)
	return ids
}

// A Report is what the gate found on a site.
type Report struct {
	Findings []report.Finding   // by page, place and rule; accepted ones are left out
	Accepted []report.Finding   // let pass by an acceptance
	Known    int                // errors that the baseline turned into warnings
	Classes  int                // mode classes judged, over all pages
	Errors   map[*site.Page]int // unaccepted errors; those of no single page under nil
}

// Count counts the findings of a severity.
func (r *Report) Count(s report.Severity) int {
	n := 0
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Severity == s && (failed(f) || s != report.Error) {
			n++
		}
	}
	return n
}

// Finish judges what needs more than one page, adds what earlier stages told
// the author, and weighs everything. It fails when a rule broke: that is our
// bug, and nothing may be published on the word of a broken rule.
func (g *Gate) Finish(s *site.Site, earlier diag.List) (*Report, error) {
	if len(g.errs) > 0 {
		return nil, errors.Join(g.errs...)
	}
	slices.SortFunc(g.pages, func(a, b Judged) int { return cmp.Compare(a.page.Path, b.page.Path) })
	r := &Report{Errors: map[*site.Page]int{}}
	owner := map[string]*site.Page{} // by source file and by output file
	for _, j := range g.pages {
		r.Findings = append(r.Findings, j.findings...)
		r.Classes += j.classes
		for e := range j.links {
			owner[j.page.OutFile(e)] = j.page
		}
		if j.page.File != nil {
			owner[j.page.File.Path] = j.page
		}
	}
	if len(g.checkers) > 0 {
		r.Findings = append(r.Findings, g.reach(s)...)
		r.Findings = append(r.Findings, g.editorial(s)...)
	}
	r.Findings = withoutEchoes(r.Findings, earlier)
	for _, d := range earlier {
		f := FromDiagnostic(d)
		f.Line = g.o.Line(d.Pos)
		if p := owner[d.Pos.File]; p != nil {
			f.Page = p.OutFile(site.Standard)
		}
		r.Findings = append(r.Findings, f)
	}
	g.drop(r)
	g.accept(r)
	sortFindings(r.Findings)
	if g.o.Baseline != nil {
		r.Known = g.o.Baseline.Apply(r.Findings)
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; failed(f) && f.Severity == report.Error {
			r.Errors[cmp.Or(owner[f.Page], owner[f.Source.File])]++
		}
	}
	return r, nil
}

// echoes says which rule of the checker sees in the page what an earlier
// stage has told the author already, with better advice.
var echoes = map[string]string{
	"image-without-text": "image-name",
	"missing-title":      "page-title",
}

// withoutEchoes leaves out findings about what has been said at the same
// place.
func withoutEchoes(findings []report.Finding, earlier diag.List) []report.Finding {
	type spot struct {
		rule string
		at   report.Place
	}
	said := map[spot]bool{}
	for _, d := range earlier {
		if rule := echoes[d.Code]; rule != "" {
			said[spot{rule, place(d.Pos)}] = true
		}
	}
	return slices.DeleteFunc(findings, func(f report.Finding) bool { return said[spot{f.Rule, f.Source}] })
}

// drop leaves out the findings of rules that the site has turned off.
func (g *Gate) drop(r *Report) {
	r.Findings = slices.DeleteFunc(r.Findings, func(f report.Finding) bool { return g.o.Config.Rules[f.Rule] == "off" })
	for i := range r.Findings {
		f := &r.Findings[i]
		switch g.o.Config.Rules[f.Rule] {
		case "error":
			if failed(f) {
				f.Severity = report.Error
			}
		case "warning":
			f.Severity = report.Warning
		case "notice":
			f.Severity = report.Notice
		}
	}
}

func sortFindings(all []report.Finding) {
	slices.SortStableFunc(all, func(a, b report.Finding) int {
		return cmp.Or(a.Source.Compare(b.Source), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Page, b.Page),
			cmp.Compare(a.Target, b.Target), cmp.Compare(a.Message, b.Message))
	})
}

// reach judges whether every page of the care edition can be reached from its
// home page by a few links.
func (g *Gate) reach(s *site.Site) []report.Finding {
	var found []report.Finding
	for _, lang := range s.Langs {
		w := web{links: map[string][]string{}}
		var urls []string
		byURL := map[string]*site.Page{}
		for _, j := range g.pages {
			links, ok := j.links[site.Care]
			if j.page.Lang != lang || !ok {
				continue
			}
			url := j.page.URL(site.Care)
			w.links[url] = append([]string{}, links...)
			byURL[url] = j.page
			// What stands on the further pages of a list is in the A–Z too.
			if j.page.Kind != site.NotFound && (j.page.Pager == nil || j.page.Pager.Number == 1) {
				urls = append(urls, url)
			}
		}
		if len(urls) == 0 || lang.Home == nil {
			continue
		}
		for _, d := range w.unreached(lang.Home.URL(site.Care), urls) {
			p := byURL[d.url]
			f := g.own(ruleReach, "never", report.Error, p.Pos(), "url", d.url)
			if d.steps >= 0 {
				f = g.own(ruleReach, "far", report.Error, p.Pos(), "url", d.url, "steps", strconv.Itoa(d.steps), "max", strconv.Itoa(MaxSteps))
			}
			f.Page = p.OutFile(site.Care)
			found = append(found, f)
		}
	}
	return found
}

// own makes a finding of one of the gate's own rules; args are name, value
// pairs.
func (g *Gate) own(rule, message string, sev report.Severity, at diag.Pos, args ...string) report.Finding {
	f := report.Finding{Rule: rule, Outcome: act.Failed, Severity: sev, Source: place(at), Line: g.o.Line(at), Message: message}
	f.Args = map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	return f
}

// accept takes out the findings that the site has accepted, and warns of
// acceptances that run out within 30 days, have run out, or match nothing.
func (g *Gate) accept(r *Report) {
	used := make([]bool, len(g.o.Config.Acceptances))
	r.Findings = slices.DeleteFunc(r.Findings, func(f report.Finding) bool {
		if !failed(&f) {
			return false
		}
		for i := range g.o.Config.Acceptances {
			a := &g.o.Config.Acceptances[i]
			if covers(a, &f) {
				used[i] = true
				if !g.o.Now.After(a.Until) {
					r.Accepted = append(r.Accepted, f)
					return true
				}
			}
		}
		return false
	})
	for i := range g.o.Config.Acceptances {
		a := &g.o.Config.Acceptances[i]
		message := ""
		switch {
		case g.o.Now.After(a.Until):
			message = "acceptance-expired"
		case !used[i]:
			message = "acceptance-unused"
		case a.Until.Before(g.o.Now.AddDate(0, 0, 30)):
			message = "acceptance-expiring"
		default:
			continue
		}
		r.Findings = append(r.Findings, FromDiagnostic(&diag.Diagnostic{
			Pos: a.Pos, Severity: diag.Warning, Code: message,
			Msg:  fmt.Sprintf("the acceptance of %s on %s: %s", a.Rule, cmp.Or(a.Page, "*"), message),
			Args: map[string]any{"rule": a.Rule, "page": cmp.Or(a.Page, "*"), "date": a.Until.Format("2006-01-02")},
		}))
	}
}

// covers reports whether an acceptance is about the finding: the rule, and
// where they are given the page (its file or address) and the target.
func covers(a *config.Acceptance, f *report.Finding) bool {
	if a.Rule != f.Rule || a.Target != "" && a.Target != f.Target {
		return false
	}
	return a.Page == "" || a.Page == "*" || a.Page == f.Page || a.Page == f.Source.File || outFileOf(a.Page) == f.Page
}

func outFileOf(url string) string {
	if len(url) > 1 && url[0] == '/' && url[len(url)-1] == '/' {
		return url[1:] + "index.html"
	}
	return url
}
