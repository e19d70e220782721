package rules

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"handrail/a11y/act"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// pageLangWords: the page is written in the language that it claims. Only
// languages whose commonest words are known are judged, and only where there
// are enough of these words; another script is found by lang-script.
var pageLangWords = &act.Rule{
	ID:       "page-lang-words",
	ACT:      []string{"ucwvc8"},
	Criteria: []wcag.SC{"3.1.1"},
	Reads:    act.Semantics,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return func(yield func(*dom.Node) bool) {
			for root := range htmlRoot(p) {
				if _, known := judgeWords(p, root); known {
					yield(root)
				}
			}
		}
	},
	Expectation: judgeLanguage,
}

// partLangWords: a part of the page is in the language that it claims.
var partLangWords = &act.Rule{
	ID:       "part-lang-words",
	ACT:      []string{"off6ek"},
	Criteria: []wcag.SC{"3.1.2"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			if e == p.Doc.HTML() || e.NS != dom.HTML || blank(e.Get("lang")) {
				return false
			}
			_, known := judgeWords(p, e)
			return known
		})
	},
	Expectation: judgeLanguage,
}

func judgeLanguage(p *act.Page, e *dom.Node) act.Verdict {
	tag := e.Get("lang")
	if other, _ := judgeWords(p, e); other != "" {
		return act.Fail("other").With("lang", tag).With("other", other).OnAttr(e, "lang")
	}
	return act.Pass("own").With("lang", tag)
}

type wordsKey struct{ e *dom.Node }

// A guess is what the words of a text say of its language.
type guess struct {
	other string // the language that it is in, when that is not the claimed one
	known bool   // there were enough words to say so
}

func judgeWords(p *act.Page, e *dom.Node) (other string, known bool) {
	g := act.Shared(p, wordsKey{e}, func() guess {
		claimed := baseLanguage(e.Get("lang"))
		if commonWords[claimed] == "" {
			return guess{}
		}
		known := act.Static(p, wordsKey{e}, func() *[]guessed { return new([]guessed) })
		var texts langTexts
		texts.add(p, e)
		for i := range *known {
			if slices.Equal((*known)[i].texts, texts.list) {
				return (*known)[i].guess
			}
		}
		g := guessLanguage(texts.list, claimed)
		*known = append(*known, guessed{texts.list, g})
		return g
	})
	return g.other, g.known
}

func baseLanguage(tag string) string {
	t, err := language.Parse(tag)
	if err != nil || !knownLanguage(tag) {
		return ""
	}
	base, _ := t.Base()
	return base.String()
}

// A guessed is what was guessed of texts: many modes show the same.
type guessed struct {
	texts []langText
	guess guess
}

// A langText is a text node, and whether an element begins between it and the
// one before.
type langText struct {
	node  *dom.Node
	apart bool
}

// langTexts collects text nodes up to maxGuess bytes.
type langTexts struct {
	list  []langText
	size  int
	apart bool
}

// maxGuess is how many bytes of a text are looked at: more make it no surer.
const maxGuess = 8 << 10

// add adds the texts that take their language from e.
func (t *langTexts) add(p *act.Page, e *dom.Node) {
	if !p.Styles.Rendered(e) || e.Is("code", "pre", "kbd", "samp", "script", "style", "cite", "address") {
		return
	}
	for c := range p.Tree.FlatChildren(e) {
		switch {
		case t.size > maxGuess:
			return
		case c.Type == dom.Text:
			t.list = append(t.list, langText{c, t.apart})
			t.size += len(c.Text)
			t.apart = false
		case c.Type == dom.Element && !c.Has("lang"):
			t.size++
			t.apart = true
			t.add(p, c)
		}
	}
}

// guessLanguage says whether a text is in another language than the claimed
// one. It takes four different ones of the commonest words of the other
// language, a fifth of all words, and three times as many as of the claimed
// language and those that are like it: the articles in a list of foreign
// names decide nothing.
func guessLanguage(texts []langText, claimed string) guess {
	seen := make([]int, len(commonest))
	all := 0
	for w := range wordsOf(texts) {
		all++
		if len(w) <= longest {
			if at, common := commonest[string(w)]; common {
				seen[at]++
			}
		}
	}
	counts, kinds := map[string]int{}, map[string]int{}
	for at, n := range seen {
		if n == 0 {
			continue
		}
		for _, tag := range languagesWith[at] {
			counts[tag] += n
			kinds[tag]++
		}
	}
	own, best := counts[claimed], ""
	for tag, n := range counts {
		switch {
		case slices.Contains(likeness[claimed], tag):
			own = max(own, n)
		case tag != claimed && (best == "" || n > counts[best] || n == counts[best] && tag < best):
			best = tag
		}
	}
	n := counts[best]
	switch {
	case kinds[best] >= 4 && n*5 >= all && n >= own*3:
		return guess{best, true}
	case own >= 2 && own*10 >= all:
		return guess{"", true}
	}
	return guess{}
}

// wordsOf yields the words of texts in lower case. They are valid until the
// next one.
func wordsOf(texts []langText) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var word []byte
		for _, t := range texts {
			if t.apart && len(word) > 0 {
				if !yield(word) {
					return
				}
				word = word[:0]
			}
			text := t.node.Text
			for i, size := 0, 0; i < len(text); i += size {
				r := rune(text[i])
				size = 1
				if r >= utf8.RuneSelf {
					r, size = utf8.DecodeRuneInString(text[i:])
					r = unicode.ToLower(r)
				} else if 'A' <= r && r <= 'Z' {
					r |= 0x20
				}
				if letterOfWord(r) {
					word = utf8.AppendRune(word, r)
					continue
				}
				if len(word) > 0 && !yield(word) {
					return
				}
				word = word[:0]
			}
		}
		if len(word) > 0 {
			yield(word)
		}
	}
}

func letterOfWord(r rune) bool {
	return r == '\'' || r == '’' || r >= 'a' && r <= 'z' || r >= 'à' && r <= 'ž' && r != '÷'
}

// likeness are languages that share so many common words that one is not told
// from another for sure.
var likeness = map[string][]string{
	"da": {"no", "nb", "sv"}, "no": {"da", "nb", "sv"}, "nb": {"da", "no", "sv"}, "sv": {"da", "no", "nb"},
	"es": {"pt", "it"}, "pt": {"es", "it"}, "it": {"es", "pt"},
	"nl": {"de"}, "de": {"nl"},
}

// commonWords are words that make up much of any text in a language.
var commonWords = map[string]string{
	"en": "the of and to in is that it he was for on are with as his they at be this from have or by one had not but what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would him into has two more no could my than been who its now did get may only our you also but because while where after before such most any should",
	"fr": "le la les des du un une et est en que qui dans pour pas sur au avec ce il sont plus par je vous nous être cette mais comme ou son ses sa leur aux été fait tout bien elle ils avait même ne se très votre notre vos nos sans peut entre aussi ont mon ma mes je tu cet deux l’ d’ c’est chez après avant où quand donc",
	"de": "der die das und ist in den von zu mit sich des auf für nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde wenn ich wir ihr kann sehr im ihre unsere diese dieser gegen unter",
	"nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar bij nog uit worden door naar heeft hij ze wordt tot je wij ik deze over zo of hun was wat die u onze meer kan geen zou werd jaar alle ging veel nu zij mijn toen dit heb moet waar",
	"es": "el la los las de del y que en un una es se no por con para su al lo como más pero sus le ya este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante uno ni contra otros ese eso ante ellos esto antes algunos qué unos yo otro otras tiene ha ser son está",
	"it": "il lo la gli le di del della dei delle che è e un una in per non con si da sono al alla nel nella come più ma anche ha ho se questo questa loro suo sua tutti ci dal dalla essere stato molto quando dove chi perché cui io noi voi lui lei sul sulla fra tra dopo prima ogni",
	"pt": "o os as de do da dos das e que em um uma para com não se por mais na no nas nos como mas ao ele ela eles seu sua ou quando muito já também só pelo pela até isso entre depois sem mesmo aos seus quem me esse você foi são está ser ter há nossa nosso",
	"sv": "och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när man hade år under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan över bara mycket",
	"da": "og at det er en til på af for med den de ikke som der et har jeg vi han fra om sig men kan var så når eller skal efter under ved også blev havde være hvor man alle nu her sin mere ud mod hun du deres over end kun mange skulle blive",
	"nb": "og i det er en til på av for med den de ikke som et har jeg vi han fra om seg men kan var så når eller skal etter under ved også ble hadde være hvor man alle nå her sin mer ut mot hun du deres over enn bare mange skulle bli",
	"fi": "ja on ei että se oli hän mutta ovat kun niin kuin myös tai joka mitä vain sen jos olla ole nyt jo sitä hänen kanssa voi minä ne siitä mukaan ennen kaikki tämä sekä ollut vielä jossa paljon koko sitten vuoden jälkeen",
	"pl": "w i na z do się nie że jest to o od po za przez co jak ale dla tym są tego jego oraz był może czy które który także jako ze przed przy bardzo już być tylko nad jej ich gdy kiedy tak więc między",
}

// commonest numbers the common words, none of which is longer than longest
// bytes; languagesWith has, by number, the languages that a word is common in.
var (
	commonest     = map[string]int{}
	languagesWith [][]string
	longest       int
)

func init() {
	for tag, list := range commonWords {
		for w := range strings.FieldsSeq(list) {
			at, known := commonest[w]
			if !known {
				at = len(languagesWith)
				commonest[w] = at
				languagesWith = append(languagesWith, nil)
				longest = max(longest, len(w))
			}
			if !slices.Contains(languagesWith[at], tag) {
				languagesWith[at] = append(languagesWith[at], tag)
			}
		}
	}
}
