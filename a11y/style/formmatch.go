package style

import (
	"strings"
	"unicode"

	"handrail/a11y/dom"
)

// lang returns the language of n: of the nearest lang attribute.
func (c *matchContext) lang(n *dom.Node) string {
	for e := n; e != nil; e = e.Parent {
		if e.Type != dom.Element {
			continue
		}
		if v, ok := c.attr(e, "lang"); ok {
			return v
		}
		if v, ok := e.Attr("xml:lang"); ok && e.NS != dom.HTML {
			return v
		}
	}
	return ""
}

// matchLang says whether a language tag is in one of the ranges, by the
// extended filtering of RFC 4647.
func matchLang(tag string, ranges []string) bool {
	for _, r := range ranges {
		if r == "" && tag == "" || r != "" && tag != "" && matchRange(tag, r) {
			return true
		}
	}
	return false
}

func matchRange(tag, want string) bool {
	t, tag, more := strings.Cut(tag, "-")
	w, want, rest := strings.Cut(want, "-")
	if w != "*" && !strings.EqualFold(w, t) {
		return false
	}
	for rest {
		w, want, rest = strings.Cut(want, "-")
		for w != "*" {
			if !more {
				return false
			}
			t, tag, more = strings.Cut(tag, "-")
			if strings.EqualFold(w, t) {
				break
			}
			if len(t) == 1 {
				return false
			}
		}
	}
	return true
}

// dir returns the directionality of n, ltr or rtl.
func (c *matchContext) dir(n *dom.Node) string {
	for e := n; e != nil; e = e.Parent {
		if e.Type != dom.Element || e.NS != dom.HTML {
			continue
		}
		v, _ := c.attr(e, "dir")
		switch strings.ToLower(v) {
		case "ltr":
			return "ltr"
		case "rtl":
			return "rtl"
		case "auto":
			return autoDir(e)
		}
		if e.Is("bdi") && e == n {
			return autoDir(e)
		}
	}
	return "ltr"
}

// autoDir finds the first strong character in the text of n.
func autoDir(n *dom.Node) string {
	text := func(s string) string {
		for _, r := range s {
			switch {
			case unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam):
				return "rtl"
			case unicode.IsLetter(r):
				return "ltr"
			}
		}
		return ""
	}
	if n.Is("input", "textarea") {
		if d := text(n.Get("value") + n.TextContent()); d != "" {
			return d
		}
		return "ltr"
	}
	for k := n.FirstChild; k != nil; {
		if k.Type == dom.Element && (k.Is("bdi", "script", "style", "textarea") || k.Has("dir")) {
			k = k.Skip(n)
			continue
		}
		if k.Type == dom.Text {
			if d := text(k.Text); d != "" {
				return d
			}
		}
		k = k.After(n)
	}
	return "ltr"
}

// formPseudo matches pseudo-classes of links and form fields in the state that
// the page loads in.
func (c *matchContext) formPseudo(name string, n *dom.Node) bool {
	switch name {
	case "link", "any-link", "-webkit-any-link":
		return n.Has("href") && (n.Is("a", "area") || n.NS == dom.SVG && n.Name == "a") ||
			n.NS == dom.SVG && n.Name == "a" && n.Has("xlink:href")
	case "checked":
		return checked(n)
	case "default":
		return checked(n) || isDefaultButton(n)
	case "disabled":
		return Disabled(n)
	case "enabled":
		return canBeDisabled(n) && !Disabled(n)
	case "required":
		return n.Is("input", "select", "textarea") && n.Has("required")
	case "optional":
		return n.Is("input", "select", "textarea") && !n.Has("required")
	case "read-write":
		return readWrite(n)
	case "read-only":
		return !readWrite(n)
	case "placeholder-shown":
		return n.Has("placeholder") && (n.Is("input") && n.Get("value") == "" || n.Is("textarea") && n.TextContent() == "")
	case "indeterminate":
		return n.Is("progress") && !n.Has("value")
	case "open":
		return n.Is("details", "dialog") && n.Has("open")
	case "defined":
		return n.NS != dom.HTML || !strings.Contains(n.Name, "-")
	case "invalid", "user-invalid":
		return name == "invalid" && n.Is("input", "textarea") && n.Has("required") && n.Get("value") == "" && n.TextContent() == "" && !checked(n)
	}
	return false
}

func checked(n *dom.Node) bool {
	switch {
	case n.Is("input"):
		t := strings.ToLower(n.Get("type"))
		return (t == "checkbox" || t == "radio") && n.Has("checked")
	case n.Is("option"):
		return n.Has("selected")
	}
	return false
}

// isDefaultButton says whether n is the first submit button of its form.
func isDefaultButton(n *dom.Node) bool {
	if !isSubmit(n) {
		return false
	}
	form := n.Closest("form")
	if form == nil {
		return false
	}
	for e := range form.Elements() {
		if isSubmit(e) {
			return e == n
		}
	}
	return false
}

func isSubmit(n *dom.Node) bool {
	t := strings.ToLower(n.Get("type"))
	return n.Is("button") && (t == "" || t == "submit") || n.Is("input") && (t == "submit" || t == "image")
}

func canBeDisabled(n *dom.Node) bool {
	return n.Is("button", "input", "select", "textarea", "optgroup", "option", "fieldset")
}

// Disabled says whether a form element is disabled: by its own attribute, that
// of a fieldset round it or, for an option, that of its group.
func Disabled(n *dom.Node) bool {
	if !canBeDisabled(n) {
		return false
	}
	if n.Has("disabled") {
		return true
	}
	if n.Is("option") {
		p := n.ParentElement()
		return p != nil && p.Is("optgroup") && p.Has("disabled")
	}
	if n.Is("optgroup") {
		return false
	}
	child := n
	for p := n.ParentElement(); p != nil; child, p = p, p.ParentElement() {
		if p.Is("fieldset") && p.Has("disabled") && !isFirstLegend(p, child) {
			return true
		}
	}
	return false
}

// isFirstLegend says whether child is the first legend of a fieldset, whose
// contents stay enabled.
func isFirstLegend(fieldset, child *dom.Node) bool {
	for e := fieldset.FirstElement(); e != nil; e = e.NextElement() {
		if e.Is("legend") {
			return e == child
		}
	}
	return false
}

func readWrite(n *dom.Node) bool {
	if n.Is("input", "textarea") {
		if n.Has("readonly") || Disabled(n) {
			return false
		}
		switch strings.ToLower(n.Get("type")) {
		case "hidden", "range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button":
			return n.Is("textarea")
		}
		return true
	}
	for e := n; e != nil; e = e.ParentElement() {
		if v, ok := e.Attr("contenteditable"); ok {
			return !strings.EqualFold(v, "false")
		}
	}
	return false
}
