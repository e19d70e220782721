package chart

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// missing are the ways to say that there is no number.
var missing = map[string]bool{
	"": true, "-": true, "–": true, "—": true, "——": true, "…": true, "……": true, "/": true,
	"n/a": true, "none": true, "无": true, "无数据": true, "لا يوجد": true,
}

// A Number is what a cell of a table says.
type Number struct {
	Value float64 // NaN when the cell says that there is none
	Unit  string  // what stands round the digits: "%", "元", "¥"
}

// Parse reads a number as people write them in tables: with separators of
// thousands, full-width or Arabic digits, a sign and a unit on either side.
func Parse(s string) (n Number, ok bool) {
	s = strings.TrimSpace(s)
	if missing[strings.ToLower(s)] {
		return Number{Value: math.NaN()}, true
	}
	var digits, unit strings.Builder
	const before, inside, after = 0, 1, 2
	state := before
	for _, r := range s {
		c, isNumber := numeral(r, state == inside)
		switch {
		case isNumber && state == after:
			return n, false // two numbers
		case isNumber:
			if c != 0 {
				digits.WriteByte(c)
			}
			if c >= '0' && c <= '9' || c == '.' {
				state = inside
			}
		case state == inside:
			state = after
			fallthrough
		default:
			if !unicode.IsSpace(r) {
				unit.WriteRune(r)
			}
		}
	}
	text := digits.String()
	v, err := strconv.ParseFloat(strings.TrimSuffix(text, "."), 64)
	if err != nil || math.IsInf(v, 0) {
		return n, false
	}
	return Number{v, unit.String()}, true
}

// numeral returns the character of a number that r stands for; 0 for one that
// only parts digits.
func numeral(r rune, inside bool) (c byte, ok bool) {
	switch {
	case r >= '0' && r <= '9':
		return byte(r), true
	case r >= '０' && r <= '９':
		return byte(r-'０') + '0', true
	case r >= '٠' && r <= '٩':
		return byte(r-'٠') + '0', true
	case r >= '۰' && r <= '۹':
		return byte(r-'۰') + '0', true
	case r == '.' || r == '．' || r == '٫':
		return '.', true
	case inside && (r == ',' || r == '，' || r == '٬' || r == '\'' || r == '’' || r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009'):
		return 0, true
	case !inside && (r == '-' || r == '−' || r == '－'):
		return '-', true
	case !inside && r == '+':
		return 0, true
	}
	return 0, false
}
