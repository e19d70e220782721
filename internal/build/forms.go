package build

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing/fstest"

	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/formpage"
	"handrail/internal/formsource"
	"handrail/internal/publish"
	"handrail/internal/render"
	"handrail/internal/site"
)

// What the companion server needs of a site lies beside the pages, in this
// folder, and is never served.
const private = ".handrail/"

// shellKind is the kind of pages whose parts the server fills in.
const shellKind site.Kind = "server"

// compileForms makes the definitions of the site's forms, before the pages
// that begin them are rendered.
func (r *run) compileForms() map[string]render.FormID {
	list, diags := formsource.Compile(r.model)
	r.add(r.model.Spare(diags))
	r.forms = list
	if !r.config().Server {
		return nil
	}
	ids := map[string]render.FormID{}
	for _, f := range list {
		for _, p := range f.Pages {
			ids[p.Path] = render.FormID{ID: f.Def.ID, Version: f.Def.Version()}
		}
	}
	return ids
}

// writeServer writes what the server reads, and has every page judged that it
// may show. A site without a server has none of it.
func (r *run) writeServer() error {
	if !r.config().Server {
		return nil
	}
	k := &kitMaker{run: r, files: map[string][]byte{}, shells: map[string]*render.Output{}}
	for _, step := range []func() error{k.settings, k.messages, k.templates, k.shellPages, k.definitions} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(k.files)) {
		if err := r.sink.Add(publish.File{Path: private + name, Data: k.files[name], Sources: k.sources[name]}); err != nil {
			return err
		}
	}
	mapped := fstest.MapFS{}
	for name, data := range k.files {
		mapped[name] = &fstest.MapFile{Data: data}
	}
	kit, err := formpage.Open(mapped)
	if err != nil {
		r.diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: "themes/" + r.config().Theme + "/server"}, Code: "server-template",
			Msg: "the server’s templates cannot be used: " + err.Error(), Args: map[string]any{"detail": err.Error()}, Err: err})
		return nil
	}
	k.kit = kit
	if err := k.downPages(); err != nil {
		return err
	}
	r.judgeStates = k.judge
	if r.gate == nil || r.pages != nil {
		return nil // a preview judges later
	}
	return k.judge(r.ctx)
}

// A kitMaker gathers the files of the server.
type kitMaker struct {
	*run
	files   map[string][]byte
	sources map[string][]string
	shells  map[string]*render.Output // by edition/lang
	kit     *formpage.Kit
}

func (k *kitMaker) writeJSON(name string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(v)
	k.files[name] = b.Bytes()
	return err
}

// settings writes site.json.
func (k *kitMaker) settings() error {
	cfg := k.cfg
	s := formpage.Site{Format: 1, Title: words(cfg.Title), BaseURL: cfg.BaseURL, TimeZone: cfg.TimeZone.String(), Editions: k.res.Editions,
		Assets: map[string]string{}, Calendar: k.calendar(), Help: formpage.Help{Phone: cfg.Help.Phone, Text: cfg.Help.TextNumber, Hours: words(cfg.Help.Hours)}}
	for _, l := range k.model.Langs {
		s.Languages = append(s.Languages, formpage.Language{Tag: l.Tag, HTML: l.HTML, Dir: l.Dir, Name: l.Name, Default: l.Default})
	}
	for _, id := range slices.Sorted(maps.Keys(cfg.Departments)) {
		d := cfg.Departments[id]
		s.Departments = append(s.Departments, formpage.Department{ID: id, Name: words(d.Name), Address: words(d.Address), Hours: words(d.Hours),
			Phone: d.Value.String("phone"), Text: d.Value.String("text"), Email: d.Value.String("email")})
	}
	for _, h := range k.renderer.Headers() {
		s.Headers = append(s.Headers, formpage.Header{Name: h.Name, Value: h.Value})
	}
	for _, e := range k.res.Editions {
		look := k.look.theme.Config.Editions[e]
		for _, name := range slices.Concat(look.Styles, look.Scripts) {
			if url, err := k.look.assets.URL(name); err == nil {
				s.Assets[name] = url
			}
		}
	}
	for _, f := range k.forms {
		s.Forms = append(s.Forms, f.Def.ID)
	}
	return k.writeJSON("site.json", s)
}

// words takes the words out of a setting.
func words(in config.Texts) map[string]string {
	out := map[string]string{}
	for tag, t := range in {
		out[tag] = t.S
	}
	return out
}

// messages writes the texts of the interface in each language.
func (k *kitMaker) messages() error {
	for _, l := range k.model.Langs {
		data, err := k.look.text.For(l.Tag, k.cfg.DefaultLang).MarshalJSON()
		if err != nil {
			return err
		}
		k.files["texts/"+l.Tag+".json"] = data
	}
	return nil
}

// templates copies the theme's templates for the server, the site's own
// first.
func (k *kitMaker) templates() error {
	layers, err := ThemeLayers(k.Source, k.cfg.Theme)
	if err != nil {
		return err
	}
	for _, l := range layers {
		names, err := fs.Glob(l.FS, "server/*.html")
		if err != nil {
			return err
		}
		for _, name := range names {
			to := "templates/" + path.Base(name)
			if k.files[to] != nil {
				continue
			}
			if k.files[to], err = fs.ReadFile(l.FS, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// shellPages renders, for each language and edition, a page of the theme
// with words in the places of its parts.
func (k *kitMaker) shellPages() error {
	pages := make([]*site.Page, len(k.model.Langs))
	for i, l := range k.model.Langs {
		pages[i] = &site.Page{ID: strings.Trim(formpage.TokenPath, "/"), Lang: l, Kind: shellKind, Path: l.Prefix + formpage.TokenPath,
			Title: formpage.TokenTitle, MenuTitle: formpage.TokenTitle, TitleOff: -1}
	}
	for _, p := range pages {
		for _, q := range pages {
			if q != p {
				p.Translations = append(p.Translations, q)
			}
		}
		for _, e := range k.res.Editions {
			out, err := k.renderer.Page(p, e)
			if err != nil {
				return err
			}
			k.shells[e+"/"+p.Lang.Tag] = out
			k.files["shells/"+e+"/"+p.Lang.Tag+".html"] = out.HTML
		}
	}
	return nil
}

// definitions writes each form.
func (k *kitMaker) definitions() error {
	k.sources = map[string][]string{}
	for _, f := range k.forms {
		data, err := f.Def.Encode()
		if err != nil {
			return err
		}
		name := "forms/" + f.Def.ID + ".json"
		k.files[name] = data
		for _, p := range f.Pages {
			k.sources[name] = append(k.sources[name], p.File.Path)
		}
	}
	return nil
}

// downName is the page that a web server shows while the companion server
// does not answer.
const downName = "503.html"

func (k *kitMaker) downPages() error {
	for _, l := range k.model.Langs {
		for _, e := range k.res.Editions {
			html, err := k.kit.Render(formpage.At{Lang: l.Tag, Edition: e, Path: "/"}, &formpage.Notice{Key: "down"})
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(k.kit.Site().Prefix(l.Tag, e)+"/"+downName, "/")
			if err := k.sink.Add(publish.File{Path: name, Data: html}); err != nil {
				return err
			}
		}
	}
	return nil
}
