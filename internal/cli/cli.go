// Package cli is what both commands share: their language, their help, and
// their version.
package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"handrail/i18n"
)

// Version is the release; a build from a checkout adds the commit.
const Version = "0.1.0"

// Languages are those that the tools themselves speak, the default first.
var Languages = []string{"en", "zh-Hans"}

// PreferredLang finds the language before flags are parsed, since help is
// written in it too: --lang, then the usual environment variables.
func PreferredLang(args []string, getenv func(string) string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return i18n.Negotiate(v, Languages)
		}
		if a == "--lang" && i+1 < len(args) {
			return i18n.Negotiate(args[i+1], Languages)
		}
	}
	for _, name := range []string{"HANDRAIL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			return i18n.Negotiate(v, Languages)
		}
	}
	return Languages[0]
}

// Texts loads the texts of the tools in one of their languages.
func Texts(lang string) *i18n.Catalogue {
	layer := i18n.Embedded()
	layer.Dir += "/tool"
	layer.Name += "/tool"
	set, diags := i18n.Load(layer)
	if diags.Errors() > 0 {
		panic("tool texts: " + diags[0].Error())
	}
	return set.For(lang)
}

// Text returns a text of a tool; args are name, value pairs.
func Text(cat *i18n.Catalogue, key string, args ...any) string {
	s, ok := cat.Text(key, args...)
	if !ok {
		panic("no text for " + key)
	}
	return s
}

// TranslateHelp puts cobra's own words into the reader's language and keeps
// the help of each command on one screen.
func TranslateHelp(root *cobra.Command, cat *i18n.Catalogue) {
	w := func(key string, args ...any) string { return Text(cat, key, args...) }
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

` + w("tool.help.more", "program", root.Name()) + `{{end}}
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

// VersionLine is what the command version prints.
func VersionLine(program string) string {
	return fmt.Sprintf("%s %s %s %s/%s", program, longVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func longVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Version
	}
	revision, modified := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = "+" + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = ".modified"
		}
	}
	return Version + revision + modified
}
