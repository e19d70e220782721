package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Locale is how one language writes what is not text: the direction of its
// script, plurals, dates, numbers, lists and sizes.
type Locale struct {
	Tag  string
	HTML string // value of the lang attribute
	Dir  string // "ltr" or "rtl"

	data *localeData
}

// LocaleOf returns the locale of a BCP 47 tag. A language without a table
// here writes dates in ISO form and numbers without groups.
func LocaleOf(tag string) *Locale {
	d := locales[base(tag)]
	if d == nil {
		d = &localeData{plural: pluralOne}
	}
	return &Locale{Tag: tag, HTML: HTMLLang(tag), Dir: Direction(tag), data: d}
}

// HTMLLang returns the tag that a lang attribute carries. Screen readers and
// fonts know Chinese by region rather than by script, so zh-Hans is zh-CN.
func HTMLLang(tag string) string {
	switch strings.ToLower(tag) {
	case "zh", "zh-hans", "zh-hans-cn":
		return "zh-CN"
	case "zh-hant", "zh-hant-tw":
		return "zh-TW"
	case "zh-hant-hk":
		return "zh-HK"
	}
	return tag
}

// Direction returns "rtl" for tags of languages that are written from right
// to left, and for tags that name such a script.
func Direction(tag string) string {
	parts := strings.Split(strings.ToLower(tag), "-")
	for _, p := range parts[1:] {
		switch p {
		case "arab", "hebr", "thaa", "syrc", "nkoo", "adlm":
			return "rtl"
		case "latn", "cyrl", "hans", "hant":
			return "ltr"
		}
	}
	switch parts[0] {
	case "ar", "fa", "he", "ug", "ur", "ps", "sd", "dv", "yi", "ckb":
		return "rtl"
	}
	return "ltr"
}

// Plural returns the category of a number.
func (l *Locale) Plural(n float64) Category { return l.data.plural(n) }

// DateISO returns 2026-03-05.
func DateISO(t time.Time) string { return t.Format(time.DateOnly) }

// DateLong returns the date in full: 2026年3月5日, 5 March 2026.
func (l *Locale) DateLong(t time.Time) string {
	d := l.data
	if d.date == "" {
		return DateISO(t)
	}
	var b strings.Builder
	rest := d.date
	for {
		text, after, ok := strings.Cut(rest, "{")
		b.WriteString(text)
		if !ok {
			return b.String()
		}
		switch after[0] {
		case 'd':
			if t.Day() == 1 && d.first != "" {
				b.WriteString(d.first)
			} else {
				b.WriteString(strconv.Itoa(t.Day()))
			}
		case 'm':
			b.WriteString(strconv.Itoa(int(t.Month())))
		case 'M':
			b.WriteString(d.months[t.Month()-1])
		case 'y':
			b.WriteString(strconv.Itoa(t.Year()))
		}
		rest = after[2:] // the letter and the brace
	}
}

// Number writes a number with the language's group and decimal signs and at
// most two decimals.
func (l *Locale) Number(n float64) string {
	s := strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64)
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	if g := l.data.group; g != "" && len(whole) > l.data.minGroup {
		whole = grouped(whole, g)
	}
	if frac != "" {
		whole += l.data.point() + frac
	}
	return sign + whole
}

func grouped(digits, sep string) string {
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// FileSize writes a number of bytes in units of 1,000 with at most one
// decimal: 812 B, 14 kB, 2.3 MB.
func (l *Locale) FileSize(bytes int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	n, u := float64(bytes), 0
	for n >= 999.5 && u < len(units)-1 {
		n, u = n/1000, u+1
	}
	if n < 10 && u > 0 {
		n = math.Round(n*10) / 10
	} else {
		n = math.Round(n)
	}
	return l.Number(n) + "\u00a0" + units[u]
}

// List joins words the way the language does: 甲、乙和丙; A, B and C.
func (l *Locale) List(words []string) string {
	comma, and := l.data.comma, l.data.and
	if comma == "" {
		comma, and = ", ", ", "
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	last := len(words) - 1
	return strings.Join(words[:last], comma) + and + words[last]
}

// format writes the argument of a message.
func (l *Locale) format(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		return l.DateLong(v)
	}
	if f, ok := toFloat(v); ok {
		return l.Number(f)
	}
	return fmt.Sprint(v)
}

// toFloat reads a number, or something whose Float method gives one.
func toFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case uint32:
		return float64(v), true
	case float64:
		return v, true
	case interface{ Float() (float64, bool) }:
		return v.Float()
	}
	return 0, false
}
