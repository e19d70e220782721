package main

import (
	"strings"

	"github.com/spf13/cobra"

	"handrail/i18n"
)

// preferredLang finds the author's language before flags are parsed, since
// help is written in it too: --lang, then the usual environment variables.
func preferredLang(args []string, getenv func(string) string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return i18n.Negotiate(v, toolLanguages)
		}
		if a == "--lang" && i+1 < len(args) {
			return i18n.Negotiate(args[i+1], toolLanguages)
		}
	}
	for _, name := range []string{"HANDRAIL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			return i18n.Negotiate(v, toolLanguages)
		}
	}
	return toolLanguages[0]
}

// toolLanguages are those that the tool itself speaks, the default first.
var toolLanguages = []string{"en", "zh-Hans"}

// toolTexts loads the texts of the tool in one of its languages.
func toolTexts(lang string) *i18n.Catalogue {
	layer := i18n.Embedded()
	layer.Dir += "/tool"
	layer.Name += "/tool"
	set, diags := i18n.Load(layer)
	if diags.Errors() > 0 {
		panic("tool texts: " + diags[0].Error())
	}
	return set.For(lang)
}

// translateHelp puts cobra's own words into the author's language and keeps
// the help of each command on one screen.
func translateHelp(root *cobra.Command, g *globals) {
	w := g.text
	root.SetUsageTemplate(w("tool.help.usage") + `{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} [command]{{end}}{{if .HasExample}}

` + w("tool.help.examples") + `
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

` + w("tool.help.commands") + `{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

` + w("tool.help.flags") + `
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if and .HasParent .HasAvailableInheritedFlags}}

` + w("tool.help.shared") + `
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableSubCommands}}

` + w("tool.help.more") + `{{end}}
`)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Short = w("tool.help.help")
		case "completion":
			c.Short = w("tool.help.completion")
		}
	}
	root.InitDefaultHelpFlag()
	for _, c := range append(root.Commands(), root) {
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = w("tool.flag.help")
		}
	}
}
