package gate

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"handrail/a11y/report"
)

// A Baseline lists the findings that a site started with: they are reported
// as warnings, and only new ones close the gate. Each line of the file is
//
//	count<TAB>rule<TAB>source file<TAB>message
//
// Lines are not tied to line numbers, which move with every edit.
type Baseline map[baselineKey]int

type baselineKey struct{ rule, file, message string }

func keyOf(f *report.Finding) baselineKey {
	return baselineKey{f.Rule, cmp.Or(f.Source.File, f.Page), f.Message}
}

// ReadBaseline reads a baseline file.
func ReadBaseline(fsys fs.FS, name string) (Baseline, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	defer f.Close()
	b := Baseline{}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		line := s.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		p := strings.Split(line, "\t")
		count, err := strconv.Atoi(p[0])
		if err != nil || len(p) != 4 || count < 1 {
			return nil, fmt.Errorf("%s:%d: want count, rule, file and message with tabs between", name, n)
		}
		b[baselineKey{p[1], p[2], p[3]}] += count
	}
	return b, s.Err()
}

// WriteBaseline writes the errors among findings as a baseline, sorted.
func WriteBaseline(w io.Writer, findings []report.Finding) error {
	b := Baseline{}
	for i := range findings {
		if f := &findings[i]; f.Severity == report.Error && failed(f) {
			b[keyOf(f)]++
		}
	}
	keys := make([]baselineKey, 0, len(b))
	for k := range b {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y baselineKey) int {
		return cmp.Or(cmp.Compare(x.rule, y.rule), cmp.Compare(x.file, y.file), cmp.Compare(x.message, y.message))
	})
	if _, err := fmt.Fprintln(w, "# findings that this site started with: count, rule, file, message"); err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", b[k], k.rule, k.file, k.message); err != nil {
			return err
		}
	}
	return nil
}

// Apply turns the errors that the baseline knows into warnings.
func (b Baseline) Apply(findings []report.Finding) (known int) {
	left := make(Baseline, len(b))
	for k, n := range b {
		left[k] = n
	}
	for i := range findings {
		f := &findings[i]
		if f.Severity != report.Error || !failed(f) {
			continue
		}
		if k := keyOf(f); left[k] > 0 {
			left[k]--
			f.Severity = report.Warning
			known++
		}
	}
	return known
}
