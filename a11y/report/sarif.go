package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"handrail/a11y/act"
)

// The parts of SARIF 2.1.0 that a report uses.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		Language   string        `json:"language"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string          `json:"id"`
		ShortDescription sarifText       `json:"shortDescription"`
		FullDescription  *sarifText      `json:"fullDescription,omitempty"`
		Help             *sarifText      `json:"help,omitempty"`
		Properties       sarifProperties `json:"properties"`
	}
	sarifProperties struct {
		Tags []string `json:"tags"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Kind                string            `json:"kind"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations,omitempty"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Properties          sarifWhere        `json:"properties"`
	}
	sarifWhere struct {
		Page  string   `json:"page"`
		Modes []string `json:"modes"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int        `json:"startLine"`
		StartColumn int        `json:"startColumn,omitempty"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
)

// SARIF writes findings as a SARIF 2.1.0 log, which code hosts and editors
// read. Columns count code points, as everywhere in our reports.
func SARIF(w io.Writer, findings []Finding, o Options) error {
	shown := selected(findings, o.All)
	rules, index := sarifRules(shown, o.Words)
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{cmp.Or(o.Tool, "handrail"), o.Version, rules}},
		Language:   sarifLanguage(o.Words.Lang()),
		ColumnKind: "unicodeCodePoints",
		Results:    make([]sarifResult, 0, len(shown)),
	}
	for _, f := range shown {
		run.Results = append(run.Results, sarifResultOf(f, index[f.Rule], o.Words))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

// sarifRules describes the rules that occur, in ID order, and where each is.
func sarifRules(findings []Finding, w Words) ([]sarifRule, map[string]int) {
	rules := []sarifRule{}
	seen := map[string]bool{}
	for _, f := range findings {
		if seen[f.Rule] {
			continue
		}
		seen[f.Rule] = true
		tags := []string{"accessibility"}
		for _, sc := range f.WCAG {
			tags = append(tags, "wcag"+strings.ReplaceAll(sc, ".", ""))
		}
		for _, id := range f.ACT {
			tags = append(tags, "act-"+id)
		}
		rules = append(rules, sarifRule{
			ID:               f.Rule,
			ShortDescription: sarifText{w.Title(f.Rule)},
			FullDescription:  textOrNil(w.Why(f.Rule)),
			Help:             textOrNil(w.Fix(f.Rule)),
			Properties:       sarifProperties{tags},
		})
	}
	slices.SortFunc(rules, func(a, b sarifRule) int { return cmp.Compare(a.ID, b.ID) })
	index := map[string]int{}
	for i, r := range rules {
		index[r.ID] = i
	}
	return rules, index
}

func sarifResultOf(f Finding, index int, w Words) sarifResult {
	kind, level := sarifLevel(f)
	text := cmp.Or(message(f, w), w.Title(f.Rule))
	if advice := fix(f, w); advice != "" {
		text += "\n" + advice
	}
	r := sarifResult{
		RuleID: f.Rule, RuleIndex: index, Kind: kind, Level: level,
		Message:             sarifText{text},
		PartialFingerprints: map[string]string{"handrail/v1": fingerprint(f)},
		Properties:          sarifWhere{f.Page, modes(f)},
	}
	loc := sarifLocation{Physical: sarifPlace(f.Source, f.Line)}
	if loc.Physical == nil && f.Page != "" {
		loc.Physical = sarifPlace(Place{File: f.Page}, "")
	}
	if f.Target != "" {
		loc.Logical = []sarifLogical{{f.Target, "element"}}
	}
	if loc.Physical != nil || loc.Logical != nil {
		r.Locations = []sarifLocation{loc}
	}
	if p := sarifPlace(f.Related, ""); p != nil {
		r.RelatedLocations = []sarifLocation{{Physical: p}}
	}
	return r
}

// sarifLevel maps outcomes; SARIF wants level "none" for all but failures.
func sarifLevel(f Finding) (kind, level string) {
	switch f.Outcome {
	case act.Failed:
		return "fail", [...]string{"error", "warning", "note"}[f.Severity]
	case act.CantTell:
		return "review", "none"
	case act.Passed:
		return "pass", "none"
	}
	return "notApplicable", "none"
}

// sarifPlace returns a physical location, or nil when no file is known.
func sarifPlace(p Place, text string) *sarifPhysical {
	if p.File == "" {
		return nil
	}
	loc := &sarifPhysical{Artifact: sarifArtifact{(&url.URL{Path: filepath.ToSlash(p.File)}).String()}}
	if p.Line > 0 {
		loc.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Col, Snippet: textOrNil(text)}
	}
	return loc
}

// fingerprint keeps its value when lines move, so that a host can tell an
// old finding from a new one.
func fingerprint(f Finding) string {
	h := sha256.New()
	for _, s := range []string{f.Rule, f.Page, f.Target, f.Message, argsKey(f.Args)} {
		io.WriteString(h, s+"\x00")
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// sarifLanguage: the schema takes a language and an optional region, no
// script.
func sarifLanguage(tag string) string {
	if strings.HasPrefix(tag, "zh") {
		return "zh-CN"
	}
	return "en-US"
}

func textOrNil(s string) *sarifText {
	if s == "" {
		return nil
	}
	return &sarifText{s}
}
