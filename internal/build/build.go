// Package build wires the stages of a build and is the only package that
// knows their order: settings and content are read, the model is made, every page
// is rendered in its editions and judged, and what may be published goes to the
// sink.
package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"handrail/a11y/style"
	"handrail/i18n"
	"handrail/internal/asset"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/gate"
	"handrail/internal/markdown"
	"handrail/internal/publish"
	"handrail/internal/render"
	"handrail/internal/site"
	"handrail/internal/source"
	"handrail/internal/theme"
	"handrail/themes"
)

// Gate modes.
const (
	GateClosed = "closed" // errors stop the publish
	GateReport = "report" // everything is published, with the findings
	GateOff    = "off"    // pages are not checked
)

// Options say what to build.
type Options struct {
	Source   string   // folder of the site
	Content  string   // a plain folder of Markdown instead; "" for none
	Editions []string // nil: those of site.yaml
	Gate     string
	Now      time.Time // zero: the start of today in the site's time zone
	Clock    func() time.Time
	Jobs     int // pages worked on at a time; 0: one per processor
	Drafts   bool
	Passed   bool   // findings of targets that passed, too
	Tool     string // name and version, for feeds and the manifest

	Progress func(stage string, done, total int) // may be nil
}

// A Sink takes finished files. Add may be called from several goroutines.
type Sink interface{ Add(publish.File) error }

// A Result is what one build did and found.
type Result struct {
	Site     *site.Site
	Editions []string
	Now      time.Time
	Report   *gate.Report // never nil; without the pages while Judge is set
	Modes    int          // display modes, over all editions
	HTML     int          // pages rendered, each edition counted
	Stages   []Stage
	// Judge has the pages of a session judged, after they have been shown, and
	// returns the whole report. It is called at most once, before the next
	// Rebuild; one that is cancelled leaves the rest to the next.
	Judge  func(context.Context) (*gate.Report, error)
	Failed bool // the theme or the settings are so broken that no page was made
}

// A Stage is a part of the build and how long it took.
type Stage struct {
	Name string
	Took time.Duration
}

// A Session builds the same site again and again, and reuses what has not
// changed. It is used by one goroutine.
type Session struct {
	Options
	tree   *source.Tree
	assets *asset.Assets
	pages  map[string]*kept // by path; nil unless the session goes on
	conv   *markdown.Converter
	text   *i18n.Set
}

// NewSession returns a session for many builds of one site.
func NewSession(o Options) *Session { return &Session{Options: o, pages: map[string]*kept{}} }

// Run builds a site once.
func Run(ctx context.Context, o Options, sink Sink) (*Result, error) {
	s := &Session{Options: o}
	return s.build(ctx, sink)
}

// Rebuild builds again after the files changed have changed; nil stands for
// all of them.
func (s *Session) Rebuild(ctx context.Context, sink Sink, changed []string) (*Result, error) {
	if changed == nil || slices.ContainsFunc(changed, func(p string) bool { return !s.isContent(p) }) {
		clear(s.pages) // a layout, a text or a setting: any page may look different
	}
	return s.build(ctx, sink)
}

// isContent reports whether a file can change a page only through what the
// page has read.
func (s *Session) isContent(name string) bool {
	rel, err := filepath.Rel(s.Source, name)
	if s.Content != "" || err != nil {
		return s.Content != ""
	}
	top, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
	return top == "content" || top == "data" || top == "static"
}

// run is one build under way.
type run struct {
	*Session
	ctx   context.Context
	sink  Sink
	fsys  fs.FS
	cfg   *config.Config
	diags diag.List
	res   *Result
	began time.Time
	lines *lineReader

	theme    *theme.Theme
	model    *site.Site
	renderer *render.Renderer
	gate     *gate.Gate

	owner  map[string]*site.Page // by file of the output
	keptMu sync.Mutex
	next   map[string]*kept // what the next build may reuse
}

// build runs all stages. It returns an error only when the world fails; what
// is the author's to mend is in the report.
func (s *Session) build(ctx context.Context, sink Sink) (*Result, error) {
	r := &run{Session: s, ctx: ctx, sink: sink, res: &Result{}, next: map[string]*kept{}}
	err := r.all()
	return r.res, err
}

func (r *run) all() error {
	for _, stage := range []struct {
		name string
		do   func() error
	}{
		{"config", r.configure},
		{"source", r.read},
		{"site", r.makeModel},
		{"theme", r.dress},
		{"render", r.renderPages},
		{"extras", r.writeExtras},
		{"gate", r.finish},
	} {
		r.began = time.Now()
		err := stage.do()
		r.res.Stages = append(r.res.Stages, Stage{stage.name, time.Since(r.began)})
		if errors.Is(err, errBroken) {
			return r.broken()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// errBroken ends a build whose settings or theme cannot be used; the
// diagnostics say why.
var errBroken = errors.New("build: nothing can be rendered")

// broken reports what is known without any page.
func (r *run) broken() error {
	r.res.Failed = true
	g := gate.New(gate.Options{Config: r.config(), Line: r.lines.line})
	model := r.model
	if model == nil {
		model = &site.Site{}
	}
	rep, err := g.Finish(model, r.diags)
	r.res.Report = rep
	return err
}

func (r *run) config() *config.Config {
	if r.cfg == nil {
		return config.Default()
	}
	return r.cfg
}

func (r *run) add(l diag.List) { r.diags = append(r.diags, l...) }

// configure reads site.yaml, if the folder is a site.
func (r *run) configure() error {
	dir := r.Source
	if r.Content != "" {
		dir = r.Content
	}
	if info, err := os.Stat(dir); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", dir)
	}
	r.fsys = os.DirFS(dir)
	r.lines = &lineReader{fsys: r.fsys, dir: r.prefix()}
	r.cfg = config.Default()
	r.cfg.Title = config.Texts{"": {S: folderName(dir)}}
	if r.Content == "" {
		if _, err := fs.Stat(r.fsys, configFile); err == nil {
			cfg, diags := config.Load(r.fsys, configFile)
			r.add(diags)
			if diags.Errors() > 0 {
				return errBroken
			}
			if len(cfg.Title) == 0 {
				cfg.Title = r.cfg.Title
			}
			r.cfg = cfg
		}
	}
	r.res.Editions = r.cfg.Editions
	if len(r.Options.Editions) > 0 {
		r.res.Editions = r.Options.Editions
	}
	r.res.Now = r.Now
	if r.res.Now.IsZero() {
		now := r.Clock().In(r.cfg.TimeZone)
		r.res.Now = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, r.cfg.TimeZone)
	}
	return nil
}

// folderName is the title of a site that has none.
func folderName(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	if filepath.Base(abs) == "content" {
		abs = filepath.Dir(abs)
	}
	return filepath.Base(abs)
}

const configFile = "site.yaml"

// prefix is put before the paths of a plain folder, so that messages name
// files as the author called the folder.
func (r *run) prefix() string {
	if r.Content == "" {
		return ""
	}
	return filepath.ToSlash(filepath.Clean(r.Content))
}

// read loads the folders of the site.
func (r *run) read() error {
	if r.text == nil {
		text, diags := i18n.Load(i18n.Embedded())
		if diags.Errors() > 0 {
			panic("build: " + diags[0].Error())
		}
		r.text = text
		r.conv = markdown.New(markdown.Options{Words: markdownWords(text), DefaultLang: r.cfg.DefaultLang, Articles: true})
	}
	opt := source.Options{Jobs: r.Jobs, Prev: r.tree, Prefix: r.prefix()}
	if r.Content != "" {
		opt.Content = "."
	}
	tree, diags, err := source.Load(r.ctx, r.fsys, r.cfg, r.conv, opt)
	if err != nil {
		return err
	}
	r.tree = tree
	r.add(diags)
	if tree.Cfg != nil {
		r.cfg = tree.Cfg
	}
	return nil
}

// markdownWords are the few words that Markdown itself says, by language.
func markdownWords(set *i18n.Set) map[string]markdown.Words {
	words := map[string]markdown.Words{}
	for _, tag := range set.Tags() {
		c := set.For(tag)
		say := func(key, otherwise string) string {
			if s, ok := c.Text(key); ok {
				return s
			}
			return otherwise
		}
		en := markdown.English
		words[tag] = markdown.Words{
			Done: say("task.done", en.Done), Open: say("task.todo", en.Open), Notes: say("footnotes.title", en.Notes),
			Note: say("footnotes.note", en.Note), BackNote: say("footnotes.back", en.BackNote),
		}
	}
	return words
}

func (r *run) makeModel() error {
	model, diags := site.Build(r.cfg, r.tree, r.res.Now, site.Options{Drafts: r.Drafts, LayoutIDs: layoutIDs})
	r.model, r.res.Site = model, model
	r.diags = model.Spare(r.diags)
	r.add(diags)
	if len(r.tree.Files) == 0 {
		return errBroken // what was read has told the author
	}
	return nil
}

// layoutIDs are the ids that every theme's pages have beside those of the
// body.
func layoutIDs(*site.Page) []string { return []string{"main", "help"} }

// dress loads the theme and builds its style sheets and scripts.
func (r *run) dress() error {
	layers, err := ThemeLayers(r.Source, r.cfg.Theme)
	if err != nil {
		return err
	}
	th, diags := theme.Load(layers, r.res.Editions, render.Funcs())
	r.add(diags)
	if diags.Errors() > 0 {
		return errBroken
	}
	r.theme = th
	assets, diags := asset.Build(r.assetOptions())
	r.add(diags)
	if diags.Errors() > 0 {
		return errBroken
	}
	r.assets = assets
	text, diags := i18n.Load(textLayers(layers)...)
	r.add(diags)
	rd, diags := render.New(render.Options{
		Site: r.model, Theme: th, Messages: text, Assets: assets, Sizes: asset.NewSizes(r.fsys),
		Spans: r.Gate != GateOff, Record: r.pages != nil,
	})
	r.add(diags)
	if diags.Errors() > 0 {
		return errBroken
	}
	r.renderer = rd
	if r.Gate != GateOff {
		return r.openGate()
	}
	return nil
}

// assetOptions lets the site's assets/ win over the theme's.
func (r *run) assetOptions() asset.Options {
	o := asset.Options{Theme: r.theme, Prev: r.assets}
	if r.Content == "" {
		if sub, err := fs.Sub(r.fsys, "assets"); err == nil {
			if _, err := fs.Stat(sub, "."); err == nil {
				o.Site, o.Name = sub, "assets"
			}
		}
	}
	static := map[string]bool{}
	for _, f := range r.tree.Static {
		static[f.Rel] = true
	}
	o.Static = func(name string) bool { return static[name] }
	return o
}

// ThemeLayers lists the folders that a theme's files are looked up in: the
// site's own first, then the theme that ships.
func ThemeLayers(source, name string) ([]theme.Layer, error) {
	var layers []theme.Layer
	own := filepath.Join(source, "themes", name)
	if info, err := os.Stat(own); err == nil && info.IsDir() && !shipped(own) {
		layers = append(layers, theme.Layer{FS: os.DirFS(own), Name: "themes/" + name})
	}
	base, err := fs.Sub(themes.FS, DefaultTheme)
	if err != nil {
		return nil, err
	}
	if len(layers) == 0 && name != DefaultTheme {
		return nil, fmt.Errorf("there is no theme %q: neither a folder %s nor one that ships with handrail", name, own)
	}
	return append(layers, theme.Layer{FS: base, Name: "themes/" + DefaultTheme}), nil
}

// DefaultTheme is the theme that ships.
const DefaultTheme = "civic"

// shipped reports whether the folder is where the embedded theme itself
// lives: Handrail's own repository.
func shipped(dir string) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(dir), "themes.go"))
	return err == nil
}

// textLayers lists where interface texts come from: the embedded catalogues,
// then the themes' own, which win.
func textLayers(layers []theme.Layer) []i18n.Layer {
	text := []i18n.Layer{i18n.Embedded()}
	for _, l := range slices.Backward(layers) {
		text = append(text, i18n.Layer{FS: l.FS, Dir: "i18n", Name: l.Name + "/i18n"})
	}
	return text
}

// openGate makes the gate with the theme's display modes.
func (r *run) openGate() error {
	modes := map[string][]style.Mode{}
	for _, e := range r.res.Editions {
		for _, m := range r.theme.Config.Editions[e].Modes {
			modes[e] = append(modes[e], style.Mode{
				Name: m.Name, Attrs: m.Attrs, Width: m.Width, Scheme: m.Scheme, Contrast: m.Contrast, Forced: m.Forced,
				ReducedMotion: m.ReducedMotion, Print: m.Print, TextScale: m.Scale, TextSpacing: m.Spacing,
			})
		}
		r.res.Modes += len(modes[e])
	}
	o := gate.Options{Config: r.cfg, Now: r.res.Now, Modes: modes, Line: r.lines.line, Passed: r.Passed}
	o.Sheets = func(path string) (*style.Sheet, error) {
		sh := r.assets.Sheet("/" + path)
		if sh == nil {
			return nil, fmt.Errorf("%s is no style sheet of the theme", path)
		}
		return style.ParseSheet(sh.CSS, path), nil
	}
	o.SheetPos = func(path string, off int) diag.Pos {
		if sh := r.assets.Sheet("/" + path); sh != nil {
			return sh.Pos(off)
		}
		return diag.Pos{}
	}
	if name := r.cfg.Baseline; name != "" {
		b, err := gate.ReadBaseline(r.fsys, name)
		if err != nil {
			return err
		}
		o.Baseline = b
	}
	r.gate = gate.New(o)
	return nil
}
