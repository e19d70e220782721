package rules

import (
	"iter"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// langScript: a text is written in a script of the language that it claims.
// A house rule: the W3C's rules on matching languages (ucwvc8, off6ek) need
// to recognise the language itself; a script is certain.
var langScript = &act.Rule{
	ID:       "lang-script",
	Criteria: []wcag.SC{"3.1.1", "3.1.2"},
	Reads:    act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return e.NS == dom.HTML && len(scriptsOf(e.Get("lang"))) > 0 && letters(p, e, nil).all >= enoughLetters
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		tag := e.Get("lang")
		n := letters(p, e, scriptsOf(tag))
		if n.own*4 < n.all { // a page may well quote and name things in other scripts
			if n.own >= enoughLetters {
				return act.Unsure("mixed").With("lang", tag).OnAttr(e, "lang")
			}
			return act.Fail("other-script").With("lang", tag).OnAttr(e, "lang")
		}
		return act.Pass("own-script").With("lang", tag)
	},
}

// enoughLetters is how much text it takes to say which script it is in.
const enoughLetters = 40

// scriptsOf returns the characters of the scripts that a language is
// written in; none when that is not known.
func scriptsOf(tag string) []*unicode.RangeTable {
	t, err := language.Parse(tag)
	if err != nil || !knownLanguage(tag) {
		return nil
	}
	script, confidence := t.Script()
	base, _ := t.Base()
	switch base.String() {
	case "zh", "ug", "bo": // sure enough for us, whatever the tables say
	case "kk":
		return nil // Cyrillic, Arabic or Latin, by country and year
	default:
		if confidence < language.High {
			return nil
		}
	}
	switch name := script.String(); name {
	case "Hans", "Hant", "Hani":
		return []*unicode.RangeTable{unicode.Han, unicode.Bopomofo}
	case "Jpan":
		return []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana}
	case "Kore":
		return []*unicode.RangeTable{unicode.Hangul, unicode.Han}
	case "Latn":
		return []*unicode.RangeTable{unicode.Latin}
	case "Arab":
		return []*unicode.RangeTable{unicode.Arabic}
	case "Cyrl":
		return []*unicode.RangeTable{unicode.Cyrillic}
	case "Tibt":
		return []*unicode.RangeTable{unicode.Tibetan}
	}
	return nil
}

// A letterCount is how many letters a text has, and how many of them are in
// the scripts asked for. A Han character is as much as two letters.
type letterCount struct{ own, all int }

// letters counts the visible letters that take their language from e.
func letters(p *act.Page, e *dom.Node, scripts []*unicode.RangeTable) (n letterCount) {
	if !p.Styles.Rendered(e) || e.Is("code", "pre", "kbd", "samp", "script", "style") {
		return n
	}
	for c := range p.Tree.FlatChildren(e) {
		switch {
		case c.Type == dom.Text:
			n.count(c.Text, scripts)
		case c.Type == dom.Element && c.Get("lang") == "":
			inner := letters(p, c, scripts)
			n.own += inner.own
			n.all += inner.all
		}
	}
	return n
}

func (n *letterCount) count(text string, scripts []*unicode.RangeTable) {
	latin := slices.Contains(scripts, unicode.Latin)
	for _, r := range text {
		if r < utf8.RuneSelf { // without the tables
			if c := r | 0x20; 'a' <= c && c <= 'z' {
				n.all++
				if latin {
					n.own++
				}
			}
			continue
		}
		if !unicode.IsLetter(r) {
			continue
		}
		weight := 1
		if unicode.Is(unicode.Han, r) {
			weight = 2
		}
		n.all += weight
		if unicode.In(r, scripts...) {
			n.own += weight
		}
	}
}
