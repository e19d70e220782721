package site

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"handrail/internal/diag"
	"handrail/internal/schema"
	"handrail/internal/source"
)

// alias is an old address that an author wants to keep.
type alias struct {
	from string
	to   *Page
	pos  diag.Pos
}

// aliases reads the old addresses of all pages. They are of the page's own
// language, whether they begin with its tag or not; one without a slash at
// its beginning stood beside the page.
func (b *builder) aliases() []alias {
	var out []alias
	for _, l := range b.site.Langs {
		for _, p := range l.Pages {
			if p.File == nil || p.hidden {
				continue
			}
			for _, v := range p.File.Front.Items("aliases") {
				if a, ok := b.alias(p, v); ok {
					out = append(out, a)
					p.Aliases = append(p.Aliases, a.from)
				}
			}
		}
	}
	return out
}

func (b *builder) alias(p *Page, v *schema.Value) (alias, bool) {
	text := v.Text
	if !strings.HasPrefix(text, "/") && !strings.Contains(text, "://") && p.Parent != nil {
		text = strings.TrimPrefix(strings.TrimSuffix(p.Parent.Path, "/")+"/"+text, p.Lang.Prefix)
	}
	from, wrong := cleanPath(text)
	if wrong == fine && from == "/" {
		wrong = homeAddress
	}
	if wrong != fine {
		b.badPath(p, v, wrong)
		return alias{}, false
	}
	tag := "/" + strings.ToLower(p.Lang.Tag)
	rest, tagged := from, strings.HasPrefix(from, tag+"/")
	if tagged {
		rest = strings.TrimPrefix(from, tag)
	} else {
		from = p.Lang.Prefix + from
	}
	if seg := firstSegment(rest); b.isReserved(seg) {
		b.diags.Add(reservedError(p.File.Pos(v), seg))
		return alias{}, false
	}
	return alias{from, p, p.File.Pos(v)}, true
}

// owner is what an output file belongs to.
type owner struct {
	path string // as it will be, with its case
	pos  diag.Pos
	page *Page
}

// addresses sees to it that no two things have one address, also where file
// systems take two spellings for the same: by case or Unicode form.
func (b *builder) addresses(aliases []alias) {
	taken := make(map[string]owner, len(b.site.Pages)+len(b.site.Tree.Static))
	for _, p := range b.site.Pages {
		b.take(taken, owner{p.Path, p.Pos(), p})
	}
	for _, r := range b.site.Tree.Resources {
		b.copy(taken, r, b.site.ResourcePath(r))
	}
	for _, r := range b.site.Tree.Static {
		if seg := strings.ToLower(firstSegment(r.Rel)); slices.Contains(reserved, seg) {
			b.diags.Add(reservedError(diag.Pos{File: r.Path}, seg))
			continue
		}
		b.copy(taken, r, "/"+r.Rel)
	}
	for _, a := range aliases {
		b.redirect(taken, a)
	}
	b.filesAndFolders(taken)
}

// foldPath maps spellings that may be one file to one key. Paths are NFC.
func foldPath(p string) string { return strings.ToLower(outFile(p)) }

// take gives an address to the first that wants it, and reports whether it was
// free.
func (b *builder) take(taken map[string]owner, o owner) bool {
	key := foldPath(o.path)
	first, ok := taken[key]
	if !ok {
		taken[key] = o
		return true
	}
	b.clash(first, o)
	b.clash(o, first)
	return false
}

// clash reports at one file that another one has its address.
func (b *builder) clash(at, other owner) {
	if at.pos.IsZero() {
		return
	}
	what := other.pos.File
	if what == "" {
		what = "a list that every site has"
	}
	b.diags.Add(&diag.Diagnostic{
		Pos: at.pos, Code: "address-clash",
		Msg:  fmt.Sprintf("its address %s is also that of %s", at.path, what),
		Hint: "rename one of the two, or give it a slug", Args: map[string]any{"path": at.path, "other": what},
	})
}

// twoFiles reports a.md beside a/index.md, and the like.
func (b *builder) twoFiles(p, q *Page) {
	path := p.Lang.Prefix + "/" + p.ID + "/"
	b.clash(owner{path, p.Pos(), p}, owner{path, q.Pos(), q})
	b.clash(owner{path, q.Pos(), q}, owner{path, p.Pos(), p})
}

func (b *builder) redirect(taken map[string]owner, a alias) {
	key := foldPath(a.from)
	first, ok := taken[key]
	if !ok {
		taken[key] = owner{a.from, a.pos, a.to}
		b.site.Redirects = append(b.site.Redirects, Redirect{a.from, a.to, a.pos})
		return
	}
	if first.page == a.to {
		return // the page's own address, or the same alias twice
	}
	what := first.pos.String()
	d := &diag.Diagnostic{Pos: a.pos, Code: "alias-clash", Args: map[string]any{"path": a.from, "other": what},
		Msg: fmt.Sprintf("alias %s is already an alias on %s", a.from, what), Hint: "an old address can lead to one page only"}
	if first.page == nil || first.page.Path == first.path {
		if what = first.pos.File; what == "" {
			what = "a list that every site has"
		}
		d.Code, d.Hint = "alias-on-page", "take the alias away: a page lives at this address"
		d.Msg = fmt.Sprintf("alias %s is the address of %s", a.from, what)
		d.Args["other"] = what
	}
	if !a.to.File.Strict && d.Code == "alias-clash" {
		d.Severity = diag.Warning
	}
	b.diags.Add(d)
}

// ResourcePath returns the address of a file that lies beside pages.
func (s *Site) ResourcePath(r *source.Resource) string {
	prefix := ""
	if r.Lang != "" && r.Lang != s.Cfg.DefaultLang {
		prefix = "/" + strings.ToLower(r.Lang)
	}
	segs := strings.Split(r.Rel, "/")
	for i, seg := range segs {
		segs[i] = segment(seg)
	}
	return prefix + "/" + strings.Join(segs, "/")
}

// redirects adds those of data/redirects.yaml, a list of {from, to}.
func (b *builder) redirects() []alias {
	d := b.site.Data["redirects"]
	if d == nil || d.Value == nil {
		return nil
	}
	var out []alias
	for _, it := range d.Value.List {
		from, to := it.Get("from"), it.Get("to")
		if from == nil || to == nil {
			b.dataError(d, it, "bad-redirect", "a redirect says from and to", nil)
			continue
		}
		clean, wrong := cleanPath(from.Text)
		if wrong == fine && clean == "/" {
			wrong = homeAddress
		}
		if wrong != fine {
			b.diags.Add(wrong.at(d.Lines.Pos(from.Off), from.Text))
			continue
		}
		if seg := firstSegment(clean); b.isReserved(seg) && b.site.Lang(seg) == nil {
			b.diags.Add(reservedError(d.Lines.Pos(from.Off), seg))
			continue
		}
		r := b.site.resolve(b.site.Langs[0].Home, "", to.Text)
		if r.Page == nil {
			b.dataError(d, to, "broken-link", fmt.Sprintf("there is no page %q", to.Text), map[string]any{"link": to.Text})
			continue
		}
		out = append(out, alias{clean, r.Page, d.Lines.Pos(from.Off)})
	}
	return out
}

func (b *builder) dataError(d *source.Data, v *schema.Value, code, msg string, args map[string]any) {
	b.diags.Add(&diag.Diagnostic{Pos: d.Lines.Pos(v.Off), Code: code, Msg: msg, Args: args})
}

// lookup finds pages and files by the names that links use.
type lookup struct {
	byURL     map[string]*Page
	byFile    map[string]*Page // "zh-Hans/services/a.md", NFC
	resources map[string]*source.Resource
	byResURL  map[string]*source.Resource
	static    map[string]*source.Resource
	aliases   map[string]*Page
	left      map[string]*Page // left out, by "zh-Hans/services/a"
	ids       map[*Page]map[string]bool
	byBase    func() map[string][]string // last part in lower case → paths, for suggestions; made when first asked for
	layoutIDs func(*Page) []string
}

// index fills the lookup when pages have their paths.
func (b *builder) index() {
	tree := b.site.Tree
	k := &lookup{
		byURL: map[string]*Page{}, byFile: make(map[string]*Page, len(tree.Files)), aliases: map[string]*Page{}, left: map[string]*Page{},
		resources: make(map[string]*source.Resource, len(tree.Resources)), byResURL: map[string]*source.Resource{},
		static: make(map[string]*source.Resource, len(tree.Static)), ids: map[*Page]map[string]bool{}, layoutIDs: b.opt.LayoutIDs,
	}
	for _, l := range b.site.Langs {
		for _, p := range b.listed(l) {
			k.byURL[p.Path] = p
			if c := p.Checklist; c != nil {
				k.byURL[c.Path] = c
			}
			if p.File != nil {
				k.byFile[fileKey(p.File)] = p
			}
		}
	}
	for _, r := range tree.Resources {
		k.resources[r.Lang+"/"+r.Rel] = r
		k.byResURL[b.site.ResourcePath(r)] = r
	}
	for _, r := range tree.Static {
		k.static[r.Rel] = r
	}
	for _, p := range b.left {
		k.left[p.Lang.Tag+"/"+p.ID] = p
	}
	k.byBase = sync.OnceValue(b.site.suggestions)
	b.site.lookup = k
}

// fileKey names a page's file as links do: language, path, extension.
func fileKey(f *source.File) string {
	return f.Lang + "/" + path.Join(f.Dir, f.Name)
}

// suggestions maps the last parts of logical paths to addresses.
func (s *Site) suggestions() map[string][]string {
	m := map[string][]string{}
	for _, l := range s.Langs {
		for _, id := range slices.Sorted(maps.Keys(l.byLogical)) {
			base := strings.ToLower(path.Base(id))
			m[base] = append(m[base], l.byLogical[id].Path)
		}
	}
	return m
}
