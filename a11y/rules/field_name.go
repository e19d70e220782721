package rules

import (
	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// fieldName: a form field has a name, even while it is disabled.
var fieldName = &act.Rule{
	ID:       "field-name",
	ACT:      []string{"e086e5"},
	Criteria: []wcag.SC{"4.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: exposed(
		aria.Checkbox, aria.Combobox, aria.Listbox, aria.Menuitemcheckbox, aria.Menuitemradio,
		aria.Radio, aria.Searchbox, aria.Slider, aria.Spinbutton, aria.Switch, aria.Textbox,
	),
	Expectation: func(p *act.Page, e *dom.Node) act.Verdict { return named(p, e, "label") },
}
