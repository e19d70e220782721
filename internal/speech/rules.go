package speech

import (
	"regexp"
	"strconv"
	"strings"
)

const (
	num   = `\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`
	year  = `(?:1[5-9]|20|21)\d\d`
	month = `1[0-2]|0?[1-9]`
	day   = `[12]\d|3[01]|0?[1-9]`
	name  = `January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec`
)

func on(lang, pattern string, say func(*match) string) rule {
	return rule{lang, regexp.MustCompile(`^(?:` + pattern + `)`), say}
}

func itoa(n int) string { return strconv.Itoa(n) }

// rules are tried in order at the beginning of every word, figure and sign.
var rules = []rule{
	on("", `[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,10}`, address),
	on("", `https?://([A-Za-z0-9._~/?#=&%+:-]{0,300}[A-Za-z0-9])/?|(www\.[A-Za-z0-9._~/?#=&%+:-]{0,300}[A-Za-z0-9])/?`, address),
	on("zh", `[〔\[［【(（]((?:19|20)\d\d)[〕\]］】)）](第?)(\d{1,6})号`, func(m *match) string {
		return "，" + zhSpell(m.parts[1], false) + "，" + m.parts[2] + zhInt(m.parts[3]) + "号"
	}),
	on("", `(`+year+`)([-/.])(`+month+`)[-/.](`+day+`)`, func(m *match) string { return date(m, m.parts[1], m.parts[3], m.parts[4]) }),
	on("en", `(`+day+`)(?:st|nd|rd|th)? (`+name+`)(?:,? (`+year+`))?`, func(m *match) string { return enDate(m.parts[1], m.parts[2], m.parts[3]) }),
	on("en", `(`+name+`)\.? (`+day+`)(?:st|nd|rd|th)?(?:, (`+year+`))?`, func(m *match) string {
		return full(m.parts[1]) + " " + enOrdinal(m.parts[2]) + yearAfter(", ", m.parts[3])
	}),
	on("en", `(`+name+`) (`+year+`)`, func(m *match) string { return full(m.parts[1]) + " " + enYear(m.parts[2]) }),
	on("zh", `(`+year+`)年? ?(?:——|[-–—～~至]) ?(`+year+`)年`, func(m *match) string {
		return zhSpell(m.parts[1], false) + "到" + zhSpell(m.parts[2], false) + "年"
	}),
	on("zh", `(`+year+`)年`, func(m *match) string { return zhSpell(m.parts[1], false) + "年" }),
	on("", `\+\d{1,3}(?:[ -]\d{2,5}){2,4}|[(（]0\d{2,3}[)）] ?\d{3,4}[ -]?\d{4}|0\d{2,3}-\d{3,4}-\d{4}|0\d{2,3}[ -]\d{7,8}|0\d{2,3} \d{3,4} \d{4}|[48]00[ -]?\d{3}[ -]?\d{4}|1[3-9]\d[ -]?\d{4}[ -]?\d{4}`, phone),
	on("", `1(?:10|12|19|20|22)|12\d{3}|9[56]\d{3,4}|100\d{2}|911|999`, hotline),
	on("", `\d{4,6}(?:\.\d+)?-(`+year+`)`, standard),
	on("", `\d{1,8}(?:-\d{1,8}){2,}`, groups),
	on("", `([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]([0-5]\d))?(?: ?([ap])\.?m\.?)?`, clock),
	on("en", `(1[0-2]|[1-9]) ?([ap])\.?m\.?`, clockHour),
	on("", `(US\$|RMB ?|CNY ?|[¥￥$€£]) ?(`+num+`)(万|亿| million| billion| thousand)?(元)?`, money),
	on("zh", `(`+num+`)元`, func(m *match) string { return yuan(m.parts[1]) }),
	on("", `(`+num+`) ?([%‰])`, percent),
	on("", `(`+num+`) ?(km/h|kWh|km²|km2|km|kg|kW|kB|KB|cm|mm|min|mg|ml|mL|m²|m2|m³|m3|m|㎡|g|GB|MB|l|L|℃|°C|h)`, measure),
	on("en", `(\d+)(?:st|nd|rd|th)`, func(m *match) string { return enOrdinal(m.parts[1]) }),
	on("", `\d+(?:\.\d+){2,}`, version),
	on("", `(\d{1,3})/(\d{1,3})`, fraction),
	on("", `(`+num+`) ?[:：] ?(`+num+`)`, func(m *match) string {
		return number(m.parts[1], m.s.lang) + either(m.s.lang, "比", " to ") + number(m.parts[2], m.s.lang)
	}),
	on("", `[A-Z0-9]{1,20}(?:-[A-Z0-9]{1,20}){0,5}`, code),
	on("", `0\d+|\d{8,}`, func(m *match) string { return long(m) }),
	on("en", year, func(m *match) string {
		if yearCue.MatchString(m.lead()) {
			return enYear(m.parts[0])
		}
		return ""
	}),
	on("zh", `2`, func(m *match) string {
		if strings.ContainsRune(counters+"千万亿", m.next()) && m.next() != 0 && m.s.before() != '第' {
			return "两"
		}
		return ""
	}),
	on("", num, func(m *match) string { return number(m.parts[0], m.s.lang) }),
	on("en", `[A-Za-z](?:\.[A-Za-z])+\.?|[A-Za-z]{2,7}\.?`, shortForm),
	on("zh", `[A-Za-z]{1,5}(?:/[A-Z])?`, letters),
}

// counters are words that things are counted with: two of them are 两.
const counters = "个名人份天次家位种项条件张套户间块本周页层年元斤岁倍类级辆台所封对"

var yearCue = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:in|since|by|from|until|till|of|before|after|year|between|and|to|during|through|early|late|mid|spring|summer|autumn|winter|` + name + `) $`)

// address says an e-mail or web address.
func address(m *match) string {
	text := m.parts[0]
	for _, p := range m.parts[1:] {
		if p != "" {
			text = p
		}
	}
	zh := m.s.lang == "zh"
	var b strings.Builder
	for _, r := range text {
		w, ok := map[rune][2]string{'@': {"艾特", " at "}, '.': {"点", " dot "}, '/': {"斜杠", " slash "}, '-': {"杠", " dash "}, '_': {"下划线", " underscore "}, ':': {"冒号", " colon "}}[r]
		switch {
		case ok && zh:
			b.WriteString(w[0])
		case ok:
			b.WriteString(w[1])
		case isDigit(r):
			b.WriteString(either(m.s.lang, zhSpell(string(r), false), " "+enSpell(string(r))+" "))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func date(m *match, y, mo, d string) string {
	if m.s.lang == "zh" {
		return zhSpell(y, false) + "年" + zhInt(mo) + "月" + zhInt(d) + "日"
	}
	n, _ := strconv.Atoi(mo)
	return enDate(d, strings.Split(name, "|")[n-1], y)
}

func enDate(d, month, y string) string {
	return "the " + enOrdinal(strings.TrimLeft(d, "0")) + " of " + full(month) + yearAfter(", ", y)
}

func yearAfter(sep, y string) string {
	if y == "" {
		return ""
	}
	return sep + enYear(y)
}

// full writes the name of a month out.
func full(month string) string {
	for n := range strings.SplitSeq(name, "|") {
		if strings.HasPrefix(n, month[:3]) {
			return n
		}
	}
	return month
}

var notDigits = regexp.MustCompile(`\D+`)

// groups says figures one by one, with a pause where they are parted.
func groups(m *match) string {
	var out []string
	for _, g := range notDigits.Split(m.parts[0], -1) {
		if g != "" {
			out = append(out, spell(g, m.s.lang))
		}
	}
	return strings.Join(out, either(m.s.lang, "，", ", "))
}

// phone says a telephone number, behind 加 or plus where it begins with a
// country's code.
func phone(m *match) string {
	m.s.phone = m.end
	if m.parts[0][0] == '+' {
		return either(m.s.lang, "加", "plus ") + groups(m)
	}
	return groups(m)
}

var hotlineCue = regexp.MustCompile(`(?i)(?:拨打|拨|打|电话|热线|致电|短信|呼叫|转|(?:^|[^a-z])(?:call|calling|phone|telephone|dial|text|texting|ring|number|hotline|tel|on|at|to))[:： .]{0,3}$`)

// between stands between two telephone numbers of a list.
var between = regexp.MustCompile(`^(?:[、，,/和或 ]|or|and){1,5}$`)

// hotline says a short number, such as 12345, one figure after the other.
// Three figures need a word before or behind them that speaks of calling.
func hotline(m *match) string {
	rest := m.s.text[m.end:]
	called := strings.HasPrefix(rest, "热线") || strings.HasPrefix(rest, "电话") || strings.HasPrefix(rest, " hotline") ||
		m.s.phone > 0 && between.MatchString(m.s.text[m.s.phone:m.s.at])
	if !called && !hotlineCue.MatchString(m.lead()) {
		long := len(m.parts[0]) == 5 && m.parts[0][0] == '1' && m.parts[0][1] == '2'
		if !long || m.next() != 0 && strings.ContainsRune(counters+"元户万亿米吨日月%.", m.next()) || m.s.before() == '.' {
			return ""
		}
	}
	if r := m.next(); r == ',' || r == '.' && isDigit(m.s.after(m.end+1)) || r == '%' || r == '元' || r == '-' && isDigit(m.s.after(m.end+1)) {
		return ""
	}
	m.s.phone = m.end
	return spell(m.parts[0], m.s.lang)
}

// standard says the number of a standard: 37668-2019.
func standard(m *match) string {
	n := strings.TrimSuffix(m.parts[0], "-"+m.parts[1])
	if m.s.lang == "zh" {
		return strings.ReplaceAll(zhGroups(n), "，", "点") + "，" + zhSpell(m.parts[1], false)
	}
	return strings.Join(enGroups(n), " point ") + ", " + enYear(m.parts[1])
}

func zhGroups(s string) string {
	var out []string
	for g := range strings.SplitSeq(s, ".") {
		out = append(out, zhSpell(g, false))
	}
	return strings.Join(out, "，")
}

func enGroups(s string) []string {
	var out []string
	for g := range strings.SplitSeq(s, ".") {
		out = append(out, enSpell(g))
	}
	return out
}

// clock says a time of day.
func clock(m *match) string {
	h, min := m.parts[1], m.parts[2]
	if m.s.lang == "zh" {
		said := zhInt(h) + "点"
		if h == "2" || h == "02" {
			said = "两点"
		}
		if min != "00" || m.parts[3] != "" {
			if min[0] == '0' {
				said += "零"
			}
			if min != "00" {
				said += zhInt(min)
			}
			said += "分"
		}
		if m.parts[3] != "" {
			said += zhInt(m.parts[3]) + "秒"
		}
		return said
	}
	said := enInt(h)
	switch {
	case min == "00" && m.parts[4] == "":
		said += " o'clock"
	case min[0] == '0' && min != "00":
		said += " oh " + enInt(min)
	case min != "00":
		said += " " + enInt(min)
	}
	if m.parts[3] != "" {
		said += " and " + plural(m.parts[3], "second")
	}
	return said + halfDay(m.parts[4])
}

func clockHour(m *match) string { return enInt(m.parts[1]) + halfDay(m.parts[2]) }

func halfDay(letter string) string {
	if letter == "" {
		return ""
	}
	return " " + letter + " m"
}

func plural(n, unit string) string {
	if n != "1" {
		unit += "s"
	}
	return number(n, "en") + " " + unit
}

var currencies = map[string][2]string{
	"¥": {"元", "yuan"}, "￥": {"元", "yuan"}, "RMB": {"元", "yuan"}, "CNY": {"元", "yuan"},
	"$": {"美元", "dollars"}, "US$": {"美元", "US dollars"}, "€": {"欧元", "euros"}, "£": {"英镑", "pounds"},
}

// money says an amount behind the sign of a currency.
func money(m *match) string {
	c := currencies[strings.TrimSpace(m.parts[1])]
	n, big := m.parts[2], m.parts[3]
	if m.s.lang == "zh" {
		if big == "" && c[0] == "元" {
			return yuan(n)
		}
		return number(n, "zh") + big + c[0]
	}
	if whole, ok := strings.CutSuffix(n, ".00"); ok {
		n = whole
	}
	unit := c[1]
	if n == "1" && big == "" {
		unit = strings.TrimSuffix(unit, "s")
	}
	return number(n, "en") + map[string]string{"万": " times ten thousand", "亿": " times a hundred million"}[big] + strings.TrimRight(big, "万亿") + " " + unit
}

// yuan says an amount of yuan, jiao and fen.
func yuan(n string) string {
	whole, dec, ok := strings.Cut(n, ".")
	switch {
	case n == "2":
		return "两元"
	case !ok || len(dec) != 2:
		return number(n, "zh") + "元"
	}
	said := number(whole, "zh") + "元"
	if dec[0] != '0' {
		said += zhDigits[dec[0]-'0'] + "角"
	} else if dec[1] != '0' {
		said += "零"
	}
	if dec[1] != '0' {
		said += zhDigits[dec[1]-'0'] + "分"
	}
	return said
}

func percent(m *match) string {
	n := number(m.parts[1], m.s.lang)
	if m.s.lang == "zh" {
		return map[string]string{"%": "百分之", "‰": "千分之"}[m.parts[2]] + n
	}
	return n + map[string]string{"%": " percent", "‰": " per thousand"}[m.parts[2]]
}

var units = map[string][2]string{
	"km/h": {"公里每小时", "kilometres an hour"}, "kWh": {"千瓦时", "kilowatt hours"}, "km²": {"平方公里", "square kilometres"},
	"km2": {"平方公里", "square kilometres"}, "m²": {"平方米", "square metres"}, "m2": {"平方米", "square metres"}, "㎡": {"平方米", "square metres"},
	"m³": {"立方米", "cubic metres"}, "m3": {"立方米", "cubic metres"}, "km": {"公里", "kilometres"}, "cm": {"厘米", "centimetres"},
	"mm": {"毫米", "millimetres"}, "m": {"米", "metres"}, "kg": {"公斤", "kilograms"}, "mg": {"毫克", "milligrams"}, "g": {"克", "grams"},
	"ml": {"毫升", "millilitres"}, "mL": {"毫升", "millilitres"}, "l": {"升", "litres"}, "L": {"升", "litres"}, "℃": {"摄氏度", "degrees Celsius"},
	"°C": {"摄氏度", "degrees Celsius"}, "kW": {"千瓦", "kilowatts"}, "GB": {"吉字节", "gigabytes"}, "MB": {"兆字节", "megabytes"},
	"kB": {"千字节", "kilobytes"}, "KB": {"千字节", "kilobytes"}, "min": {"分钟", "minutes"}, "h": {"小时", "hours"},
}

// measure says a figure with its unit.
func measure(m *match) string {
	u := units[m.parts[2]]
	if m.s.lang == "zh" {
		n := number(m.parts[1], "zh")
		if n == "二" {
			n = "两"
		}
		return n + u[0]
	}
	unit := u[1]
	if m.parts[1] == "1" {
		unit = singular.Replace(unit)
	}
	return number(m.parts[1], "en") + " " + unit
}

var singular = strings.NewReplacer("degrees", "degree", "metres", "metre", "litres", "litre", "grams", "gram", "bytes", "byte",
	"hours", "hour", "watts", "watt", "minutes", "minute")

// version says figures parted by points: 2.2.1.
func version(m *match) string {
	var out []string
	for g := range strings.SplitSeq(m.parts[0], ".") {
		out = append(out, number(g, m.s.lang))
	}
	return strings.Join(out, either(m.s.lang, "点", " point "))
}

func fraction(m *match) string {
	a, _ := strconv.Atoi(m.parts[1])
	b, _ := strconv.Atoi(m.parts[2])
	if a == 0 || a >= b || m.next() == '/' {
		return ""
	}
	if m.s.lang == "zh" {
		return zhInt(m.parts[2]) + "分之" + zhInt(m.parts[1])
	}
	part := enOrdinal(itoa(b))
	switch b {
	case 2:
		part = "half"
	case 4:
		part = "quarter"
	}
	if a > 1 {
		part += "s"
	}
	return enInt(itoa(a)) + " " + part
}

// code says letters and figures that stand for a person, case or paper, one by
// one: 91350100M000100Y43.
func code(m *match) string {
	text := m.parts[0]
	hasDigit, hasAlpha := strings.ContainsAny(text, "0123456789"), strings.IndexFunc(text, isAlpha) >= 0
	if !hasDigit || !hasAlpha {
		return ""
	}
	if len(text) < 6 && !strings.Contains(text, "-") {
		return short(text, m.s.lang)
	}
	var out []string
	for _, r := range text {
		switch {
		case r == '-':
			out = append(out, "，")
		case isDigit(r):
			out = append(out, spell(string(r), m.s.lang))
		default:
			out = append(out, " "+string(r)+" ")
		}
	}
	if m.s.lang == "zh" {
		return strings.Join(out, "")
	}
	return strings.ReplaceAll(strings.Join(out, " "), "，", ", ")
}

var runs = regexp.MustCompile(`\d+|[A-Z]+`)

// short says a short name with a figure, such as A4.
func short(text, lang string) string {
	var out []string
	for _, g := range runs.FindAllString(text, -1) {
		if isDigit(rune(g[0])) {
			g = number(g, lang)
		} else {
			g = strings.Join(strings.Split(g, ""), " ")
		}
		out = append(out, g)
	}
	return strings.Join(out, " ")
}

// long says a long figure one by one, unless a point follows.
func long(m *match) string {
	if r := m.next(); (r == '.' || r == ',') && isDigit(m.s.after(m.end+1)) {
		return ""
	}
	return spell(m.parts[0], m.s.lang)
}

var shorts = map[string]string{
	"e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "etc": "et cetera", "vs.": "versus", "vs": "versus", "mr.": "Mister", "mrs.": "Missus",
	"ms.": "Miz", "dr.": "Doctor", "prof.": "Professor", "st.": "Saint", "no.": "number", "nos.": "numbers", "approx.": "about", "dept.": "department",
	"govt.": "government", "govt": "government", "tel.": "telephone", "tel": "telephone", "ext.": "extension", "incl.": "including", "fig.": "figure",
	"art.": "article", "para.": "paragraph", "sec.": "section", "sept.": "September", "jan.": "January", "feb.": "February", "aug.": "August", "oct.": "October",
	"nov.": "November", "dec.": "December", "a.m.": "a m", "p.m.": "p m",
}

// shortForm writes abbreviations out; "no." is a number only before a figure.
func shortForm(m *match) string {
	w := strings.ToLower(m.parts[0])
	said, ok := shorts[w]
	if (w == "no." || w == "nos." || w == "art." || w == "sec." || w == "fig." || w == "dec.") && !(m.next() == ' ' && isDigit(m.s.after(m.end+1))) {
		return ""
	}
	if !ok {
		if cut, dot := strings.CutSuffix(w, "."); dot && shorts[cut] != "" {
			m.end--
			return shorts[cut]
		}
		return ""
	}
	if strings.HasSuffix(w, ".") && m.end == len(m.s.text) && said != "Mister" {
		said += "." // it ends the sentence, too
	}
	return said
}

// letters has capital letters said one by one among Chinese: PDF, GB/T.
func letters(m *match) string {
	w := strings.ReplaceAll(m.parts[0], "/", "")
	if len(w) < 2 || strings.ToUpper(w) != w {
		return ""
	}
	return " " + strings.Join(strings.Split(w, ""), " ") + " "
}

// signs are said as words, as a pause, or not at all: Chinese, English.
var signs = map[rune][2]string{
	'《': {"", ""}, '》': {"", ""}, '〈': {"", ""}, '〉': {"", ""}, '“': {"", ""}, '”': {"", ""}, '「': {"", ""}, '」': {"", ""}, '『': {"", ""}, '』': {"", ""},
	'"': {"", ""}, '‘': {"", "'"}, '’': {"", "'"}, '*': {"", ""}, '•': {"，", ", "}, '●': {"，", ", "}, '■': {"，", ", "}, '★': {"", ""}, '☆': {"", ""}, '※': {"", ""}, '✓': {"", ""},
	'（': {"，", ", "}, '）': {"，", ", "}, '(': {"，", ", "}, ')': {"，", ", "}, '[': {"，", ", "}, ']': {"，", ", "}, '【': {"，", ", "}, '】': {"，", ", "}, '〔': {"，", ", "}, '〕': {"，", ", "},
	'—': {"，", ", "}, '–': {"，", ", "}, '…': {"，", ", "}, '|': {"，", ", "}, '→': {"，", ", "}, '_': {" ", " "}, '·': {"", " "},
	'/': {"或", " "}, '&': {"和", "and"}, '+': {"加", "plus"}, '×': {"乘", "times"}, '=': {"等于", "equals"}, '≥': {"大于等于", "at least"},
	'≤': {"小于等于", "at most"}, '>': {"大于", "greater than"}, '<': {"小于", "less than"}, '#': {"", "number"}, '№': {"第", "number"}, '@': {"艾特", "at"},
	'°': {"度", "degrees"}, '§': {"第", "section"}, '%': {"百分号", "percent"}, '−': {"负", "minus"}, '~': {"到", "to"}, '～': {"到", "to"},
}
