package site

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"handrail/internal/diag"
	"handrail/internal/markdown"
	"handrail/internal/schema"
	"handrail/internal/source"
)

// A LinkKind says where a link leads.
type LinkKind uint8

// The kinds of links.
const (
	Broken LinkKind = iota
	ToPage
	ToFile   // a file of the site that is no page
	External // another site, a mail address, a telephone number
)

// A ResolvedLink is a link of an author's, followed.
type ResolvedLink struct {
	Kind     LinkKind
	Page     *Page            // of ToPage
	Resource *source.Resource // of ToFile
	Path     string           // of ToFile: its address; of External and Broken: as written
	Query    string           // with its "?"
	Fragment string           // decoded, without "#"

	broken *diag.Diagnostic // of Broken: why, without a place
}

// URL returns the address for an edition: pages are in it, files are in all.
func (r ResolvedLink) URL(edition string) string {
	u := r.Path
	if r.Kind == ToPage {
		u = r.Page.URL(edition)
	}
	if r.Kind == External || r.Kind == Broken {
		return u
	}
	u += r.Query
	if r.Fragment != "" {
		u += "#" + r.Fragment
	}
	return u
}

// Resolve follows a link as if it stood in p.
func (s *Site) Resolve(p *Page, dest string) ResolvedLink {
	return s.resolve(p, linkDir(p), dest)
}

// linkDir returns the logical folder that a page's relative links start from.
func linkDir(p *Page) string {
	if p.File != nil {
		return p.File.Dir
	}
	return p.ID
}

var schemes = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true, "sms": true, "geo": true, "ftp": true, "xmpp": true}

func (s *Site) resolve(p *Page, dir, dest string) ResolvedLink {
	if scheme, _, ok := strings.Cut(dest, ":"); ok && scheme != "" && !strings.ContainsAny(scheme, "/?#") && asciiWord(scheme) {
		if schemes[strings.ToLower(scheme)] {
			return ResolvedLink{Kind: External, Path: dest}
		}
		r := broken(dest, "bad-scheme", fmt.Sprintf("a link cannot begin with %q", scheme+":"), "use https:, mailto: or tel:")
		r.broken.Args["scheme"] = scheme + ":"
		r.Path = "#unsafe-url" // also where pages with errors are published
		return r
	}
	if strings.HasPrefix(dest, "//") {
		return ResolvedLink{Kind: External, Path: dest}
	}
	rest, frag, _ := strings.Cut(dest, "#")
	rest, query, hasQuery := strings.Cut(rest, "?")
	r := s.target(p, dir, unescape(rest), dest)
	r.Fragment = unescape(frag)
	if hasQuery {
		r.Query = "?" + query
	}
	return r
}

func asciiWord(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(s[i]))) {
			return false
		}
	}
	return true
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') >= 0 {
		if u, err := url.PathUnescape(s); err == nil {
			s = u
		}
	}
	return nfc(s)
}

// target finds what the path of a link leads to.
func (s *Site) target(p *Page, dir, dest, written string) ResolvedLink {
	switch {
	case dest == "":
		return ResolvedLink{Kind: ToPage, Page: p}
	case dest[0] == '/':
		return s.absolute(p, dest, written)
	}
	lang := ""
	if !s.plainFolder(p) {
		lang = p.Lang.Tag
	}
	full := path.Join(lang, dir, dest)
	if full == ".." || strings.HasPrefix(full, "../") {
		return broken(written, "link-outside", fmt.Sprintf("link %q leads out of the content folder", written), "")
	}
	tag, rest := p.Lang.Tag, full
	if lang != "" {
		tag, rest, _ = strings.Cut(full, "/")
	}
	if r, ok := s.find(tag, rest, strings.HasSuffix(dest, "/")); ok {
		return r
	}
	if s.Lang(tag) == nil {
		return noPage(written, s.suggest(p, strings.TrimSuffix(full, path.Ext(full))))
	}
	// As a browser would: from the page's own address. b.md beside the folder b
	// also speaks of the files in it.
	if p.Kind == Section {
		dest = strings.TrimSuffix(dest, ".md")
	}
	if rel := path.Join("/", p.Path, dest); rel != "/" {
		if q := s.lookup.byURL[lowerASCII(rel)+"/"]; q != nil {
			return ResolvedLink{Kind: ToPage, Page: q}
		}
	}
	if res := s.lookup.static[dest]; res != nil {
		return noPage(written, "/"+dest)
	}
	return s.lost(p, tag, rest, written)
}

// plainFolder reports whether a page lies in a folder that is not divided by
// language.
func (s *Site) plainFolder(p *Page) bool {
	if p.File == nil {
		return false
	}
	content := strings.TrimSuffix(p.File.Path, path.Join(p.File.Dir, path.Base(p.File.Path)))
	return path.Base(content) != p.Lang.Tag
}

// find looks a path of the content folder up: a page with or without .md, a
// folder, a file beside pages.
func (s *Site) find(tag, rest string, folder bool) (ResolvedLink, bool) {
	l := s.Lang(tag)
	if l == nil {
		return ResolvedLink{}, false
	}
	if ext := path.Ext(rest); ext == ".md" || ext == ".markdown" {
		if q := s.lookup.byFile[tag+"/"+strings.TrimSuffix(rest, ext)]; q != nil {
			return ResolvedLink{Kind: ToPage, Page: q}, true
		}
		return ResolvedLink{}, false
	}
	if q := l.byLogical[rest]; q != nil && q.Path != "" && !q.hidden {
		return ResolvedLink{Kind: ToPage, Page: q}, true
	}
	if !folder {
		for _, lang := range []string{tag, "", s.Cfg.DefaultLang} {
			if res := s.lookup.resources[lang+"/"+rest]; res != nil {
				return ResolvedLink{Kind: ToFile, Resource: res, Path: s.ResourcePath(res)}, true
			}
		}
	}
	if base := path.Base(rest); base == "index.html" || base == "index" || base == "_index" {
		return s.find(tag, strings.TrimPrefix(path.Dir("/"+rest), "/"), true)
	}
	if trimmed, ok := strings.CutSuffix(rest, ".html"); ok {
		return s.find(tag, trimmed, false)
	}
	return ResolvedLink{}, false
}

// absolute follows a link from the root: a page of the same language by its
// place in the content folder, else an address of the site, else a file.
func (s *Site) absolute(p *Page, dest, written string) ResolvedLink {
	clean := path.Clean(dest)
	rest := strings.TrimPrefix(clean, "/")
	if r, ok := s.find(p.Lang.Tag, rest, strings.HasSuffix(dest, "/")); ok {
		return r
	}
	if q := s.byAddress(p.Lang.Prefix + clean); q != nil {
		return ResolvedLink{Kind: ToPage, Page: q}
	}
	if q := s.byAddress(clean); q != nil {
		return ResolvedLink{Kind: ToPage, Page: q}
	}
	if q := s.byAddress(strings.TrimPrefix(clean, "/care")); q != nil && strings.HasPrefix(clean, "/care") {
		return ResolvedLink{Kind: ToPage, Page: q}
	}
	if tag, below, _ := strings.Cut(rest, "/"); s.Lang(tag) != nil {
		if r, ok := s.find(tag, below, true); ok {
			return r
		}
	}
	if res := s.lookup.static[rest]; res != nil {
		return ResolvedLink{Kind: ToFile, Resource: res, Path: "/" + res.Rel}
	}
	if res := s.lookup.byResURL[clean]; res != nil {
		return ResolvedLink{Kind: ToFile, Resource: res, Path: clean}
	}
	return s.lost(p, p.Lang.Tag, rest, written)
}

// byAddress finds a page by its address, present or past.
func (s *Site) byAddress(clean string) *Page {
	key := lowerASCII(clean)
	if !strings.HasSuffix(key, "/") {
		if q := s.lookup.byURL[key]; q != nil {
			return q
		}
		key += "/"
	}
	if q := s.lookup.byURL[key]; q != nil {
		return q
	}
	return s.lookup.aliases[key]
}

func broken(written, code, why, hint string) ResolvedLink {
	return ResolvedLink{Kind: Broken, Path: written, broken: &diag.Diagnostic{
		Code: code, Msg: why, Hint: hint, Args: map[string]any{"link": written},
	}}
}

// noPage is a link to nothing, perhaps with what was meant.
func noPage(written, suggestion string) ResolvedLink {
	r := broken(written, "broken-link", fmt.Sprintf("there is no page or file %q", written), "")
	schema.DidYouMean(r.broken, suggestion)
	return r
}

// lost says why a link leads nowhere, as far as that can be told.
func (s *Site) lost(p *Page, tag, rest, written string) ResolvedLink {
	logical := strings.TrimSuffix(strings.TrimSuffix(rest, path.Ext(rest)), "/")
	if path.Ext(rest) != ".md" {
		logical = strings.TrimSuffix(rest, "/")
	}
	if q := s.lookup.left[tag+"/"+logical]; q != nil {
		return s.toLeftOut(q, written)
	}
	if l := s.Lang(tag); l != nil {
		for _, name := range s.lookup.byBase()[strings.ToLower(path.Base(logical))] {
			if q := s.lookup.byURL[name]; q != nil && q.Lang == l && strings.EqualFold(q.ID, logical) && q.File != nil {
				r := broken(written, "link-case", fmt.Sprintf("link %q and the file %s differ in upper and lower case", written, q.File.Path),
					"write it as the file is called")
				r.broken.Args["page"] = q.File.Path
				return r
			}
		}
	}
	return noPage(written, s.suggest(p, logical))
}

func (s *Site) toLeftOut(q *Page, written string) ResolvedLink {
	f := q.File
	var r ResolvedLink
	switch {
	case f.Draft:
		r = broken(written, "link-to-draft", fmt.Sprintf("link %q leads to %s, which is a draft", written, f.Path),
			"publish it, or take the link out")
	case f.PublishAt.After(s.Now):
		date := f.PublishAt.Format(time.DateOnly)
		r = broken(written, "link-to-future", fmt.Sprintf("link %q leads to %s, which is not published before %s", written, f.Path, date),
			"publish it, or take the link out")
		r.broken.Args["date"] = date
	default:
		date := f.ExpiresAt.Format(time.DateOnly)
		r = broken(written, "link-to-expired", fmt.Sprintf("link %q leads to %s, which expired on %s", written, f.Path, date),
			"take the link out, or give the page a new date")
		r.broken.Args["date"] = date
	}
	r.broken.Args["page"] = f.Path
	return r
}

// suggest names pages whose last part is the one that the link wants, or
// almost.
func (s *Site) suggest(p *Page, logical string) string {
	base := strings.ToLower(path.Base(logical))
	for _, name := range s.lookup.byBase()[base] {
		if q := s.lookup.byURL[name]; q != nil && q.Lang == p.Lang {
			return q.Path
		}
	}
	if p.Parent == nil || len(p.Parent.Children) > 100 {
		return ""
	}
	var names []string
	for _, c := range p.Parent.Children {
		names = append(names, c.segment)
	}
	return schema.Suggest(base, names)
}

// links follows every link of every page and reports those that lead
// nowhere.
func (b *builder) links() {
	for _, l := range b.site.Langs {
		for _, p := range l.Pages {
			if p.File == nil {
				continue
			}
			f := p.File
			p.Links = b.bodyLinks(p, f, f.Doc.Links)
			p.Images = b.images(p, f, f.Doc.Images)
			if f.Plain != nil {
				p.Plain = b.bodyLinks(p, f.Plain, f.Plain.Doc.Links)
			}
			b.fields(p)
		}
	}
}

func (b *builder) bodyLinks(p *Page, f *source.File, links []markdown.Link) []ResolvedLink {
	if len(links) == 0 {
		return nil
	}
	out := make([]ResolvedLink, len(links))
	for i := range links {
		k := &links[i]
		out[i] = b.follow(p, k.URL(), k.Kind, func() diag.Pos { return f.Lines.Pos(k.Src) })
	}
	return out
}

func (b *builder) images(p *Page, f *source.File, images []markdown.Image) []ResolvedLink {
	if len(images) == 0 {
		return nil
	}
	out := make([]ResolvedLink, len(images))
	for i := range images {
		k := &images[i]
		out[i] = b.follow(p, k.Dest, markdown.LinkFile, func() diag.Pos { return f.Lines.Pos(k.Src) })
		if out[i].Kind == External {
			b.foreignImage(p, f.Lines.Pos(k.Src), k.Dest)
		}
	}
	return out
}

// foreignImage reports a picture of another site: pages request nothing from
// elsewhere, so nobody would see it, and who reads what stays between them and
// this site.
func (b *builder) foreignImage(p *Page, at diag.Pos, dest string) {
	d := &diag.Diagnostic{Pos: at, Code: "foreign-image", Msg: fmt.Sprintf("the picture %q lies on another site and will not be shown", dest),
		Hint: "put the picture beside the page and name it here", Args: map[string]any{"link": dest}}
	if !p.File.Strict {
		d.Severity = diag.Warning
	}
	b.diags.Add(d)
}

// follow resolves one link and reports it when it leads nowhere, or where it
// should not.
func (b *builder) follow(p *Page, dest string, kind markdown.LinkKind, pos func() diag.Pos) ResolvedLink {
	r := b.site.Resolve(p, strings.TrimSpace(dest))
	switch {
	case kind == markdown.LinkCite:
		return r
	case r.Kind == Broken:
		d := *r.broken
		if d.Pos = pos(); kind == markdown.LinkFile && d.Code == "broken-link" {
			d.Code, d.Msg, d.Args = "missing-file", fmt.Sprintf("there is no file %q", dest), map[string]any{"link": dest}
		}
		b.diags.Add(&d)
	case kind == markdown.LinkFile && r.Kind == ToPage:
		b.diags.Add(&diag.Diagnostic{Pos: pos(), Code: "page-not-file", Msg: fmt.Sprintf("%q is a page, not a file", dest),
			Args: map[string]any{"link": dest}})
	case r.Kind == ToPage && r.Fragment != "" && !b.site.hasAnchor(r.Page, r.Fragment):
		b.brokenAnchor(r, dest, pos())
	}
	return r
}

// hasAnchor reports whether a page has a place of this name. Lists are the
// theme's, and all of their places are taken for good.
func (s *Site) hasAnchor(p *Page, id string) bool {
	if p.File == nil || p.Kind != Single && p.Kind != Section && p.Kind != Home || id == "top" {
		return true
	}
	ids, ok := s.lookup.ids[p]
	if !ok {
		ids = make(map[string]bool, len(p.File.Doc.IDs))
		for _, x := range p.File.Doc.IDs {
			ids[nfc(x)] = true
		}
		for _, x := range s.layoutIDs(p) {
			ids[x] = true
		}
		s.lookup.ids[p] = ids
	}
	return ids[id]
}

func (s *Site) layoutIDs(p *Page) []string {
	if s.lookup.layoutIDs != nil {
		return s.lookup.layoutIDs(p)
	}
	ids := []string{"main", "plain"}
	if t := schema.Lookup(p.Type); t != nil {
		for _, f := range t.Own {
			if p.File.Get(f.Key) != nil {
				ids = append(ids, f.Key)
			}
		}
	}
	return ids
}

func (b *builder) brokenAnchor(r ResolvedLink, dest string, pos diag.Pos) {
	d := &diag.Diagnostic{
		Pos: pos, Code: "broken-anchor", Msg: fmt.Sprintf("%s has no place called %q", r.Page.source(), "#"+r.Fragment),
		Args: map[string]any{"link": dest, "page": r.Page.source(), "anchor": r.Fragment},
	}
	ids := r.Page.File.Doc.IDs
	if len(ids) <= 200 {
		if m := schema.Suggest(r.Fragment, ids); m != "" {
			schema.DidYouMean(d, "#"+m)
		}
	}
	b.diags.Add(d)
}

// fields follows the links of front-matter values: paths, files, and those
// in inline Markdown.
func (b *builder) fields(p *Page) {
	f := p.File
	for _, v := range f.Fields() {
		if v.Key == "cascade" {
			continue
		}
		v.Walk(func(x *schema.Value) { b.field(p, x) })
	}
	if _, own := p.Fields[f.Get("interprets")]; own {
		b.interprets(p)
	}
	if p.Type == "journey" {
		b.journey(p)
	}
}

func (b *builder) field(p *Page, v *schema.Value) {
	var out []ResolvedLink
	lines := p.File.Lines
	if v.In != nil { // reported once, not for every page below the section
		lines = v.In.Lines
		if n := len(b.diags); b.passedDown[v] {
			defer func() { b.diags = b.diags[:n] }()
		}
		b.passedDown[v] = true
	}
	pos := func() diag.Pos { return lines.Pos(v.Off) }
	switch v.Kind {
	case schema.Path, schema.URL:
		r := b.follow(p, v.Text, markdown.LinkPage, pos)
		b.wanted(p, v, r)
		out = []ResolvedLink{r}
	case schema.File:
		out = []ResolvedLink{b.follow(p, v.Text, markdown.LinkFile, pos)}
	case schema.Inline:
		in := p.File.Inline[v]
		if in == nil {
			return
		}
		for i := range in.Doc.Links {
			k := &in.Doc.Links[i]
			out = append(out, b.follow(p, k.URL(), k.Kind, func() diag.Pos { return lines.Pos(in.Source(k.Src)) }))
		}
	}
	if len(out) == 0 {
		return
	}
	if p.Fields == nil {
		p.Fields = map[*schema.Value][]ResolvedLink{}
	}
	p.Fields[v] = out
}

// wanted holds a path against the type of page that its field wants.
func (b *builder) wanted(p *Page, v *schema.Value, r ResolvedLink) {
	if v.Field == nil || v.Field.Want == "" || r.Kind == Broken {
		return
	}
	if r.Page != nil && r.Page.Type == v.Field.Want {
		return
	}
	what := "another site"
	if r.Page != nil {
		what = fmt.Sprintf("a page of type %q", r.Page.Type)
	} else if r.Kind == ToFile {
		what = "a file"
	}
	b.diags.Add(&diag.Diagnostic{
		Pos: p.File.Pos(v), Code: "wrong-target",
		Msg:  fmt.Sprintf("%q has to lead to a page of type %q; this is %s", v.Field.Key, v.Field.Want, what),
		Args: map[string]any{"field": v.Field.Key, "want": v.Field.Want, "got": what},
	})
}

// interprets links an interpretation and its policy both ways.
func (b *builder) interprets(p *Page) {
	for _, r := range p.Fields[p.File.Get("interprets")] {
		if r.Page != nil && r.Page.Type == "policy" {
			p.Interprets = r.Page
			if !slices.Contains(r.Page.InterpretedBy, p) {
				r.Page.InterpretedBy = append(r.Page.InterpretedBy, p)
			}
		}
	}
}
