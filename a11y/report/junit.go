package report

import (
	"cmp"
	"encoding/xml"
	"io"
	"strings"

	"handrail/a11y/act"
)

// The parts of the JUnit XML format that CI systems read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitMessage `xml:"failure,omitempty"`
		Skipped *junitMessage `xml:"skipped,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes findings as test cases: a suite for each page, a case for
// each finding. What a person has to look at is a skipped case.
func JUnit(w io.Writer, findings []Finding, o Options) error {
	all := junitSuites{Name: cmp.Or(o.Tool, "handrail")}
	for _, f := range selected(findings, o.All) {
		n := len(all.Suites)
		if n == 0 || all.Suites[n-1].Name != f.Page {
			all.Suites = append(all.Suites, junitSuite{Name: f.Page})
			n++
		}
		all.Suites[n-1].add(f, o.Words)
	}
	for _, s := range all.Suites {
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Skipped += s.Skipped
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuite) add(f Finding, w Words) {
	c := junitCase{Class: f.Page, Name: strings.TrimSpace(f.Rule + " " + f.Target), File: f.Source.File, Line: f.Source.Line}
	text := cmp.Or(message(f, w), w.Title(f.Rule))
	s.Tests++
	switch f.Outcome {
	case act.Failed:
		s.Failures++
		c.Failure = &junitMessage{text, f.Severity.String(), strings.TrimSpace(f.Source.String() + "\n" + fix(f, w))}
	case act.CantTell, act.Inapplicable:
		s.Skipped++
		c.Skipped = &junitMessage{Message: text}
	}
	s.Cases = append(s.Cases, c)
}
