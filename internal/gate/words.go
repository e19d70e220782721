package gate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"handrail/a11y/act"
	"handrail/a11y/report"
	"handrail/a11y/texts"
	"handrail/i18n"
	"handrail/internal/diag"
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
	args := map[string]string{argText: d.Msg, argHint: d.Hint}
	for k, v := range d.Args {
		args[k] = fmt.Sprint(v)
	}
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
	if s, ok := w.said("diag."+rule, nil); ok {
		return s
	}
	return w.Texts.Title(rule)
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

// said returns a translated text about an author's mistake. Mistakes of one
// code may differ in what they give: a text that wants more than there is
// makes way for the one under the key with ".else". {message} and {advice} are
// what the stage itself says, for what comes from tools that speak English.
func (w words) said(key string, args map[string]string) (string, bool) {
	all := map[string]string{}
	maps.Copy(all, args)
	if text, ok := args[argText]; ok {
		all["message"], all["advice"] = text, args[argHint]
	}
	for _, k := range []string{key, key + ".else"} {
		m := w.tool.Message(k)
		if m == nil {
			continue
		}
		lacks := func(name string) bool { _, ok := all[name]; return !ok }
		if !slices.ContainsFunc(m.Placeholders(), lacks) {
			return w.own(k, all)
		}
	}
	return "", false
}

// Message says what is wrong. A mistake without a translation is told in the
// words of the stage that found it.
func (w words) Message(rule, id string, args map[string]string) string {
	if s, ok := w.own("gate."+rule+"."+id, args); ok {
		return s
	}
	if text, ok := args[argText]; ok {
		if args["more-than"] != "" {
			if s, ok := w.own("diag.more", args); ok {
				return s
			}
		}
		if s, ok := w.said("diag."+rule, args); ok {
			return w.near(s, args)
		}
		return text
	}
	return w.Texts.Message(rule, id, args)
}

// near adds what the author may have meant to a translated message; the
// stages' own words have it already.
func (w words) near(message string, args map[string]string) string {
	near := cmp.Or(args["suggestion"], args["guess"])
	if near == "" {
		return message
	}
	s, ok := w.own("diag.near", map[string]string{"message": message, "suggestion": near})
	if !ok {
		return message
	}
	return s
}

// Hint says what to do about one finding.
func (w words) Hint(rule, id string, args map[string]string) string {
	if hint, ok := args[argHint]; ok {
		if s, ok := w.said("diag."+rule+".hint", args); ok {
			return s
		}
		return hint
	}
	return w.Texts.Hint(rule, id, args)
}
