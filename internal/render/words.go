package render

import (
	"handrail/internal/glossary"
	"handrail/internal/markdown"
	"handrail/internal/site"
)

// A Word is a word that the glossary explains.
type Word struct {
	ID    string // of the explanation
	Use   string // the id of the first use on the page; "" in a list of all words
	Text  *Value
	Means *Value
	Short bool // an abbreviation: Means is what it stands for

	w    *worker
	link *site.ResolvedLink
}

// URL returns the address of the page that says more, or "".
func (x *Word) URL() string {
	if x.link == nil {
		return ""
	}
	return x.w.url(x.link)
}

// Words returns what the directive explains: "words" the words of a section,
// "glossary" all of the language, or of one group.
func (d *Directive) Words() []*Word {
	w := d.w
	w.ask(question{op: opData, key: glossary.Name})
	var out []*Word
	if d.Name == "words" {
		for i := range d.d.Uses {
			u := &d.d.Uses[i]
			out = append(out, w.word(u.Entry, u.ID))
		}
		return out
	}
	for _, e := range w.r.opt.Site.Glossary(w.lang.lang, d.d.Attrs["group"]) {
		out = append(out, w.word(e, ""))
	}
	return out
}

// Official reports whether the words are those of a law, behind its text.
func (d *Directive) Official() bool { return d.d.Official }

// AllWords returns the page that lists the words of the language, or nil.
func (d *Directive) AllWords() *PageRef {
	d.w.ask(question{op: opLang, page: d.w.lang.lang.Tag})
	return d.w.ref(d.w.lang.lang.WordsPage)
}

func (w *worker) word(e *glossary.Entry, use string) *Word {
	data := w.r.opt.Site.Data[glossary.Name]
	x := &Word{ID: markdown.WordID(e), Use: use, w: w, Short: e.Kind == glossary.Short, Text: w.newValue(), Means: w.newValue()}
	*x.Text = Value{w: w, kind: Data, key: "term", node: e.WordValue, data: data}
	*x.Means = Value{w: w, kind: Data, key: "means", node: e.MeansValue, data: data}
	if r, ok := w.r.opt.Site.WordPages[e]; ok {
		x.link = &r
		if r.Page != nil {
			w.askPage(r.Page, "url")
		}
	}
	return x
}
