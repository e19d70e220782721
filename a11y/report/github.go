package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
)

// GitHub writes findings as workflow commands, which GitHub Actions shows
// beside the lines of a change.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func GitHub(w io.Writer, findings []Finding, o Options) error {
	b := bufio.NewWriter(w)
	for _, f := range selected(findings, o.All) {
		level := [...]string{"error", "warning", "notice"}[f.Severity]
		if kind, _ := sarifLevel(f); kind != "fail" {
			level = "notice"
		}
		props := "file=" + property(cmp.Or(f.Source.File, f.Page))
		if f.Source.Line > 0 {
			props += fmt.Sprintf(",line=%d", f.Source.Line)
		}
		if f.Source.Col > 0 {
			props += fmt.Sprintf(",col=%d", f.Source.Col)
		}
		text := sentences(cmp.Or(message(f, o.Words), o.Words.Title(f.Rule)), fix(f, o.Words))
		fmt.Fprintf(b, "::%s %s,title=%s::%s\n", level, props, property(f.Rule), data(strings.TrimSpace(text)))
	}
	return b.Flush()
}

// data escapes the message of a command, property one of its properties.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
