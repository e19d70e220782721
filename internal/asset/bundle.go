package asset

import (
	"fmt"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"handrail/internal/diag"
)

func isStyle(name string) bool  { return path.Ext(name) == ".css" }
func isScript(name string) bool { return path.Ext(name) == ".ts" || path.Ext(name) == ".js" }

// oldEngines are the browsers that style sheets are written down for: no
// nesting, no newer colour syntax, no shorthands that they do not know.
var oldEngines = []api.Engine{
	{Name: api.EngineChrome, Version: "49"},
	{Name: api.EngineFirefox, Version: "52"},
	{Name: api.EngineSafari, Version: "10"},
	{Name: api.EngineEdge, Version: "15"},
}

// bundleAll builds style sheets and scripts by name.
func (a *Assets) bundleAll(names []string) {
	var styles, scripts []string
	for _, n := range names {
		switch {
		case isStyle(n):
			styles = append(styles, n)
		case isScript(n):
			scripts = append(scripts, n)
		default:
			a.fail(n, fmt.Errorf("%s is neither a style sheet nor a script", n))
		}
	}
	opt := a.options()
	opt.EntryPoints, opt.Engines, opt.Sourcemap = styles, oldEngines, api.SourceMapExternal
	a.run(opt)
	opt = a.options()
	opt.EntryPoints, opt.Target, opt.Format = scripts, api.ES2018, api.FormatESModule
	a.run(opt)
}

func (a *Assets) fail(name string, err error) {
	d := asDiagnostic(err)
	d.Pos.File = "theme.yaml"
	a.diags.Add(d)
	a.built[name] = &entry{err: err}
}

func (a *Assets) options() api.BuildOptions {
	return api.BuildOptions{
		Bundle: true, Write: false, Outdir: "/" + Dir, PublicPath: "/" + Dir,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone, LogLevel: api.LogLevelSilent,
		AssetNames: "[name]-[hash]",
		Plugins:    []api.Plugin{a.plugin()},
		Loader: map[string]api.Loader{
			".svg": api.LoaderFile, ".png": api.LoaderFile, ".jpg": api.LoaderFile, ".webp": api.LoaderFile,
			".avif": api.LoaderFile, ".gif": api.LoaderFile, ".woff2": api.LoaderFile, ".cur": api.LoaderFile,
		},
		// esbuild looks for tsconfig.json on disk otherwise.
		TsconfigRaw: "{}",
	}
}

const space = "handrail"

// plugin lets esbuild read the files of theme and site, which may lie in an
// archive or in memory.
func (a *Assets) plugin() api.Plugin {
	return api.Plugin{Name: space, Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(r api.OnResolveArgs) (api.OnResolveResult, error) {
			if external(r) {
				return api.OnResolveResult{Path: r.Path, External: true}, nil
			}
			name := path.Clean(r.Path)
			if r.Kind != api.ResolveEntryPoint {
				name = path.Join(path.Dir(r.Importer), r.Path)
			}
			for _, ext := range []string{"", ".ts", ".js"} {
				if _, ok := a.files[name+ext]; ok {
					return api.OnResolveResult{Path: name + ext, Namespace: space}, nil
				}
			}
			return api.OnResolveResult{}, fmt.Errorf("there is no asset %q", r.Path)
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: space}, func(l api.OnLoadArgs) (api.OnLoadResult, error) {
			text := string(a.files[l.Path].data)
			return api.OnLoadResult{Contents: &text, Loader: loader(l.Path)}, nil
		})
	}}
}

// external reports whether a URL in a style sheet is none of ours to build:
// data, a fragment, or a file of the site named from its root.
func external(r api.OnResolveArgs) bool {
	return r.Kind == api.ResolveCSSURLToken &&
		(strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "#") || strings.HasPrefix(r.Path, "data:"))
}

func loader(name string) api.Loader {
	switch path.Ext(name) {
	case ".css":
		return api.LoaderCSS
	case ".ts":
		return api.LoaderTS
	case ".js":
		return api.LoaderJS
	case ".json":
		return api.LoaderJSON
	}
	return api.LoaderFile
}

// run builds the entry points and keeps what comes out.
func (a *Assets) run(opt api.BuildOptions) {
	if len(opt.EntryPoints) == 0 {
		return
	}
	res := api.Build(opt)
	a.report(res.Errors, diag.Error)
	a.report(res.Warnings, diag.Warning)
	out := map[string]api.OutputFile{}
	for _, f := range res.OutputFiles {
		out[strings.TrimPrefix(f.Path, "/"+Dir+"/")] = f
	}
	for _, name := range opt.EntryPoints {
		key := strings.TrimSuffix(name, path.Ext(name))
		if isStyle(name) {
			key += ".css"
		} else {
			key += ".js"
		}
		f, ok := out[key]
		if !ok {
			a.built[name] = &entry{err: fmt.Errorf("%s could not be built", name)}
			continue
		}
		e := &entry{url: "/" + fingerprint(name, f.Contents), data: f.Contents}
		if isStyle(name) {
			e.sheet = newSheet(e.url, f.Contents, out[key+".map"].Contents, a.files)
		}
		a.built[name] = e
		delete(out, key)
		delete(out, key+".map")
	}
	for name, f := range out {
		p := path.Join(Dir, name)
		a.extra[p] = File{p, f.Contents, true}
	}
}

// report turns esbuild's messages into diagnostics. What a style sheet says
// wrongly is only a warning to esbuild, because browsers skip it; a theme
// that says something browsers skip is broken.
func (a *Assets) report(msgs []api.Message, sev diag.Severity) {
	for _, m := range msgs {
		d := &diag.Diagnostic{Severity: sev, Code: "script-error", Msg: m.Text}
		if m.Location != nil {
			f := a.files[m.Location.File]
			if f.shown == "" {
				f = a.files[strings.TrimPrefix(m.Location.File, space+":")]
			}
			d.Pos = position(f, m.Location.Line, m.Location.Column)
			if isStyle(m.Location.File) {
				d.Code = "css-error"
			}
		}
		if strings.HasPrefix(m.ID, "css-syntax") || m.ID == "unsupported-css-property" || m.ID == "undefined-composes-from" {
			d.Severity = diag.Error
		}
		for _, n := range m.Notes {
			d.Hint = n.Text
			break
		}
		a.diags.Add(d)
	}
}

// position turns a line and a byte column of a file into a place.
func position(f file, line, col int) diag.Pos {
	off := 0
	for range line - 1 {
		i := strings.IndexByte(string(f.data[off:]), '\n')
		if i < 0 {
			break
		}
		off += i + 1
	}
	return diag.NewLines(f.shown, string(f.data)).Pos(off + col)
}

// Script builds a script that stands by itself, such as a service worker, and
// returns its text. It is not published.
func (a *Assets) Script(name string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.files[name]; !ok {
		return "", a.missing(name)
	}
	opt := a.options()
	opt.EntryPoints, opt.Target, opt.Format = []string{name}, api.ES2018, api.FormatIIFE
	res := api.Build(opt)
	a.report(res.Errors, diag.Error)
	a.report(res.Warnings, diag.Warning)
	if len(res.OutputFiles) == 0 {
		return "", fmt.Errorf("%s could not be built", name)
	}
	return string(res.OutputFiles[0].Contents), nil
}

// buildHeadScript builds the script that stands in the head of every page. It
// runs before the page is painted, so it must be small.
func (a *Assets) buildHeadScript(name string) {
	const limit = 560
	f, ok := a.files[name]
	if !ok {
		a.fail(name, a.missing(name))
		return
	}
	opt := a.options()
	opt.EntryPoints, opt.Target, opt.Format = []string{name}, api.ES2015, api.FormatIIFE
	res := api.Build(opt)
	a.report(res.Errors, diag.Error)
	a.report(res.Warnings, diag.Warning)
	if len(res.OutputFiles) == 0 {
		return
	}
	a.headScript = strings.TrimSpace(string(res.OutputFiles[0].Contents))
	if strings.Contains(strings.ToLower(a.headScript), "</script") {
		a.diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: f.shown}, Code: "head-script", Msg: "the head script must not contain </script"})
	}
	if len(a.headScript) > limit {
		a.diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: f.shown}, Code: "head-script", Severity: diag.Warning,
			Msg: fmt.Sprintf("the head script has %d bytes; every page carries it, so keep it to %d", len(a.headScript), limit)})
	}
	a.headHash = hash([]byte(a.headScript))
}
