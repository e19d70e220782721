package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// careNames are the names under which people look for the care edition, by
// the first subtag of the language. A site may have others (care.names).
var careNames = map[string][]string{
	"zh": {"关怀版", "长辈版", "亲情版", "关爱版", "适老版", "大字版"},
	"en": {"Care edition", "Large print", "Easy read", "Senior mode", "Simple version"},
	"ar": {"نسخة الرعاية", "الخط الكبير", "القراءة السهلة", "وضع كبار السن", "النسخة المبسطة"},
}

// namesOfCare returns the names of the care edition in a language.
func (b *builder) namesOfCare(l *Lang) []string {
	if !slices.Contains(b.site.Cfg.Editions, Care) {
		return nil
	}
	if own, ok := b.site.Cfg.CareNames[l.Tag]; ok {
		return own
	}
	first, _, _ := strings.Cut(l.Tag, "-")
	return careNames[first]
}

// alphabet fills the A–Z of a language: titles of pages, and the other names
// that people use for them.
func (b *builder) alphabet(l *Lang) {
	col := collate.New(language.Make(l.Tag))
	letters := newLetters()
	var all []azEntry
	add := func(it AZItem) {
		letter, rest := letters.of(it.Text)
		all = append(all, azEntry{letter, rest, it})
	}
	for _, p := range l.Pages {
		if p.File == nil || p.Kind == Home || p.Kind == NotFound || p.Type == "news" {
			continue
		}
		add(AZItem{Text: p.Title, Page: p})
		for _, name := range p.File.Front.Strings("also-called") {
			add(AZItem{Text: name, Page: p, Also: true})
		}
	}
	l.CareNames = b.namesOfCare(l)
	for _, name := range l.CareNames {
		add(AZItem{Text: name, Page: l.Home, Also: true, Care: true})
	}
	sortEntries(col, all)
	for _, e := range all {
		if n := len(l.AZ); n == 0 || l.AZ[n-1].Letter != e.letter {
			l.AZ = append(l.AZ, &Letter{Letter: e.letter, ID: letterID(e.letter)})
		}
		last := l.AZ[len(l.AZ)-1]
		last.Items = append(last.Items, e.item)
	}
	l.AZPage.Letters = l.AZ
}

type azEntry struct {
	letter, rest string // rest is what it is sorted by
	item         AZItem
}

// sortEntries orders by letter, in the order of the language, then by text.
func sortEntries(col *collate.Collator, all []azEntry) {
	var buf collate.Buffer
	keys := make([][]byte, len(all))
	for i, e := range all {
		keys[i] = col.KeyFromString(&buf, e.rest)
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int {
		a, b := all[x], all[y]
		if a.letter != b.letter {
			// "#" holds what begins with no letter, and comes last.
			return cmp.Or(cmp.Compare(boolInt(a.letter == "#"), boolInt(b.letter == "#")), col.CompareString(a.letter, b.letter),
				cmp.Compare(a.letter, b.letter))
		}
		return cmp.Or(slices.Compare(keys[x], keys[y]), cmp.Compare(a.item.Page.Path, b.item.Page.Path), cmp.Compare(x, y))
	})
	sorted := make([]azEntry, len(all))
	for i, j := range order {
		sorted[i] = all[j]
	}
	copy(all, sorted)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// letterID is an anchor for a letter.
func letterID(letter string) string {
	if letter == "#" {
		return "letter-other"
	}
	return "letter-" + strings.ToLower(letter)
}

// pinyin lists the first character of each initial in the pinyin order of
// CLDR's Chinese collation: a character sorts at or after the boundary of
// its initial and before the next one. No syllable begins with I, U or V.
var pinyin = []struct{ char, letter string }{
	{"阿", "A"}, {"八", "B"}, {"嚓", "C"}, {"咑", "D"}, {"妸", "E"}, {"发", "F"}, {"旮", "G"}, {"哈", "H"},
	{"丌", "J"}, {"咔", "K"}, {"垃", "L"}, {"妈", "M"}, {"拏", "N"}, {"噢", "O"}, {"妑", "P"}, {"七", "Q"},
	{"呥", "R"}, {"仨", "S"}, {"他", "T"}, {"屲", "W"}, {"夕", "X"}, {"丫", "Y"}, {"帀", "Z"},
}

// letters finds the letter that a text is listed under.
type letters struct {
	pinyin *collate.Collator
	memo   map[rune]string
}

func newLetters() *letters {
	return &letters{pinyin: collate.New(language.MustParse("zh-u-co-pinyin")), memo: map[rune]string{}}
}

// of returns the letter of a text and the text as it is sorted: without
// quotes and brackets before it, and without the Arabic article.
func (x *letters) of(text string) (letter, rest string) {
	rest = strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if s := strings.TrimPrefix(rest, "ال"); s != rest && len([]rune(s)) > 2 {
		rest = s
	}
	for _, r := range rest {
		return x.letter(r), rest
	}
	return "#", text
}

func (x *letters) letter(r rune) string {
	switch {
	case r >= 'a' && r <= 'z':
		return string(r - 'a' + 'A')
	case r >= 'A' && r <= 'Z':
		return string(r)
	case unicode.Is(unicode.Han, r):
		return x.initial(r)
	case unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r):
		return string(arabicLetter(r))
	case unicode.IsLetter(r):
		base := []rune(norm.NFD.String(string(unicode.ToUpper(r)))) // É is listed under E
		return string(base[0])
	}
	return "#"
}

// arabicLetter brings the forms of alef, yeh and heh together.
func arabicLetter(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ئ':
		return 'ي'
	case 'ؤ':
		return 'و'
	case 'ة':
		return 'ه'
	}
	return r
}

// initial returns the pinyin initial of a Han character.
func (x *letters) initial(r rune) string {
	if l, ok := x.memo[r]; ok {
		return l
	}
	i, found := slices.BinarySearchFunc(pinyin, string(r), func(e struct{ char, letter string }, s string) int {
		return x.pinyin.CompareString(e.char, s)
	})
	if !found {
		i--
	}
	l := "A"
	if i >= 0 {
		l = pinyin[i].letter
	}
	x.memo[r] = l
	return l
}
