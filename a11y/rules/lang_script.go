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
			return e.NS == dom.HTML && e.Has("lang") && len(scripts(p, e)) > 0 && letters(p, e).all >= enoughLetters
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		tag := e.Get("lang")
		n := letters(p, e)
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

type scriptsTag struct{ tag string }

// scripts is scriptsOf for the language that e claims.
func scripts(p *act.Page, e *dom.Node) []*unicode.RangeTable {
	tag := e.Get("lang")
	return act.Static(p, scriptsTag{tag}, func() []*unicode.RangeTable { return scriptsOf(tag) })
}

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
type letterCount struct {
	own, all int
	known    bool // of a text: it has been counted
}

// countsKey is an element that texts take their language from.
type countsKey struct{ e *dom.Node }

// letters counts the visible letters that take their language from e. Each text
// is counted once for all modes.
func letters(p *act.Page, e *dom.Node) letterCount {
	return act.Shared(p, countsKey{e}, func() letterCount {
		counts := act.Static(p, countsKey{}, func() []letterCount { return make([]letterCount, len(p.Doc.Nodes)) })
		return lettersIn(p, e, scripts(p, e), counts)
	})
}

// lettersIn is letters; counts holds, by Node.Index, those of texts. There is
// only one element that a text takes its language from.
func lettersIn(p *act.Page, e *dom.Node, scripts []*unicode.RangeTable, counts []letterCount) (n letterCount) {
	if !p.Styles.Rendered(e) || e.Is("code", "pre", "kbd", "samp", "script", "style") {
		return n
	}
	for c := range p.Tree.FlatChildren(e) {
		switch {
		case c.Type == dom.Text:
			of := &counts[c.Index]
			if !of.known {
				of.count(c.Text, scripts)
				of.known = true
			}
			n.own += of.own
			n.all += of.all
		case c.Type == dom.Element && c.Get("lang") == "":
			inner := lettersIn(p, c, scripts, counts)
			n.own += inner.own
			n.all += inner.all
		}
	}
	return n
}

func (n *letterCount) count(text string, scripts []*unicode.RangeTable) {
	latin, han := 0, 0 // what one letter counts as its own
	if slices.Contains(scripts, unicode.Latin) {
		latin = 1
	}
	if slices.Contains(scripts, unicode.Han) {
		han = 2
	}
	for i, size := 0, 0; i < len(text); i += size {
		if c := text[i]; c < utf8.RuneSelf { // without the tables
			size = 1
			if c |= 0x20; 'a' <= c && c <= 'z' {
				n.all++
				n.own += latin
			}
			continue
		}
		var r rune
		r, size = utf8.DecodeRuneInString(text[i:])
		if 0x4E00 <= r && r <= 0x9FA5 { // Han, all of them
			n.all += 2
			n.own += han
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
