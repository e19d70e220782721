package dev

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"handrail/i18n"
	"handrail/internal/build"
	"handrail/internal/gate"
)

// A preview is a running Run on a folder of its own.
type preview struct {
	t       *testing.T
	dir     string
	url     string
	rebuilt chan Rebuild
	events  chan string
}

func startPreview(t *testing.T, o build.Options, dir string) *preview {
	t.Helper()
	p := &preview{t: t, dir: dir, rebuilt: make(chan Rebuild, 100), events: make(chan string, 100)}
	layer := i18n.Embedded()
	layer.Dir += "/tool"
	set, _ := i18n.Load(layer)
	tool := set.For("en")
	ready := make(chan string, 1)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	o.Clock = time.Now
	go func() {
		ended <- Run(ctx, Options{Build: o, Words: gate.Words(tool),
			Text:   func(key string, args ...any) string { s, _ := tool.Text(key, args...); return s },
			Output: filepath.Join(dir, "public"),
			Ready:  func(u string) { ready <- u }, Rebuilt: func(r Rebuild) { p.rebuilt <- r }, Log: t.Logf})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	select {
	case p.url = <-ready:
	case err := <-ended:
		ended <- err
		t.Fatalf("Run ended: %v", err)
	}
	p.listen(ctx)
	return p
}

// listen opens the event stream, as a page of the preview does.
func (p *preview) listen(ctx context.Context) {
	req, _ := http.NewRequestWithContext(ctx, "GET", p.url+".handrail/dev/events", nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	go func() {
		defer res.Body.Close()
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			if name, ok := strings.CutPrefix(s.Text(), "event: "); ok {
				p.events <- name
			}
		}
	}()
}

func (p *preview) get(path string) (int, string) {
	p.t.Helper()
	res, err := http.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (p *preview) write(name, text string) {
	p.t.Helper()
	full := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// event waits for an event of the name.
func (p *preview) event(name string) {
	p.t.Helper()
	for timeout := time.After(30 * time.Second); ; {
		select {
		case e := <-p.events:
			if e == name {
				return
			}
		case <-timeout:
			p.t.Fatalf("no event %q", name)
		}
	}
}

func TestPreview(t *testing.T) {
	dir := t.TempDir()
	p := &preview{t: t, dir: dir}
	p.write("site.yaml", "title: Town hall\ndefault-language: en\nlanguages: [{tag: en}]\n")
	p.write("content/en/index.md", "---\ntitle: Welcome\n---\n\n[Visit](visit.md)\n")
	p.write("content/en/visit.md", "---\ntitle: Visit us\n---\n\nOld text.\n")
	p = startPreview(t, build.Options{Source: dir}, dir)
	<-p.rebuilt

	code, body := p.get("visit/")
	if code != 200 || !strings.Contains(body, "Old text.") || !strings.Contains(body, prefix+"client.js") {
		t.Fatalf("the page is not served: %d %s", code, body)
	}
	if code, body = p.get("care/visit/"); code != 200 || !strings.Contains(body, "Old text.") {
		t.Errorf("care edition: %d %s", code, body)
	}
	if code, _ = p.get("care/nowhere/"); code != 404 {
		t.Errorf("missing page: %d; want 404", code)
	}

	p.write("content/en/visit.md", "---\ntitle: Visit us\n---\n\nNew text.\n\n![](map.png)\n")
	p.event("reload")
	if _, body = p.get("visit/"); !strings.Contains(body, "New text.") {
		t.Errorf("the page was not rebuilt: %s", body)
	}
	p.event("findings")
	var found []problem
	_, body = p.get(".handrail/dev/findings.json?path=/visit/")
	if err := json.Unmarshal([]byte(body), &found); err != nil || len(found) == 0 || found[0].Source != "content/en/visit.md:7:1" {
		t.Errorf("findings = %s, %v; want one at content/en/visit.md:7:1", body, err)
	}

	p.write("themes/own/assets/site.css", "p { color: #111 }\n")
	p.write("site.yaml", "title: \"Town\nlanguages: [{tag: en}]\n")
	for code = 0; code != 500; code, _ = p.get("visit/") { // one build for both files, or one each
		p.event("reload")
	}
	if code, body = p.get("visit/"); code != 500 || !strings.Contains(body, "site.yaml:1") {
		t.Errorf("broken settings: %d %s", code, body)
	}
	p.write("site.yaml", "title: Town hall\ndefault-language: en\nlanguages: [{tag: en}]\n")
	p.event("reload")
	if code, _ = p.get("visit/"); code != 200 {
		t.Errorf("after mending: %d; want 200", code)
	}
}

func TestPreviewIsPrivate(t *testing.T) {
	dir := t.TempDir()
	p := &preview{t: t, dir: dir}
	p.write("content/en/index.md", "# Welcome\n")
	p = startPreview(t, build.Options{Source: dir}, dir)
	req, _ := http.NewRequest("GET", p.url, nil)
	req.Host = "evil.example"
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("another host name: %d; want 421", res.StatusCode)
	}
	post := func(source, origin string) int {
		req, _ := http.NewRequest("POST", p.url+".handrail/dev/open", strings.NewReader(url.Values{"source": {source}}.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", origin)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	if got := post("content/en/index.md:1:1", "https://evil.example"); got != http.StatusForbidden {
		t.Errorf("opening from another site: %d; want 403", got)
	}
	if got := post("../../etc/passwd:1:1", strings.TrimSuffix(p.url, "/")); got != http.StatusBadRequest {
		t.Errorf("opening a file outside the site: %d; want 400", got)
	}
}

func TestEditorCommand(t *testing.T) {
	for _, tt := range []struct{ command, want string }{
		{"vi +{line} {file}", "vi +12 a b.md"},
		{"ed", "ed a b.md"},
		{"x {file}:{line}:{col}", "x a b.md:12:4"},
	} {
		if got := strings.Join(editorCommand(tt.command, "a b.md", 12, 4), " "); got != tt.want {
			t.Errorf("editorCommand(%q) = %q; want %q", tt.command, got, tt.want)
		}
	}
	for _, tt := range []struct {
		in        string
		file      string
		line, col int
	}{{"a.md:12:4", "a.md", 12, 4}, {"a.md:7", "a.md", 7, 1}, {"a.md", "a.md", 1, 1}, {"c:/x.md:3:2", "c:/x.md", 3, 2}, {"a.md:0:0", "a.md", 1, 1}} {
		if f, l, c := splitPlace(tt.in); f != tt.file || l != tt.line || c != tt.col {
			t.Errorf("splitPlace(%q) = %q, %d, %d", tt.in, f, l, c)
		}
	}
}

// BenchmarkReload measures the time from saving one page of a folder
// (HANDRAIL_CORPUS) to the browser's being told to reload.
func BenchmarkReload(b *testing.B) {
	corpus := os.Getenv("HANDRAIL_CORPUS")
	if corpus == "" {
		b.Skip("HANDRAIL_CORPUS names no folder of Markdown")
	}
	dir := b.TempDir()
	if err := os.CopyFS(dir, os.DirFS(corpus)); err != nil {
		b.Fatal(err)
	}
	var page string
	filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".md") && page == "" {
			page = p
		}
		return nil
	})
	src, err := os.ReadFile(page)
	if err != nil {
		b.Fatal(err)
	}
	s := &server{o: Options{Build: build.Options{Content: dir, Gate: build.GateReport, Clock: time.Now}, Rebuilt: func(Rebuild) {}, Log: b.Logf}}
	s.session = build.NewSession(s.o.Build)
	if err := s.rebuild(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	s.stopJudging()
	runtime.GC()
	n := 0
	var cpu time.Duration
	for b.Loop() {
		n++
		if err := os.WriteFile(page, append(src, []byte(strings.Repeat("\n\nAnother line.", n))...), 0o644); err != nil {
			b.Fatal(err)
		}
		began := cpuTime()
		if err := s.rebuild(b.Context(), []string{page}); err != nil {
			b.Fatal(err)
		}
		cpu += cpuTime() - began
		b.StopTimer()
		s.stopJudging()
		b.StartTimer()
	}
	b.ReportMetric(float64(cpu.Milliseconds())/float64(n), "cpu-ms/op")
}
