package markdown

import "strings"

// span writes an inline directive or a span.
func (r *renderer) span(n *spanNode) {
	if n.name == "" {
		attrs := r.checkAttrs("[text]{…}", append(spanAttrs[:len(spanAttrs):len(spanAttrs)], everyDirective...), n.attrs)
		r.spanElement(n, tagSpan, attrs)
		return
	}
	if n.name == "ruby" {
		r.ruby(n)
		return
	}
	attrs := r.checkAttrs("directive \""+n.name+"\"", n.spec.allAttrs(), n.attrs)
	r.requireAttrs(n.name, n.start+1, n.spec, n.attrs, false)
	switch n.name {
	case "abbr":
		r.spanElement(n, tagAbbr, attrs)
	case "term":
		if attrs.has("def") || attrs.has("page") || !r.glossTerm(n) {
			r.term(n, attrs)
		}
	case "date":
		r.date(n, attrs)
	}
}

// spanElement writes an element with those attributes that HTML has too.
func (r *renderer) spanElement(n *spanNode, t tag, attrs attrList) {
	r.enterAttrs(t, n.start)
	for _, a := range attrs {
		switch a.key {
		case "id":
			r.attr("id", r.uniqueID(a.value))
		case "class", "title", "lang", "dir":
			r.attr(a.key, a.value)
		}
	}
	if attrs.has("lang") && !attrs.has("dir") {
		if dir := direction(attrs.value("lang")); dir != "" {
			r.attr("dir", dir)
		}
	}
	r.out = append(r.out, '>')
	r.inlines(n)
	r.leave()
}

// direction returns "rtl" for languages that are written from right to left,
// so that authors need not say so.
func direction(lang string) string {
	primary, rest, _ := strings.Cut(strings.ToLower(lang), "-")
	switch primary {
	case "ar", "fa", "he", "ug", "ur", "yi", "ps", "sd", "dv":
		if !strings.HasPrefix(rest, "latn") && !strings.HasPrefix(rest, "cyrl") {
			return "rtl"
		}
	}
	return ""
}
