package rules

import (
	"iter"
	"slices"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// autocompleteValid: a field that names its purpose names one that exists.
var autocompleteValid = &act.Rule{
	ID:       "autocomplete-valid",
	ACT:      []string{"73f2c2"},
	Criteria: []wcag.SC{"1.3.5"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.Is("input", "select", "textarea") && takesAutofill(e) && !inoperable(p, e)
		})
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		value := e.Get("autocomplete")
		if validAutofill(strings.Fields(strings.ToLower(value))) {
			return act.Pass("valid").With("value", value)
		}
		return act.Fail("invalid").With("value", value).OnAttr(e, "autocomplete")
	},
}

// takesAutofill reports whether the field has an autocomplete value that is
// no mere switch, and could be filled in.
func takesAutofill(e *dom.Node) bool {
	value := strings.ToLower(strings.Trim(e.Get("autocomplete"), asciiSpace))
	if value == "" || value == "on" || value == "off" {
		return false
	}
	if !e.Is("input") {
		return true
	}
	switch aria.InputType(e) {
	case "button", "checkbox", "file", "hidden", "image", "radio", "reset", "submit":
		return false
	}
	return true
}

// inoperable reports whether nobody can fill in the field: it is disabled,
// hidden, or neither reached by the keyboard nor a control.
func inoperable(p *act.Page, e *dom.Node) bool {
	if disabled(p, e) || !p.Visible(e) && !p.Exposed(e) {
		return true
	}
	return !p.Tabbable(e) && !p.Role(e).Is(aria.Widget)
}

// disabled reports whether e is disabled, by HTML or by aria-disabled on it
// or round it.
func disabled(p *act.Page, e *dom.Node) bool {
	if aria.Disabled(e) {
		return true
	}
	for n := e; n != nil; n = p.Tree.FlatElement(n) {
		if n.Get("aria-disabled") == "true" {
			return true
		}
	}
	return false
}

// The autofill field names of the HTML Standard, 4.10.18.7.1; contact ones
// may stand after a kind of contact.
var (
	autofillFields = strings.Fields(`name honorific-prefix given-name additional-name family-name
		honorific-suffix nickname organization-title username new-password current-password
		one-time-code organization street-address address-line1 address-line2 address-line3
		address-level4 address-level3 address-level2 address-level1 country country-name
		postal-code cc-name cc-given-name cc-additional-name cc-family-name cc-number cc-exp
		cc-exp-month cc-exp-year cc-csc cc-type transaction-currency transaction-amount language
		bday bday-day bday-month bday-year sex url photo`)
	autofillContacts = strings.Fields(`tel tel-country-code tel-national tel-area-code tel-local
		tel-local-prefix tel-local-suffix tel-extension email impp`)
)

// validAutofill checks the order of the tokens: section, group, kind of
// contact, field, webauthn.
func validAutofill(tokens []string) bool {
	take := func(ok func(string) bool) bool {
		if len(tokens) > 0 && ok(tokens[0]) {
			tokens = tokens[1:]
			return true
		}
		return false
	}
	oneOf := func(list ...string) func(string) bool {
		return func(s string) bool { return slices.Contains(list, s) }
	}
	take(func(s string) bool { return strings.HasPrefix(s, "section-") })
	take(oneOf("shipping", "billing"))
	contact := take(oneOf("home", "work", "mobile", "fax", "pager"))
	if !take(oneOf(autofillContacts...)) && (contact || !take(oneOf(autofillFields...))) {
		return false
	}
	take(oneOf("webauthn"))
	return len(tokens) == 0
}
