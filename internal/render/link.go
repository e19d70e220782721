package render

import (
	"path"
	"strconv"
	"strings"

	"handrail/internal/schema"
	"handrail/internal/site"
)

func linkURL(l *site.ResolvedLink, edition string) string { return l.URL(edition) }

// appendLink writes the URL of a link into a quoted attribute.
func (w *worker) appendLink(l *site.ResolvedLink) {
	if l.Kind == site.ToPage && l.Query == "" && l.Page.Lang == w.lang.lang {
		if w.edition == site.Care {
			w.out = append(w.out, "/care"...)
		}
		w.out = appendURL(w.out, l.Page.Path)
		if l.Fragment != "" {
			w.out = append(w.out, '#')
			w.out = appendURL(w.out, l.Fragment)
		}
		return
	}
	w.out = appendURL(w.out, w.url(l))
}

// appendURL writes a URL into a quoted attribute: spaces and quotes are
// encoded, letters of all scripts stay.
func appendURL(out []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	last := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c > ' ' && c != '"' && c != '<' && c != '>' && c != '&' && c != '`' && c != 0x7F {
			continue
		}
		out = append(out, s[last:i]...)
		if c == '&' {
			out = append(out, "&amp;"...)
		} else {
			out = append(out, '%', hex[c>>4], hex[c&15])
		}
		last = i + 1
	}
	return append(out, s[last:]...)
}

// escapePath encodes a path for places that want ASCII: sitemaps and
// canonical addresses.
func escapePath(p string) string {
	var b strings.Builder
	for i := range len(p) {
		c := p[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~!$&'()*+,;=:@/%#?", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte("0123456789ABCDEF"[c>>4])
			b.WriteByte("0123456789ABCDEF"[c&15])
		}
	}
	return b.String()
}

// imageOf says where an image of a body is, and how large.
func (w *worker) imageOf(l *site.ResolvedLink) imageAttrs {
	a := imageAttrs{url: w.url(l)}
	if l.Kind == site.ToFile && l.Resource != nil && w.r.opt.Sizes != nil {
		a.width, a.height = w.r.opt.Sizes.Of(l.Resource.Path)
	}
	return a
}

// sayLinks tells where the links and images of a page lead, for Stale.
func (r *Renderer) sayLinks(say func(...string), p *site.Page) {
	links := func(list []site.ResolvedLink) {
		for i := range list {
			say(linkURL(&list[i], site.Standard))
			if f := list[i].Resource; f != nil {
				say(strconv.FormatInt(f.Size, 10))
			}
		}
	}
	links(p.Links)
	links(p.Plain)
	links(p.Images)
	for i := range p.Images {
		if l := &p.Images[i]; l.Resource != nil && r.opt.Sizes != nil {
			w, h := r.opt.Sizes.Of(l.Resource.Path)
			say(strconv.Itoa(w), strconv.Itoa(h))
		}
	}
	if p.File != nil {
		for _, f := range p.File.Fields() {
			f.Walk(func(v *schema.Value) { links(p.Fields[v]) })
		}
	}
}

// link returns where a value that is a path leads, or nil.
func (v *Value) link() *site.ResolvedLink {
	switch {
	case v == nil || v.node == nil || v.node.Text == "":
		return nil
	case v.page != nil:
		v.w.ask(question{op: opLinks, page: v.page.Path})
		if l := v.page.Fields[v.node]; len(l) == 1 {
			return &l[0]
		}
	}
	p := v.page
	if p == nil {
		p = v.w.lang.lang.Home
	}
	l := v.w.r.opt.Site.Resolve(p, v.node.Text)
	return &l
}

// Page returns the page that a path leads to, or nil.
func (v *Value) Page() *PageRef {
	l := v.link()
	if l == nil || l.Kind != site.ToPage {
		return nil
	}
	return v.w.ref(l.Page)
}

// URL returns the address that a path or link leads to.
func (v *Value) URL() string {
	l := v.link()
	if l == nil {
		return ""
	}
	return v.w.url(l)
}

// A FileRef is a file of the site that a value names.
type FileRef struct {
	URL, Name, Ext string
	Size           *Value // in words; nil when it is not known
}

// File returns the file that a path leads to, or nil.
func (v *Value) File() *FileRef {
	l := v.link()
	if l == nil || l.Kind != site.ToFile {
		return nil
	}
	return v.w.fileRef(l)
}

func (w *worker) fileRef(l *site.ResolvedLink) *FileRef {
	name := path.Base(l.Path)
	f := &FileRef{URL: w.url(l), Name: name, Ext: strings.ToUpper(strings.TrimPrefix(path.Ext(name), "."))}
	if l.Resource != nil && l.Resource.Size > 0 {
		f.Size = w.fileSize(int(l.Resource.Size))
	}
	return f
}

// pageByLink returns the page that site.yaml links to, in the language being
// rendered where it is translated, or nil.
func (w *worker) pageByLink(link string) *PageRef {
	if link == "" {
		return nil
	}
	l := w.lang.lang
	p := w.r.opt.Site.Resolve(l.Home, link).Page
	if p == nil {
		return nil
	}
	if t := p.Translation(l.Tag); t != nil {
		p = t
	}
	return w.ref(p)
}
