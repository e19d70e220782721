package build

import (
	"cmp"
	"context"
	"path/filepath"
	"strings"
	"time"

	"handrail/i18n"
	"handrail/internal/asset"
	"handrail/internal/diag"
	"handrail/internal/gate"
	"handrail/internal/markdown"
	"handrail/internal/publish"
	"handrail/internal/render"
	"handrail/internal/site"
	"handrail/internal/source"
	"handrail/internal/theme"
)

// A Session builds the same site again and again, and reuses what has not
// changed: the files that were read, the theme and its assets, and every page
// that has read nothing that has changed. It is used by one goroutine.
type Session struct {
	Options
	conv *markdown.Converter
	text *i18n.Set

	changed []string // since tree was read, by path in the source; nil: anything
	tree    *source.Tree
	theme   *theme.Theme // loaded last
	look    *look        // nil when it has to be made
	sizes   *asset.Sizes
	pages   map[string]*kept // by path; nil unless the session goes on
	again   bool             // render every page: what is wrong with some is known from rendering
	copies  map[string]*copied
	states  map[stateKey]gate.Judged // of forms, by what was judged
	tagged  map[*markdown.Document]tags
}

// A copied is a file that is published as it is.
type copied struct {
	size int64
	time time.Time
	data []byte
}

// NewSession returns a session for many builds of one site.
func NewSession(o Options) *Session {
	return &Session{Options: o, pages: map[string]*kept{}, copies: map[string]*copied{}}
}

// Rebuild builds again after the files changed have changed; nil stands for
// all of them. Names begin with the session's Source or Content.
func (s *Session) Rebuild(ctx context.Context, sink Sink, changed []string) (*Result, error) {
	s.note(changed)
	if s.look == nil || s.again {
		clear(s.pages) // a layout, a text or a setting: any page may look different
	}
	return s.build(ctx, sink)
}

// note takes in what has changed. It is kept until a build has come far
// enough to see it.
func (s *Session) note(changed []string) {
	if changed == nil {
		s.forget()
	}
	for _, name := range changed {
		rel, err := filepath.Rel(cmp.Or(s.Content, s.Source), name)
		rel = filepath.ToSlash(rel)
		if err != nil || rel == "." || strings.HasPrefix(rel, "..") {
			s.forget()
			return
		}
		if s.changed != nil {
			s.changed = append(s.changed, rel)
		}
		delete(s.copies, rel)
		if s.Content != "" {
			continue
		}
		switch top, _, _ := strings.Cut(rel, "/"); top {
		case configFile, "themes", asset.Dir:
			s.look = nil
		}
	}
}

// forget says that anything may have changed.
func (s *Session) forget() {
	s.changed, s.look = nil, nil
	clear(s.copies)
}

// kept is what a session remembers of a rendered page.
type kept struct {
	page   *site.Page
	reads  []render.Read
	files  []publish.File
	outs   map[string]*render.Output // nil once judged
	judged gate.Judged
}

// keep remembers a page that was rendered without mistakes.
func (r *run) keep(k *kept, outs map[string]*render.Output, diags diag.List) {
	if r.pages == nil || len(diags) > 0 {
		return
	}
	for _, edition := range r.res.Editions {
		out := outs[edition]
		if out == nil {
			continue
		}
		k.reads = render.Merge(k.reads, out.Reads)
		k.files = append(k.files, publish.File{Path: k.page.OutFile(edition), Data: out.HTML})
	}
	r.keptMu.Lock()
	defer r.keptMu.Unlock()
	r.next[k.page.Path] = k
}

// reuse returns the files of a page that has read nothing that has changed.
func (r *run) reuse(p *site.Page) []publish.File {
	k := r.pages[p.Path]
	if k == nil || r.renderer.Stale(k.reads) {
		return nil
	}
	k.page = p
	k.judged.Move(p)
	r.keptMu.Lock()
	defer r.keptMu.Unlock()
	r.next[p.Path] = k
	return k.files
}
