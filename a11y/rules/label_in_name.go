package rules

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// labelInName: what one reads on a control is part of what it is called.
var labelInName = &act.Rule{
	ID:       "label-in-name",
	ACT:      []string{"2ee8b8"},
	Criteria: []wcag.SC{"2.5.3"},
	Reads:    act.Semantics | act.Metrics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return func(yield func(*dom.Node) bool) {
			for _, e := range relabelled(p) {
				if !blank(visibleText(p, e)) && !yield(e) {
					return
				}
			}
		}
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		label := strings.Join(strings.Fields(visibleText(p, e)), " ")
		name := p.Name(e)
		said := func(v act.Verdict) act.Verdict { return v.With("label", label).With("name", name) }
		want, have := words(label), words(name)
		switch {
		case contains(have, want):
			return said(act.Pass("contained"))
		case label == "x" || label == "X":
			return said(act.Pass("sign"))
		case iconsOnly(p, e):
			return said(act.Pass("icon"))
		case spelled(label, name):
			return said(act.Pass("spelled"))
		case ambiguous(p, e, label, name):
			return said(act.Unsure("check"))
		case e.Has("aria-labelledby"):
			return said(act.Fail("not-contained")).OnAttr(e, "aria-labelledby")
		}
		return said(act.Fail("not-contained")).OnAttr(e, "aria-label")
	},
}

type relabelledKey struct{}

// relabelled returns the controls whose name would come from their content, but
// comes from an attribute.
func relabelled(p *act.Page) []*dom.Node {
	return act.Shared(p, relabelledKey{}, func() []*dom.Node {
		return slices.Collect(p.Where(func(e *dom.Node) bool {
			if !e.Has("aria-label") && !e.Has("aria-labelledby") {
				return false
			}
			role := p.Role(e)
			return role.Is(aria.Widget) && role.Info().NameFromContent && !p.Hidden(e)
		}))
	})
}

// visibleText is the visible inner text of an element: what can be seen of
// it, with breaks where boxes end.
func visibleText(p *act.Page, e *dom.Node) string {
	var b strings.Builder
	writeVisible(&b, p, e)
	return b.String()
}

func writeVisible(b *strings.Builder, p *act.Page, e *dom.Node) {
	if !p.Styles.Rendered(e) {
		return
	}
	if e.Is("br") {
		b.WriteByte('\n')
		return
	}
	style := p.Styles.Of(e)
	edge := ""
	switch display := style.Display(); {
	case strings.HasPrefix(display, "inline") || display == "contents":
	case strings.HasPrefix(display, "table-"):
		edge = " "
	default:
		edge = "\n"
	}
	shown := seen(p, e)
	b.WriteString(edge)
	for c := range p.Tree.FlatChildren(e) {
		switch {
		case c.Type == dom.Text && (shown || blank(c.Text)):
			b.WriteString(c.Text)
		case c.Type == dom.Element:
			writeVisible(b, p, c)
		}
	}
	b.WriteString(edge)
}

// words splits a text as the label in name algorithm does: no parentheses,
// case folded, NFKD, letters and digits only. Scripts that put no spaces
// between words are split into characters: any wanted run of them is then
// found, whatever the words are.
func words(s string) []string {
	s = norm.NFKD.String(cases.Fold().String(withoutParentheses(s)))
	var out []string
	start := -1
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsNumber(r) || start >= 0 && unicode.Is(unicode.Mn, r)
		if start >= 0 && (!letter || unspaced(r)) {
			out = append(out, s[start:i])
			start = -1
		}
		switch {
		case !letter:
		case unspaced(r):
			out = append(out, string(r))
		case start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}

// withoutParentheses drops what stands in round brackets.
func withoutParentheses(s string) string {
	for {
		open := strings.IndexByte(s, '(')
		if open < 0 {
			return s
		}
		end := strings.IndexByte(s[open:], ')')
		if end < 0 {
			return s
		}
		s = s[:open] + s[open+end+1:]
	}
}

func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// contains reports whether part is a contiguous run of whole.
func contains(whole, part []string) bool {
	for i := 0; i+len(part) <= len(whole); i++ {
		if slices.Equal(whole[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// ambiguous reports whether a person has to decide: letters may be meant as
// a symbol, and abbreviations or hyphens may be two ways of writing a word.
func ambiguous(p *act.Page, e *dom.Node, label, name string) bool {
	if symbol(label) || iconFont(p, e, label) {
		return true
	}
	for d := range e.Elements() {
		if hasText(p, d) && iconFont(p, d, "") {
			return true
		}
	}
	return abbreviated(label, name) || abbreviated(name, label) || hyphenated(label, name)
}

// abbreviated reports whether a word of short ends in a full stop and begins
// a longer word of long, or is made of the first letters of words of long.
func abbreviated(short, long string) bool {
	full := words(long)
	initials := ""
	for _, w := range full {
		if utf8.RuneCountInString(w) > 1 {
			initials += string([]rune(w)[:1])
		}
	}
	for f := range strings.FieldsSeq(short) {
		stem, stopped := strings.CutSuffix(f, ".")
		if w := words(stem); stopped && len(w) == 1 && strings.ToLower(stem) != strings.ToUpper(stem) {
			for _, l := range full {
				if l != w[0] && strings.HasPrefix(l, w[0]) {
					return true
				}
			}
		}
		letters := strings.TrimFunc(f, unicode.IsPunct)
		if len(letters) > 1 && letters == strings.ToUpper(letters) && letters != strings.ToLower(letters) &&
			strings.Contains(initials, strings.ToLower(letters)) {
			return true
		}
	}
	return false
}

// spelled reports whether the name says the label with its abbreviations
// written out, or with hyphens set otherwise; the W3C's rule leaves both out.
func spelled(label, name string) bool {
	if hyphenated(label, name) {
		return true
	}
	full := words(name)
	fields := strings.Fields(withoutParentheses(label))
	for i := 0; i+len(fields) <= len(full); i++ {
		fits, short := true, false
		for j, f := range fields {
			w := words(f)
			stem, stopped := strings.CutSuffix(f, ".")
			abbreviates := stopped && len(w) == 1 && len(words(stem)) == 1 && len(w[0]) < len(full[i+j]) && strings.HasPrefix(full[i+j], w[0])
			short = short || abbreviates
			fits = fits && len(w) == 1 && (w[0] == full[i+j] || abbreviates)
		}
		if fits && short {
			return true
		}
	}
	return false
}

// iconsOnly reports whether all text of e is drawn as pictures by a font that
// is known to hold nothing else: its letters are no words.
func iconsOnly(p *act.Page, e *dom.Node) bool {
	found := false
	for _, d := range append([]*dom.Node{e}, slices.Collect(e.Elements())...) {
		if !hasText(p, d) || !p.Visible(d) {
			continue
		}
		if !knownIcons(p.Styles.Of(d).FontFamily()) {
			return false
		}
		found = true
	}
	return found
}

// knownIcons reports whether the first family is an icon font of wide use.
func knownIcons(family string) bool {
	first, _, _ := strings.Cut(strings.ToLower(family), ",")
	first = strings.Trim(first, ` "'`)
	for _, known := range []string{"material icons", "material symbols", "fontawesome", "font awesome", "bootstrap-icons", "glyphicons", "ionicons", "dashicons", "remixicon"} {
		if strings.HasPrefix(first, known) {
			return true
		}
	}
	return false
}

// hyphenated reports whether the texts agree once hyphens are gone.
func hyphenated(label, name string) bool {
	if !strings.ContainsAny(label+name, "-‐") {
		return false
	}
	join := strings.NewReplacer("-", "", "‐", "")
	return contains(words(join.Replace(name)), words(join.Replace(label)))
}
