package markdown

import (
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"handrail/internal/glossary"
)

// A Use is the first use of a word on a page; the list that explains it
// stands at the end of its section.
type Use struct {
	Entry *glossary.Entry
	ID    string // of the use; the explanation's is WordID
	Src   int
}

// The ids of a word's explanation and of its first use. No id of a heading
// holds a full stop, so they cannot clash.
const (
	wordID = "word."
	useID  = "use."
)

// WordID is the id of an entry's explanation.
func WordID(e *glossary.Entry) string { return wordID + e.ID }

// With returns a converter that marks the words of a site's glossary, by
// language.
func (c *Converter) With(words map[string]*glossary.Glossary) *Converter {
	with := *c
	with.words = words
	return &with
}

// glossing is what a renderer knows of the words on its page.
type glossing struct {
	glossary *glossary.Glossary // nil: nothing is marked
	off      int                // how many things are open in which nothing is marked
	seen     map[*glossary.Entry]bool
	pending  []Use // to be explained at the end of the section
	official bool  // the text is that of a law: nothing is put into it
	top      int   // the level of headings that sections begin with
}

// startWords looks for the glossary of the page, and at what kind of text it
// is.
func (r *renderer) startWords(file string, tree ast.Node) {
	g := languageOf(r.c, r.c.words, file)
	if g == nil || strings.HasSuffix(file, ".plain.md") { // a plain version explains as it goes
		return
	}
	r.gloss = glossing{glossary: g, seen: map[*glossary.Entry]bool{}, top: 7}
	first := true
	for n := tree.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *directiveNode:
			if n.name == "glossary" { // explains them all
				r.gloss.glossary = nil
				return
			}
		case *ast.Heading:
			if n.Level > 1 || !first { // an h1 at the beginning is the page's title
				r.gloss.top = min(r.gloss.top, n.Level)
			}
			first = false
			r.gloss.official = r.gloss.official || r.c.opt.Articles && articleID(r.firstLine(n)) != ""
		case *ast.Paragraph:
			r.gloss.official = r.gloss.official || r.c.opt.Articles && articleID(r.firstLine(n)) != ""
		}
	}
}

// marks reports whether words are marked here: in running text, and not in
// headings, links, code, quotations, spans of the author's or raw HTML.
func (r *renderer) marks() bool {
	return r.gloss.glossary != nil && r.gloss.off == 0 && r.inLink == 0 && r.rawOpen == 0 && !r.oneLine
}

// unmarked writes something in which no words are marked.
func (r *renderer) unmarked(write func()) {
	r.gloss.off++
	write()
	r.gloss.off--
}

// runningText writes text and marks the words in it.
func (r *renderer) runningText(b []byte, src int) {
	before := rune(0)
	if src > 0 {
		before, _ = utf8.DecodeLastRune(r.src[:src])
	}
	done := 0
	for at := 0; at < len(b); {
		m, ok := r.gloss.glossary.Next(b, at, before)
		if !ok {
			break
		}
		at = m.End
		before, _ = utf8.DecodeLastRune(b[:at])
		if !r.wants(m) {
			continue
		}
		r.writeText(b[done:m.Start], src+done, asMarkdown)
		r.word(m, b[m.Start:m.End], src+m.Start)
		done = m.End
	}
	r.writeText(b[done:], src+done, asMarkdown)
}

// wants reports whether there is anything to do for a match: each word is
// marked once a page, each reading once a section.
func (r *renderer) wants(m glossary.Match) bool {
	if m.Full {
		r.gloss.seen[m.Term] = true
		return false
	}
	return m.Term != nil && !r.gloss.seen[m.Term] || m.Reading != nil && !r.gloss.seen[m.Reading]
}

// word writes one word that is marked.
func (r *renderer) word(m glossary.Match, b []byte, src int) {
	text := func() { r.writeText(b, src, asMarkdown) }
	if m.Reading != nil && !r.gloss.seen[m.Reading] {
		r.gloss.seen[m.Reading] = true
		text = func() { r.listedRuby(m.Reading, b, src) }
	}
	switch {
	case m.Term == nil || r.gloss.seen[m.Term]:
		text()
	case m.Term.Kind == glossary.Short && !r.gloss.official:
		r.gloss.seen[m.Term] = true
		text()
		r.inBrackets(m.Term.Means, src)
	default:
		r.gloss.seen[m.Term] = true
		r.use(m.Term, text, src)
	}
}

// use writes a word as a link to its explanation.
func (r *renderer) use(e *glossary.Entry, text func(), src int) {
	id := useID + e.ID
	r.doc.IDs = append(r.doc.IDs, id)
	r.gloss.pending = append(r.gloss.pending, Use{e, id, src})
	r.enterAttrs(tagA, src)
	r.out = append(r.out, ` class="term"`...)
	r.attr("href", "#"+wordID+e.ID)
	r.attr("id", id)
	r.out = append(r.out, '>')
	text()
	last := r.last
	r.leave()
	r.last = last
}

// inBrackets writes what a word stands for behind it, for everybody to see.
func (r *renderer) inBrackets(text string, src int) {
	open, end := " (", ")"
	if cjk(r.last) > 0 {
		open, end = "（", "）"
	}
	captured := r.capture
	r.capture = 0 // it is no part of a summary
	r.enterAttrs(tagSpan, src)
	r.attr("class", "term-def")
	r.out = append(r.out, '>')
	r.replaceText(src, open+text+end)
	last := r.last
	r.leave()
	r.capture, r.last = captured, last
}

// listedRuby shows how a listed word is read, to those who have asked for it:
// one <ruby> for each character, as everywhere.
func (r *renderer) listedRuby(e *glossary.Entry, b []byte, src int) {
	for i, reading := range e.Readings {
		_, size := utf8.DecodeRune(b)
		r.enterAttrs(tagRuby, src)
		r.attr("class", "py")
		r.out = append(r.out, '>')
		if i == len(e.Readings)-1 {
			size = len(b)
		}
		r.writeText(b[:size], src, asMarkdown)
		last := r.last
		r.rubyReading(reading, src, src)
		r.leave()
		r.last = last
		b, src = b[size:], src+size
	}
}

// endWords explains the words of a section: a directive of the theme that
// holds nothing of the author's. The text of a law is not interrupted; its
// words are explained behind it.
func (r *renderer) endWords() {
	if len(r.gloss.pending) == 0 {
		return
	}
	d := Directive{Name: "words", Src: r.gloss.pending[0].Src, Uses: r.gloss.pending, Official: r.gloss.official}
	r.gloss.pending = nil
	at := uint32(len(r.out))
	r.slots = append(r.slots, Slot{SlotDirective, at, at, len(r.doc.Directives), r.depth()})
	r.doc.Directives = append(r.doc.Directives, d)
	for i := range d.Uses {
		r.doc.IDs = append(r.doc.IDs, WordID(d.Uses[i].Entry))
	}
}

// endSection is called before a heading is written: where a section ends, its
// words are explained, and readings are shown again in the next.
func (r *renderer) endSection(n *ast.Heading) {
	if r.gloss.glossary == nil || r.gloss.official || n.Level > r.gloss.top || len(r.stack) > 0 {
		return
	}
	r.endWords()
	for e := range r.gloss.seen {
		if e.Kind == glossary.Reading {
			delete(r.gloss.seen, e)
		}
	}
}

// glossTerm writes :term[word] without an explanation of its own: the
// glossary's is used. It reports false when the glossary has no such word.
func (r *renderer) glossTerm(n *spanNode) bool {
	if r.gloss.glossary == nil || r.inLink > 0 || r.rawOpen > 0 {
		return false
	}
	word := []byte(r.plainText(n))
	m, ok := r.gloss.glossary.Next(word, 0, 0)
	if !ok || m.Term == nil || m.Term.Kind != glossary.Term || m.End-m.Start != len(word) {
		return false
	}
	if r.gloss.seen[m.Term] {
		r.inlines(n)
		return true
	}
	r.gloss.seen[m.Term] = true
	r.use(m.Term, func() { r.inlines(n) }, n.start)
	return true
}
