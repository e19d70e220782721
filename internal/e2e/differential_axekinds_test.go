package e2e

import (
	"strings"

	htmldom "handrail/a11y/dom"
)

// axeRules gives for each rule of axe-core the rules of ours that cover it.
var axeRules = map[string][]string{
	"accesskeys":                        {"accesskey-unique"},
	"area-alt":                          {"link-name"},
	"aria-allowed-attr":                 {"aria-permitted", "aria-prohibited"},
	"aria-command-name":                 {"button-name", "link-name", "menuitem-name"},
	"aria-hidden-focus":                 {"aria-hidden-focus"},
	"aria-input-field-name":             {"field-name"},
	"aria-prohibited-attr":              {"aria-prohibited"},
	"aria-required-attr":                {"aria-required"},
	"aria-required-children":            {"aria-owned"},
	"aria-required-parent":              {"aria-context"},
	"aria-roles":                        {"role-valid"},
	"aria-toggle-field-name":            {"field-name"},
	"aria-valid-attr":                   {"aria-defined"},
	"aria-valid-attr-value":             {"aria-value", "idref-exists"},
	"autocomplete-valid":                {"autocomplete-valid"},
	"avoid-inline-spacing":              {"letter-spacing", "word-spacing", "line-height"},
	"button-name":                       {"button-name", "menuitem-name"},
	"bypass":                            {"bypass"},
	"color-contrast":                    {"contrast-minimum"},
	"color-contrast-enhanced":           {"contrast-enhanced"},
	"css-orientation-lock":              {"orientation-lock"},
	"definition-list":                   {"list-structure"},
	"dlitem":                            {"list-structure"},
	"document-title":                    {"page-title"},
	"duplicate-id-aria":                 {"id-unique"},
	"empty-heading":                     {"heading-name"},
	"frame-focusable-content":           {"frame-tabindex"},
	"frame-title":                       {"frame-name"},
	"heading-order":                     {"heading-order"},
	"html-has-lang":                     {"page-lang"},
	"html-lang-valid":                   {"page-lang", "page-lang-valid"},
	"image-alt":                         {"image-name"},
	"input-button-name":                 {"button-name"},
	"input-image-alt":                   {"image-button-name"},
	"label":                             {"field-name"},
	"label-content-name-mismatch":       {"label-in-name"},
	"landmark-main-is-top-level":        {"landmark-main"},
	"landmark-no-duplicate-banner":      {"landmark-unique"},
	"landmark-no-duplicate-contentinfo": {"landmark-unique"},
	"landmark-no-duplicate-main":        {"landmark-main"},
	"landmark-one-main":                 {"landmark-main"},
	"landmark-unique":                   {"landmark-unique"},
	"link-in-text-block":                {"link-in-text"},
	"link-name":                         {"link-name"},
	"list":                              {"list-structure", "aria-owned"},
	"listitem":                          {"list-structure"},
	"meta-refresh":                      {"meta-refresh", "meta-refresh-strict"},
	"meta-refresh-no-exceptions":        {"meta-refresh-strict"},
	"meta-viewport":                     {"viewport-zoom"},
	"nested-interactive":                {"presentational-focus"},
	"no-autoplay-audio":                 {"autoplay"},
	"object-alt":                        {"object-name"},
	"page-has-heading-one":              {"one-h1"},
	"presentation-role-conflict":        {"decorative-hidden"},
	"role-img-alt":                      {"image-name"},
	"scrollable-region-focusable":       {"scrollable-focus"},
	"select-name":                       {"field-name"},
	"skip-link":                         {"skip-link"},
	"summary-name":                      {"summary-name"},
	"svg-img-alt":                       {"svg-name"},
	"tabindex":                          {"positive-tabindex"},
	"td-headers-attr":                   {"headers-attribute"},
	"th-has-data-cells":                 {"table-header-cells"},
	"valid-lang":                        {"part-lang-valid"},
}

// A verdictKind is why only one of the two checkers finds a thing, as far as the
// results of both show it.
type verdictKind struct {
	id, why string
	rare    bool // does not occur on every set of pages
	rules   []string
	is      func(*verdict) bool
}

// missedKinds are things that axe-core finds and we do not.
var missedKinds = []verdictKind{
	{id: "palette", why: "with forced colours axe-core judges a colour of the text that the browser does not paint",
		rules: []string{"color-contrast", "color-contrast-enhanced"}, is: func(v *verdict) bool {
			return v.look.forced && v.ink != "" && v.ink != v.ours.Styles.Of(v.node).Color().String()
		}},
	{id: "ground", why: "what lies behind the text only layout or a picture says: we ask a person to look",
		rules: []string{"color-contrast", "color-contrast-enhanced"}, is: func(v *verdict) bool { return v.unsure }},
	{id: "scrolling", why: "whether a box is full enough to scroll only layout knows: we ask a person to look",
		rules: []string{"scrollable-region-focusable"}, is: func(v *verdict) bool { return v.unsure }},
	{id: "value", rare: true, why: "we ask a person to look at the value",
		rules: []string{"aria-valid-attr-value"}, is: func(v *verdict) bool { return v.unsure }},
	{id: "group", rare: true, why: "WAI-ARIA lets an item of a tree stand in a group, axe-core wants a tree round it",
		rules: []string{"aria-required-parent"}, is: func(v *verdict) bool { return v.node.Get("role") == "treeitem" }},
	{id: "label-words", rare: true, why: "axe-core wants the letters of the label in the name; W3C's cases let abbreviations and fonts of icons be",
		rules: []string{"label-content-name-mismatch"}, is: func(v *verdict) bool { return strings.Contains(v.page, "/2ee8b8/") }},
	{id: "not-none", rare: true, why: "a role of none does not hold where a name is given; decorative-hidden says so",
		rules: []string{"aria-prohibited-attr"}, is: func(v *verdict) bool { return v.node.Get("role") == "none" && v.node.Has("aria-label") }},
	{id: "placeholder", why: "accname 1.2 takes a name from aria-placeholder, axe-core does not",
		rules: []string{"aria-input-field-name"}, is: func(v *verdict) bool { return v.node != nil && v.node.Has("aria-placeholder") }},
}

// extraKinds are things that we find and axe-core does not.
var extraKinds = []verdictKind{
	{id: "asked", why: "axe-core asks a person to look at it",
		rules: []string{"aria-hidden-focus", "aria-prohibited", "autoplay", "bypass", "idref-exists", "link-in-text"}, is: func(v *verdict) bool { return v.axe(v.node) == incomplete }},
	{id: "for", why: "axe-core does not look at references but those of ARIA",
		rules: []string{"idref-exists"}, is: func(v *verdict) bool { return v.axe(v.node) == unseen && v.node.Has("for") }},
	{id: "bypass", why: "axe-core passes the page; W3C's rules ask where the way past leads",
		rules: []string{"bypass"}, is: func(v *verdict) bool { return v.axe(v.node) == passes }},
	{id: "skip-link", why: "axe-core does not look at the link: it takes it for no skip link",
		rules: []string{"skip-link"}, is: func(v *verdict) bool {
			return v.axe(v.node) == unseen && strings.HasPrefix(v.node.Get("href"), "#")
		}},
	{id: "braille", why: "axe-core passes names for braille where names are prohibited",
		rules: []string{"aria-prohibited"}, is: func(v *verdict) bool { return v.axe(v.node) == passes && v.node.Has("aria-braillelabel") }},
	{id: "roledescription", rare: true, why: "axe-core passes a description of a role where there is no role",
		rules: []string{"aria-prohibited"}, is: func(v *verdict) bool { return v.axe(v.node) == passes && v.node.Has("aria-roledescription") }},
	{id: "iframe", rare: true, why: "axe-core passes frames that are hidden and have the focus",
		rules: []string{"aria-hidden-focus", "decorative-hidden"}, is: func(v *verdict) bool { return v.axe(v.node) == passes && v.node.Is("iframe") }},
	{id: "dialog", rare: true, why: "axe-core passes a page with an open dialog",
		rules: []string{"landmark-main", "one-h1"}, is: func(v *verdict) bool {
			return v.axe(v.node) == passes && v.found.Message == "none" && holds(v.node, func(n *htmldom.Node) bool { return n.Get("aria-modal") == "true" })
		}},
	{id: "unseen", rare: true, why: "axe-core does not look at the list box, the object or the region",
		rules: []string{"field-name", "landmark-unique", "object-name"}, is: func(v *verdict) bool {
			return v.axe(v.node) == unseen && (v.node.Get("role") == "listbox" || v.node.Is("object", "aside"))
		}},
	{id: "lone-header", rare: true, why: "axe-core passes the table",
		rules: []string{"table-header-cells"}, is: func(v *verdict) bool { return v.axe(above(v.node, "table")) == passes }},
	{id: "gradient", rare: true, why: "axe-core passes a text on a gradient",
		rules: []string{"contrast-enhanced"}, is: func(v *verdict) bool {
			return v.axe(v.node) == passes && strings.Contains(v.ours.Styles.Of(v.node).BackgroundImage(), "gradient")
		}},
	{id: "same-colour", why: "axe-core passes a link that has the very colour of the text round it",
		rules: []string{"link-in-text"}, is: func(v *verdict) bool { return v.axe(v.node) == passes && v.found.Args["ratio"] == "1" }},
	{id: "list-of-links", why: "axe-core does not look at the link: it takes what is round it for no text",
		rules: []string{"link-in-text"}, is: func(v *verdict) bool { return v.axe(v.node) == unseen }},
	{id: "minimum-first", why: "axe-core says once that a text fails 4.5 to 1, and passes it for 7 to 1",
		rules: []string{"contrast-enhanced"}, is: func(v *verdict) bool {
			return v.axe(v.node) == passes && v.theirs[v.node]["contrast-minimum"] == violations
		}},
	{id: "several-h1", why: "axe-core passes the page: it asks for a top heading and lets there be many",
		rules: []string{"one-h1"}, is: func(v *verdict) bool { return v.axe(v.node) == passes && v.found.Message == "several" }},
	{id: "frame", why: "axe-core does not look at the frame: its own script would have to run inside",
		rules: []string{"frame-tabindex"}, is: func(v *verdict) bool { return v.axe(v.node) == unseen }},
	{id: "header-cells", why: "axe-core asks a person to look at the table",
		rules: []string{"table-header-cells"}, is: func(v *verdict) bool { return v.axe(above(v.node, "table")) == incomplete }},
	{id: "item", why: "axe-core passes a list item in a parent with a role",
		rules: []string{"list-structure"}, is: func(v *verdict) bool {
			return v.axe(v.node) == passes && v.node.ParentElement().Has("role")
		}},
}
