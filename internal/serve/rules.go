package serve

import (
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

// rules are what _headers and _redirects say, read again when they change.
type rules struct {
	root    *os.Root
	mu      sync.Mutex
	checked time.Time
	stamp   [2]time.Time
	set     *ruleSet
}

// A ruleSet holds the lines of both files.
type ruleSet struct {
	headers []headerRule
	moves   []move
}

type headerRule struct {
	pattern string
	lines   [][2]string
}

type move struct {
	from, to string
	code     int
}

func (r *rules) current() *ruleSet {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); r.set == nil || now.Sub(r.checked) >= recheck {
		r.checked = now
		stamp := [2]time.Time{r.modified("_headers"), r.modified("_redirects")}
		if r.set == nil || stamp != r.stamp {
			r.stamp, r.set = stamp, &ruleSet{readHeaders(r.text("_headers")), readMoves(r.text("_redirects"))}
		}
	}
	return r.set
}

func (r *rules) modified(name string) time.Time {
	info, err := r.root.Stat(name)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

func (r *rules) text(name string) string {
	b, err := fs.ReadFile(r.root.FS(), name)
	if err != nil {
		return ""
	}
	return string(b)
}

// readHeaders reads a _headers file: a pattern, then its headers, indented.
func readHeaders(text string) []headerRule {
	var out []headerRule
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case line[0] != ' ' && line[0] != '\t':
			out = append(out, headerRule{pattern: strings.TrimSpace(line)})
		case len(out) > 0:
			if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
				last := &out[len(out)-1]
				last.lines = append(last.lines, [2]string{strings.TrimSpace(name), strings.TrimSpace(value)})
			}
		}
	}
	return out
}

func readMoves(text string) []move {
	var out []move
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 2 || strings.HasPrefix(f[0], "#") {
			continue
		}
		m := move{from: f[0], to: f[1], code: http.StatusMovedPermanently}
		if len(f) > 2 && strings.HasPrefix(f[2], "302") {
			m.code = http.StatusFound
		}
		out = append(out, m)
	}
	return out
}

func (s *ruleSet) apply(h http.Header, urlPath string) {
	for _, r := range s.headers {
		if matches(r.pattern, urlPath) {
			for _, l := range r.lines {
				h.Set(l[0], l[1])
			}
		}
	}
}

// matches holds a pattern of _headers against a path; one * stands for any
// text.
func matches(pattern, p string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if !star {
		return p == pattern
	}
	return len(p) >= len(head)+len(tail) && strings.HasPrefix(p, head) && strings.HasSuffix(p, tail)
}

// redirect finds where a path has moved to. A * at the end of the old address
// is :splat in the new one.
func (s *ruleSet) redirect(urlPath string) (to string, code int) {
	for _, m := range s.moves {
		if m.from == urlPath {
			return m.to, m.code
		}
		if head, ok := strings.CutSuffix(m.from, "*"); ok && strings.HasPrefix(urlPath, head) {
			splat := strings.TrimLeft(localPath(urlPath[len(head):]), "/")
			return strings.ReplaceAll(m.to, ":splat", splat), m.code
		}
	}
	return "", 0
}
