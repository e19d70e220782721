package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// finish decodes the front matter of all files. Sections come first and from
// the top down, because they pass values on.
func (l *loader) finish(files []*File) {
	slices.SortFunc(files, func(a, b *File) int { return cmp.Compare(a.Path, b.Path) })
	l.tree.Files = files
	l.hang(files)
	c := &cascades{index: map[string]*File{}, memo: map[string][]*schema.Value{}, inline: map[*schema.Value]*Inline{}}
	var sections, pages []*File
	for _, f := range files {
		if f.Index {
			sections = append(sections, f)
			c.index[f.Lang+"/"+f.LogicalPath] = f
		} else {
			pages = append(pages, f)
		}
	}
	slices.SortStableFunc(sections, func(a, b *File) int {
		return cmp.Compare(depth(a.LogicalPath), depth(b.LogicalPath))
	})
	for _, f := range sections {
		f.Inherited = c.above(f)
		l.decode(f, c)
		if len(f.cascade) > 0 {
			maps.Copy(c.inline, f.Inline)
		}
	}
	for _, f := range pages {
		f.Inherited = c.above(f)
	}
	l.inParallel(pages, func(f *File) { l.decode(f, c) })
	for _, f := range files {
		if f.Plain != nil {
			l.plain(f.Plain, f.Lang)
		}
	}
}

func (l *loader) inParallel(files []*File, do func(*File)) {
	var wg sync.WaitGroup
	for part := range slices.Chunk(files, max(1, (len(files)+l.opt.Jobs-1)/l.opt.Jobs)) {
		wg.Go(func() {
			for _, f := range part {
				do(f)
			}
		})
	}
	wg.Wait()
}

func depth(p string) int {
	if p == "" {
		return 0
	}
	return 1 + strings.Count(p, "/")
}

// cascades knows what each folder passes down.
type cascades struct {
	index  map[string]*File
	memo   map[string][]*schema.Value
	inline map[*schema.Value]*Inline // of the sections that pass values down
}

// above returns the values that come down to a file from the sections it
// lies in, nearest first; a section does not get its own.
func (c *cascades) above(f *File) []*schema.Value {
	if !f.Index {
		return c.from(f.Lang, f.Dir)
	}
	if f.LogicalPath == "" {
		return nil
	}
	return c.from(f.Lang, parent(f.LogicalPath))
}

func parent(p string) string {
	if d := path.Dir(p); d != "." {
		return d
	}
	return ""
}

// section returns the index file of the folder that a file lies in.
func (c *cascades) section(f *File) *File {
	if f.Index && f.LogicalPath == "" {
		return nil
	}
	if f.Index {
		return c.index[f.Lang+"/"+parent(f.LogicalPath)]
	}
	return c.index[f.Lang+"/"+f.Dir]
}

func (c *cascades) from(lang, dir string) []*schema.Value {
	key := lang + "/" + dir
	if v, ok := c.memo[key]; ok {
		return v
	}
	var out []*schema.Value
	if s := c.index[key]; s != nil {
		out = append(out, s.cascade...)
	}
	if dir != "" {
		for _, v := range c.from(lang, parent(dir)) {
			if !slices.ContainsFunc(out, func(have *schema.Value) bool { return have.Key == v.Key }) {
				out = append(out, v)
			}
		}
	}
	c.memo[key] = out
	return out
}

// decode gives a file its type and decodes its front matter by it, or takes
// both from the last time when nothing that they depend on has changed.
func (l *loader) decode(f *File, c *cascades) {
	e := f.entry
	typ, typeValue := l.typeOf(f)
	strict := l.tree.Cfg.Strict || typeValue != nil
	if s := c.section(f); s != nil && !strict {
		strict = s.entry.front.root.Has("type")
	}
	key := l.decodeKey(f, typ, strict)
	if old := e.file; old != nil && old.key == key {
		f.Front, f.Type, f.Strict, f.Broken, f.Diags = old.Front, old.Type, old.Strict, old.Broken, old.Diags
		f.Inline, f.foreign, f.unknown, f.cascade = old.Inline, old.foreign, old.unknown, old.cascade
	} else {
		if e.file != nil { // its tree has been decoded already
			fresh := parseFront(e.text, e.lines)
			e.front.root = fresh.root
		}
		f.Front, f.Type, f.Strict, f.Broken = e.front.root, typ, strict, e.front.broken
		f.Diags = slices.Concat(e.diags, e.front.diags)
		l.decodeFront(f, typeValue)
		l.inline(f)
		f.Diags = append(f.Diags, e.doc.Diags...)
	}
	f.key = key
	e.file = f
	l.inheritInline(f, c)
	f.Draft = isTrue(f.Get("draft"))
	if v := f.Get("publish-at"); v != nil {
		f.PublishAt = v.Time
	}
	if v := f.Get("expires-at"); v != nil {
		f.ExpiresAt = v.Time
	}
}

// inheritInline takes over the rendering of values that were passed down.
func (l *loader) inheritInline(f *File, c *cascades) {
	var all map[*schema.Value]*Inline
	for _, v := range f.Inherited {
		v.Walk(func(x *schema.Value) {
			if in := c.inline[x]; in != nil {
				if all == nil {
					all = maps.Clone(f.Inline)
				}
				if all == nil {
					all = map[*schema.Value]*Inline{}
				}
				all[x] = in
			}
		})
	}
	if all != nil {
		f.Inline = all
	}
}

func isTrue(v *schema.Value) bool { return v != nil && v.Bool }

// typeOf returns the type that a file has and the value that says so, if any.
func (l *loader) typeOf(f *File) (string, *schema.Value) {
	v := f.entry.front.root.Get("type")
	if v == nil && (!f.Index || f.Bundle) {
		for _, in := range f.Inherited {
			if in.Key == "type" {
				v = in
			}
		}
	}
	switch {
	case v != nil && v.Text != "":
		return v.Text, v
	case f.Index && !f.Bundle:
		return "section", nil
	}
	return "page", nil
}

// decodeKey names what the decoding of a file depends on but its own text.
func (l *loader) decodeKey(f *File, typ string, strict bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %t %t %s %t %s", typ, strict, f.Plain != nil, f.Lang, f.Index, l.settings)
	for _, v := range f.Inherited {
		b.WriteByte(' ')
		b.WriteString(v.Key)
	}
	return b.String()
}

func (l *loader) decodeFront(f *File, typeValue *schema.Value) {
	t := schema.Lookup(f.Type)
	if t == nil {
		if typeValue.In == nil { // a cascade's own file has the error
			f.Diags.Add(schema.UnknownType(f.Lines, typeValue))
		}
		f.Type, f.Strict = "page", false
		if f.Index && !f.Bundle {
			f.Type = "section"
		}
		t = schema.Lookup(f.Type)
	}
	if !f.Strict {
		f.foreign = readForeign(f.Front)
	}
	d := &schema.Decoder{
		Lines: f.Lines, Location: l.tree.Cfg.TimeZone, Lenient: !f.Strict,
		Unknown: func(v *schema.Value) { f.unknown = append(f.unknown, v) },
	}
	f.Diags = append(f.Diags, d.Decode(t, f.Front)...)
	if f.Strict && !f.Broken {
		l.missing(f, t, typeValue)
	}
	if v := f.Front.Get("cascade"); v != nil {
		f.Diags = append(f.Diags, d.DecodeCascade(v)...)
		origin := &schema.Origin{Path: f.Path, Src: f.entry.text, Lines: f.Lines}
		v.Walk(func(x *schema.Value) { x.In = origin })
		f.cascade = v.Map
	}
	l.checkLang(f)
}

// missing reports required fields that neither the page nor its sections
// have.
func (l *loader) missing(f *File, t *schema.Type, typeValue *schema.Value) {
	var extra []string
	for _, v := range f.Inherited {
		extra = append(extra, v.Key)
	}
	if f.Plain != nil {
		extra = append(extra, "plain")
	}
	pos := diag.Pos{File: f.Path, Line: 1, Col: 1}
	if typeValue != nil && typeValue.In == nil {
		pos = f.Lines.Pos(typeValue.Off)
	}
	missing := schema.Missing(t, f.Front, extra...)
	if !f.Front.Has("title") && f.Title == nil && len(f.Doc.Headings) == 0 {
		missing = append(missing, t.Field("title"))
	}
	for _, m := range missing {
		f.Diags.Add(&diag.Diagnostic{
			Pos: pos, Code: "missing-field", Msg: fmt.Sprintf("%q is missing", m.Key),
			Hint: fmt.Sprintf("every page of type %s says: %s", t.Name, m.EN),
			Args: map[string]any{"field": m.Key, "type": t.Name, "doc": m.EN, "doc-zh": m.ZH},
		})
	}
}

// checkLang holds a lang: in the front matter against the language that the
// page has.
func (l *loader) checkLang(f *File) {
	v := f.Front.Get("lang")
	if v == nil {
		return
	}
	tag, ok := l.tree.Cfg.Match(v.Text)
	if ok && tag == f.Lang {
		return
	}
	d := &diag.Diagnostic{
		Pos: f.Lines.Pos(v.Off), Severity: diag.Warning, Code: "lang-mismatch",
		Msg:  fmt.Sprintf("the page says it is %q, but it is built as %q", v.Text, f.Lang),
		Hint: "move the page to the folder of its language", Args: map[string]any{"tag": v.Text, "lang": f.Lang},
	}
	if !ok {
		d.Code, d.Hint = "unlisted-language", "add the language to site.yaml, or mend the tag"
		d.Msg = fmt.Sprintf("language %q is not one of this site's languages", v.Text)
		if f.Strict {
			d.Severity = diag.Error
		}
	}
	f.Diags.Add(d)
}

// inline renders the values that hold inline Markdown. Most are plain text
// and need no rendering.
func (l *loader) inline(f *File) {
	f.Front.Walk(func(v *schema.Value) {
		if v.Kind != schema.Inline || !strings.ContainsAny(v.Text, "[]*_`<>&\\:!~^{}\n\"'") && !strings.Contains(v.Text, "www.") {
			return
		}
		in := &Inline{value: v, src: f.entry.text}
		if off, ok := v.Verbatim(f.entry.text); ok && !strings.Contains(v.Text, "\n") {
			in.exact = true
			in.Doc = l.conv.InlineAt(f.Path, f.Src, off, off+len(v.Text), f.Lines)
		} else {
			in.Doc = l.conv.Inline(v.Text)
			for _, d := range in.Doc.Diags { // their places are in the value
				c := *d
				c.Pos = f.Lines.Pos(v.Off)
				f.Diags.Add(&c)
			}
			in.Doc.Diags = nil
		}
		f.Diags = append(f.Diags, in.Doc.Diags...)
		if f.Inline == nil {
			f.Inline = map[*schema.Value]*Inline{}
		}
		f.Inline[v] = in
	})
}

// plain finishes a plain version, which has no type and no life of its own.
func (l *loader) plain(p *File, lang string) {
	p.Lang, p.Type = lang, "plain"
	p.Front = p.entry.front.root
	p.Diags = slices.Concat(p.entry.diags, p.entry.front.diags, p.Doc.Diags)
}

// data reads data/*.yaml and data/*.json.
func (l *loader) data() {
	all := l.walk(l.opt.Data)
	l.addDiags(all.diags)
	for _, f := range all.files {
		ext := strings.ToLower(path.Ext(f.path))
		if ext != ".yaml" && ext != ".yml" && ext != ".json" {
			continue
		}
		b, err := fs.ReadFile(l.fsys, f.path)
		if err != nil {
			w := &walker{}
			w.unreadable(f.path, err)
			l.addDiags(w.diags)
			continue
		}
		name := strings.TrimSuffix(strings.TrimPrefix(f.path, l.opt.Data+"/"), path.Ext(f.path))
		l.tree.Data[name] = l.dataFile(path.Join(l.opt.Prefix, f.path), ext, b)
	}
}

func (l *loader) dataFile(shown, ext string, b []byte) *Data {
	dec := decode(b)
	d := &Data{Path: shown, Src: string(dec.text)}
	d.Lines = diag.NewLines(shown, d.Src)
	l.diags = append(l.diags, dec.report(shown, d.Lines)...)
	var diags diag.List
	if ext == ".json" {
		d.Value, diags = schema.ParseJSON(d.Src, d.Lines)
	} else {
		d.Value, _, diags = schema.ParseYAML(d.Src, 0, len(d.Src), d.Lines)
	}
	l.diags = append(l.diags, diags...)
	return d
}
