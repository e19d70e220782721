package render

import (
	"strings"

	"handrail/internal/site"
	"handrail/internal/theme"
)

// A page that a language lacks is linked to in the language it has. Such a
// link says so: hreflang for programs, words for people; and the page says it
// once more to whoever has come that way.

// A Foreign is the language of a page that is not in the language being read.
type Foreign struct {
	HTML, Dir string
	Note      *Value // "(in Chinese)", in the language being read
}

// foreign returns the language of a page, or nil when it is the one being
// rendered.
func (w *worker) foreign(p *site.Page) *Foreign {
	if p == nil || p.Lang == w.lang.lang {
		return nil
	}
	note, _ := w.message(theme.Call{}, "foreign.note", []any{"language", w.inWords(w.lang, p.Lang)})
	return &Foreign{p.Lang.HTML, p.Lang.Dir, note}
}

// inWords says "in Chinese" in a language of the site. A language that the
// catalogue has no words for goes by its own name.
func (w *worker) inWords(l *language, of *site.Lang) string {
	primary, _, _ := strings.Cut(of.HTML, "-")
	if m := l.cat.Message("foreign." + primary); m != nil {
		return m.Format(l.cat.Locale)
	}
	v, _ := w.messageOf(theme.Call{}, l, "foreign.other", []any{"name", of.Name})
	return v.Text()
}

// arrival is the id of what a page says to those who came from a language
// that it is not in.
func arrival(tag string) string { return "from-" + tag }

// url returns where a link leads in the edition being rendered.
func (w *worker) url(l *site.ResolvedLink) string {
	u := linkURL(l, w.edition)
	if l.Kind == site.ToPage && l.Fragment == "" && w.foreign(l.Page) != nil {
		u += "#" + arrival(w.lang.lang.Tag)
	}
	return u
}

// Foreign returns the language of the page, or nil when it is the one being
// read.
func (r *PageRef) Foreign() *Foreign { return r.w.foreign(r.p) }

// An Arrival is what a page says to those who read a language that it is not
// in, and came by a link of a page in that one.
type Arrival struct {
	ID, HTML, Dir, Home string
	Text, HomeText      *Value
}

// Arrivals returns what to say in each language that the page is not in.
func (p *Page) Arrivals() []Arrival {
	p.w.askList(p.p, "translations")
	var out []Arrival
	for _, l := range p.w.r.opt.Site.Langs {
		if l == p.p.Lang || p.p.Translation(l.Tag) != nil {
			continue
		}
		in := p.w.r.langs[l]
		text, _ := p.w.messageOf(theme.Call{}, in, "foreign.page", []any{"language", p.w.inWords(in, p.p.Lang)})
		home, _ := p.w.messageOf(theme.Call{}, in, "nav.home", nil)
		out = append(out, Arrival{arrival(l.Tag), l.HTML, l.Dir, l.Home.URL(p.Edition), text, home})
	}
	return out
}
