package report

import (
	"cmp"
	"encoding/json"
	"io"

	"handrail/a11y/act"
)

// earlContext maps the short names of the report to the vocabularies of the
// W3C: EARL 1.0 Schema, and Dublin Core.
var earlContext = map[string]any{
	"@vocab":     "http://www.w3.org/ns/earl#",
	"earl":       "http://www.w3.org/ns/earl#",
	"dcterms":    "http://purl.org/dc/terms/",
	"WCAG22":     "https://www.w3.org/TR/WCAG22/#",
	"assertedBy": map[string]string{"@type": "@id"},
	"mode":       map[string]string{"@type": "@id"},
	"outcome":    map[string]string{"@type": "@id"},
	"isPartOf":   map[string]string{"@id": "dcterms:isPartOf", "@type": "@id"},
	"title":      "dcterms:title",
	"source":     "dcterms:source",
}

type (
	earlGraph struct {
		Context any   `json:"@context"`
		Graph   []any `json:"@graph"`
	}
	earlSoftware struct {
		ID      string `json:"@id"`
		Type    string `json:"@type"`
		Title   string `json:"title"`
		Version string `json:"dcterms:hasVersion,omitempty"`
	}
	earlAssertion struct {
		Type       string      `json:"@type"`
		AssertedBy string      `json:"assertedBy"`
		Subject    earlSubject `json:"subject"`
		Test       earlTest    `json:"test"`
		Mode       string      `json:"mode"`
		Result     earlResult  `json:"result"`
	}
	earlSubject struct {
		Type   []string `json:"@type"`
		Source string   `json:"source"`
	}
	earlTest struct {
		ID       string     `json:"@id"`
		Type     string     `json:"@type"`
		Title    string     `json:"title"`
		IsPartOf []string   `json:"isPartOf,omitempty"`
		ACT      []earlLink `json:"dcterms:conformsTo,omitempty"`
	}
	earlLink struct {
		ID string `json:"@id"`
	}
	earlResult struct {
		Type    string       `json:"@type"`
		Outcome string       `json:"outcome"`
		Info    string       `json:"info,omitempty"`
		Pointer *earlPointer `json:"pointer,omitempty"`
		Modes   []string     `json:"dcterms:coverage,omitempty"`
	}
	earlPointer struct {
		Type  string `json:"@type"`
		Value string `json:"http://www.w3.org/2009/pointers#expression"`
	}
)

// EARL writes findings as JSON-LD in the Evaluation and Report Language 1.0
// of the W3C (Working Group Note, 2 February 2017): one assertion for each
// page, rule, target and outcome.
func EARL(w io.Writer, findings []Finding, o Options) error {
	tool := cmp.Or(o.Tool, "handrail")
	g := earlGraph{Context: earlContext, Graph: []any{earlSoftware{"_:" + tool, "Software", tool, o.Version}}}
	for _, f := range selected(findings, o.All) {
		g.Graph = append(g.Graph, earlAssertionOf(f, "_:"+tool, o.Words))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(g)
}

func earlAssertionOf(f Finding, by string, w Words) earlAssertion {
	a := earlAssertion{
		Type: "Assertion", AssertedBy: by, Mode: "earl:automatic",
		Subject: earlSubject{[]string{"TestSubject", "http://xmlns.com/foaf/0.1/Document"}, cmp.Or(f.Page, f.Source.File)},
		Test:    earlTest{ID: "urn:handrail:rule:" + f.Rule, Type: "TestCase", Title: w.Title(f.Rule)},
		Result:  earlResult{Type: "TestResult", Outcome: "earl:" + f.Outcome.String(), Info: message(f, w)},
	}
	if f.Outcome == act.CantTell {
		a.Mode = "earl:semiAuto"
	}
	for _, sc := range f.WCAG {
		a.Test.IsPartOf = append(a.Test.IsPartOf, criterionURL(sc))
	}
	for _, id := range f.ACT {
		a.Test.ACT = append(a.Test.ACT, earlLink{actURL(id)})
	}
	if f.Target != "" {
		a.Result.Pointer = &earlPointer{"http://www.w3.org/2009/pointers#CSSSelectorPointer", f.Target}
	}
	if m := modes(f); m[0] != "*" {
		a.Result.Modes = m
	}
	return a
}
