package speech

import (
	"strconv"
	"strings"
)

// zhDigits are the figures of Chinese. On the telephone one is 幺.
var zhDigits = strings.Split("零一二三四五六七八九", "")

// zhSpell says figures one by one; phone says 幺 for one.
func zhSpell(s string, phone bool) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '1' && phone:
			b.WriteString("幺")
		case isDigit(r):
			b.WriteString(zhDigits[r-'0'])
		}
	}
	return b.String()
}

// zhInt says a whole number of up to 16 figures.
func zhInt(s string) string {
	s = strings.TrimLeft(s, "0")
	if s == "" {
		return "零"
	}
	if len(s) > 16 {
		return zhSpell(s, false)
	}
	var out string
	gap := false // a figure 0 to be said
	for i, r := range s {
		left := len(s) - 1 - i // figures that follow
		unit := []string{"", "十", "百", "千"}[left%4]
		switch {
		case r == '0':
			gap = gap || out != ""
		default:
			if gap {
				out += "零"
			}
			gap = false
			d := zhDigits[r-'0']
			if r == '2' && out == "" && (unit == "千" || unit == "" && left > 0) {
				d = "两" // 两千, 两万
			}
			if r == '1' && out == "" && unit == "十" {
				d = "" // 十二
			}
			out += d + unit
		}
		if left > 0 && left%4 == 0 && strings.Trim(s[max(0, i-3):i+1], "0") != "" {
			out += []string{"", "万", "亿", "万亿"}[left/4]
		}
	}
	return out
}

var (
	enOnes = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	enTens = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")
	enBig  = strings.Fields("- thousand million billion trillion")
)

// enSpell says figures one by one.
func enSpell(s string) string {
	var out []string
	for _, r := range s {
		if isDigit(r) {
			out = append(out, enOnes[r-'0'])
		}
	}
	return strings.Join(out, " ")
}

// enInt says a whole number of up to 15 figures.
func enInt(s string) string {
	s = strings.TrimLeft(s, "0")
	if len(s) > 15 {
		return enSpell(s)
	}
	n, _ := strconv.Atoi("0" + s)
	if n < 1000 {
		return enHundreds(n)
	}
	var parts []string
	for i := 4; i >= 0; i-- {
		g := n
		for range i {
			g /= 1000
		}
		switch g %= 1000; {
		case g == 0:
		case i > 0:
			parts = append(parts, enHundreds(g)+" "+enBig[i])
		case g < 100:
			parts = append(parts, "and "+enHundreds(g))
		default:
			parts = append(parts, enHundreds(g))
		}
	}
	return strings.Join(parts, " ")
}

func enHundreds(n int) string {
	if n >= 100 {
		out := enOnes[n/100] + " hundred"
		if n%100 > 0 {
			out += " and " + enHundreds(n%100)
		}
		return out
	}
	if n < 20 {
		return enOnes[n]
	}
	out := enTens[n/10]
	if n%10 > 0 {
		out += "-" + enOnes[n%10]
	}
	return out
}

// enYear says a year: twenty twenty-six, two thousand and five.
func enYear(s string) string {
	n, _ := strconv.Atoi(s)
	switch {
	case n >= 2000 && n < 2010 || n%1000 == 0:
		return enInt(s)
	case n%100 == 0:
		return enHundreds(n/100) + " hundred"
	case n%100 < 10:
		return enHundreds(n/100) + " oh " + enOnes[n%100]
	}
	return enHundreds(n/100) + " " + enHundreds(n%100)
}

var enNth = map[string]string{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}

// enOrdinal says 21 as twenty-first.
func enOrdinal(s string) string {
	w := enInt(s)
	i := strings.LastIndexAny(w, " -") + 1
	last := w[i:]
	if n, ok := enNth[last]; ok {
		return w[:i] + n
	}
	if strings.HasSuffix(last, "y") {
		return w[:len(w)-1] + "ieth"
	}
	return w + "th"
}

// number says a figure that may have commas and a point.
func number(s, lang string) string {
	whole, dec, point := strings.Cut(strings.ReplaceAll(s, ",", ""), ".")
	switch {
	case lang == "zh" && point:
		return zhInt(whole) + "点" + zhSpell(dec, false)
	case lang == "zh":
		return zhInt(whole)
	case point:
		return enInt(whole) + " point " + enSpell(dec)
	}
	return enInt(whole)
}

// spell says figures one by one, as of a telephone number.
func spell(s, lang string) string {
	if lang == "zh" {
		return zhSpell(s, true)
	}
	return enSpell(s)
}
