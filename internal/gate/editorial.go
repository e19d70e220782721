package gate

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"handrail/a11y/report"
	"handrail/internal/diag"
	"handrail/internal/schema"
	"handrail/internal/site"
)

// vagueLinks are link texts that say nothing about where they lead, folded to
// lower case without punctuation. Sources: WCAG 2.2 technique failure F84, and
// texts met in public-service pages.
var vagueLinks = wordSet("click here", "here", "more", "read more", "learn more", "this", "link", "details", "this page", "this link", "go", "continue",
	"点击这里", "点这里", "这里", "此处", "点击", "点击查看", "查看", "更多", "详情", "查看详情", "了解更多", "查看更多", "链接", "点击此处", "戳这里",
	"هنا", "اضغط هنا", "انقر هنا", "المزيد", "اقرأ المزيد", "التفاصيل")

// vagueAlts are alternative texts that say nothing about the picture.
var vagueAlts = wordSet("image", "picture", "photo", "img", "graphic", "icon", "logo", "screenshot", "untitled", "alt", "spacer",
	"图片", "图", "照片", "图像", "插图", "截图", "示意图", "图标", "صورة", "أيقونة")

func wordSet(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, w := range list {
		m[w] = true
	}
	return m
}

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
		found = append(found, g.linkTexts(p)...)
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

// linkTexts judges the words of the body's links and images.
func (g *Gate) linkTexts(p *site.Page) []report.Finding {
	var found []report.Finding
	say := func(rule, text string, at diag.Pos) {
		f := g.own(rule, "vague", report.Warning, at, "text", text)
		f.Page = p.OutFile(site.Standard)
		found = append(found, f)
	}
	for _, l := range p.File.Doc.Links {
		if vagueLinks[fold(l.Text)] {
			say(ruleLinkText, l.Text, p.File.Lines.Pos(int(l.Src)))
		}
	}
	for _, im := range p.File.Doc.Images {
		if im.Alt != "" && (vagueAlts[strings.TrimRight(fold(im.Alt), "0123456789 ")] || isFileName(im.Alt)) {
			say(ruleAltText, im.Alt, p.File.Lines.Pos(int(im.Src)))
		}
	}
	return found
}

func fold(s string) string {
	return strings.ToLower(strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) }))
}

func isFileName(s string) bool {
	switch strings.ToLower(path.Ext(s)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff":
		return !strings.Contains(s, " ")
	}
	return false
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
