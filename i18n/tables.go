package i18n

import "math"

// A Category is a plural category of CLDR.
type Category uint8

// The plural categories.
const (
	Other Category = iota
	Zero
	One
	Two
	Few
	Many
	numCategories
)

var categoryNames = map[string]Category{
	"other": Other, "zero": Zero, "one": One, "two": Two, "few": Few, "many": Many,
}

// localeData is the part of a locale that does not depend on the region.
//
// Source: Unicode CLDR 46 (October 2024), plurals.xml (cardinal), and the
// dateFormats (long), listPatterns (standard) and symbols of each language;
// licence Unicode-3.0. Day and year are written in Latin digits in every
// language, and English dates day first, as governments write them.
type localeData struct {
	plural   func(n float64) Category
	date     string // {d} day, {m} month as a number, {M} its name, {y} year
	first    string // how the first day of a month is written, if not "1"
	months   []string
	group    string // between groups of three digits; "" for none
	minGroup int    // digits that are still written without groups
	decimal  string // "" for a full stop
	comma    string // between the items of a list
	and      string // before the last item
}

func (d *localeData) point() string {
	if d.decimal == "" {
		return "."
	}
	return d.decimal
}

var locales = map[string]*localeData{
	"zh": {plural: pluralNone, date: "{y}年{m}月{d}日", group: ",", minGroup: 4, comma: "、", and: "和"},
	"ja": {plural: pluralNone, date: "{y}年{m}月{d}日", group: ",", minGroup: 3, comma: "、", and: "、"},
	"ko": {plural: pluralNone, date: "{y}년 {m}월 {d}일", group: ",", minGroup: 3, comma: ", ", and: " 및 "},
	"bo": {plural: pluralNone, date: "{y} ལོའི་ཟླ་{m}པའི་ཚེས་{d}", group: ",", minGroup: 3},
	"en": {plural: pluralOne, date: "{d} {M} {y}", group: ",", minGroup: 3, comma: ", ", and: " and ",
		months: []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}},
	"de": {plural: pluralOne, date: "{d}. {M} {y}", group: ".", minGroup: 3, decimal: ",", comma: ", ", and: " und ",
		months: []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}},
	"es": {plural: pluralEs, date: "{d} de {M} de {y}", group: ".", minGroup: 4, decimal: ",", comma: ", ", and: " y ",
		months: []string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}},
	"fr": {plural: pluralFr, date: "{d} {M} {y}", first: "1er", group: "\u202f", minGroup: 3, decimal: ",", comma: ", ", and: " et ",
		months: []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}},
	"ru": {plural: pluralRu, date: "{d} {M} {y} г.", group: "\u00a0", minGroup: 3, decimal: ",", comma: ", ", and: " и ",
		months: []string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}},
	"ar": {plural: pluralAr, date: "{d} {M} {y}", group: ",", minGroup: 3, comma: " و", and: " و",
		months: []string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}},
	"ug": {plural: pluralExactlyOne, group: ",", minGroup: 3, comma: "، ", and: " ۋە "},
	"mn": {plural: pluralExactlyOne, date: "{y} оны {m} дугаар сарын {d}", group: ",", minGroup: 3, comma: ", ", and: ", "},
	"kk": {plural: pluralExactlyOne, group: "\u00a0", minGroup: 3, decimal: ",", comma: ", ", and: ", "},
}

func pluralNone(float64) Category { return Other }

// pluralOne: i = 1 and v = 0.
func pluralOne(n float64) Category {
	if n == 1 {
		return One
	}
	return Other
}

// pluralExactlyOne: n = 1.
func pluralExactlyOne(n float64) Category { return pluralOne(n) }

// pluralEs: n = 1; whole millions are many.
func pluralEs(n float64) Category {
	switch {
	case n == 1:
		return One
	case isMillions(n):
		return Many
	}
	return Other
}

// pluralFr: i = 0, 1; whole millions are many.
func pluralFr(n float64) Category {
	switch {
	case math.Abs(n) < 2:
		return One
	case isMillions(n):
		return Many
	}
	return Other
}

func isMillions(n float64) bool { return n != 0 && math.Mod(n, 1e6) == 0 }

func pluralRu(n float64) Category {
	if n != math.Trunc(n) {
		return Other
	}
	tens, ones := int64(math.Abs(n))%100, int64(math.Abs(n))%10
	switch {
	case ones == 1 && tens != 11:
		return One
	case ones >= 2 && ones <= 4 && (tens < 12 || tens > 14):
		return Few
	}
	return Many
}

func pluralAr(n float64) Category {
	switch n {
	case 0:
		return Zero
	case 1:
		return One
	case 2:
		return Two
	}
	if n != math.Trunc(n) {
		return Other
	}
	switch rest := int64(math.Abs(n)) % 100; {
	case rest >= 3 && rest <= 10:
		return Few
	case rest >= 11:
		return Many
	}
	return Other
}
