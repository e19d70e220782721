// Package speech turns written text into text that a voice can say: it cuts it
// into sentences and spells out what is written in figures and signs, in
// Chinese and English. Pages do the same in the browser; the scripts of the
// theme and this package are held to the same examples, testdata/vectors.json.
//
// It stands at the bottom: it knows texts only, neither pages nor HTML.
package speech

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limit is how many characters are said at one go, at most: several engines
// lose the end of longer utterances.
const Limit = 80

// A Sentence is what is said at one go.
type Sentence struct {
	From, To int    // its place in the text, in bytes
	Said     string // as a voice is to say it
}

// Sentences cuts a text of one language into sentences and spells each out.
// Sentences that would be longer than limit characters are cut again where a
// reader would pause. What has nothing to say, such as a line of stars, is left
// out.
func Sentences(text, lang string, limit int) []Sentence {
	var out []Sentence
	cs := []rune(text)
	at := offsets(text)
	for _, s := range split(cs, base(lang)) {
		for _, p := range shorten(cs, s, base(lang), limit) {
			said := Say(string(cs[p.from:p.to]), lang)
			if hasWord(said) {
				out = append(out, Sentence{at[p.from], at[p.to], said})
			}
		}
	}
	return out
}

// offsets returns where each character begins, and the end.
func offsets(text string) []int {
	at := make([]int, 0, len(text)+1)
	for i := range text {
		at = append(at, i)
	}
	return append(at, len(text))
}

// base returns the language of a tag that rules go by.
func base(lang string) string {
	b, _, _ := strings.Cut(strings.ToLower(lang), "-")
	return b
}

// hasWord reports whether there is anything to say.
func hasWord(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) >= 0
}

// A span is a part of a text, in characters.
type span struct{ from, to int }

// shorten cuts a sentence until each part is short enough when said.
func shorten(cs []rune, s span, lang string, limit int) []span {
	text := string(cs[s.from:s.to])
	if s.to-s.from < 2 || utf8.RuneCountInString(Say(text, lang)) <= limit {
		return []span{s}
	}
	cut := s.from + pause(cs[s.from:s.to])
	return append(shorten(cs, trim(cs, span{s.from, cut}), lang, limit), shorten(cs, trim(cs, span{cut, s.to}), lang, limit)...)
}

// pause returns the best place to cut a sentence in two: behind a mark near
// the middle, else at a space, else between two characters that do not form
// one word or figure, else the middle.
func pause(cs []rune) int {
	n := len(cs)
	for _, level := range []func(i int) bool{
		func(i int) bool {
			return i*5 > n && i*5 < 4*n && strings.ContainsRune("，、：；,;:—", cs[i-1]) && !isDigit(cs[i]) && cs[i] != '—'
		},
		func(i int) bool { return i*10 > n && i*10 < 9*n && isSpace(cs[i]) },
		func(i int) bool { return !(inToken(cs[i-1]) && inToken(cs[i])) },
	} {
		best := 0
		for i := 1; i < n; i++ {
			if level(i) && (best == 0 || abs(2*i-n) < abs(2*best-n)) {
				best = i
			}
		}
		if best > 0 {
			return best
		}
	}
	return n / 2
}

func abs(n int) int { return max(n, -n) }

// inToken reports whether a character may be part of a word or figure in
// Latin letters, which is not to be cut.
func inToken(r rune) bool {
	return isAlnum(r) || strings.ContainsRune(".,:/-@%—–〔〕号年月日元", r) || isMark(r)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
func isAlpha(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
func isAlnum(r rune) bool { return isDigit(r) || isAlpha(r) }
func isHan(r rune) bool   { return '一' <= r && r <= '鿿' || '㐀' <= r && r <= '䶿' || r == '〇' }
func isMark(r rune) bool {
	return '\u0300' <= r && r <= '\u036F' || '\u064B' <= r && r <= '\u065F' || '\u0F71' <= r && r <= '\u0F84'
}
func isSpace(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' || r == '\u00A0' || r == '　' }
