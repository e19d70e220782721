// Package style resolves the CSS cascade: which declarations win on each
// element of a page, and what the values come to, in any display mode.
//
// Sheets are parsed once and shared by all pages. A Matcher tests the selectors
// of a page once; Styles computes the values for one Mode from that.
package style

// A Mode is one way of displaying a page.
type Mode struct {
	Name          string
	Attrs         map[string]string // set on the html element
	Width         int               // of the viewport in CSS pixels; 0 is 1280
	Scheme        string            // prefers-color-scheme: light (default) or dark
	Contrast      string            // prefers-contrast: no-preference (default), more or less
	Forced        bool              // forced-colors: active
	ReducedMotion bool
	Print         bool
	TextScale     float64 // of the browser's font size; 0 is 1
	TextSpacing   bool    // WCAG 1.4.12 text spacing is applied

	turned bool // the screen is turned, see Styles.Turned
}

// State is a set of dynamic states in which an element can be looked at.
type State uint8

// The states.
const (
	Hover State = 1 << iota
	Focus
	FocusVisible
	FocusWithin
	Active
	Visited
	Target
)
