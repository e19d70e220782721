// Package dev is the preview: it builds the site, serves both editions on
// the loopback interface as a host in production would, rebuilds what changed,
// reloads the pages that are open, and shows what is wrong beside each page.
package dev

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"handrail/a11y/report"
	"handrail/internal/build"
	"handrail/internal/gate"
	"handrail/internal/publish"
	"handrail/internal/watch"
)

// Options say what to preview and how.
type Options struct {
	Build  build.Options
	Port   int // 0 picks a free one
	Editor string
	Words  report.Words
	Text   func(key string, args ...any) string // the tool's texts
	Output string                               // not watched

	Ready   func(url string)              // called once the server listens
	Rebuilt func(Rebuild)                 // called after every build
	Log     func(format string, a ...any) // problems of the preview itself
}

// A Rebuild says what a build of the preview did.
type Rebuild struct {
	Pages            int // files that changed
	Errors, Warnings int
	Took             time.Duration
	Failed           bool // nothing could be rendered: the last pages stay
}

// prefix is where the preview's own files lie. Sites cannot publish there.
const prefix = "/.handrail/dev/"

type server struct {
	o       Options
	session *build.Session
	hub     hub
	now     atomic.Pointer[snapshot]
	judging func() // stops what judges the last build; nil when nothing does
}

// A snapshot is a finished build as it is served.
type snapshot struct {
	mu       sync.Mutex // guards files while they are added
	files    map[string][]byte
	dirs     map[string]bool
	findings []report.Finding
	failed   bool
}

// Add takes a file of the build.
func (s *snapshot) Add(f publish.File) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[f.Path] = f.Data
	return nil
}

// with is the same build with other findings.
func (s *snapshot) with(findings []report.Finding) *snapshot {
	return &snapshot{files: s.files, dirs: s.dirs, findings: findings, failed: s.failed}
}

// index notes the folders.
func (s *snapshot) index() {
	s.dirs = map[string]bool{}
	for name := range s.files {
		for d := path.Dir(name); d != "." && !s.dirs[d]; d = path.Dir(d) {
			s.dirs[d] = true
		}
	}
}

func (s *snapshot) read(name string) ([]byte, bool) { d, ok := s.files[name]; return d, ok }
func (s *snapshot) isDir(name string) bool          { return s.dirs[name] }

// Run builds, serves and rebuilds until ctx ends.
func Run(ctx context.Context, o Options) error {
	o.Build.Gate = build.GateReport
	s := &server{o: o, session: build.NewSession(o.Build)}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches, err := s.watch(ctx) // before the files are read, to miss no change
	if err != nil {
		return err
	}
	if err := s.rebuild(ctx, nil); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.Port))
	if err != nil {
		return fmt.Errorf("preview: %w", err)
	}
	srv := &http.Server{Handler: s.handler(ln.Addr().String()), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stopped := make(chan error, 1)
	go func() { stopped <- srv.Serve(ln) }()
	o.Ready("http://" + ln.Addr().String() + "/")
	s.follow(ctx, batches)
	s.stopJudging()
	srv.Close()
	if served := <-stopped; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	return err
}

// watch sends every burst of changes until ctx ends.
func (s *server) watch(ctx context.Context) (<-chan watch.Batch, error) {
	roots := []string{s.o.Build.Source}
	if s.o.Build.Content != "" {
		roots = []string{s.o.Build.Content}
	}
	output, err := filepath.Abs(s.o.Output)
	if err != nil {
		return nil, err
	}
	skip := func(p string) bool {
		name := filepath.Base(p)
		if name == ".git" || name == ".cache" || name == "node_modules" || name == ".handrail" {
			return true
		}
		abs, err := filepath.Abs(p)
		return err == nil && abs == output
	}
	return watch.Watch(ctx, roots, skip, func(err error) { s.o.Log("%v", err) })
}

// follow rebuilds after every burst of changes until there are no more.
func (s *server) follow(ctx context.Context, batches <-chan watch.Batch) {
	for b := range batches {
		if err := s.rebuild(ctx, b); err != nil && ctx.Err() == nil {
			s.o.Log("%v", err)
		}
	}
}

// rebuild builds again, swaps in the result, tells the open pages, and has
// the pages judged while they are looked at.
func (s *server) rebuild(ctx context.Context, changed watch.Batch) error {
	began := time.Now()
	s.stopJudging()
	last := s.now.Load()
	next := &snapshot{files: map[string][]byte{}}
	if last != nil {
		next.files, next.findings = make(map[string][]byte, len(last.files)), last.findings
	}
	res, err := s.session.Rebuild(ctx, next, changed)
	if err != nil {
		return err
	}
	if next.failed = res.Failed; res.Report != nil {
		next.findings = res.Report.Findings
	}
	n := 0
	if res.Failed && last != nil {
		next.files = last.files // what can be seen stays
	} else {
		n = next.differs(last)
	}
	next.index()
	s.now.Store(next)
	s.tell(changed, last, next, n)
	r := Rebuild{Pages: n, Took: time.Since(began), Failed: res.Failed}
	if res.Judge == nil {
		s.done(r, res.Report)
		return nil
	}
	jctx, cancel := context.WithCancel(ctx)
	finished := make(chan struct{})
	s.judging = func() { cancel(); <-finished }
	go func() {
		defer close(finished)
		rep, err := res.Known()
		if err == nil {
			s.now.Store(next.with(rep.Findings))
			rep, err = res.Judge(jctx)
		}
		if err != nil {
			if jctx.Err() == nil {
				s.o.Log("%v", err)
			}
			return
		}
		s.now.Store(next.with(rep.Findings))
		s.hub.send("findings", "")
		s.done(r, rep)
	}()
	return nil
}

// stopJudging ends the judging of the last build: its pages are out of date.
func (s *server) stopJudging() {
	if s.judging != nil {
		s.judging()
		s.judging = nil
	}
}

func (s *server) done(r Rebuild, rep *gate.Report) {
	r.Errors, r.Warnings = rep.Count(report.Error), rep.Count(report.Warning)
	s.o.Rebuilt(r)
}

// tell sends the smallest event that brings the open pages up to date.
func (s *server) tell(changed watch.Batch, last, next *snapshot, n int) {
	switch {
	case last == nil:
	case last.failed != next.failed:
		s.hub.send("reload", "")
	case n > 0 && onlyStyles(changed):
		data, _ := json.Marshal(next.styles()) // strings: cannot fail
		s.hub.send("styles", string(data))
		s.hub.send("findings", "")
	case n > 0:
		s.hub.send("reload", "")
	default:
		s.hub.send("findings", "")
	}
}

func onlyStyles(changed watch.Batch) bool {
	return len(changed) > 0 && !slices.ContainsFunc(changed, func(p string) bool { return filepath.Ext(p) != ".css" })
}

// A styleURL says where a style sheet is now: its URL without the
// fingerprint, and with it.
type styleURL struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

func (s *snapshot) styles() []styleURL {
	var out []styleURL
	for name := range s.files {
		if strings.HasSuffix(name, ".css") {
			out = append(out, styleURL{styleName("/" + name), "/" + name})
		}
	}
	return out
}

// styleName takes the fingerprint off: /assets/standard-1f0c9a2b3d.css is
// /assets/standard.
func styleName(url string) string {
	url = strings.TrimSuffix(url, ".css")
	if i := strings.LastIndexByte(url, '-'); i > 0 {
		return url[:i]
	}
	return url
}

// differs counts the files that are new, gone or changed.
func (s *snapshot) differs(last *snapshot) int {
	if last == nil {
		return len(s.files)
	}
	n := 0
	for name, data := range s.files {
		was, ok := last.files[name]
		if ok && unsafe.SliceData(was) == unsafe.SliceData(data) && len(was) == len(data) {
			continue // it was not made again
		}
		if !ok || !bytes.Equal(was, data) {
			n++
		}
	}
	for name := range last.files {
		if _, ok := s.files[name]; !ok {
			n++
		}
	}
	return n
}
