// Package report writes what the checker found: for people as text, for
// programs as JSON Lines, SARIF, JUnit, EARL and workflow commands. It is the last stage of a check; it
// takes findings whose places are already known and looks up their words.
package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"handrail/a11y/act"
)

// A Severity says how much a failed finding weighs.
type Severity uint8

// The severities, the heaviest first.
const (
	Error Severity = iota
	Warning
	Notice
)

// String returns the word: "error", "warning" or "notice".
func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Notice:
		return "notice"
	}
	return "error"
}

// A Place is a spot in a file. Line and Col start at 1; Col counts Unicode
// code points. They are zero when unknown.
type Place struct {
	File      string
	Line, Col int
}

// String returns file:line:col, without the parts that are unknown.
func (p Place) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders places by file, line and column.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// A Finding is the outcome of one rule for one target, with the place in
// the author's files that caused it. Words are IDs until they are written.
type Finding struct {
	Page     string   // file of the page in the output, "en/a/index.html"
	Rule     string   // rule ID
	ACT      []string // W3C ACT rules it implements
	WCAG     []string // success criteria
	Outcome  act.Outcome
	Severity Severity
	Target   string // CSS path; empty when the rule had no target

	Source  Place  // where an author mends it
	Line    string // the source line, without its end; empty when unknown
	Related Place  // a second place that takes part, such as a style rule

	Modes   []string // display modes; ["*"] or none for all
	Message string   // message ID
	Hints   []string // hint IDs
	Args    map[string]string
}

// Words are the texts that reports are written with. *texts.Texts has them;
// a caller with rules of its own wraps it.
type Words interface {
	Lang() string
	Title(rule string) string
	Why(rule string) string
	Fix(rule string) string
	Message(rule, id string, args map[string]string) string
	Hint(rule, id string, args map[string]string) string
	Word(key string, args map[string]string) string
}

// Options say how a report is written.
type Options struct {
	Words   Words  // required
	Colour  bool   // text only: colour the severity and the caret
	Verbose bool   // text only: every finding in full
	Show    int    // text only: findings of one rule in full; 3 when zero
	All     bool   // also passed, cantTell and inapplicable
	Tool    string // name of the program; "handrail" when empty
	Version string // its version; may be empty
}

// Formats lists the names that Write knows.
func Formats() []string {
	return []string{"text", "jsonl", "sarif", "junit", "earl", "html", "github"}
}

// Write writes findings in the format named. The findings are not changed,
// and their order does not matter.
func Write(w io.Writer, format string, findings []Finding, o Options) error {
	switch format {
	case "text":
		return Text(w, findings, o)
	case "jsonl":
		return JSONLines(w, findings, o)
	case "sarif":
		return SARIF(w, findings, o)
	case "junit":
		return JUnit(w, findings, o)
	case "earl":
		return EARL(w, findings, o)
	case "html":
		return HTML(w, findings, o)
	case "github":
		return GitHub(w, findings, o)
	}
	return fmt.Errorf("unknown report format %q (want %s)", format, strings.Join(Formats(), ", "))
}

// selected returns the findings a report shows, in a stable order: by page,
// place, rule and target.
func selected(findings []Finding, all bool) []Finding {
	out := make([]Finding, 0, len(findings))
	for _, f := range findings {
		if all || f.Outcome == act.Failed {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Page, b.Page),
			a.Source.Compare(b.Source),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Target, b.Target),
			cmp.Compare(a.Outcome, b.Outcome),
			slices.Compare(a.Modes, b.Modes),
		)
	})
	return out
}

// message is the sentence of a finding; a passed or inapplicable outcome
// without words of its own says nothing.
func message(f Finding, w Words) string {
	if f.Message == "" {
		return ""
	}
	return w.Message(f.Rule, f.Message, f.Args)
}

// fix says how to mend a finding: its own hints, else the rule's advice.
func fix(f Finding, w Words) string {
	if f.Outcome != act.Failed && f.Outcome != act.CantTell {
		return ""
	}
	var hints []string
	for _, id := range f.Hints {
		if s := w.Hint(f.Rule, id, f.Args); s != "" {
			hints = append(hints, s)
		}
	}
	if len(hints) > 0 {
		return sentences(hints...)
	}
	return w.Fix(f.Rule)
}

// sentences joins texts by a space, but not after the full-width marks of
// Chinese, which bring their own.
func sentences(parts ...string) string {
	var b strings.Builder
	for _, s := range parts {
		if last, _ := utf8.DecodeLastRuneInString(b.String()); b.Len() > 0 && !strings.ContainsRune("。：？！）", last) {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

// modes never is empty: no mode named means every mode.
func modes(f Finding) []string {
	if len(f.Modes) == 0 {
		return []string{"*"}
	}
	return f.Modes
}
