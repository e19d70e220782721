package markdown

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// slug makes an id from a text: letters and digits of every script and marks
// stay, ASCII in lower case, spaces and hyphens become one hyphen, all else
// goes. It is in Unicode form NFC.
func slug(text string) string {
	var b strings.Builder
	hyphen := false
	for _, ru := range norm.NFC.String(text) {
		switch {
		case ru == ' ' || ru == '-' || ru == '\t' || ru == '\n' || ru == 0xA0 || ru == 0x3000:
			hyphen = b.Len() > 0
			continue
		case ru == '_' || unicode.IsLetter(ru) || unicode.IsDigit(ru) || unicode.IsMark(ru):
		default:
			continue
		}
		if hyphen {
			b.WriteByte('-')
			hyphen = false
		}
		if ru < utf8.RuneSelf {
			ru = unicode.ToLower(ru)
		}
		b.WriteRune(ru)
		if b.Len() >= maxSlug {
			break
		}
	}
	return b.String()
}

// maxSlug keeps ids made from whole sentences in bounds.
const maxSlug = 180

// uniqueID returns id, with a number behind it when the page has it already,
// or text- before it when it is the theme's.
func (r *renderer) uniqueID(id string) string {
	if id == "" {
		id = "section"
	}
	id = r.c.opt.IDPrefix + id
	if r.c.isReserved(id) {
		id = "text-" + id
	}
	base, n := id, r.ids[id]
	for n > 0 {
		n++
		id = base + "-" + strconv.Itoa(n)
		if r.ids[id] == 0 {
			r.ids[base] = n
			break
		}
	}
	r.ids[id] = max(r.ids[id], 1)
	r.doc.IDs = append(r.doc.IDs, id)
	return id
}

// articleID returns the id of an article of a law when b begins like one:
// 第十二条, 第12条之一 or Article 12; otherwise "".
func articleID(b []byte) string {
	b = bytes.TrimLeft(b, "*_ \t　#")
	if rest, ok := bytes.CutPrefix(b, []byte("第")); ok {
		n, rest := chineseNumber(rest)
		rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " "), []byte("条"))
		if n <= 0 || !ok {
			return ""
		}
		if rest, ok = bytes.CutPrefix(rest, []byte("之")); ok {
			if sub, _ := chineseNumber(rest); sub > 0 {
				return "art-" + strconv.Itoa(n) + "-" + strconv.Itoa(sub)
			}
		}
		return "art-" + strconv.Itoa(n)
	}
	rest, ok := bytes.CutPrefix(b, []byte("Article "))
	if !ok {
		return ""
	}
	end := 0
	for end < len(rest) && end < 5 && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	if end == 0 || end < len(rest) && byteClass[rest[end]] == wordByte {
		return ""
	}
	return "art-" + string(rest[:end])
}

var chineseDigits = map[rune]int{
	'〇': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '两': 2,
}

// chineseNumber reads a number below 100,000 in Chinese or Arabic figures and
// returns it with what follows.
func chineseNumber(b []byte) (int, []byte) {
	total, section, digit, seen := 0, 0, 0, false
	for len(b) > 0 {
		ru, size := utf8.DecodeRune(b)
		unit := 0
		switch d, ok := chineseDigits[ru]; {
		case ok:
			digit = digit*10 + d // 一〇五 is read by place
		case ru >= '0' && ru <= '9':
			digit = digit*10 + int(ru-'0')
		case ru >= '０' && ru <= '９':
			digit = digit*10 + int(ru-'０')
		case ru == '十':
			unit = 10
		case ru == '百':
			unit = 100
		case ru == '千':
			unit = 1000
		case ru == '万':
			total, section, digit = (section+digit)*10000, 0, 0
		default:
			if !seen {
				return 0, b
			}
			return total + section + digit, b
		}
		if unit > 0 {
			section += max(digit, 1) * unit
			digit = 0
		}
		if digit > 99999 || total > 99999 {
			return 0, b
		}
		seen = true
		b = b[size:]
	}
	return total + section + digit, b
}
