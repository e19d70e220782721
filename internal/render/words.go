package render

import (
	"handrail/internal/glossary"
	"handrail/internal/markdown"
	"handrail/internal/schema"
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

// URL returns the address of the page that says more, or "": also where that
// is the page itself.
func (x *Word) URL() string {
	if x.link == nil || x.link.Page != nil && x.link.Page == x.w.page {
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

// Words returns the words of the glossary in the page's fields that its text
// does not explain, in the order of the fields. They are not marked: the
// editions show the fields in different orders.
func (p *Page) Words() []*Word {
	w := p.w
	w.ask(question{op: opData, key: glossary.Name})
	g := w.r.opt.Site.Tree.Glossary[p.p.Lang.Tag]
	if g == nil || p.p.File == nil {
		return nil
	}
	w.askPage(p.p, "fields")
	seen := map[*glossary.Entry]bool{}
	if doc := p.p.File.Doc; doc != nil {
		for i := range doc.Directives {
			for _, u := range doc.Directives[i].Uses {
				seen[u.Entry] = true
			}
		}
	}
	var out []*Word
	for _, v := range p.p.File.Fields() {
		v.Walk(func(v *schema.Value) {
			if v.Kind != schema.Inline {
				return
			}
			for _, e := range g.Find(v.Text) {
				if !seen[e] {
					seen[e] = true
					out = append(out, w.word(e, ""))
				}
			}
		})
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
