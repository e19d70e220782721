package schema

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"handrail/internal/diag"
)

// describe fills in the words for one YAML syntax error and returns the
// offset that it is about. at is where the scanner stopped, context where
// the unfinished thing began.
func (p *yamlParser) describe(d *diag.Diagnostic, le *yaml.LoadError, at, context int) int {
	say := func(code, msg, hint string) { d.Code, d.Msg, d.Hint = code, msg, hint }
	msg := le.Message
	switch {
	case msg == "found character that cannot start any token":
		return p.badStart(d, at)
	case strings.Contains(le.ContextMsg, "quoted scalar") && strings.Contains(msg, "unknown escape"):
		say("yaml-escape", "a backslash in double quotes begins an escape, and this one does not exist",
			"use single quotes, or write the backslash twice")
		return at
	case strings.Contains(le.ContextMsg, "quoted scalar"):
		say("yaml-open-quote", "this quote is never closed", "close the quote at the end of the value")
		return context
	case strings.Contains(le.ContextMsg, "flow sequence"):
		say("yaml-open-list", "this [ is never closed", "close the list with ]")
		return context
	case strings.Contains(le.ContextMsg, "flow mapping"):
		say("yaml-open-map", "this { is never closed", "close the group with }, or put the value in quotes")
		return context
	case msg == "mapping values are not allowed in this context":
		return p.badColon(d, at)
	case strings.HasPrefix(msg, "unknown anchor"):
		say("yaml-anchor", "a value that begins with * names an anchor, and there is none of this name above",
			"put the value in quotes")
		return at
	case msg == "did not find expected '-' indicator":
		say("yaml-mixed", "a list item was expected here, as in the lines above", "begin the line with -, or indent it")
		return at
	case msg == "did not find expected key":
		if at > 0 && strings.IndexByte(`'"`, p.src[at-1]) >= 0 || strings.Count(lineOf(p.src, at), "'") > 2 {
			say("yaml-quote", "the text goes on after its closing quote", "use the other kind of quotes around the value")
			return at
		}
		say("yaml-indent", "this line is indented in another way than the lines above", "give the keys of one group the same indentation")
		return at
	case msg == "could not find expected ':'":
		say("yaml-no-colon", "this line has no colon; front matter is written as “key: value”", "")
		return context
	}
	say("yaml-syntax", "this cannot be read as YAML: "+msg, "")
	return at
}

// badStart explains a character that no YAML value may begin with.
func (p *yamlParser) badStart(d *diag.Diagnostic, at int) int {
	if at < len(p.src) && p.src[at] == '\t' {
		d.Code, d.Msg, d.Hint = "yaml-tab", "a tab cannot be used to indent here", "use spaces"
		return at
	}
	r, _ := utf8.DecodeRuneInString(p.src[at:])
	d.Code, d.Hint = "yaml-start", "put the value in quotes"
	d.Msg = fmt.Sprintf("a value cannot begin with %c", r)
	d.Args = map[string]any{"char": string(r)}
	return at
}

// badColon tells "a: b: c" from a line with the wrong indentation.
func (p *yamlParser) badColon(d *diag.Diagnostic, at int) int {
	before := p.src[strings.LastIndexByte(p.src[:at], '\n')+1 : at]
	if strings.Contains(before, ": ") {
		d.Code, d.Msg, d.Hint = "yaml-colon", "text that holds a colon and a space has to be in quotes", `write key: "one: two"`
		return at
	}
	d.Code, d.Msg = "yaml-indent", "this line is indented in another way than the lines above"
	d.Hint = "give the keys of one group the same indentation"
	return at - len(strings.TrimLeft(before, " "))
}

// lineOf returns the line of src that holds off.
func lineOf(src string, off int) string {
	off = min(off, len(src))
	begin := strings.LastIndexByte(src[:off], '\n') + 1
	return firstLine(src[begin:])
}
