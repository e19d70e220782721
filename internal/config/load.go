package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"time"

	"handrail/internal/diag"
	"handrail/internal/schema"
)

// Load reads the file called name over the defaults. A missing file is an
// error of the author's; callers that can do without one use [Default].
func Load(fsys fs.FS, name string) (*Config, diag.List) {
	c := Default()
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		msg := "cannot be read"
		if errors.Is(err, fs.ErrNotExist) {
			msg = "there is no such file"
		}
		return c, diag.List{{Pos: diag.Pos{File: name}, Code: "config-unreadable", Msg: msg, Err: err}}
	}
	return Parse(name, b)
}

// Parse reads the contents of a site.yaml.
func Parse(name string, b []byte) (*Config, diag.List) {
	src := strings.TrimPrefix(string(b), "\uFEFF")
	d := &decoder{c: Default(), lines: diag.NewLines(name, src)}
	d.c.File, d.c.Lines, d.c.Src = name, d.lines, src
	if d.invalid(src) {
		return d.c, d.diags
	}
	root, whole, diags := schema.ParseYAML(src, 0, len(src), d.lines)
	d.diags = diags
	switch {
	case root.Kind == schema.Null:
		root = &schema.Value{Kind: schema.Object}
	case root.Kind != schema.Object:
		d.report(root, "wrong-type", "site.yaml has to be a group of fields, such as “title: Town hall”", "", nil)
		return d.c, d.diags
	}
	d.c.Root = root
	if tz := root.Get("time-zone"); tz != nil {
		d.timeZone(tz)
	}
	dec := &schema.Decoder{Lines: d.lines, Location: d.c.TimeZone}
	if list := dec.DecodeFields(root, Fields()); whole {
		d.diags = append(d.diags, list...)
	}
	d.fill(root)
	d.diags.Sort()
	return d.c, d.diags
}

type decoder struct {
	c     *Config
	lines *diag.Lines
	diags diag.List
}

func (d *decoder) report(v *schema.Value, code, msg, hint string, args map[string]any) {
	d.diags.Add(&diag.Diagnostic{Pos: d.lines.Pos(v.Off), Code: code, Msg: msg, Hint: hint, Args: args})
}

// invalid reports bytes that YAML cannot hold.
func (d *decoder) invalid(src string) bool {
	for i, r := range src {
		if r == 0 || r == '\uFFFD' && !strings.HasPrefix(src[i:], "\uFFFD") {
			msg := "this is not valid UTF-8"
			code := "invalid-utf8"
			if r == 0 {
				msg, code = "a NUL byte cannot stand in a text file", "nul-byte"
			}
			d.diags.Add(&diag.Diagnostic{Pos: d.lines.Pos(i), Code: code, Msg: msg, Hint: "save the file as UTF-8"})
			return true
		}
	}
	return false
}

func (d *decoder) timeZone(v *schema.Value) {
	loc, err := time.LoadLocation(v.Text)
	if err != nil || v.Text == "" || v.Text == "Local" {
		d.report(v, "unknown-time-zone", fmt.Sprintf("unknown time zone %q", v.Text),
			"use an IANA name, such as Asia/Shanghai", map[string]any{"value": v.Text})
		return
	}
	d.c.TimeZone = loc
}

// fill copies the decoded tree into the Config.
func (d *decoder) fill(root *schema.Value) {
	c := d.c
	d.languages(root)
	c.Title = d.texts(root.Get("title"))
	c.Description = d.texts(root.Get("description"))
	c.BaseURL = d.baseURL(root.Get("base-url"))
	if root.Has("editions") {
		c.Editions = root.Strings("editions")
	}
	set(&c.Theme, root.String("theme"))
	set(&c.OnFail, root.String("on-fail"))
	set(&c.Level, root.String("level"))
	c.Strict = root.IsTrue("strict")
	c.Server = root.IsTrue("server")
	c.Progress = root.Get("progress") == nil || root.IsTrue("progress")
	if v := root.Get("page-size"); v != nil {
		c.PageSize = int(v.Number)
	}
	c.Baseline = root.String("baseline")
	c.Params = root.Get("params")
	d.departments(root)
	d.topics(root)
	d.chrome(root)
	d.rules(root)
	d.audio(root)
	for i := range c.Languages {
		c.Languages[i].Title = c.Title.In(c, c.Languages[i].Tag).S
	}
}

func set(s *string, v string) {
	if v != "" {
		*s = v
	}
}

func (d *decoder) languages(root *schema.Value) {
	c := d.c
	for _, it := range root.Items("languages") {
		v := it.Get("tag")
		if v == nil {
			continue
		}
		l, ok := NewLanguage(v.Text)
		switch {
		case !ok:
			d.report(v, "unknown-language", fmt.Sprintf("%q is no language tag", v.Text),
				"use a BCP 47 tag, such as zh-Hans, en or ar", map[string]any{"tag": v.Text})
			continue
		case c.Lang(v.Text) != nil:
			d.report(v, "duplicate-language", fmt.Sprintf("language %q is listed twice", v.Text), "", map[string]any{"tag": v.Text})
			continue
		}
		set(&l.Name, it.String("name"))
		l.Pos = d.lines.Pos(v.Off)
		c.Languages = append(c.Languages, l)
	}
	v := root.Get("default-language")
	switch {
	case v == nil && len(c.Languages) > 0:
		c.DefaultLang = c.Languages[0].Tag
	case v == nil:
	case len(c.Languages) == 0:
		l, ok := NewLanguage(v.Text)
		if !ok {
			d.report(v, "unknown-language", fmt.Sprintf("%q is no language tag", v.Text),
				"use a BCP 47 tag, such as zh-Hans, en or ar", map[string]any{"tag": v.Text})
			return
		}
		c.Languages, c.DefaultLang = []Language{l}, v.Text
	case c.Lang(v.Text) == nil:
		d.unlisted(v.Text, v.Off)
		c.DefaultLang = c.Languages[0].Tag
	default:
		c.DefaultLang = v.Text
	}
}

// unlisted reports a language tag that languages: does not have.
func (d *decoder) unlisted(tag string, off int) {
	tags := make([]string, len(d.c.Languages))
	for i, l := range d.c.Languages {
		tags[i] = l.Tag
	}
	e := &diag.Diagnostic{
		Pos: d.lines.Pos(off), Code: "unlisted-language",
		Msg:  fmt.Sprintf("language %q is not one of this site's languages", tag),
		Hint: "the site has " + strings.Join(tags, ", "), Args: map[string]any{"tag": tag, "tags": strings.Join(tags, ", ")},
	}
	schema.DidYouMean(e, schema.Suggest(tag, tags))
	d.diags.Add(e)
}

// texts reads a text, or one for each language.
func (d *decoder) texts(v *schema.Value) Texts {
	t := Texts{}
	switch {
	case v == nil:
	case v.Kind == schema.Object:
		for _, x := range v.Map {
			if d.langKey(x) && d.isText(x) {
				t[x.Key] = Text{x.Text, x}
			}
		}
	case d.isText(v):
		t[""] = Text{v.Text, v}
	}
	return t
}

func (d *decoder) isText(v *schema.Value) bool {
	switch v.Kind {
	case schema.Null:
		return false
	case schema.List, schema.Object, schema.Map:
		d.report(v, "wrong-type", fmt.Sprintf("%q has to be a text, or a text for each language", v.Key), "", map[string]any{"field": v.Key})
		return false
	}
	return true
}

// langKey reports keys that are not a language of the site.
func (d *decoder) langKey(v *schema.Value) bool {
	if d.c.Lang(v.Key) != nil {
		return true
	}
	if len(d.c.Languages) > 0 {
		d.unlisted(v.Key, v.KeyOff)
		return false
	}
	if _, ok := NewLanguage(v.Key); !ok {
		d.diags.Add(&diag.Diagnostic{Pos: d.lines.Pos(v.KeyOff), Code: "unknown-language",
			Msg: fmt.Sprintf("%q is no language tag", v.Key), Hint: "use a BCP 47 tag, such as zh-Hans, en or ar",
			Args: map[string]any{"tag": v.Key}})
		return false
	}
	return true
}

func (d *decoder) baseURL(v *schema.Value) string {
	if v == nil {
		return ""
	}
	u, err := url.Parse(v.Text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		d.report(v, "bad-base-url", fmt.Sprintf("%q is no address of a site", v.Text),
			"write https://, the host and nothing more", map[string]any{"value": v.Text})
		return ""
	}
	if p := strings.Trim(u.Path, "/"); p != "" {
		d.report(v, "bad-base-url", "a site has to lie at the root of its host, not in a folder",
			"pages link from the root, so that they need no script", map[string]any{"value": v.Text})
	}
	return strings.TrimRight(v.Text, "/")
}

func (d *decoder) departments(root *schema.Value) {
	d.c.Departments = map[string]*Department{}
	for _, v := range entries(root, "departments") {
		d.c.Departments[v.Key] = &Department{
			ID: v.Key, Name: d.texts(v.Get("name")), Address: d.texts(v.Get("address")), Hours: d.texts(v.Get("hours")),
			Phone: v.Get("phone"), Text: v.Get("text"), Email: v.Get("email"),
			Page: v.String("page"), Pos: d.lines.Pos(v.KeyOff), Value: v,
		}
	}
}

func (d *decoder) topics(root *schema.Value) {
	d.c.Topics = map[string]*Topic{}
	for _, v := range entries(root, "topics") {
		d.c.Topics[v.Key] = &Topic{
			ID: v.Key, Name: d.texts(v.Get("name")), Summary: d.texts(v.Get("summary")), Pos: d.lines.Pos(v.KeyOff),
		}
	}
}

// entries returns the fields of the map at the path.
func entries(root *schema.Value, path string) []*schema.Value {
	if v := root.Get(path); v != nil {
		return slices.DeleteFunc(slices.Clone(v.Map), func(x *schema.Value) bool { return x.Kind == schema.Null })
	}
	return nil
}

// chrome reads what stands round every page.
func (d *decoder) chrome(root *schema.Value) {
	c := d.c
	c.Menus = d.items(root, "menus")
	c.Footer = Footer{d.texts(root.Get("footer.note")), d.items(root, "footer.links")}
	h := root.Get("help")
	c.Help = Help{
		Phone: h.String("phone"), TextNumber: h.String("text-number"), Email: h.String("email"),
		Hours: d.texts(h.Get("hours")), Note: d.texts(h.Get("note")),
		Office: h.String("office"), Page: h.String("page"), Value: h,
	}
	g := root.Get("government")
	c.Government = Government{
		Host: d.texts(g.Get("host")), Undertaker: d.texts(g.Get("undertaker")), ICP: g.String("icp"), Police: g.String("police"),
		SiteIDCode: g.String("site-id-code"), CorrectionURL: g.String("correction-url"), Value: g,
	}
	c.Doors = map[string][]Door{}
	for _, l := range entries(root, "care.doors") {
		if !d.langKey(l) {
			continue
		}
		for _, v := range l.List {
			c.Doors[l.Key] = append(c.Doors[l.Key], Door{item(v), v.String("note"), v.String("icon")})
		}
	}
	c.CareNames = map[string][]string{}
	for _, l := range entries(root, "care.names") {
		if d.langKey(l) {
			c.CareNames[l.Key] = l.Strings("")
		}
	}
	c.Offline = root.Items("offline.pages")
	c.Urgent = map[string]Urgent{}
	for _, v := range entries(root, "urgent") {
		if d.langKey(v) {
			c.Urgent[v.Key] = Urgent{v.String("label"), item(v)}
		}
	}
}

// audio reads how texts are read at build.
func (d *decoder) audio(root *schema.Value) {
	d.c.Audio = map[string]*Audio{}
	for _, l := range entries(root, "audio") {
		a := &Audio{Command: l.Strings("command"), Type: l.String("type"), Timeout: 2 * time.Minute}
		if v := l.Get("timeout"); v != nil {
			a.Timeout = time.Duration(v.Number) * time.Second
		}
		if !d.langKey(l) || len(a.Command) == 0 || a.Type == "" {
			continue // what is missing has been told
		}
		a.Pos = d.lines.Pos(l.Get("command").Off)
		d.c.Audio[l.Key] = a
	}
}

func item(v *schema.Value) MenuItem {
	return MenuItem{Text: v.String("text"), Page: v.String("page"), Value: v}
}

// items reads lists of links, one for each language.
func (d *decoder) items(root *schema.Value, path string) map[string][]MenuItem {
	out := map[string][]MenuItem{}
	for _, l := range entries(root, path) {
		if !d.langKey(l) {
			continue
		}
		for _, v := range l.List {
			out[l.Key] = append(out[l.Key], item(v))
		}
	}
	return out
}

func (d *decoder) rules(root *schema.Value) {
	d.c.Rules = map[string]string{}
	for _, v := range entries(root, "rules") {
		d.c.Rules[v.Key] = v.Text
	}
	for _, v := range root.Items("acceptances") {
		a := Acceptance{
			Rule: v.String("rule"), Page: v.String("page"), Target: v.String("target"), Reason: v.String("reason"),
			Pos: d.lines.Pos(v.Off),
		}
		if u := v.Get("until"); u != nil {
			a.Until = u.Time
		}
		if a.Rule != "" && a.Page != "" && a.Reason != "" && !a.Until.IsZero() {
			d.c.Acceptances = append(d.c.Acceptances, a)
		}
	}
}
