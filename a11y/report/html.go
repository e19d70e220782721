package report

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/wcag"
)

//go:embed report.html
var htmlSource string

// maxPages is how many pages are listed under one finding.
const maxPages = 100

type (
	htmlReport struct {
		Lang, Dir       string
		Tool, Version   string
		Errors, Unsure  int
		Warnings, Pages int
		Rules           []htmlRule
	}
	htmlRule struct {
		ID, Title, Why, Fix  string
		Level                string // word for what it weighs
		Class                string // error, warning, notice, cantTell, passed
		Criteria             []htmlLink
		Count, Pages, Places int
		Findings             []htmlFinding
	}
	htmlLink    struct{ Text, URL string }
	htmlFinding struct {
		Message, Fix    string
		Target, Source  string
		Before, At      string // the source line, up to the place and from it
		Related         string
		Modes           string
		Pages           []string
		MorePages       int
		Count           int
		SourceIsThePage bool
	}
)

// HTML writes findings as one page that works offline, without script. What
// one mistake in a layout does to many pages is one finding.
func HTML(w io.Writer, findings []Finding, o Options) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"word": func(key string, args ...any) string { return o.Words.Word(key, wordArgs(args)) },
	}).Parse(htmlSource)
	if err != nil {
		return err
	}
	r := htmlReport{Lang: o.Words.Lang(), Dir: "ltr", Tool: cmp.Or(o.Tool, "handrail"), Version: o.Version}
	shown := selected(findings, true)
	pages := map[string]bool{}
	for i := range shown {
		f := &shown[i]
		pages[f.Page] = true
		switch {
		case f.Outcome == act.CantTell:
			r.Unsure++
		case f.Outcome == act.Failed && f.Severity == Error:
			r.Errors++
		case f.Outcome == act.Failed:
			r.Warnings++
		}
	}
	r.Pages = len(pages)
	shown = slices.DeleteFunc(shown, func(f Finding) bool {
		return f.Outcome == act.Inapplicable || f.Outcome == act.Passed || f.Outcome != act.Failed && !o.All
	})
	for _, g := range groups(shown) {
		r.Rules = append(r.Rules, htmlRuleOf(g, o.Words))
	}
	return t.Execute(w, r)
}

// wordArgs pairs names and values for Words.Word.
func wordArgs(args []any) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		switch v := args[i+1].(type) {
		case int:
			m[args[i].(string)] = strconv.Itoa(v)
		case string:
			m[args[i].(string)] = v
		}
	}
	return m
}

func htmlRuleOf(g []shared, w Words) htmlRule {
	f := g[0].Finding
	r := htmlRule{ID: f.Rule, Title: w.Title(f.Rule), Why: w.Why(f.Rule), Fix: w.Fix(f.Rule), Class: f.Severity.String()}
	r.Level = w.Word(r.Class, nil)
	if f.Outcome == act.CantTell {
		r.Class = "cantTell"
		r.Level = w.Word("cantTell", nil)
	}
	for _, sc := range f.WCAG {
		name := sc
		if c, ok := wcag.Of(wcag.SC(sc)); ok {
			name = sc + " " + c.Name(w.Lang()) + " (" + string(c.Level) + ")"
		}
		r.Criteria = append(r.Criteria, htmlLink{name, criterionURL(sc)})
	}
	for _, id := range f.ACT {
		r.Criteria = append(r.Criteria, htmlLink{"ACT " + id, actURL(id)})
	}
	pages := map[string]bool{}
	for _, s := range alike(g) {
		x := htmlFindingOf(s, w)
		if x.Fix == r.Fix {
			x.Fix = ""
		}
		r.Findings = append(r.Findings, x)
		r.Count += x.Count
		for _, p := range s.pages {
			pages[p] = true
		}
	}
	r.Pages, r.Places = len(pages), len(r.Findings)
	return r
}

func htmlFindingOf(s shared, w Words) htmlFinding {
	f := s.Finding
	x := htmlFinding{
		Message: cmp.Or(message(f, w), w.Title(f.Rule)), Fix: fix(f, w), Target: f.Target,
		Source: f.Source.String(), Related: f.Related.String(), Count: len(s.pages),
		SourceIsThePage: f.Source.File == "" || strings.HasSuffix(f.Source.File, f.Page),
	}
	if m := modes(f); m[0] != "*" {
		x.Modes = strings.Join(m, ", ")
	}
	x.Pages = s.pages
	if n := len(x.Pages) - maxPages; n > 0 {
		x.Pages, x.MorePages = x.Pages[:maxPages], n
	}
	if f.Line != "" && f.Source.Col > 0 {
		x.Before, x.At = around(f.Line, f.Source.Col)
	}
	return x
}

// around returns what a line has before the code point col and from it, both
// shortened to what helps to find it.
func around(line string, col int) (before, at string) {
	runes := []rune(line)
	i := max(0, min(col-1, len(runes)))
	first, last := window(runes, i)
	before, at = string(runes[first:i]), string(runes[i:last])
	if first > 0 {
		before = "… " + before
	}
	if last < len(runes) {
		at += " …"
	}
	return before, at
}

// alike joins findings that say the same of the same element on several
// pages, as a mistake in a template makes them.
func alike(g []shared) []shared {
	at := map[string]int{}
	var out []shared
	for _, s := range g {
		key := strings.Join([]string{s.Message, argsKey(s.Args), s.Target, strings.TrimSpace(s.Line), strings.Join(modes(s.Finding), ",")}, "\x00")
		i, ok := at[key]
		if !ok {
			at[key] = len(out)
			out = append(out, s)
			continue
		}
		out[i].pages = append(slices.Clip(out[i].pages), s.pages...)
	}
	for i := range out {
		slices.Sort(out[i].pages)
		out[i].pages = slices.Compact(out[i].pages)
	}
	slices.SortStableFunc(out, func(a, b shared) int { return cmp.Compare(len(b.pages), len(a.pages)) })
	return out
}

// criterionURL is where the Recommendation has the success criterion.
func criterionURL(sc string) string {
	if c, ok := wcag.Of(wcag.SC(sc)); ok {
		return "https://www.w3.org/TR/WCAG22/#" + c.ID
	}
	return "https://www.w3.org/TR/WCAG22/"
}

// actURL is where the W3C has the rule.
func actURL(id string) string {
	return "https://www.w3.org/WAI/standards-guidelines/act/rules/" + id + "/"
}
