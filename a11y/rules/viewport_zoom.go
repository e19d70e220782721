package rules

import (
	"iter"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// viewportZoom: a page does not forbid to make it larger on a phone.
var viewportZoom = &act.Rule{
	ID:       "viewport-zoom",
	ACT:      []string{"b4f0c3"},
	Criteria: []wcag.SC{"1.4.4"},

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			if !e.Is("meta") || !strings.EqualFold(strings.TrimSpace(e.Get("name")), "viewport") {
				return false
			}
			v := viewport(e.Get("content"))
			_, scalable := v["user-scalable"]
			_, maximum := v["maximum-scale"]
			return scalable || maximum
		})
	},

	Expectation: func(_ *act.Page, e *dom.Node) act.Verdict {
		v := viewport(e.Get("content"))
		if s, ok := v["user-scalable"]; ok && !scalable(s) {
			return act.Fail("no-scaling").With("value", s).OnAttr(e, "content")
		}
		if s, ok := v["maximum-scale"]; ok && maximumScale(s) < 2 {
			return act.Fail("low-maximum").With("value", s).OnAttr(e, "content")
		}
		return act.Pass("allows")
	},
}

// viewport parses the content of a viewport meta element; the last of
// several values wins. CSS Device Adaptation 1, 9.2.
func viewport(content string) map[string]string {
	out := map[string]string{}
	content = strings.Join(strings.Fields(strings.ToLower(content)), " ")
	content = strings.NewReplacer(" =", "=", "= ", "=").Replace(content)
	for part := range strings.FieldsFuncSeq(content, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		if name, value, ok := strings.Cut(part, "="); ok {
			out[name] = value
		}
	}
	return out
}

// scalable translates user-scalable. CSS Device Adaptation 1, 9.6.
func scalable(value string) bool {
	switch value {
	case "yes", "device-width", "device-height":
		return true
	}
	n, ok := leadingNumber(value)
	return ok && (n >= 1 || n <= -1)
}

// maximumScale translates maximum-scale; a negative number is dropped, so
// nothing limits the scale. CSS Device Adaptation 1, 9.4.
func maximumScale(value string) float64 {
	switch value {
	case "yes":
		return 1
	case "device-width", "device-height":
		return 10
	}
	n, ok := leadingNumber(value)
	switch {
	case !ok:
		return 0.1
	case n < 0:
		return 10
	}
	return n
}

// leadingNumber parses the longest prefix that is a number, as strtod does.
func leadingNumber(s string) (float64, bool) {
	for end := len(s); end > 0; end-- {
		if n, err := strconv.ParseFloat(s[:end], 64); err == nil {
			return n, true
		}
	}
	return 0, false
}
