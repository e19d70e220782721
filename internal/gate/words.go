package gate

import (
	"cmp"

	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/a11y/texts"
	"handrail/i18n"
	"handrail/internal/diag"
	said "handrail/internal/diag/words"
)

// words speaks for the rules of the checker, for the gate's own, and for what
// the stages before it told the author.
type words struct {
	*texts.Texts
	tool *i18n.Catalogue
}

// Words returns the texts that reports of the gate are written with, in the
// language of the tool's catalogue.
func Words(tool *i18n.Catalogue) report.Words {
	return words{texts.For(tool.Tag), tool}
}

// Arguments of findings that carry a text of their own, in English.
const (
	argText = "_text"
	argHint = "_hint"
)

// FromDiagnostic makes a finding of what a stage told the author, so that one
// report holds everything.
func FromDiagnostic(d *diag.Diagnostic) report.Finding {
	args := said.Args(d)
	args[argText], args[argHint] = d.Msg, d.Hint
	f := report.Finding{Rule: d.Code, Severity: report.Severity(d.Severity), Outcome: act.Failed,
		Source: place(d.Pos), Message: d.Code, Args: args}
	if d.Hint != "" {
		f.Hints = []string{d.Code}
	}
	return f
}

func (w words) own(key string, args map[string]string) (string, bool) {
	pairs := make([]any, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	return w.tool.Text(key, pairs...)
}

// Title says what the rule wants, or for an author's mistake its code.
func (w words) Title(rule string) string {
	if s, ok := w.own("gate."+rule+".title", nil); ok {
		return s
	}
	return cmp.Or(said.Message(w.tool, rule, "", "", nil), w.Texts.Title(rule))
}

// Why says why the rule matters.
func (w words) Why(rule string) string {
	if s, ok := w.own("gate."+rule+".why", nil); ok {
		return s
	}
	return w.Texts.Why(rule)
}

// Fix says how to mend a failure of the rule.
func (w words) Fix(rule string) string {
	if s, ok := w.own("gate."+rule+".fix", nil); ok {
		return s
	}
	return w.Texts.Fix(rule)
}

// Message says what is wrong. A mistake without a translation is told in the
// words of the stage that found it.
func (w words) Message(rule, id string, args map[string]string) string {
	if s, ok := w.own("gate."+rule+"."+id, args); ok {
		return s
	}
	if english, ok := args[argText]; ok {
		return cmp.Or(said.Message(w.tool, rule, english, args[argHint], args), english)
	}
	return w.Texts.Message(rule, id, args)
}

// Hint says what to do about one finding.
func (w words) Hint(rule, id string, args map[string]string) string {
	if hint, ok := args[argHint]; ok {
		return cmp.Or(said.Hint(w.tool, rule, args[argText], hint, args), hint)
	}
	return w.Texts.Hint(rule, id, args)
}
