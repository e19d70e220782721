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
	"sync"
	"time"

	"handrail/a11y/style"
	"handrail/i18n"
	"handrail/internal/asset"
	"handrail/internal/chart"
	"handrail/internal/config"
	"handrail/internal/diag"
	"handrail/internal/formsource"
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
	Cache    string // folder of what a build may reuse; "" for none
	Jobs     int    // pages worked on at a time; 0: one per processor
	Drafts   bool
	Passed   bool     // findings of targets that passed, too
	Previous Previous // published last: ids of blocks are carried on from it; may be nil
	Tool     string   // name and version, for feeds and the manifest

	Progress func(stage string, done, total int) // may be nil
}

// A Sink takes finished files. Add may be called from several goroutines.
type Sink interface{ Add(publish.File) error }

// A Result is what one build did and found.
type Result struct {
	Site     *site.Site
	Editions []string
	Now      time.Time
	Report   *gate.Report // nil only when Judge is set
	Modes    int          // display modes, over all editions
	HTML     int          // pages rendered, each edition counted
	// What is kept on a reader's device, where the site wants that.
	OfflinePages, OfflineBytes int
	// Blocks is the number of pages that remember where a reader was. Fresh says
	// that no earlier build was there to carry their places on from; Carried is
	// a hash of what has been carried on, for the manifest.
	Blocks  int
	Fresh   bool
	Carried string
	Stages  []Stage
	// Judge has the pages of a session judged, after they have been shown, and
	// returns the whole report. It is called at most once, before the next
	// Rebuild; one that is cancelled leaves the rest to the next. Known, called
	// before, returns what is known without judging any page.
	Judge  func(context.Context) (*gate.Report, error)
	Known  func() (*gate.Report, error)
	Failed bool // the theme or the settings are so broken that no page was made
}

// A Stage is a part of the build and how long it took.
type Stage struct {
	Name string
	Took time.Duration
}

// Run builds a site once.
func Run(ctx context.Context, o Options, sink Sink) (*Result, error) {
	s := &Session{Options: o}
	return s.build(ctx, sink)
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

	model      *site.Site
	recordings map[*site.Page]render.Recording
	renderer   *render.Renderer
	gate       *gate.Gate

	forms       []*formsource.Form
	judgeStates func(context.Context) error // of forms; nil without a server

	blocks     *blockPages // nil: pages remember nothing
	nextTagged map[*markdown.Document]tags
	offline    *offline              // nil: nothing is kept on devices
	late       []*site.Page          // pages that speak of the build itself
	wrote      map[string]bool       // assets that have been handed on
	owner      map[string]*site.Page // by file of the output
	keptMu     sync.Mutex
	next       map[string]*kept // what the next build may reuse
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
		{"blocks", r.identify},
		{"audio", r.record},
		{"theme", r.dress},
		{"render", r.renderPages},
		{"extras", r.writeExtras},
		{"forms", r.writeServer},
		{"late", r.renderLate},
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
	rep, err := r.known()
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
	opt := source.Options{Jobs: r.Jobs, Prev: r.tree, Prefix: r.prefix(), Changed: r.changed}
	if r.Content != "" {
		opt.Content = "."
	}
	tree, diags, err := source.Load(r.ctx, r.fsys, r.cfg, r.conv, opt)
	if err != nil {
		return err
	}
	r.tree, r.changed = tree, []string{}
	r.lines.tree = tree
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
			Done: say("task.done", en.Done), Open: say("task.todo", en.Open),
			Past: say("timeline.done", en.Past), Now: say("timeline.now", en.Now), Ahead: say("timeline.ahead", en.Ahead), Step: say("steps.number", en.Step), Notes: say("footnotes.title", en.Notes),
			Note: say("footnotes.note", en.Note), BackNote: say("footnotes.back", en.BackNote),
			Wide: say("table.wide", en.Wide), RTL: i18n.Direction(tag) == "rtl", Chart: chartWords(say),
		}
	}
	return words
}

// chartWords are what drawings say.
func chartWords(say func(key, otherwise string) string) chart.Words {
	en := chart.English
	return chart.Words{
		Bar: say("chart.bar", en.Bar), Line: say("chart.line", en.Line), Stacked: say("chart.stacked", en.Stacked),
		None: say("chart.none", en.None), Most: say("chart.most", en.Most), Least: say("chart.least", en.Least),
		Same: say("chart.same", en.Same), First: say("chart.first", en.First), Last: say("chart.last", en.Last),
		Of: say("chart.of", en.Of), Between: say("chart.between", en.Between),
	}
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

// A look is what pages are dressed in: all that is read of the theme, the
// texts and the assets.
type look struct {
	theme  *theme.Theme
	assets *asset.Assets
	text   *i18n.Set
	diags  diag.List
	static []string // names of the files in static/, which assets refer to
}

// dress loads the theme, its texts, style sheets and scripts, unless the
// session has them, and makes the renderer.
func (r *run) dress() error {
	static := make([]string, len(r.tree.Static))
	for i, f := range r.tree.Static {
		static[i] = f.Rel
	}
	if r.look == nil || !slices.Equal(r.look.static, static) {
		l, err := r.newLook(static)
		if err != nil {
			return err
		}
		r.look = l
	}
	r.add(r.look.diags)
	if r.sizes == nil {
		r.sizes = asset.NewSizes(r.named())
		if r.Cache != "" {
			r.sizes.LoadCache(r.Cache)
		}
	}
	rd, diags := render.New(render.Options{
		Site: r.model, Theme: r.look.theme, Messages: r.look.text, Assets: r.look.assets, Sizes: r.sizes, Audio: r.recordings, Blocks: r.blocks.marks(),
		Worker: r.keepsOffline(),
		Spans:  r.Gate != GateOff, Record: r.pages != nil, Forms: r.compileForms(),
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

func (r *run) newLook(static []string) (*look, error) {
	layers, err := ThemeLayers(r.Source, r.cfg.Theme)
	if err != nil {
		return nil, err
	}
	th, diags := theme.Reload(r.theme, layers, r.res.Editions, render.Funcs())
	if diags.Errors() > 0 {
		r.add(diags)
		return nil, errBroken
	}
	r.theme = th
	l := &look{theme: th, diags: diags, static: static}
	if l.assets, diags = asset.Build(r.assetOptions(l)); diags.Errors() > 0 {
		r.add(l.diags)
		r.add(diags)
		return nil, errBroken
	}
	l.text, diags = i18n.Load(textLayers(layers)...)
	l.diags = append(l.diags, diags...)
	return l, nil
}

// assetOptions lets the site's assets/ win over the theme's.
func (r *run) assetOptions(l *look) asset.Options {
	o := asset.Options{Theme: l.theme}
	if r.Content == "" {
		if root, err := os.OpenRoot(r.Source); err == nil { // no link leads out of the site
			if sub, err := fs.Sub(root.FS(), "assets"); err == nil {
				if _, err := fs.Stat(sub, "."); err == nil {
					o.Site, o.Name = sub, "assets"
				}
			}
		}
	}
	o.Static = func(name string) bool { return slices.Contains(l.static, name) }
	return o
}

// ThemeLayers lists the folders that a theme's files are looked up in: the
// site's own first, then the theme that ships.
func ThemeLayers(source, name string) ([]theme.Layer, error) {
	var layers []theme.Layer
	own := filepath.Join(source, "themes", name)
	if info, err := os.Stat(own); err == nil && info.IsDir() && filepath.Base(own) == name && !shipped(own) {
		root, err := os.OpenRoot(own) // no link in it leads out of it
		if err != nil {
			return nil, err
		}
		layers = append(layers, theme.Layer{FS: root.FS(), Name: "themes/" + name})
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
		for _, m := range r.look.theme.Config.Editions[e].Modes {
			modes[e] = append(modes[e], style.Mode{
				Name: m.Name, Attrs: m.Attrs, Width: m.Width, Scheme: m.Scheme, Contrast: m.Contrast, Forced: m.Forced,
				ReducedMotion: m.ReducedMotion, Print: m.Print, TextScale: m.Scale, TextSpacing: m.Spacing,
			})
		}
		r.res.Modes += len(modes[e])
	}
	o := gate.Options{Config: r.cfg, Now: r.res.Now, Modes: modes, Line: r.lines.line, Passed: r.Passed}
	o.Sheets = func(path string) (*style.Sheet, error) {
		sh := r.look.assets.Sheet("/" + path)
		if sh == nil {
			return nil, fmt.Errorf("%s is no style sheet of the theme", path)
		}
		return style.ParseSheet(sh.CSS, path), nil
	}
	o.SheetPos = func(path string, off int) diag.Pos {
		if sh := r.look.assets.Sheet("/" + path); sh != nil {
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
