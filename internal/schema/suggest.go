package schema

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"handrail/internal/diag"
)

// Suggest returns the word of the list that got was most likely meant to be,
// or "". Case, hyphens and underscores count for nothing; otherwise a third
// of the letters may differ.
func Suggest(got string, words []string) string {
	best, bestDist := "", utf8.RuneCountInString(got)/3+1
	fold := strings.NewReplacer("-", "", "_", "", " ", "")
	g := []rune(fold.Replace(strings.ToLower(got)))
	if len(g) > 64 {
		return ""
	}
	for _, w := range words {
		if d := distance(g, []rune(fold.Replace(strings.ToLower(w)))); d < bestDist {
			best, bestDist = w, d
		}
	}
	return best
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
// neighbours (optimal string alignment).
func distance(a, b []rune) int {
	prev2 := make([]int, len(b)+1)
	prev := make([]int, len(b)+1)
	cur := make([]int, len(b)+1)
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
