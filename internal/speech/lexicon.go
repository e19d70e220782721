package speech

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Lexicon says how some words are pronounced: which writing a voice reads
// rightly in their place, such as 银háng for 银行.
type Lexicon []Entry

// An Entry is one word and what is given to the voice instead.
type Entry struct{ Word, Say string }

// Apply puts what a voice reads rightly in the place of the words, the longest
// word first. A word in Latin letters counts only as a whole word.
func (l Lexicon) Apply(said string) string {
	if len(l) == 0 {
		return said
	}
	sorted := Lexicon(slices.SortedStableFunc(slices.Values(l), func(a, b Entry) int { return cmp.Compare(len(b.Word), len(a.Word)) }))
	var b strings.Builder
	for i := 0; i < len(said); {
		e := sorted.at(said, i)
		if e == nil {
			_, n := utf8.DecodeRuneInString(said[i:])
			b.WriteString(said[i : i+n])
			i += n
			continue
		}
		b.WriteString(e.Say)
		i += len(e.Word)
	}
	return b.String()
}

// at returns the first entry whose word stands at a place.
func (l Lexicon) at(said string, i int) *Entry {
	for k := range l {
		w := l[k].Word
		if w == "" || !strings.HasPrefix(said[i:], w) {
			continue
		}
		first, _ := utf8.DecodeRuneInString(w)
		next, _ := utf8.DecodeRuneInString(said[i+len(w):])
		if isAlpha(first) && isAlpha(lastRune(said[:i])) || isAlpha(lastRune(w)) && isAlpha(next) {
			continue
		}
		return &l[k]
	}
	return nil
}
