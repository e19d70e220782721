package schema

import (
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"handrail/internal/diag"
)

// Suggest returns the word of the list that got was most likely meant to be,
// or "". Case, hyphens and underscores count for nothing; otherwise a third
// of the letters may differ.
func Suggest(got string, words []string) string {
	best, bestDist := "", utf8.RuneCountInString(got)/3+1
	g := fold(nil, got)
	if len(g) > 64 {
		return ""
	}
	var w []rune
	var rows [3][]int
	for _, word := range words {
		w = fold(w[:0], word)
		if len(w)-len(g) >= bestDist || len(g)-len(w) >= bestDist {
			continue // each letter more or less is a difference
		}
		if d := distance(g, w, &rows); d < bestDist {
			best, bestDist = word, d
		}
	}
	return best
}

// fold appends the letters of a word that count.
func fold(out []rune, s string) []rune {
	for _, r := range s {
		switch {
		case r == '-' || r == '_' || r == ' ':
		case r < utf8.RuneSelf && ('A' > r || r > 'Z'):
			out = append(out, r)
		default:
			out = append(out, unicode.ToLower(r))
		}
	}
	return out
}

// DidYouMean adds what the author may have meant to a message, if there is
// such a thing. Translations find it in the argument "suggestion".
func DidYouMean(d *diag.Diagnostic, suggestion string) {
	if suggestion == "" {
		return
	}
	d.Msg += "; did you mean " + strconv.Quote(suggestion) + "?"
	if d.Args == nil {
		d.Args = map[string]any{}
	}
	d.Args["suggestion"] = suggestion
}

// distance counts insertions, deletions, substitutions and swaps of
// neighbours (optimal string alignment). It works in rows, which it makes long
// enough.
func distance(a, b []rune, rows *[3][]int) int {
	for i := range rows {
		rows[i] = slices.Grow(rows[i][:0], len(b)+1)[:len(b)+1]
	}
	prev2, prev, cur := rows[0], rows[1], rows[2]
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
