// Package words tells authors their mistakes in their own language: it looks
// up diagnostics in the tools' catalogue, by their code.
package words

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"handrail/i18n"
	"handrail/internal/diag"
)

// Of returns the message and the hint of a diagnostic in the language of the
// catalogue; in English where that has no words for it.
func Of(tool *i18n.Catalogue, d *diag.Diagnostic) (message, hint string) {
	args := Args(d)
	return cmp.Or(Message(tool, d.Code, d.Msg, d.Hint, args), d.Msg), cmp.Or(Hint(tool, d.Code, d.Msg, d.Hint, args), d.Hint)
}

// Args returns the arguments of a diagnostic as texts are filled with them.
func Args(d *diag.Diagnostic) map[string]string {
	args := make(map[string]string, len(d.Args)+2)
	for k, v := range d.Args {
		args[k] = fmt.Sprint(v)
	}
	return args
}

// Message returns what a mistake with this code is called; "" when there are
// no words for it. English and advice are what the stage that found it says.
func Message(tool *i18n.Catalogue, code, english, advice string, args map[string]string) string {
	if args["more-than"] != "" {
		if s, ok := text(tool, "diag.more", args); ok {
			return s
		}
	}
	s := said(tool, "diag."+code, english, advice, args)
	// What the author may have meant: the stages' own words have it already.
	near := cmp.Or(args["suggestion"], args["guess"])
	if s == "" || near == "" {
		return s
	}
	if with, ok := text(tool, "diag.near", map[string]string{"message": s, "suggestion": near}); ok {
		return with
	}
	return s
}

// Hint returns what to do about a mistake; "" when there are no words for it,
// or nothing to say.
func Hint(tool *i18n.Catalogue, code, english, advice string, args map[string]string) string {
	if advice == "" {
		return ""
	}
	return said(tool, "diag."+code+".hint", english, advice, args)
}

// said looks up a text. Stages that share a code may differ in what they give:
// a text that wants more than there is makes way for the one under the key
// with ".else". {message} and {advice} are what the stage itself says, for what
// comes from tools that speak English.
func said(tool *i18n.Catalogue, key, english, advice string, args map[string]string) string {
	all := map[string]string{}
	maps.Copy(all, args)
	if english != "" {
		all["message"], all["advice"] = english, advice
	}
	for _, k := range []string{key, key + ".else"} {
		m := tool.Message(k)
		if m == nil {
			continue
		}
		lacks := func(name string) bool { _, ok := all[name]; return !ok }
		if !slices.ContainsFunc(m.Placeholders(), lacks) {
			s, _ := text(tool, k, all)
			return s
		}
	}
	return ""
}

func text(tool *i18n.Catalogue, key string, args map[string]string) (string, bool) {
	pairs := make([]any, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	return tool.Text(key, pairs...)
}
