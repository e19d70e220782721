package prefs

import (
	"regexp"
	"slices"
	"strings"
)

// Derive takes the rules that hold under a choice out of the built style
// sheets, one for each edition, and turns them into rules that need no
// attribute of a choice: [data-size="200"] becomes [data-edition=care], which
// is on the same element and counts as much. Rules with :not() of a choice
// stay behind, as they hold until something later says otherwise.
func Derive(styles map[string]string) Sheet {
	var out Sheet
	for _, edition := range []string{"standard", "care"} {
		d := deriver{edition: edition}
		d.rules(styles[edition], "", "")
		out = append(out, d.out...)
	}
	return out
}

type deriver struct {
	edition string
	out     Sheet
}

// rules goes through the rules of css; before and after are the conditional
// groups around them.
func (d *deriver) rules(css, before, after string) {
	for css != "" {
		open := index(css, '{')
		if semi := index(css, ';'); semi >= 0 && (open < 0 || semi < open) {
			css = css[semi+1:] // @import, @charset
			continue
		}
		if open < 0 {
			return
		}
		end := closing(css, open)
		prelude, body := strings.TrimSpace(css[:open]), css[open+1:end]
		css = css[min(end+1, len(css)):]
		switch {
		case strings.HasPrefix(prelude, "@media"), strings.HasPrefix(prelude, "@supports"):
			d.rules(body, before+prelude+"{", "}"+after)
		case !strings.HasPrefix(prelude, "@"):
			d.rule(prelude, body, before, after)
		}
	}
}

// rule takes the selectors that name a choice, those of the same choices
// together.
func (d *deriver) rule(prelude, body, before, after string) {
	var order []string
	by := map[string][]string{}
	for _, sel := range selectors(prelude) {
		free, when := d.free(sel)
		if len(when) == 0 {
			continue
		}
		key := strings.Join(when, " ")
		if by[key] == nil {
			order = append(order, key)
		}
		by[key] = append(by[key], free)
	}
	for _, key := range order {
		css := before + strings.Join(by[key], ",") + "{" + body + "}" + after
		d.out = append(d.out, Rule{When: strings.Fields(key), CSS: css})
	}
}

var attribute = regexp.MustCompile(`\[data-([a-z]+)(?:="?([^"\]]*)"?)?\]`)

// free returns a selector that holds in the edition without the attributes of
// choices, and the choices that it named.
func (d *deriver) free(sel string) (string, []string) {
	var when []string
	mine := true
	out := attribute.ReplaceAllStringFunc(sel, func(attr string) string {
		m := attribute.FindStringSubmatch(attr)
		if m[1] == "edition" {
			mine = mine && m[2] == d.edition
			return attr
		}
		if m[1] != "big" && !slices.ContainsFunc(Keys, func(k Key) bool { return k.Name == m[1] }) {
			return attr
		}
		cond := m[1]
		if m[2] != "" {
			cond += "=" + m[2]
		}
		if !slices.Contains(when, cond) {
			when = append(when, cond)
		}
		return "[data-edition=" + d.edition + "]"
	})
	if !mine || strings.Contains(out, ":not([data-edition") {
		return "", nil
	}
	return out, when
}

// selectors cuts a list at its commas.
func selectors(list string) []string {
	var out []string
	for {
		i := index(list, ',')
		if i < 0 {
			return append(out, strings.TrimSpace(list))
		}
		out = append(out, strings.TrimSpace(list[:i]))
		list = list[i+1:]
	}
}

// index finds a byte that stands outside of strings, comments, brackets and
// blocks.
func index(css string, want byte) int {
	depth := 0
	for i := 0; i < len(css); i++ {
		switch c := css[i]; {
		case c == want && depth == 0:
			return i
		case c == '\\':
			i++
		case c == '"' || c == '\'':
			i = stringEnd(css, i)
		case c == '/' && strings.HasPrefix(css[i:], "/*"):
			n := strings.Index(css[i+2:], "*/")
			if n < 0 {
				return -1
			}
			i += n + 3
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		}
	}
	return -1
}

// stringEnd returns the place of the quote that ends the string at i.
func stringEnd(css string, i int) int {
	for j := i + 1; j < len(css); j++ {
		switch css[j] {
		case '\\':
			j++
		case css[i]:
			return j
		}
	}
	return len(css)
}

// closing returns the place of the brace that closes the one at open.
func closing(css string, open int) int {
	if n := index(css[open+1:], '}'); n >= 0 {
		return open + 1 + n
	}
	return len(css)
}
