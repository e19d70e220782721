package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"handrail/internal/diag"
	"handrail/internal/gate"
	"handrail/internal/publish"
	"handrail/internal/render"
	"handrail/internal/site"
	"handrail/internal/source"
)

// renderPages renders every page in its editions, has it judged, and hands it
// on. Nothing of a finished page is kept but what the gate needs, so that a
// large site stays inside memory. Pages that speak of the build itself come
// last.
func (r *run) renderPages() error {
	r.claim()
	if r.keepsOffline() {
		r.offline = newOffline(r.model.Offline)
	}
	var early []*site.Page
	for _, p := range r.model.Pages {
		if render.IsLate(p) {
			r.late = append(r.late, p)
		} else {
			early = append(early, p)
		}
	}
	return r.renderAll(early, 0)
}

// renderLate renders the pages that speak of the build itself, when all
// others have been judged, and says what is kept on devices.
func (r *run) renderLate() error {
	if len(r.late) > 0 {
		if err := r.sayLate(); err != nil {
			return err
		}
		if err := r.renderAll(r.late, len(r.model.Pages)-len(r.late)); err != nil {
			return err
		}
	}
	if err := r.writeAssets(); err != nil { // of these pages, and of the server's
		return err
	}
	if r.Cache != "" {
		_ = r.sizes.SaveCache(r.Cache) // a cache that cannot be kept costs time only
	}
	missing := r.renderer.Missing()
	r.add(missing)
	if r.pages != nil {
		r.pages, r.again = r.next, len(missing) > 0
	}
	r.add(r.look.assets.Diags())
	r.res.HTML = len(r.model.Pages) * len(r.res.Editions)
	return r.writeWorker()
}

// writeAssets hands on the assets that have been built since the last time.
func (r *run) writeAssets() error {
	if r.wrote == nil {
		r.wrote = map[string]bool{}
	}
	for _, f := range r.look.assets.Files() {
		if r.wrote[f.Path] {
			continue
		}
		r.wrote[f.Path] = true
		if err := r.sink.Add(publish.File{Path: f.Path, Data: f.Data}); err != nil {
			return err
		}
	}
	return nil
}

// renderAll renders pages in parallel, after done others.
func (r *run) renderAll(pages []*site.Page, before int) error {
	var done, next atomic.Int64
	done.Store(int64(before))
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(r.ctx)
	for range cmp.Or(r.Jobs, runtime.GOMAXPROCS(0)) {
		g.Go(func() error {
			for i := int(next.Add(1)) - 1; i < len(pages); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				diags, err := r.page(pages[i])
				if len(diags) > 0 {
					mu.Lock()
					r.add(diags)
					mu.Unlock()
				}
				if err != nil {
					return err
				}
				r.progress("render", int(done.Add(1)), len(r.model.Pages))
			}
			return nil
		})
	}
	return g.Wait()
}

// claim gives each file of the output to the first page that wants it. Where
// addresses clash, which the model has reported, the other page is not written.
func (r *run) claim() {
	r.owner = make(map[string]*site.Page, len(r.model.Pages)*len(r.res.Editions))
	for _, p := range r.model.Pages {
		for _, edition := range r.res.Editions {
			if out := p.OutFile(edition); r.owner[out] == nil {
				r.owner[out] = p
			}
		}
	}
}

func (r *run) progress(stage string, done, total int) {
	if r.Progress != nil {
		r.Progress(stage, done, total)
	}
}

// page renders one page in all editions, judges them together and hands them
// to the sink.
func (r *run) page(p *site.Page) (diag.List, error) {
	if files := r.reuse(p); files != nil {
		for _, f := range files {
			if err := r.sink.Add(f); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	var diags diag.List
	outs := make(map[string]*render.Output, len(r.res.Editions))
	for _, edition := range r.res.Editions {
		if r.owner[p.OutFile(edition)] != p {
			continue
		}
		out, err := r.renderer.Page(p, edition)
		if d, ok := errors.AsType[*diag.Diagnostic](err); ok {
			diags.Add(d)
			continue
		}
		if err != nil {
			return diags, err
		}
		outs[edition] = out
	}
	k := &kept{page: p}
	switch {
	case r.gate == nil || len(outs) == 0:
	case r.pages != nil:
		k.outs = outs // judged later, when the preview has shown the page
	default:
		r.gate.Add(r.gate.Page(p, outs))
	}
	index := r.blocks.file(p, cmp.Or(outs[site.Standard], outs[site.Care]))
	if index != nil {
		k.files = append(k.files, *index)
		if err := r.sink.Add(*index); err != nil {
			return diags, err
		}
	}
	r.keep(k, outs, diags)
	for _, edition := range r.res.Editions {
		out := outs[edition]
		if out == nil {
			continue
		}
		r.offline.take(p, edition, out.HTML)
		f := publish.File{Path: p.OutFile(edition), Data: out.HTML}
		if p.File != nil {
			f.Sources = []string{p.File.Path}
		}
		if err := r.sink.Add(f); err != nil {
			return diags, err
		}
	}
	return diags, nil
}

// writeExtras hands on what lies beside the pages: assets, copied files,
// feeds, the sitemap, redirects and headers.
func (r *run) writeExtras() error {
	if err := r.writeAssets(); err != nil {
		return err
	}
	extras, err := r.renderer.Extras(r.res.Editions)
	if err != nil {
		return err
	}
	own := make(map[string]string, len(r.model.Copies))
	for _, c := range r.model.Copies {
		own[strings.ToLower(c.To)] = c.Path
	}
	for _, f := range extras {
		file := own[strings.ToLower(f.Path)]
		if cmp.Or(r.owner[f.Path], r.owner[f.Path+"/index.html"]) != nil {
			continue // a page has taken its place; the model has told the author
		}
		if file != "" {
			r.diags.Add(ownFile(file, f.Path))
			continue
		}
		if err := r.sink.Add(publish.File{Path: f.Path, Data: f.Data}); err != nil {
			return err
		}
	}
	if err := r.writePrefs(); err != nil {
		return err
	}
	return r.copyFiles()
}

// ownFile says that an author's file takes the place of one that a build
// writes: it may be meant, or left over from another tool.
func ownFile(file, path string) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: diag.Pos{File: file}, Code: "own-file", Severity: diag.Notice,
		Msg: fmt.Sprintf("this is published in place of the %s that a build writes", path), Args: map[string]any{"path": path}}
}

// finish closes the gate, or opens it. A session that goes on has its pages
// judged afterwards, by Result.Judge.
func (r *run) finish() error {
	if r.gate != nil && r.pages != nil {
		r.res.Known, r.res.Judge = r.known, r.judge
		return nil
	}
	var err error
	if r.gate == nil {
		r.res.Report, err = r.known()
	} else {
		r.res.Report, err = r.gate.Finish(r.model, r.diags)
	}
	return err
}

// known reports what is known without any page.
func (r *run) known() (*gate.Report, error) {
	g := gate.New(gate.Options{Config: r.config(), Now: r.res.Now, Line: r.lines.line})
	return g.Finish(cmp.Or(r.model, &site.Site{}), r.diags)
}

// judge has every page judged that has not been yet.
func (r *run) judge(ctx context.Context) (*gate.Report, error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(cmp.Or(r.Jobs, runtime.GOMAXPROCS(0)))
	for _, k := range r.next {
		g.Go(func() error {
			if k.outs != nil && ctx.Err() == nil {
				k.judged, k.outs = r.gate.Page(k.page, k.outs), nil
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, k := range r.next {
		r.gate.Add(k.judged)
	}
	if r.judgeStates != nil {
		if err := r.judgeStates(ctx); err != nil {
			return nil, err
		}
	}
	return r.gate.Finish(r.model, r.diags)
}

// copyFiles hands on static/ and the files that lie beside pages, one at a
// time, since any of them may be large. A session has them in memory, in any
// case, and reads again what has changed.
func (r *run) copyFiles() error {
	for _, c := range r.model.Copies {
		if err := r.copyFile(c.Resource, c.To); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) copyFile(from *source.Resource, to string) error {
	c := r.copies[from.Path]
	if c == nil || c.size != from.Size || !c.time.Equal(from.Time) {
		data, err := fs.ReadFile(r.named(), from.Path)
		if err != nil {
			r.diags.Add(&diag.Diagnostic{Pos: diag.Pos{File: from.Path}, Code: "unreadable-file", Msg: "the file cannot be read", Err: err})
			return nil
		}
		c = &copied{from.Size, from.Time, data}
		if r.copies != nil {
			r.copies[from.Path] = c
		}
	}
	return r.sink.Add(publish.File{Path: to, Data: c.data, Sources: []string{from.Path}})
}
