package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"handrail/a11y/act"
)

// Text writes findings for people. Findings of one rule stand together, the
// errors first; one that many pages share, because it comes from a layout,
// is written once. Beyond Options.Show findings of a rule the rest is
// counted, unless Verbose.
func Text(w io.Writer, findings []Finding, o Options) error {
	p := &printer{Writer: bufio.NewWriter(w), o: o}
	if p.o.Show == 0 {
		p.o.Show = 3
	}
	for i, g := range groups(selected(findings, o.All)) {
		if i > 0 {
			p.line("")
		}
		p.group(g)
	}
	return p.Flush()
}

// A shared finding is one place and message, and the pages that show it.
type shared struct {
	Finding
	pages []string
}

// groups puts findings of the same outcome, severity and rule together.
func groups(findings []Finding) [][]shared {
	type groupKey struct {
		outcome  act.Outcome
		severity Severity
		rule     string
	}
	byRule := map[groupKey][]Finding{}
	for _, f := range findings {
		k := groupKey{f.Outcome, f.Severity, f.Rule}
		byRule[k] = append(byRule[k], f)
	}
	keys := make([]groupKey, 0, len(byRule))
	for k := range byRule {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b groupKey) int {
		return cmp.Or(
			cmp.Compare(weight(a.outcome), weight(b.outcome)),
			cmp.Compare(a.severity, b.severity),
			cmp.Compare(a.rule, b.rule),
		)
	})
	out := make([][]shared, 0, len(keys))
	for _, k := range keys {
		out = append(out, share(byRule[k]))
	}
	return out
}

// weight orders outcomes: what needs work first.
func weight(o act.Outcome) int {
	switch o {
	case act.Failed:
		return 0
	case act.CantTell:
		return 1
	case act.Passed:
		return 2
	}
	return 3
}

// share joins the findings of one rule that have the same place, message
// and arguments, in order of place.
func share(findings []Finding) []shared {
	at := map[string]int{}
	var out []shared
	for _, f := range findings {
		key := f.Source.String() + "\x00" + f.Message + "\x00" + argsKey(f.Args)
		if f.Source.Line == 0 {
			key += "\x00" + f.Page + "\x00" + f.Target // place unknown: never the same
		}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, shared{Finding: f})
		}
		if n := len(out[i].pages); n == 0 || out[i].pages[n-1] != f.Page { // they come page by page
			out[i].pages = append(out[i].pages, f.Page)
		}
	}
	slices.SortStableFunc(out, func(a, b shared) int { return a.Source.Compare(b.Source) })
	return out
}

func argsKey(args map[string]string) string {
	parts := make([]string, 0, len(args))
	for k, v := range args {
		parts = append(parts, k+"="+v)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\x00")
}

// printer writes lines; bufio keeps the first error until Flush.
type printer struct {
	*bufio.Writer
	o Options
}

func (p *printer) line(s string) {
	p.WriteString(s)
	p.WriteByte('\n')
}

func (p *printer) group(g []shared) {
	show := len(g)
	if !p.o.Verbose && show > p.o.Show {
		show = p.o.Show
	}
	said := ""
	for i, f := range g[:show] {
		advice := fix(f.Finding, p.o.Words)
		p.finding(f)
		if i == 0 && f.Outcome == act.Failed {
			p.label("why", p.o.Words.Why(f.Rule))
		}
		if i == 0 || advice != said {
			p.label("fix", advice)
		}
		said = advice
	}
	if rest := g[show:]; len(rest) > 0 {
		files := map[string]bool{}
		for _, f := range rest {
			files[cmp.Or(f.Source.File, f.Page)] = true
		}
		p.line(p.o.Words.Word("more", map[string]string{
			"count": strconv.Itoa(len(rest)),
			"rule":  g[0].Rule,
			"title": p.o.Words.Title(g[0].Rule),
			"files": strconv.Itoa(len(files)),
		}))
	}
}

func (p *printer) finding(f shared) {
	where := f.Source.String()
	if where == "" {
		where = f.Page
	}
	word, colour := p.level(f.Finding)
	text := message(f.Finding, p.o.Words)
	if text == "" {
		text = p.o.Words.Title(f.Rule)
	}
	p.line(fmt.Sprintf("%s: %s: %s: %s", where, p.paint(colour, word), f.Rule, text))
	if f.Line != "" && f.Source.Col > 0 {
		shown, pad := excerpt(f.Line, f.Source.Col)
		gutter := strconv.Itoa(f.Source.Line)
		p.line("  " + gutter + " | " + shown)
		p.line("  " + strings.Repeat(" ", len(gutter)) + " | " + pad + p.paint(colour, "^"))
	}
	if f.Related.File != "" {
		p.label("related", f.Related.String())
	}
	if m := modes(f.Finding); m[0] != "*" {
		p.label("modes", strings.Join(m, ", "))
	}
	p.pages(f)
}

// pages names the page, when the place is not in it, and the element there;
// other pages are counted.
func (p *printer) pages(f shared) {
	key, parts := "page", []string{}
	switch {
	case f.pages[0] != f.Source.File && f.Source.File != "":
		parts = append(parts, f.pages[0])
	case len(f.pages) == 1:
		key = "element"
	}
	if f.Target != "" {
		parts = append(parts, f.Target)
	}
	if n := len(f.pages) - 1; n > 0 {
		parts = append(parts, p.o.Words.Word("more-pages", map[string]string{"count": strconv.Itoa(n)}))
	}
	p.label(key, strings.Join(parts, "  "))
}

func (p *printer) label(key, text string) {
	if text != "" {
		p.line("  " + sentences(p.o.Words.Word(key, nil), text))
	}
}

// level returns the word for how much a finding weighs and its colour.
func (p *printer) level(f Finding) (word, colour string) {
	switch f.Outcome {
	case act.Failed:
		return p.o.Words.Word(f.Severity.String(), nil), [...]string{"31", "33", "36"}[f.Severity]
	case act.CantTell:
		return p.o.Words.Word("cantTell", nil), "36"
	}
	return p.o.Words.Word(f.Outcome.String(), nil), "32"
}

// paint colours a word when colour was asked for.
func (p *printer) paint(colour, s string) string {
	if !p.o.Colour {
		return s
	}
	return "\x1b[1;" + colour + "m" + s + "\x1b[0m"
}
