package dev

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"handrail/a11y/act"
	"handrail/a11y/report"
)

//go:embed web
var web embed.FS

var problems = template.Must(template.ParseFS(web, "web/problems.html"))

const injected = `<script type="module" src="` + prefix + `client.js"></script>`

// handler serves the site and, below prefix, the preview's own files. host is
// the only one it answers for: a foreign page must not reach the preview by
// pointing its own name at the loopback address.
func (s *server) handler(host string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+prefix+"events", &s.hub)
	mux.HandleFunc("GET "+prefix+"findings.json", s.findingsJSON)
	mux.HandleFunc("GET "+prefix+"findings", s.allFindings)
	mux.HandleFunc("GET "+prefix+"words.json", s.words)
	mux.HandleFunc("POST "+prefix+"open", s.open)
	own, err := fs.Sub(web, "web")
	if err != nil {
		panic("dev: " + err.Error())
	}
	for _, name := range []string{"client.js", "panel.css", "page.css", "reload.js"} {
		mux.HandleFunc("GET "+prefix+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			http.ServeFileFS(w, r, own, name)
		})
	}
	mux.HandleFunc("/", s.page)
	_, port, _ := net.SplitHostPort(host)
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains([]string{host, "localhost:" + port, "[::1]:" + port}, r.Host) {
			http.Error(w, "this preview answers on "+host+" only", http.StatusMisdirectedRequest)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// page serves a file of the site, or what is wrong when nothing could be
// rendered.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	now := s.now.Load()
	if now.failed && (len(now.files) == 0 || strings.HasSuffix(r.URL.Path, "/")) {
		s.problemPage(w, http.StatusInternalServerError, now.findings)
		return
	}
	h := &fileHandler{folder: now, inject: injected}
	h.ServeHTTP(noStore{w}, r)
}

// noStore keeps the browser from showing an old page after a reload.
type noStore struct{ http.ResponseWriter }

func (w noStore) WriteHeader(code int) {
	w.Header().Set("Cache-Control", "no-store")
	w.ResponseWriter.WriteHeader(code)
}

// A problem is a finding in words.
type problem struct {
	Severity string `json:"severity"`
	Level    string `json:"level"` // error, warning or notice
	Source   string `json:"source"`
	Page     string `json:"page"`
	Message  string `json:"message"`
	Fix      string `json:"fix"`
	Line     string `json:"-"`
}

func (s *server) problem(f *report.Finding) problem {
	w := s.o.Words
	p := problem{Severity: s.o.Text("tool.dev." + f.Severity.String()), Level: f.Severity.String(), Source: f.Source.String(), Page: f.Page,
		Message: w.Message(f.Rule, f.Message, f.Args), Line: f.Line}
	for _, h := range f.Hints {
		p.Fix = strings.TrimSpace(p.Fix + " " + w.Hint(f.Rule, h, f.Args))
	}
	if p.Fix == "" {
		p.Fix = w.Fix(f.Rule)
	}
	return p
}

// findingsJSON lists what the page at ?path= has to be mended for.
func (s *server) findingsJSON(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Query().Get("path"), "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	list := []problem{}
	now := s.now.Load()
	for i := range now.findings {
		if f := &now.findings[i]; f.Page == name && (f.Outcome == act.Failed || f.Severity == report.Error) {
			list = append(list, s.problem(f))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(list)
}

func (s *server) allFindings(w http.ResponseWriter, _ *http.Request) {
	s.problemPage(w, http.StatusOK, s.now.Load().findings)
}

// maxProblems bounds the page of all findings.
const maxProblems = 300

func (s *server) problemPage(w http.ResponseWriter, code int, findings []report.Finding) {
	var list []problem
	for _, sev := range []report.Severity{report.Error, report.Warning, report.Notice} {
		for i := range findings {
			if f := &findings[i]; f.Severity == sev && f.Outcome != act.Passed && len(list) < maxProblems {
				list = append(list, s.problem(f))
			}
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'")
	w.WriteHeader(code)
	title := s.o.Text("tool.dev.findings")
	intro := s.o.Text("tool.dev.intro", "n", len(findings))
	if code != http.StatusOK {
		title, intro = s.o.Text("tool.dev.broken"), s.o.Text("tool.dev.brokenintro")
	}
	if err := problems.Execute(w, map[string]any{"Lang": s.o.Words.Lang(), "Title": title, "Intro": intro, "Problems": list, "Open": s.o.Text("tool.dev.open")}); err != nil {
		s.o.Log("%v", err)
	}
}

func (s *server) words(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]string{
		"findings": s.o.Text("tool.dev.panel"), "all": s.o.Text("tool.dev.all"), "opened": s.o.Text("tool.dev.opened"),
	})
}

// open opens file:line:col in the author's editor. Only files below the site
// can be named.
func (s *server) open(w http.ResponseWriter, r *http.Request) {
	file, line, col := splitPlace(r.PostFormValue("source"))
	root := s.o.Build.Source
	full := filepath.Join(root, filepath.FromSlash(file))
	if s.o.Build.Content != "" {
		full = filepath.FromSlash(file)
		root = s.o.Build.Content
	}
	if rel, err := filepath.Rel(root, full); file == "" || err != nil || !filepath.IsLocal(rel) {
		http.Error(w, s.o.Text("tool.dev.notours", "file", file), http.StatusBadRequest)
		return
	}
	full, err := filepath.Abs(full) // which no editor takes for an option
	if info, statErr := os.Stat(full); err != nil || statErr != nil || !info.Mode().IsRegular() {
		http.Error(w, s.o.Text("tool.dev.notours", "file", file), http.StatusBadRequest)
		return
	}
	args := editorCommand(s.o.Editor, full, line, col)
	if args == nil {
		http.Error(w, s.o.Text("tool.dev.noeditor"), http.StatusNotImplemented)
		return
	}
	cmd := exec.Command(args[0], args[1:]...)
	if err := cmd.Start(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	go cmd.Wait() // an editor may stay open for hours
	if back := r.Referer(); r.Header.Get("Sec-Fetch-Dest") == "document" && back != "" {
		if u, err := url.Parse(back); err == nil && u.Host == r.Host {
			http.Redirect(w, r, u.String(), http.StatusSeeOther)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// splitPlace takes file:line:col apart; line and col are at least 1.
func splitPlace(s string) (file string, line, col int) {
	line, col = 1, 1
	parts := strings.Split(s, ":")
	var nums []int
	for len(parts) > 1 && len(nums) < 2 {
		n, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil {
			break
		}
		nums = append(nums, max(n, 1))
		parts = parts[:len(parts)-1]
	}
	switch len(nums) {
	case 1:
		line = nums[0]
	case 2:
		col, line = nums[0], nums[1]
	}
	return strings.Join(parts, ":"), line, col
}

// editorCommand fills in the author's command, or finds an editor that can
// open a place.
func editorCommand(command, file string, line, col int) []string {
	if command == "" {
		for _, name := range []string{"code", "codium", "zed", "subl"} {
			if _, err := exec.LookPath(name); err == nil {
				place := fmt.Sprintf("%s:%d:%d", file, line, col)
				if name == "code" || name == "codium" {
					return []string{name, "--goto", place}
				}
				return []string{name, place}
			}
		}
		return nil
	}
	args := strings.Fields(command)
	named := false
	for i, a := range args {
		named = named || strings.Contains(a, "{file}")
		args[i] = strings.NewReplacer("{file}", file, "{line}", strconv.Itoa(line), "{col}", strconv.Itoa(col)).Replace(a)
	}
	if !named {
		args = append(args, file)
	}
	return args
}
