// Package glossary reads data/glossary.yaml: the words of each language that a
// site explains, the abbreviations that it writes out, and the words whose
// pronunciation it shows. A Glossary finds them in a text in one pass.
//
// It stands between schema, which reads the file, and markdown, which marks
// the words.
package glossary

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// Name is the name of the file in data/, without its extension.
const Name = "glossary"

// A Kind says what is done with a word.
type Kind uint8

// Kinds of entries.
const (
	Term    Kind = iota // explained at the end of the section
	Short               // written out at its first use
	Reading             // shown with its pronunciation to those who ask for it
	none                // a longer word in which an entry does not count
)

// An Entry is one word with all its forms.
type Entry struct {
	Kind     Kind
	Word     string
	ID       string   // "低保": part of the ids of its places
	Means    string   // of a Term; of a Short what it stands for
	Group    string   // of a Term: the part of the list that it belongs to
	Readings []string // of a Reading: one for each character, or one for all

	WordValue, MeansValue *schema.Value
	PageValue             *schema.Value // of a Term: the page that says more; nil when there is none
}

// A Glossary is what one language explains. It is immutable.
type Glossary struct {
	Lang    string
	Entries []*Entry // in the order of the file

	matcher matcher
}

// Fields are the keys of the file, for editors and the handbook.
func Fields() []*schema.Field {
	text := func(key, en, zh string, must bool) *schema.Field {
		return &schema.Field{Key: key, Kind: schema.Text, EN: en, ZH: zh, Required: must}
	}
	list := func(key, en, zh string, item *schema.Field) *schema.Field {
		return &schema.Field{Key: key, Kind: schema.List, EN: en, ZH: zh, Item: item}
	}
	group := func(fields ...*schema.Field) *schema.Field {
		return &schema.Field{Kind: schema.Object, Fields: fields}
	}
	word := &schema.Field{Kind: schema.Text}
	return []*schema.Field{
		list("terms", "words that need explaining", "要解释的词", group(
			text("term", "the word", "词", true),
			text("means", "what it means, in plain words", "平常话的解释", true),
			list("also", "other forms of it", "别的写法", word),
			list("not", "longer words in which it is something else", "不算这个词的更长的词", word),
			text("group", "the part of the list that it belongs to", "分组", false),
			&schema.Field{Key: "page", Kind: schema.URL, EN: "the page that says more", ZH: "详细说明的页面"})),
		list("short", "abbreviations, written out at their first use", "第一次出现时写出全称的简称", group(
			text("term", "the abbreviation", "简称", true),
			text("full", "what it stands for", "全称", true))),
		{Key: "pinyin", Kind: schema.Map, EN: "words with their pronunciation, syllables parted by spaces", ZH: "标拼音的词，音节之间空一格", Item: word},
	}
}

// Parse reads the tree of the file. Mistakes are reported at their places;
// entries that have one are left out.
func Parse(root *schema.Value, lines *diag.Lines, langs []string) (map[string]*Glossary, diag.List) {
	p := &parser{lines: lines}
	all := map[string]*Glossary{}
	if root == nil || root.Kind == schema.Null {
		return all, nil
	}
	if root.Kind != schema.Object {
		p.report(root.Off, "wrong-type", "the glossary must be groups of words by language, such as “en:”", "", nil)
		return all, p.diags
	}
	for _, v := range root.Map {
		if !contains(langs, v.Key) {
			p.report(v.KeyOff, "unlisted-language", fmt.Sprintf("language %q is not one of this site's languages", v.Key),
				"add the language to site.yaml, or mend the tag", map[string]any{"tag": v.Key, "lang": v.Key})
			continue
		}
		if v.Kind == schema.Null {
			continue
		}
		dec := &schema.Decoder{Lines: lines}
		p.diags = append(p.diags, dec.DecodeFields(v, Fields())...)
		all[v.Key] = p.language(v)
	}
	p.diags.Sort()
	return all, p.diags
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

type parser struct {
	lines *diag.Lines
	diags diag.List
	seen  map[string]*schema.Value // forms of the language
	ids   map[string]int
	build builder
}

func (p *parser) report(off int, code, msg, hint string, args map[string]any) {
	p.diags.Add(&diag.Diagnostic{Pos: p.lines.Pos(off), Code: code, Msg: msg, Hint: hint, Args: args})
}

func (p *parser) language(v *schema.Value) *Glossary {
	g := &Glossary{Lang: v.Key}
	p.seen, p.ids, p.build = map[string]*schema.Value{}, map[string]int{}, builder{}
	for _, it := range v.Items("terms") {
		e := &Entry{Kind: Term, WordValue: it.Get("term"), MeansValue: it.Get("means"), PageValue: it.Get("page"), Group: it.String("group")}
		if !p.words(e) {
			continue
		}
		g.Entries = append(g.Entries, e)
		p.add(e, e.WordValue, true)
		for _, x := range it.Items("also") {
			p.add(e, x, true)
		}
		for _, x := range it.Items("not") {
			if w := clean(x.Text); w != "" {
				p.build.add(w, &Entry{Kind: none, Word: w})
			}
		}
	}
	for _, it := range v.Items("short") {
		e := &Entry{Kind: Short, WordValue: it.Get("term"), MeansValue: it.Get("full")}
		if !p.words(e) {
			continue
		}
		g.Entries = append(g.Entries, e)
		p.add(e, e.WordValue, false)
		// Whoever has read the long form needs no help with the short one.
		p.build.addFull(e.Means, e)
	}
	if readings := v.Get("pinyin"); readings != nil {
		for _, x := range readings.Map {
			p.reading(g, x)
		}
	}
	g.matcher = p.build.matcher()
	return g
}

// words fills in the texts of an entry; what is missing has been reported.
func (p *parser) words(e *Entry) bool {
	if e.WordValue == nil || e.MeansValue == nil {
		return false
	}
	e.Word, e.Means = clean(e.WordValue.Text), strings.TrimSpace(e.MeansValue.Text)
	e.ID = strings.Join(strings.FieldsFunc(strings.ToLower(e.Word), func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`"#%&'<>\/?`+"`", r)
	}), "-")
	if p.ids[e.ID]++; p.ids[e.ID] > 1 {
		e.ID += "-" + strconv.Itoa(p.ids[e.ID])
	}
	return e.Word != "" && e.Means != ""
}

// add makes a form of an entry known, with its usual endings where forms is
// true.
func (p *parser) add(e *Entry, v *schema.Value, forms bool) {
	w := clean(v.Text)
	if w == "" {
		return
	}
	if first := p.seen[w]; first != nil {
		p.report(v.Off, "word-twice", fmt.Sprintf("%q stands in the glossary twice; the first is in line %d", w, p.lines.Pos(first.Off).Line),
			"keep one of them", map[string]any{"word": w, "line": p.lines.Pos(first.Off).Line})
		return
	}
	p.seen[w] = v
	for _, form := range variants(w, forms) {
		p.build.add(form, e)
	}
}

func (p *parser) reading(g *Glossary, v *schema.Value) {
	key := *v
	key.Off, key.Text = v.KeyOff, v.Key
	e := &Entry{Kind: Reading, Word: clean(v.Key), Readings: strings.Fields(v.Text), WordValue: &key, MeansValue: v}
	n := utf8.RuneCountInString(e.Word)
	if e.Word == "" || len(e.Readings) != n {
		p.report(v.Off, "pinyin-count", fmt.Sprintf("%q has %d characters and %d syllables", e.Word, n, len(e.Readings)),
			"write one syllable for each character, with spaces between", map[string]any{"word": e.Word, "characters": n, "syllables": len(e.Readings)})
		return
	}
	g.Entries = append(g.Entries, e)
	p.build.addReading(e.Word, e)
}

func clean(s string) string { return norm.NFC.String(strings.Join(strings.Fields(s), " ")) }

// variants are the forms that a reader takes for the same word: at the start
// of a sentence and, in English, the regular plural; in Arabic, with the
// article.
func variants(w string, forms bool) []string {
	out := []string{w}
	first, size := utf8.DecodeRuneInString(w)
	switch {
	case first >= 'a' && first <= 'z':
		out = append(out, string(first-'a'+'A')+w[size:])
	case first >= 0x0620 && first <= 0x06FF:
		if !strings.HasPrefix(w, "ال") {
			out = append(out, "ال"+w)
		}
		return out
	}
	if last := w[len(w)-1] | 0x20; !forms || last < 'a' || last > 'z' {
		return out
	}
	for _, x := range out[:len(out):len(out)] {
		out = append(out, plural(x))
	}
	return out
}

// plural is the regular plural of an English word.
func plural(w string) string {
	for _, end := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(w, end) {
			return w + "es"
		}
	}
	if n := len(w); n > 1 && w[n-1] == 'y' && !strings.ContainsRune("aeiou", rune(w[n-2])) {
		return w[:n-1] + "ies"
	}
	return w + "s"
}
