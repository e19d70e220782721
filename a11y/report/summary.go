package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"handrail/a11y/act"
)

// A Count is how often one rule had each result.
type Count struct {
	Rule                      string
	Errors, Warnings, Notices int
	CantTell                  int
}

// Tally counts findings by rule, the rule with the most errors first.
func Tally(findings []Finding) []Count {
	at := map[string]*Count{}
	for _, f := range findings {
		c := at[f.Rule]
		if c == nil {
			c = &Count{Rule: f.Rule}
			at[f.Rule] = c
		}
		c.add(f)
	}
	var out []Count
	for _, c := range at {
		if c.total() > 0 {
			out = append(out, *c)
		}
	}
	slices.SortFunc(out, func(a, b Count) int {
		return cmp.Or(
			cmp.Compare(b.Errors, a.Errors),
			cmp.Compare(b.Warnings, a.Warnings),
			cmp.Compare(b.Notices, a.Notices),
			cmp.Compare(b.CantTell, a.CantTell),
			cmp.Compare(a.Rule, b.Rule),
		)
	})
	return out
}

func (c *Count) add(f Finding) {
	switch {
	case f.Outcome == act.CantTell:
		c.CantTell++
	case f.Outcome != act.Failed:
	case f.Severity == Error:
		c.Errors++
	case f.Severity == Warning:
		c.Warnings++
	default:
		c.Notices++
	}
}

func (c *Count) total() int { return c.Errors + c.Warnings + c.Notices + c.CantTell }

// Summary writes a table of rules and severities with a last line of sums.
// Nothing is written when nothing was found.
func Summary(w io.Writer, findings []Finding, o Options) error {
	counts := Tally(findings)
	if len(counts) == 0 {
		return nil
	}
	rows := [][]string{{o.Words.Word("rule", nil)}}
	for _, key := range []string{"errors", "warnings", "notices", "to-check"} {
		rows[0] = append(rows[0], o.Words.Word(key, nil))
	}
	sum := Count{Rule: o.Words.Word("sum", nil)}
	for _, c := range counts {
		rows = append(rows, c.row())
		sum.Errors += c.Errors
		sum.Warnings += c.Warnings
		sum.Notices += c.Notices
		sum.CantTell += c.CantTell
	}
	if len(counts) > 1 {
		rows = append(rows, sum.row())
	}
	return table(w, rows)
}

func (c *Count) row() []string {
	row := []string{c.Rule}
	for _, n := range []int{c.Errors, c.Warnings, c.Notices, c.CantTell} {
		row = append(row, fmt.Sprint(n))
	}
	return row
}

// table writes rows in columns: the first to the left, numbers to the right.
func table(w io.Writer, rows [][]string) error {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, s := range row {
			widths[i] = max(widths[i], columns(s))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, s := range row {
			fill := strings.Repeat(" ", widths[i]-columns(s))
			if i == 0 {
				b.WriteString(s + fill)
			} else {
				b.WriteString("  " + fill + s)
			}
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// columns is the display width of a text.
func columns(s string) int {
	n := 0
	for _, r := range s {
		_, w := cell(r)
		n += w
	}
	return n
}
