package report

import (
	"encoding/json"
	"io"
)

// line is one line of the JSON Lines report. Its names and their order are
// a contract; only message and fix depend on the language.
type line struct {
	Page    string   `json:"page"`
	Rule    string   `json:"rule"`
	ACT     []string `json:"act"`
	WCAG    []string `json:"wcag"`
	Outcome string   `json:"outcome"`
	Target  string   `json:"target"`
	Source  string   `json:"source"`
	Modes   []string `json:"modes"`
	Message string   `json:"message"`
	Fix     string   `json:"fix"`
}

// JSONLines writes one JSON object a line: one finding for each page, rule,
// target and distinct outcome.
func JSONLines(w io.Writer, findings []Finding, o Options) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range selected(findings, o.All) {
		err := enc.Encode(line{
			Page:    f.Page,
			Rule:    f.Rule,
			ACT:     list(f.ACT),
			WCAG:    list(f.WCAG),
			Outcome: f.Outcome.String(),
			Target:  f.Target,
			Source:  f.Source.String(),
			Modes:   modes(f),
			Message: message(f, o.Words),
			Fix:     fix(f, o.Words),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// list makes nil an empty list, which JSON tells apart.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
