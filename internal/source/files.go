package source

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/schema"
)

// languages completes the configuration of a folder whose languages are not
// listed: from its language folders, else from what the pages say they are,
// else from their text.
func (l *loader) languages(cfg *config.Config, pages []found, entries []*entry) *config.Config {
	if len(cfg.Languages) > 0 {
		return cfg
	}
	c := *cfg
	count := map[string]int{}
	if !l.languageFolders(pages, count) {
		clear(count)
		for i := range pages {
			if entries[i] != nil {
				count[l.pageLanguage(entries[i])]++
			}
		}
	}
	if len(count) == 0 {
		count[cmp.Or(cfg.DefaultLang, "en")] = 1
	}
	for tag := range count {
		lang, _ := config.NewLanguage(tag)
		lang.Title = c.Title.In(&c, tag).S
		c.Languages = append(c.Languages, lang)
	}
	slices.SortFunc(c.Languages, func(a, b config.Language) int {
		return cmp.Or(cmp.Compare(count[b.Tag], count[a.Tag]), cmp.Compare(a.Tag, b.Tag))
	})
	if c.DefaultLang == "" || c.Lang(c.DefaultLang) == nil {
		c.DefaultLang = c.Languages[0].Tag
	}
	return &c
}

// languageFolders counts the pages of each language folder. It reports
// whether the content folder consists of such folders: a handbook may have a
// folder "it", but hardly nothing else.
func (l *loader) languageFolders(pages []found, count map[string]int) bool {
	for _, f := range pages {
		seg, _, ok := strings.Cut(l.rel(f.path), "/")
		if !ok {
			continue
		}
		t, err := language.Parse(seg)
		base, conf := t.Base()
		if err != nil || conf != language.Exact || len(base.String()) != 2 {
			return false
		}
		count[seg]++
	}
	return len(count) > 0
}

// rel returns a path without the content folder, in the Unicode form that
// URLs have: some file systems store letters and accents apart.
func (l *loader) rel(p string) string {
	if l.opt.Content != "." {
		p = strings.TrimPrefix(p, l.opt.Content+"/")
	}
	return norm.NFC.String(p)
}

// pageLanguage tells the language of a page that lies in no language folder.
func (l *loader) pageLanguage(e *entry) string {
	for _, key := range []string{"lang", "language"} {
		if t, err := language.Parse(e.front.root.String(key)); err == nil && !t.IsRoot() {
			base, _ := t.Base()
			if script, _ := t.Script(); base.String() == "zh" {
				return "zh-" + script.String()
			}
			return base.String()
		}
	}
	return cmp.Or(textLanguage(e.text), "en")
}

// files makes a File of every page that could be read, with its language and
// its place among the others.
func (l *loader) files(pages []found, entries []*entry) []*File {
	folders := false
	for _, f := range pages {
		seg, _, ok := strings.Cut(l.rel(f.path), "/")
		folders = folders || ok && l.tree.Cfg.Lang(seg) != nil
	}
	var files []*File
	reported := map[string]bool{}
	plain := map[string]*File{}
	for i, fd := range pages {
		e := entries[i]
		if e == nil {
			continue
		}
		f := &File{Path: path.Join(l.opt.Prefix, fd.path), Src: e.src, Lines: e.lines, BodyOff: e.front.bodyOff,
			Doc: e.doc, Title: e.title, Hash: e.hash, crlf: e.crlf, bom: e.bom, entry: e}
		rel := l.rel(fd.path)
		if seg, rest, ok := strings.Cut(rel, "/"); ok && l.tree.Cfg.Lang(seg) != nil {
			f.Lang, rel = seg, rest
		} else if folders {
			f.Lang = l.tree.Cfg.DefaultLang
			if ok && !reported[seg] {
				reported[seg] = true
				l.strayFolder(fd.path, seg)
			}
		} else {
			f.Lang = l.matchLanguage(e)
		}
		f.place(rel)
		if strings.HasSuffix(strings.ToLower(f.Name), ".plain") {
			plain[f.Lang+"/"+path.Join(f.Dir, f.Name[:len(f.Name)-len(".plain")])] = f
			continue
		}
		files = append(files, f)
	}
	l.readmes(files)
	l.bundles(files)
	l.pair(files, plain)
	return files
}

// place fills in where the file lies, from its path without the language.
func (f *File) place(rel string) {
	f.Dir = path.Dir(rel)
	if f.Dir == "." {
		f.Dir = ""
	}
	f.Name = strings.TrimSuffix(path.Base(rel), path.Ext(rel))
	f.LogicalPath = path.Join(f.Dir, f.Name)
	if n := strings.ToLower(f.Name); n == "index" || n == "_index" {
		f.Index, f.LogicalPath = true, f.Dir
	}
}

// matchLanguage returns the site's language for a page without a language
// folder.
func (l *loader) matchLanguage(e *entry) string {
	if tag, ok := l.tree.Cfg.Match(l.pageLanguage(e)); ok {
		return tag
	}
	return l.tree.Cfg.DefaultLang
}

// strayFolder reports a folder beside the language folders that is none.
func (l *loader) strayFolder(p, seg string) {
	tags := make([]string, len(l.tree.Cfg.Languages))
	for i, x := range l.tree.Cfg.Languages {
		tags[i] = x.Tag
	}
	folder := strings.TrimSuffix(p[:strings.Index(p, seg)+len(seg)], "/")
	d := &diag.Diagnostic{
		Pos: diag.Pos{File: path.Join(l.opt.Prefix, folder)}, Code: "unlisted-language",
		Msg:  fmt.Sprintf("folder %q is not one of this site's languages", seg),
		Hint: "list it in site.yaml, or move its pages into " + strings.Join(tags, ", "),
		Args: map[string]any{"tag": seg, "tags": strings.Join(tags, ", ")},
	}
	schema.DidYouMean(d, schema.Suggest(seg, tags))
	l.diags.Add(d)
}

// readmes lets README.md be the index of a folder that has none.
func (l *loader) readmes(files []*File) {
	index := map[string]bool{}
	for _, f := range files {
		if f.Index {
			index[f.Lang+"/"+f.Dir] = true
		}
	}
	for _, f := range files {
		if strings.EqualFold(f.Name, "readme") && !index[f.Lang+"/"+f.Dir] {
			f.Index, f.LogicalPath = true, f.Dir
		}
	}
}

// bundles tells page bundles from sections: a section has pages below it, or
// says that it is one.
func (l *loader) bundles(files []*File) {
	parents := map[string]bool{}
	for _, f := range files {
		if f.LogicalPath == "" {
			continue
		}
		for d := path.Dir(f.LogicalPath); ; d = path.Dir(d) {
			if d == "." {
				d = ""
			}
			if k := f.Lang + "/" + d; parents[k] {
				break
			} else {
				parents[k] = true
			}
			if d == "" {
				break
			}
		}
	}
	for _, f := range files {
		f.Bundle = f.Index && f.Name != "_index" && f.LogicalPath != "" && !parents[f.Lang+"/"+f.LogicalPath] &&
			f.entry.front.root.String("type") != "section"
	}
}

// pair hangs plain versions on their pages.
func (l *loader) pair(files []*File, plain map[string]*File) {
	for _, f := range files {
		key := f.Lang + "/" + path.Join(f.Dir, f.Name)
		if p := plain[key]; p != nil {
			f.Plain = p
			delete(plain, key)
		}
	}
	for _, p := range plain {
		l.diags.Add(&diag.Diagnostic{
			Pos: diag.Pos{File: p.Path}, Code: "plain-alone",
			Msg:  fmt.Sprintf("there is no page %q that this could be the plain version of", strings.TrimSuffix(p.Name, ".plain")+".md"),
			Hint: "give both files the same name", Args: map[string]any{"page": strings.TrimSuffix(p.Name, ".plain") + ".md"},
		})
	}
}

// resources lists what lies beside the pages and hangs it on the index page
// of its folder.
func (l *loader) resources(others []found) {
	for _, o := range others {
		r := &Resource{Path: path.Join(l.opt.Prefix, o.path), Rel: l.rel(o.path), Size: o.size, Time: o.mtime}
		if seg, rest, ok := strings.Cut(r.Rel, "/"); ok && l.tree.Cfg.Lang(seg) != nil {
			r.Lang, r.Rel = seg, rest
		}
		l.tree.Resources = append(l.tree.Resources, r)
	}
}

// hang gives each index page the files of its folder, down to the next index.
func (l *loader) hang(files []*File) {
	index := map[string]*File{}
	for _, f := range files {
		if f.Index {
			index[f.Lang+"/"+f.Dir] = f
		}
	}
	for _, r := range l.tree.Resources {
		lang := cmp.Or(r.Lang, l.tree.Cfg.DefaultLang)
		for d := path.Dir(r.Rel); ; d = path.Dir(d) {
			if d == "." {
				d = ""
			}
			if f := index[lang+"/"+d]; f != nil {
				f.Resources = append(f.Resources, r)
				break
			}
			if d == "" {
				break
			}
		}
	}
}
