package markdown

import (
	"fmt"
	"strings"

	"handrail/internal/diag"
)

// maxNoticed is how many diagnostics of one code a page gets; one more says
// how many there are. Untidy pages repeat themselves.
const maxNoticed = 200

// problem reports what closes the gate.
func (r *renderer) problem(code string, src int, msg, hint string, args ...any) {
	r.report(diag.Error, code, src, msg, hint, args)
}

// warn reports what an author should look at.
func (r *renderer) warn(code string, src int, msg, hint string, args ...any) {
	r.report(diag.Warning, code, src, msg, hint, args)
}

// notice informs the author.
func (r *renderer) notice(code string, src int, msg, hint string, args ...any) {
	r.report(diag.Notice, code, src, msg, hint, args)
}

func (r *renderer) report(sev diag.Severity, code string, src int, msg, hint string, args []any) {
	r.noticed[code]++
	if n := r.noticed[code]; n > maxNoticed {
		if n == maxNoticed+1 {
			r.doc.Diags.Add(newDiag(r.lines, sev, code, src,
				"more than {more-than} of these on this page; the rest is not listed", "", []any{"more-than", maxNoticed}))
		}
		return
	}
	r.doc.Diags.Add(newDiag(r.lines, sev, code, src, msg, hint, args))
}

// newDiag fills {name} in msg and hint from args, names and values in turn;
// each name may stand once in either.
func newDiag(lines *diag.Lines, sev diag.Severity, code string, src int, msg, hint string, args []any) *diag.Diagnostic {
	d := &diag.Diagnostic{Pos: lines.Pos(max(src, 0)), Severity: sev, Code: code, Msg: msg, Hint: hint}
	if len(args) == 0 {
		return d
	}
	d.Args = make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name := args[i].(string)
		d.Args[name] = args[i+1]
		d.Msg, d.Hint = put(d.Msg, name, args[i+1]), put(d.Hint, name, args[i+1])
	}
	return d
}

// put replaces {name} in text.
func put(text, name string, value any) string {
	before, rest, ok := strings.Cut(text, "{")
	for ok {
		if after, found := strings.CutPrefix(rest, name+"}"); found {
			return before + fmt.Sprint(value) + after
		}
		var more string
		more, rest, ok = strings.Cut(rest, "{")
		before += "{" + more
	}
	return text
}

// closest returns the name in list that word may have been meant to be, or "".
func closest(word string, list []string) string {
	best, at := 3, ""
	if len(word) < 4 {
		best = 2
	}
	for _, s := range list {
		if d := distance(word, s, best); d < best {
			best, at = d, s
		}
	}
	return at
}

// distance is the number of letters to add, remove, change or swap between
// neighbours to turn a into b; anything from limit on is limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
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
	return min(prev[len(b)], limit)
}
