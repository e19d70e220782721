// Package a11y checks HTML pages against WCAG. It follows the W3C ACT Rules
// Format: rules name their targets and judge each, with the outcomes passed,
// failed, cantTell and inapplicable.
//
// A page is judged in display modes: colour schemes, contrast, forced colours and
// widths, or the modes of a theme. Modes that select the same declarations
// are one class, and a rule runs once per distinct value of what it reads.
//
// The package stands alone: it takes any HTML and imports nothing from outside
// its own folder.
package a11y

import (
	"handrail/a11y/act"
	"handrail/a11y/rules"
	"handrail/a11y/style"
	"handrail/a11y/wcag"
)

// Options say what is checked and how. The zero value checks every rule in
// the modes of ForeignModes, without style sheets from files.
type Options struct {
	// Rules are run in this order; nil means all.
	Rules []*act.Rule
	// Modes are the display modes; nil means ForeignModes.
	Modes []style.Mode
	// Level leaves out rules for higher levels than this; good practice
	// stays in. Empty means all.
	Level wcag.Level
	// Passed says whether findings are made of targets that passed too.
	Passed bool
	// Sheets returns the style sheet with the path, which is relative to the
	// root of the site and clean. It is called once for each path. Nil means
	// that linked sheets are not read.
	Sheets func(path string) (*style.Sheet, error)
	// Files returns the text of any other file of the site, for rules that
	// compare pages. Nil means that each page is judged by itself.
	Files func(path string) (string, error)
}

// A Finding is an outcome of a rule on a target, in one or more modes.
type Finding struct {
	Page    string
	Rule    string
	ACT     []string
	WCAG    []wcag.SC
	Level   wcag.Level // at which a site has to keep the rule; act.Best for none
	Outcome act.Outcome
	Target  string    // CSS path of the target
	Offset  int       // byte offset in the page of the element or attribute to mend
	End     int       // past its start tag, where Offset is that of the tag; else Offset
	Style   *StylePos // the declaration to blame, when there is one
	Modes   []string  // names of the modes; "*" for all
	Message string    // message ID, for package texts
	Hints   []string
	Args    map[string]string
}

// A StylePos is a declaration in a style sheet.
type StylePos struct {
	Sheet  string // path of the sheet; the page's name for style elements and attributes
	Offset int    // byte offset in the sheet, or in the page
}

// A Result is what was found on one page.
type Result struct {
	Page         string
	Findings     []Finding // by offset, then in the order of the rules
	Inapplicable []string  // IDs of the rules that had no target in any mode
	Passed       int       // targets that passed, whether or not findings were made of them
	Classes      int       // mode classes judged
	Unread       []Unread  // style sheets that could not be read
	Errors       []error   // rules that broke: our bugs
}

// An Unread is a style sheet that is linked but could not be read. Colours and
// sizes are judged without it.
type Unread struct {
	Href   string
	Offset int // of the link
	Err    error
}

// Count returns how many findings have the outcome.
func (r *Result) Count(o act.Outcome) int {
	n := 0
	for i := range r.Findings {
		if r.Findings[i].Outcome == o {
			n++
		}
	}
	return n
}

// CheckHTML checks one page. Name is its path in the site, such as
// "a/index.html"; relative URLs are resolved against it.
func CheckHTML(name, html string, o Options) Result {
	return NewChecker(o).Check(name, html)
}

func (o Options) withDefaults() Options {
	if o.Rules == nil {
		o.Rules = rules.All()
	}
	if o.Modes == nil {
		o.Modes = ForeignModes()
	}
	if o.Level != "" {
		var kept []*act.Rule
		for _, r := range o.Rules {
			if l := r.At(); l == act.Best || l.Within(o.Level) {
				kept = append(kept, r)
			}
		}
		o.Rules = kept
	}
	return o
}

// ForeignModes returns the display modes for a site whose theme says nothing
// of its own: every combination of colour scheme, contrast preference and
// forced colours at the widths 320 and 1280. The first is the plain one.
func ForeignModes() []style.Mode {
	var modes []style.Mode
	for _, width := range []int{1280, 320} {
		for _, forced := range []bool{false, true} {
			for _, contrast := range []string{"no-preference", "more"} {
				for _, scheme := range []string{"light", "dark"} {
					m := style.Mode{Name: scheme, Width: width, Scheme: scheme, Contrast: contrast, Forced: forced}
					if contrast == "more" {
						m.Name += "+more"
					}
					if forced {
						m.Name += "+forced"
					}
					if width == 320 {
						m.Name += "+320"
					}
					modes = append(modes, m)
				}
			}
		}
	}
	return modes
}
