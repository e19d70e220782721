package speech

import "strings"

const (
	fullStops = "。！？…؟۔।"      // end a sentence wherever they stand
	closers   = "”’」』）》】)]\"'" // belong to the sentence that they close
)

// split cuts a text into sentences without the white space round them.
func split(cs []rune, lang string) []span {
	var out []span
	from := 0
	end := func(to int) {
		if s := trim(cs, span{from, to}); s.to > s.from {
			out = append(out, s)
		}
		from = to
	}
	for i := 0; i < len(cs); i++ {
		if !stops(cs, from, i, lang) {
			continue
		}
		for i+1 < len(cs) && strings.ContainsRune(fullStops+closers+".!?；", cs[i+1]) {
			i++
		}
		end(i + 1)
	}
	end(len(cs))
	return out
}

// trim takes white space away at both ends.
func trim(cs []rune, s span) span {
	for s.from < s.to && isSpace(cs[s.from]) {
		s.from++
	}
	for s.to > s.from && isSpace(cs[s.to-1]) {
		s.to--
	}
	return s
}

// stops reports whether the character at i ends the sentence that begins at
// from.
func stops(cs []rune, from, i int, lang string) bool {
	c := cs[i]
	switch {
	case strings.ContainsRune(fullStops, c):
		return true
	case c == '；':
		return lang == "zh"
	case c != '.' && c != '!' && c != '?':
		return false
	}
	next := i + 1
	for next < len(cs) && strings.ContainsRune(closers+".!?", cs[next]) {
		next++
	}
	if next == len(cs) || isHan(cs[next]) && c != '.' {
		return true
	}
	if !isSpace(cs[next]) {
		return false
	}
	return c != '.' || !abbreviated(cs, from, i, next)
}

// abbreviated reports whether the full stop at i ends a short form, an
// initial or the number of an item, and not the sentence. What follows is
// white space from next on.
func abbreviated(cs []rune, from, i, next int) bool {
	for next < len(cs) && isSpace(cs[next]) {
		next++
	}
	if next < len(cs) && 'a' <= cs[next] && cs[next] <= 'z' {
		return true // no sentence begins with a small letter
	}
	w := i
	for w > from && (isAlnum(cs[w-1]) || cs[w-1] == '.' && w < i) {
		w--
	}
	word := string(cs[w:i])
	switch {
	case len(word) == 1 && 'A' <= word[0] && word[0] <= 'Z' && word != "I":
		return true
	case len(word) > 0 && len(word) <= 2 && isDigit(rune(word[0])) && trim(cs, span{from, w}).to == trim(cs, span{from, w}).from:
		return true
	}
	return goesOn[strings.ToLower(word)]
}

// goesOn are short forms behind which the sentence goes on.
var goesOn = words("mr mrs ms dr prof st no nos vs e.g i.e cf fig art para sec dept tel ext approx incl jan feb mar apr jun jul aug sep sept oct nov dec mt rev gen")

func words(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}
