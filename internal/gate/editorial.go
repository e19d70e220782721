package gate

import (
	"fmt"
	"strings"
	"unicode"

	"handrail/a11y/report"
	"handrail/internal/schema"
	"handrail/internal/site"
)

// editorial asks what the page model can answer. Its findings are warnings
// unless site.yaml raises them.
func (g *Gate) editorial(s *site.Site) []report.Finding {
	var found []report.Finding
	titles := map[string]*site.Page{}
	for _, p := range s.Pages {
		if p.File != nil && (p.Pager == nil || p.Pager.Number == 1) {
			found = append(found, g.title(titles, p)...)
		}
		if p.File == nil || p.File.Doc == nil {
			continue
		}
		if p.Type == "service" {
			found = append(found, g.timeLimit(p)...)
		}
		found = append(found, g.plain(p)...)
	}
	return found
}

func (g *Gate) title(titles map[string]*site.Page, p *site.Page) []report.Finding {
	key := p.Lang.Tag + "\x00" + p.Title
	other := titles[key]
	if other == nil {
		titles[key] = p
		return nil
	}
	at := p.Pos()
	if p.TitleValue != nil && p.File != nil {
		at = p.File.Pos(p.TitleValue)
	}
	f := g.own(ruleTitles, "same", report.Warning, at, "title", p.Title, "other", other.Path)
	f.Page = p.OutFile(site.Standard)
	return []report.Finding{f}
}

// timeLimit compares the promised limit with the statutory one, where both
// count in the same unit (优化营商环境条例 Art. 36: local limits may only be
// shorter).
func (g *Gate) timeLimit(p *site.Page) []report.Finding {
	legal, promised := p.Get("legal-limit.days"), p.Get("promised-limit.days")
	if legal == nil || promised == nil || promised.Number <= legal.Number {
		return nil
	}
	unit := func(key string) string {
		if u := p.Get(key + ".unit"); u != nil {
			return u.Text
		}
		return "workday"
	}
	if unit("legal-limit") != unit("promised-limit") {
		return nil
	}
	f := g.own(ruleTimeLimit, "longer", report.Error, p.File.Pos(promised),
		"promised", promised.Text, "legal", legal.Text)
	f.Page = p.OutFile(site.Standard)
	return []report.Finding{f}
}

// Plain versions: at most this long on average.
const (
	maxPlainHan   = 25
	maxPlainWords = 15
)

// plain measures the sentences of the page's plain version.
func (g *Gate) plain(p *site.Page) []report.Finding {
	v := p.Get("plain")
	if v == nil {
		return nil
	}
	var han, words, sentences int
	var walk func(v *schema.Value)
	walk = func(v *schema.Value) {
		for _, m := range v.Map {
			walk(m)
		}
		for _, m := range v.List {
			walk(m)
		}
		if len(v.Map)+len(v.List) == 0 {
			h, w, s := measure(v.Text)
			han, words, sentences = han+h, words+w, sentences+s
		}
	}
	walk(v)
	if sentences == 0 {
		return nil
	}
	h, w := float64(han)/float64(sentences), float64(words)/float64(sentences)
	if h <= maxPlainHan && w <= maxPlainWords {
		return nil
	}
	got, unit, most := h, "Han", maxPlainHan
	if w > maxPlainWords {
		got, unit, most = w, "words", maxPlainWords
	}
	f := g.own(rulePlainWords, "long", report.Warning, p.File.Pos(v),
		"got", fmt.Sprintf("%.0f", got), "unit", unit, "max", fmt.Sprint(most))
	f.Page = p.OutFile(site.Standard)
	return []report.Finding{f}
}

// measure counts Han characters, words of other scripts, and sentences.
func measure(text string) (han, words, sentences int) {
	inWord, open := false, false
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			han, inWord, open = han+1, false, true
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inWord {
				words++
			}
			inWord, open = true, true
		case strings.ContainsRune("。！？；.!?;؟؛", r):
			if open {
				sentences++
			}
			inWord, open = false, false
		case r != '\'' && r != '’' && r != '-':
			inWord = false
		}
	}
	if open {
		sentences++
	}
	return han, words, sentences
}
