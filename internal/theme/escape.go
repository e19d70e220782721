package theme

import (
	"strings"
	"text/template/parse"
)

// An Escaping says what must be done to a value before it is printed, as
// html/template has decided from where it stands.
type Escaping uint16

const (
	escapeHTML    Escaping = 1 << iota // element content
	escapeRCDATA                       // title and textarea
	escapeAttr                         // a quoted attribute
	escapeNoSpace                      // an attribute without quotes
	filterURL                          // the beginning of a URL: the scheme must be harmless
	normalURL                          // a URL, or its beginning
	partOfURL                          // a query or fragment
	filterName                         // an attribute's name
	escapeComment                      // a comment: nothing is printed
	inScript                           // not allowed
	inStyle                            // not allowed
	inSrcset                           // not allowed
)

// escapers are the functions that html/template adds to pipelines.
var escapers = map[string]Escaping{
	"_html_template_htmlescaper":      escapeHTML,
	"_html_template_rcdataescaper":    escapeRCDATA,
	"_html_template_attrescaper":      escapeAttr,
	"_html_template_nospaceescaper":   escapeNoSpace,
	"_html_template_urlfilter":        filterURL,
	"_html_template_urlnormalizer":    normalURL,
	"_html_template_urlescaper":       partOfURL,
	"_html_template_htmlnamefilter":   filterName,
	"_html_template_commentescaper":   escapeComment,
	"_html_template_jsregexpescaper":  inScript,
	"_html_template_jsstrescaper":     inScript,
	"_html_template_jstmpllitescaper": inScript,
	"_html_template_jsvalescaper":     inScript,
	"_html_template_cssescaper":       inStyle,
	"_html_template_cssvaluefilter":   inStyle,
	"_html_template_srcsetescaper":    inSrcset,
	"_eval_args_":                     0,
}

// splitEscapers takes the escapers off a pipeline. One that is not known here
// is left as a function and will not compile: an escaping that we cannot do
// is never left out.
func splitEscapers(cmds []*parse.CommandNode) (esc Escaping, rest []*parse.CommandNode) {
	for len(cmds) > 1 {
		id, ok := cmds[len(cmds)-1].Args[0].(*parse.IdentifierNode)
		if !ok {
			break
		}
		e, ok := escapers[id.Ident]
		if !ok {
			break
		}
		esc |= e
		cmds = cmds[:len(cmds)-1]
	}
	return esc, cmds
}

// forbidden says where a value stands that no value may stand in: scripts and
// styles of a page are the same for all, because the content security policy
// allows them by hash or not at all.
func (e Escaping) forbidden() string {
	switch {
	case e&inScript != 0:
		return "inside a script or an event handler"
	case e&inStyle != 0:
		return "inside a style"
	case e&inSrcset != 0:
		return "inside srcset"
	}
	return ""
}

// Append writes a text, escaped.
func (e Escaping) Append(out []byte, s string) []byte {
	switch {
	case e&escapeComment != 0:
		return out
	case e&filterName != 0:
		return append(out, filteredName(s)...)
	}
	if e&filterURL != 0 && !harmlessURL(s) {
		s = "#unsafe-url"
	}
	switch {
	case e&normalURL != 0:
		s = encodeURL(s, ":/?#[]@!$&*+,;=%")
	case e&partOfURL != 0:
		s = encodeURL(s, "")
	}
	if e&escapeNoSpace != 0 {
		return appendEscaped(out, s, true)
	}
	return appendEscaped(out, s, false)
}

// appendEscaped writes a text as character data. Without quotes round it, all
// that could end an attribute's value is escaped, too.
func appendEscaped(out []byte, s string, noSpace bool) []byte {
	if noSpace && s == "" {
		return append(out, '"', '"')
	}
	last := 0
	for i := 0; i < len(s); i++ {
		esc := ""
		switch c := s[i]; {
		case c == '&':
			esc = "&amp;"
		case c == '<':
			esc = "&lt;"
		case c == '>':
			esc = "&gt;"
		case c == '"':
			esc = "&#34;"
		case c == '\'':
			esc = "&#39;"
		case c == 0:
			esc = "\uFFFD"
		case !noSpace:
			continue
		case c == ' ':
			esc = "&#32;"
		case c == '\t':
			esc = "&#9;"
		case c == '\n':
			esc = "&#10;"
		case c == '\v':
			esc = "&#11;"
		case c == '\f':
			esc = "&#12;"
		case c == '\r':
			esc = "&#13;"
		case c == '=':
			esc = "&#61;"
		case c == '`':
			esc = "&#96;"
		case c == '+':
			esc = "&#43;"
		}
		if esc == "" {
			continue
		}
		out = append(out, s[last:i]...)
		out = append(out, esc...)
		last = i + 1
	}
	return append(out, s[last:]...)
}

// harmlessURL reports whether a URL has no scheme or a harmless one.
func harmlessURL(s string) bool {
	scheme, _, ok := strings.Cut(s, ":")
	if !ok || strings.ContainsAny(scheme, "/?#") {
		return true
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel", "sms", "geo":
		return true
	}
	return false
}

// encodeURL percent-encodes all but letters of any script, digits, "-._~" and
// the bytes in keep. An encoded byte stays encoded where "%" is kept.
func encodeURL(s, keep string) string {
	const hex = "0123456789ABCDEF"
	var b []byte
	last := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x80, 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			c == '-' || c == '.' || c == '_' || c == '~':
			continue
		case c == '%' && keep != "" && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			continue
		case c != '%' && strings.IndexByte(keep, c) >= 0:
			continue
		}
		b = append(b, s[last:i]...)
		b = append(b, '%', hex[c>>4], hex[c&15])
		last = i + 1
	}
	if b == nil {
		return s
	}
	return string(append(b, s[last:]...))
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= lower(c) && lower(c) <= 'f'
}

// filteredName is a name of an attribute that a value may give: letters and
// digits, and no event handler, style or URL.
func filteredName(s string) string {
	const refused = "data-refused"
	name := strings.ToLower(s)
	if name == "" || strings.HasPrefix(name, "on") {
		return refused
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return refused
		}
	}
	switch name {
	case "style", "src", "srcset", "href", "action", "formaction", "srcdoc", "data", "poster", "background":
		return refused
	}
	return s
}
