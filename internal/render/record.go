package render

import (
	"fmt"
	"hash/maphash"
	"slices"
	"unique"

	"handrail/internal/schema"
	"handrail/internal/site"
)

// A question is one thing that a page wanted to know. Asking it of another
// model of the same site tells whether the page must be rendered again.
type question struct {
	op   op
	page string // path of the page that is asked, or tag of the language
	key  string
}

type op uint8

const (
	opFile    op = iota // everything the page's own file says
	opField             // one thing that another page says: key
	opList              // a list of pages that hangs on a page: key
	opLinks             // where the links and pictures of a page lead
	opMessage           // a message of a language
	opAsset             // the URL of an asset
	opSVG               // a picture printed into the page
	opData              // a data file
	opConfig            // site.yaml
	opForm              // the form that a page begins, and its version
	opLang              // the languages, menus and special pages of a language
	opBlocks            // the ids of a page's blocks
	opLate              // what late pages say about the build
)

const headScriptKey = "\x00head"

// A Read is a question that a page asked, with a hash of the answer.
type Read struct {
	q      unique.Handle[question]
	Answer uint64
}

// ask notes a question when the worker is recording.
func (w *worker) ask(q question) {
	if w.reads != nil {
		w.reads[q] = true
	}
}

// askPage notes that something of a page was read: of the page being
// rendered the whole file, of another page one thing only.
func (w *worker) askPage(p *site.Page, key string) {
	switch {
	case w.reads == nil:
	case p == w.page:
		w.ask(question{op: opFile, page: p.Path})
	default:
		w.ask(question{op: opField, page: p.Path, key: key})
	}
}

func (w *worker) askList(p *site.Page, key string) {
	if w.reads != nil {
		w.ask(question{op: opList, page: p.Path, key: key})
	}
}

// answers answers the questions of a page.
func (r *Renderer) answers(qs map[question]bool) []Read {
	out := make([]Read, 0, len(qs))
	for q := range qs {
		h := unique.Make(q)
		out = append(out, Read{h, r.known(h)})
	}
	return out
}

// Merge returns what the editions of a page have read.
func Merge(a, b []Read) []Read {
	if len(a) == 0 {
		return b
	}
	have := make(map[Read]bool, len(a))
	for _, x := range a {
		have[x] = true
	}
	for _, x := range b {
		if !have[x] {
			a = append(a, x)
		}
	}
	return slices.Clip(a)
}

// Stale reports whether a page that read this must be rendered again, now
// that r has the new model. The answers must come from the same process.
func (r *Renderer) Stale(reads []Read) bool {
	for _, x := range reads {
		if r.known(x.q) != x.Answer {
			return true
		}
	}
	return false
}

// known is answer with a memory: pages ask much the same.
func (r *Renderer) known(h unique.Handle[question]) uint64 {
	if a, ok := r.answered.Load(h); ok {
		return a.(uint64)
	}
	a := r.answer(h.Value())
	r.answered.Store(h, a)
	return a
}

var seed = maphash.MakeSeed()

// answer returns a hash of the answer to a question.
func (r *Renderer) answer(q question) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	say := func(parts ...string) {
		for _, s := range parts {
			h.WriteString(s)
			h.WriteByte(0)
		}
	}
	switch q.op {
	case opMessage:
		for l, x := range r.langs {
			if l.Tag == q.page {
				if m := x.cat.Message(q.key); m != nil {
					say(m.Raw())
				}
			}
		}
	case opAsset:
		if q.key == headScriptKey {
			say(r.opt.Assets.HeadScript())
			break
		}
		u, _ := r.opt.Assets.URL(q.key)
		say(u)
	case opForm:
		say(r.opt.Forms[q.page].ID, r.opt.Forms[q.page].Version)
	case opSVG:
		s, _ := r.opt.Assets.SVG(q.key)
		say(s)
	case opData:
		if d := r.opt.Site.Data[q.key]; d != nil {
			say(d.Src)
		}
	case opLate:
		r.sayLate(say)
	case opConfig:
		say(r.opt.Site.Cfg.Src)
	case opLang:
		if l := r.opt.Site.Lang(q.page); l != nil {
			sayLang(say, l)
		}
	default:
		if p := r.opt.Site.Page(q.page); p != nil {
			r.answerPage(say, p, q)
		}
	}
	return h.Sum64()
}

func (r *Renderer) answerPage(say func(...string), p *site.Page, q question) {
	switch q.op {
	case opBlocks:
		r.opt.Blocks[p].say(say)
	case opFile:
		say(r.opt.Audio[p].URL)
		say(p.Title, p.Excerpt, string(p.Kind), p.Type)
		if p.File == nil {
			break
		}
		say(string(p.File.Hash[:]))
		if p.File.Plain != nil {
			say(string(p.File.Plain.Hash[:]))
		}
		for _, v := range p.File.Inherited {
			say(v.Key)
			v.Walk(func(v *schema.Value) { say(v.Key, v.Text) })
		}
	case opField:
		say(fieldText(p, q.key)...)
	case opList:
		for _, x := range listOf(p, q.key) {
			say(x.Path)
		}
	case opLinks:
		r.sayLinks(say, p)
	}
}

// fieldText is what a page says under a key of PageRef's accessors.
func fieldText(p *site.Page, key string) []string {
	switch key {
	case "url":
		return []string{p.Path}
	case "title":
		return []string{p.Title}
	case "menu-title":
		return []string{p.MenuTitle}
	case "summary":
		return []string{p.Excerpt, p.Summary}
	case "kind":
		return []string{string(p.Kind), p.Type}
	case "count":
		return []string{fmt.Sprint(len(p.Items))}
	case "department":
		if p.Department == nil {
			return nil
		}
		return []string{p.Department.ID}
	}
	var out []string
	p.Get(key).Walk(func(v *schema.Value) { out = append(out, v.Key, v.Text) })
	return out
}

func sayLang(say func(...string), l *site.Lang) {
	say(l.Title, l.Name)
	say(l.CareNames...)
	for _, p := range []*site.Page{l.Home, l.AZPage, l.TopicsPage, l.SiteMapPage, l.DisplayPage, l.WordsPage} {
		if p != nil {
			say(p.Path, p.Title)
		}
	}
	for _, items := range [][]*site.MenuItem{l.Menu, l.Footer, l.Doors} {
		for _, m := range items {
			say(m.Text, m.Note, m.Icon, linkURL(&m.Link, site.Standard))
		}
	}
}
