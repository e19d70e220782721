// Package diag holds what Handrail tells an author about a place in a file.
// It lies at the bottom: it imports nothing of ours.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Severity says what a diagnostic does to a build.
type Severity uint8

const (
	Error   Severity = iota // closes the gate
	Warning                 // reported, closes nothing
	Notice                  // informs
)

// String returns the word that reports use: "error", "warning" or "notice".
func (s Severity) String() string {
	switch s {
	case Warning:
		return "warning"
	case Notice:
		return "notice"
	}
	return "error"
}

// Pos is a place in a source file. Line and Col start at 1; Col counts
// Unicode code points, so that a caret lands right under Chinese or Arabic.
type Pos struct {
	File      string
	Line, Col int // zero when unknown
}

// IsZero reports whether nothing is known of the place.
func (p Pos) IsZero() bool { return p == Pos{} }

// String returns file:line:col, without the parts that are unknown.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Compare orders places by file, line and column.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// A Diagnostic is an author's mistake, or a notice to an author, at a place.
// It is an error so that it can travel; drivers collect it with
// errors.AsType and go on.
type Diagnostic struct {
	Pos      Pos
	Severity Severity
	Code     string         // stable, kebab-case: "unknown-field"; keys the translated text
	Msg      string         // English, lower case, no full stop
	Hint     string         // what to do next, English; may be empty
	Args     map[string]any // what the translated text needs: {name}, {want}, …
	Err      error          // cause; may be nil
}

// Error returns "file:line:col: msg".
func (d *Diagnostic) Error() string { return d.Pos.String() + ": " + d.Msg }

// Unwrap returns the cause.
func (d *Diagnostic) Unwrap() error { return d.Err }

// A List is what a stage found, in no order until sorted.
type List []*Diagnostic

// Add appends a diagnostic.
func (l *List) Add(d *Diagnostic) { *l = append(*l, d) }

// Sort orders by place, then code and message, so that two runs print the same.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b *Diagnostic) int {
		return cmp.Or(a.Pos.Compare(b.Pos), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Msg, b.Msg))
	})
}

// Errors counts the diagnostics that close the gate.
func (l List) Errors() int {
	n := 0
	for _, d := range l {
		if d.Severity == Error {
			n++
		}
	}
	return n
}

// Lines turns byte offsets of one text into places. It is built once per
// file, costs four bytes a line, and is safe for concurrent use.
type Lines struct {
	file   string
	text   string
	starts []uint32
}

// NewLines indexes text, whose first byte has offset 0. Lines end with \n,
// \r\n or \r.
func NewLines(file, text string) *Lines {
	starts := make([]uint32, 1, 1+strings.Count(text, "\n"))
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			starts = append(starts, uint32(i+1))
		case '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				starts = append(starts, uint32(i+1))
			}
		}
	}
	return &Lines{file, text, starts}
}

// Pos returns the place of the byte at off; an offset past the end is the end.
func (l *Lines) Pos(off int) Pos {
	off = max(0, min(off, len(l.text)))
	i, ok := slices.BinarySearch(l.starts, uint32(off))
	if !ok {
		i--
	}
	col := utf8.RuneCountInString(l.text[l.starts[i]:off]) + 1
	return Pos{l.file, i + 1, col}
}

// Line returns the text of line n (from 1) without its end, or "".
func (l *Lines) Line(n int) string {
	if n < 1 || n > len(l.starts) {
		return ""
	}
	end := len(l.text)
	if n < len(l.starts) {
		end = int(l.starts[n])
	}
	return strings.TrimRight(l.text[l.starts[n-1]:end], "\r\n")
}
