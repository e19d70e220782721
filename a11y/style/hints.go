package style

import (
	"strconv"
	"strings"

	"handrail/a11y/dom"
)

// hints returns the declarations that the attributes of n stand for (HTML
// Standard §15, presentational hints).
func hints(n *dom.Node) string {
	if n.NS != dom.HTML {
		return ""
	}
	var text []string
	add := func(name, value string) { text = append(text, name+": "+value) }
	color := func(attr, name string) {
		if v, ok := n.Attr(attr); ok {
			if c, ok := legacyColor(v); ok {
				add(name, c.String())
			}
		}
	}
	size := func(attr, name string) {
		if v, ok := n.Attr(attr); ok {
			if l, ok := dimension(v); ok {
				add(name, l)
			}
		}
	}
	switch n.Name {
	case "body":
		color("bgcolor", "background-color")
		color("text", "color")
		if v := n.Get("background"); v != "" {
			add("background-image", "url(\""+strings.ReplaceAll(v, "\"", "%22")+"\")")
		}
	case "table", "thead", "tbody", "tfoot", "tr", "td", "th":
		color("bgcolor", "background-color")
		if n.Name == "table" || n.Name == "td" || n.Name == "th" {
			size("width", "width")
		}
		size("height", "height")
		if v := n.Get("background"); v != "" {
			add("background-image", "url(\""+strings.ReplaceAll(v, "\"", "%22")+"\")")
		}
	case "font":
		color("color", "color")
		if v := n.Get("face"); v != "" {
			add("font-family", v)
		}
		if s := fontSize(n.Get("size")); s != "" {
			add("font-size", s)
		}
	case "marquee":
		color("bgcolor", "background-color")
		size("width", "width")
		size("height", "height")
	case "hr":
		color("color", "color")
		size("width", "width")
	case "img", "video", "iframe", "embed", "object", "canvas", "input", "col":
		if n.Name != "input" || strings.EqualFold(n.Get("type"), "image") {
			size("width", "width")
			size("height", "height")
		}
	}
	alignHint(n, add)
	borderHint(n, add)
	return strings.Join(text, ";")
}

// borderHint adds what the border attribute of a table stands for, on the table
// and its cells.
func borderHint(n *dom.Node, add func(name, value string)) {
	switch n.Name {
	case "table":
		if w := tableBorder(n); w != "" {
			add("border", w+" outset")
		}
	case "td", "th":
		if t := n.Closest("table"); t != nil && tableBorder(t) != "" {
			add("border", "1px inset")
		}
	}
}

// tableBorder reads the border attribute of a table; empty without a border.
func tableBorder(table *dom.Node) string {
	v, ok := table.Attr("border")
	if !ok {
		return ""
	}
	w, ok := dimension(v)
	switch {
	case !ok || strings.HasSuffix(w, "%"):
		return "1px"
	case w == "0px":
		return ""
	}
	return w
}

// alignHint adds what the align attribute stands for.
func alignHint(n *dom.Node, add func(name, value string)) {
	v := strings.ToLower(n.Get("align"))
	if v == "" {
		return
	}
	switch n.Name {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "td", "th", "tr", "thead", "tbody", "tfoot", "col", "caption":
		switch v {
		case "left", "right", "center", "justify":
			add("text-align", v)
		case "middle":
			add("text-align", "center")
		}
	case "img", "table", "iframe", "object", "embed":
		if v == "left" || v == "right" {
			add("float", v)
		}
	}
}

// legacyColor reads a colour by the rules for legacy colour values.
func legacyColor(s string) (Color, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.EqualFold(s, "transparent") {
		return Color{}, false
	}
	if e := namedColors[strings.ToLower(s)]; e != nil {
		return e.c, true
	}
	if len(s) == 4 && s[0] == '#' {
		if c, ok := parseHex(s[1:]); ok {
			return c, true
		}
	}
	var digits []byte
	for _, r := range strings.TrimPrefix(s, "#") {
		switch {
		case r > 0xFFFF:
			digits = append(digits, '0', '0')
		case r < 0x80 && strings.ContainsRune("0123456789abcdefABCDEF", r):
			digits = append(digits, byte(r))
		default:
			digits = append(digits, '0')
		}
		if len(digits) >= 128 {
			digits = digits[:128]
			break
		}
	}
	for len(digits) == 0 || len(digits)%3 != 0 {
		digits = append(digits, '0')
	}
	n := len(digits) / 3
	parts := [3]string{string(digits[:n]), string(digits[n : 2*n]), string(digits[2*n:])}
	for i := range parts {
		parts[i] = parts[i][max(0, n-8):]
	}
	for len(parts[0]) > 2 && parts[0][0] == '0' && parts[1][0] == '0' && parts[2][0] == '0' {
		for i := range parts {
			parts[i] = parts[i][1:]
		}
	}
	hex := ""
	for _, p := range parts {
		p = p[:min(2, len(p))]
		hex += strings.Repeat("0", 2-len(p)) + p
	}
	return parseHex(hex)
}

// dimension reads a legacy dimension: "100", "50%".
func dimension(s string) (string, bool) {
	s = strings.TrimSpace(s)
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' && i > 0) {
		i++
	}
	v, err := strconv.ParseFloat(strings.TrimSuffix(s[:i], "."), 64)
	if err != nil || v < 0 {
		return "", false
	}
	num := strconv.FormatFloat(v, 'f', -1, 64)
	if i < len(s) && s[i] == '%' {
		return num + "%", true
	}
	return num + "px", true
}

// fontSize reads the size attribute of <font>.
func fontSize(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	v, err := strconv.Atoi(strings.TrimPrefix(s, "+"))
	if err != nil {
		return ""
	}
	if s[0] == '+' || s[0] == '-' {
		v += 3
	}
	return [...]string{"x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large"}[min(max(v, 1), 7)-1]
}
