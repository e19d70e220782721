package config

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// selfName returns a language's name in its own words. Chinese is named by
// its script, as its readers know it.
func selfName(t language.Tag) string {
	if base, _ := t.Base(); base.String() == "zh" {
		if script, _ := t.Script(); script.String() == "Hant" {
			return "繁體中文"
		}
		return "简体中文"
	}
	if n := display.Self.Name(t); n != "" {
		return n
	}
	return t.String()
}
