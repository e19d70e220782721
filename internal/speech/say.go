package speech

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Say spells a text out for a voice. Texts in other languages than Chinese and
// English are only rid of what no voice can say.
func Say(text, lang string) string {
	lang = base(lang)
	text = fold(text)
	if lang != "zh" && lang != "en" {
		return strings.TrimSpace(text)
	}
	s := &speaker{lang: lang, text: text}
	for s.at < len(text) {
		if !s.rule() {
			s.plain()
		}
	}
	return tidy(s.out.String(), lang)
}

// fold makes one space of any white space, drops characters that have no
// sound, and brings wide figures and letters to their usual form.
func fold(text string) string {
	var b strings.Builder
	space := false
	for _, r := range text {
		switch {
		case isSpace(r):
			space = true
			continue
		case '\u200B' <= r && r <= '\u200F' || r == '\uFEFF' || r == '\u00AD' || '\u202A' <= r && r <= '\u202E' || '\u2060' <= r && r <= '\u2069' || r == '\uFFFD':
			continue
		case '０' <= r && r <= '９' || 'Ａ' <= r && r <= 'Ｚ' || 'ａ' <= r && r <= 'ｚ' || r == '％' || r == '＋' || r == '－' || r == '．' || r == '＠':
			r -= '０' - '0'
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// A speaker goes through a text from left to right.
type speaker struct {
	lang string
	text string
	at   int
	out  strings.Builder

	phone int // where the last telephone number ended
}

// before returns the character in front of the place, 0 at the beginning.
func (s *speaker) before() rune { return lastRune(s.text[:s.at]) }

// after returns the character at a place, 0 at the end.
func (s *speaker) after(at int) rune {
	r, n := utf8.DecodeRuneInString(s.text[at:])
	if n == 0 {
		return 0
	}
	return r
}

// A match is what a pattern found.
type match struct {
	s     *speaker
	parts []string // the groups; parts[0] is all
	end   int
}

// next returns the character behind the match.
func (m *match) next() rune { return m.s.after(m.end) }

// lead returns the words in front of the match, as far as rules look back.
func (m *match) lead() string { return m.s.text[max(0, m.s.at-24):m.s.at] }

// A rule says how something is said that begins with a word, figure or sign.
// say returns "" when the rule does not fit after all.
type rule struct {
	lang    string // "" for both
	pattern *regexp.Regexp
	say     func(m *match) string
}

func (s *speaker) rule() bool {
	r := s.after(s.at)
	if !isAlnum(r) && !strings.ContainsRune("+(（[［〔【¥￥$€£", r) || isAlnum(r) && isAlnum(s.before()) {
		return false // nothing that a rule is about begins here
	}
	for _, x := range rules {
		if x.lang != "" && x.lang != s.lang {
			continue
		}
		loc := x.pattern.FindStringSubmatchIndex(s.text[s.at:])
		if loc == nil {
			continue
		}
		m := &match{s: s, end: s.at + loc[1]}
		for i := 0; i < len(loc); i += 2 {
			part := ""
			if loc[i] >= 0 {
				part = s.text[s.at+loc[i] : s.at+loc[i+1]]
			}
			m.parts = append(m.parts, part)
		}
		if isAlnum(m.next()) && isAlnum(rune(s.text[m.end-1])) {
			continue // the middle of a word or figure
		}
		if said := x.say(m); said != "" {
			s.put(said)
			s.at = m.end
			s.to()
			return true
		}
	}
	return false
}

// put adds words; English ones stand apart.
func (s *speaker) put(words string) {
	if s.lang == "en" {
		words = " " + words + " "
	}
	s.out.WriteString(words)
}

var rangeSign = regexp.MustCompile(`^ ?(?:——|[-–—～~−]) ?`)
var rangeEnd = regexp.MustCompile(`^[¥￥$€£]?\d[\d,.:]*`)

// to says the sign between two figures that form a range.
func (s *speaker) to() {
	sign := rangeSign.FindString(s.text[s.at:])
	if sign == "" || !isDigit(lastDigit(s.text[:s.at])) {
		return
	}
	end := s.at + len(sign)
	if n := rangeEnd.FindString(s.text[end:]); n == "" || s.after(end+len(n)) == '-' {
		return
	}
	s.put(either(s.lang, "到", "to"))
	s.at = end
}

// lastDigit returns the last figure or letter of a text, with any unit behind
// it passed over: 10%, 8:30, 5 kg.
func lastDigit(text string) rune {
	for i := 0; i < 6 && text != ""; i++ {
		r, n := utf8.DecodeLastRuneInString(text)
		if isDigit(r) {
			return r
		}
		text = text[:len(text)-n]
	}
	return 0
}

// plain passes one character on, or says what the sign means.
func (s *speaker) plain() {
	r, n := utf8.DecodeRuneInString(s.text[s.at:])
	s.at += n
	if said, ok := signs[r]; ok {
		w := either(s.lang, said[0], said[1])
		if w != "" && isAlpha(rune(w[0])) {
			w = " " + w + " "
		}
		s.out.WriteString(w)
		return
	}
	switch {
	case r == '-' && isDigit(s.after(s.at)) && !isAlnum(lastRune(s.text[:s.at-n])):
		s.put(either(s.lang, "负", "minus"))
	case '①' <= r && r <= '⑳':
		s.put(number(itoa(int(r-'①')+1), s.lang))
		s.out.WriteString(either(s.lang, "，", ", "))
	default:
		s.out.WriteRune(r)
	}
}

// lastRune returns the last character of a text, 0 when there is none.
func lastRune(text string) rune {
	r, n := utf8.DecodeLastRuneInString(text)
	if n == 0 {
		return 0
	}
	return r
}

// either chooses by language.
func either(lang, zh, en string) string {
	if lang == "zh" {
		return zh
	}
	return en
}

var (
	tidySpace = regexp.MustCompile(` +`)
	tidyZh    = regexp.MustCompile(`[，,、 ]*，[，,、 ]*`)
	tidyEn    = regexp.MustCompile(` *,[, ]*`)
	tidyDash  = regexp.MustCompile(` -([A-Za-z])`)
	tidyStop  = regexp.MustCompile(`[，,、 ]+([。！？；：.!?;:])`)
	tidyEdge  = regexp.MustCompile(`^[，,、；;：: ]+|[，,、 ]+$`)
	hanSpace  = regexp.MustCompile(`([一-鿿]) ([一-鿿])`)
)

// tidy takes away doubled pauses and spaces.
func tidy(said, lang string) string {
	said = tidySpace.ReplaceAllString(said, " ")
	if lang == "zh" {
		said = tidyZh.ReplaceAllString(said, "，")
		said = hanSpace.ReplaceAllString(said, "$1$2")
	} else {
		said = tidyEn.ReplaceAllString(said, ", ")
		said = tidyDash.ReplaceAllString(said, " $1")
	}
	said = tidyStop.ReplaceAllString(said, "$1")
	return tidyEdge.ReplaceAllString(said, "")
}
