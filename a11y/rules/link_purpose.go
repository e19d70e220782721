package rules

import (
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"handrail/a11y/act"
	"handrail/a11y/aria"
	"handrail/a11y/dom"
	"handrail/a11y/wcag"
)

// linkPurpose: a link says more than "here". Only phrases that say nothing
// of the aim are found; whether others fit it is for people to judge.
var linkPurpose = &act.Rule{
	ID:       "link-purpose",
	ACT:      []string{"aizyf1"},
	Criteria: []wcag.SC{"2.4.9"},
	Reads:    act.Semantics,
	Near:     true,

	Applicability: func(p *act.Page) iter.Seq[*dom.Node] {
		return p.Where(func(e *dom.Node) bool {
			return p.Role(e).Is(aria.Link) && p.Exposed(e) && p.Name(e) != ""
		})
	},

	Expectation: func(p *act.Page, e *dom.Node) act.Verdict {
		name := p.Name(e)
		if emptyPhrase(name) && !toNamesake(p, e) {
			return act.Fail("vague").With("name", name)
		}
		return act.Pass("says-more").With("name", name)
	},
}

// toNamesake reports whether a link leads to a place on its own page that has
// the same name, as the entries of a table of contents do: "Details" is the
// heading there. "Go" is a thing where the address says so too.
func toNamesake(p *act.Page, e *dom.Node) bool {
	if bare(p.Name(e)) == "go" && goLanguage.MatchString(destination(e)) {
		return true
	}
	id := jump(e)
	if id == "" {
		return false
	}
	to := p.Tree.ByID(e, id)
	return to != nil && bare(p.Name(e)) == bare(to.TextContent())
}

var goLanguage = regexp.MustCompile(`(?i)\bgo\b|golang`)

// emptyPhrases are link texts that fit any link, without case, spaces and
// punctuation.
var emptyPhrases = phrases(`
	clickhere click here go link more readmore learnmore details moredetails moreinfo
	moreinformation thislink thispage this continue continuereading seemore viewmore
	点击 点击这里 点此 点这里 请点击 请点击这里 点击此处 这里 此处 更多 查看更多 更多内容 了解更多
	详情 查看详情 点击查看 点击进入 进入 链接 查看 阅读更多 阅读全文
	هنا اضغطهنا انقرهنا المزيد اقرأالمزيد
`)

// bare writes a text without case, spaces and punctuation.
func bare(s string) string {
	return bareTo(s, len(s))
}

// bareTo is bare for a text of which no more than that many bytes matter.
func bareTo(s string, most int) string {
	out := make([]byte, 0, 32)
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if out = utf8.AppendRune(out, unicode.ToLower(r)); len(out) > most {
				break
			}
		}
	}
	return string(out)
}

// A phraseSet is texts without case, spaces and punctuation, and the length of the
// longest.
type phraseSet struct {
	words map[string]bool
	most  int
}

// phrases returns the words of a text.
func phrases(text string) phraseSet {
	set := phraseSet{words: map[string]bool{}}
	for w := range strings.FieldsSeq(text) {
		set.words[w] = true
		set.most = max(set.most, len(w))
	}
	return set
}

// has reports whether a text, written as bare does, is in the set.
func (s phraseSet) has(text string) bool { return s.words[bareTo(text, s.most)] }
