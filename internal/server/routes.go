package server

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"handrail/internal/forms"
)

// A place says for which edition and language a request is. Prefix stands
// before every address of it.
type place struct {
	lang, edition, prefix string
}

type placeKey struct{}

func placeOf(r *http.Request) place {
	p, _ := r.Context().Value(placeKey{}).(place)
	return p
}

// Handler returns all routes: forms, cases and preferences under every
// prefix, and the pages of the site.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, h func(*Server, http.ResponseWriter, *http.Request)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { h(s, w, r) })
	}
	handle("GET /f/{form}/{$}", (*Server).getStart)
	handle("POST /f/{form}/{$}", (*Server).postStart)
	handle("GET /f/{form}/{draft}/{page}", (*Server).getStep)
	handle("POST /f/{form}/{draft}/{page}", (*Server).postStep)
	handle("GET /f/{form}/{draft}/check", (*Server).getCheck)
	handle("POST /f/{form}/{draft}/send", (*Server).postSend)
	handle("GET /f/{form}/{draft}/send", (*Server).getSend)
	handle("GET /f/{form}/{draft}/sent", (*Server).getSent)
	handle("GET /f/{form}/{draft}/file", (*Server).getReceiptFile)
	handle("POST /f/{form}/{draft}/undo", (*Server).postUndo)
	handle("GET /f/{form}/{draft}/undo", (*Server).getUndone)
	handle("GET /f/{form}/{draft}/save", (*Server).getSaved)
	handle("GET /f/{form}/{draft}/file/{id}", (*Server).getFile)
	handle("GET /f/resume", (*Server).getResume)
	handle("POST /f/resume", (*Server).postResume)
	handle("POST /f/forget", (*Server).postForget)
	handle("GET /case/{$}", (*Server).getFind)
	handle("POST /case/{$}", (*Server).postFind)
	handle("GET /case/{reference}", (*Server).getCase)
	handle("GET /case/{reference}/file/{id}", (*Server).getCaseFile)
	handle("POST /case/{reference}/undo", (*Server).postCaseUndo)
	handle("POST /case/{reference}", (*Server).postFind)
	handle("POST /case/{reference}/message", (*Server).postMessage)
	handle("POST /case/{reference}/tell", (*Server).postTell)
	handle("POST /case/{reference}/delete", (*Server).postDelete)
	handle("POST /case/{reference}/supply/{ask}", (*Server).postSupply)
	handle("GET /case/{reference}/supply/{ask}", (*Server).getAct)
	handle("GET /case/{reference}/{act}", (*Server).getAct)
	handle("GET /continue", (*Server).getContinue)
	handle("POST /continue", (*Server).postContinue)
	handle("POST /continue/link", (*Server).postContinueLink)
	handle("/", (*Server).notFound)

	progress := s.progressRoutes()
	guarded := s.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch p := r.URL.Path; { // the mux would lead out of the prefix
		case !clean(p):
			s.notFound(w, r)
		case slashMissing(p):
			s.redirect(w, r, (&url.URL{Path: p + "/"}).EscapedPath())
		default:
			mux.ServeHTTP(w, r)
		}
	}))
	return s.outermost(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/healthz":
			s.healthz(w, r)
		case r.URL.Path == progressBase || strings.HasPrefix(r.URL.Path, progressBase+"/"):
			progress.ServeHTTP(w, r)
		case s.opt.API != nil && strings.HasPrefix(r.URL.Path, "/api/"):
			r.Body = steady(w, r, math.MaxInt64) // how large it may be is for the API to say
			s.opt.API.ServeHTTP(w, r)
		case s.opt.Prefs != nil && (r.URL.Path == "/prefs" || r.URL.Path == "/prefs.css"):
			s.opt.Prefs.ServeHTTP(w, r)
		default:
			p, rest := s.split(r.URL.Path)
			if !ours(rest) && s.opt.Static != nil {
				s.opt.Static.ServeHTTP(w, r)
				return
			}
			r2 := r.WithContext(context.WithValue(r.Context(), placeKey{}, p))
			u := *r.URL
			u.Path, u.RawPath = rest, ""
			r2.URL = &u
			guarded.ServeHTTP(w, r2)
		}
	}))
}

// ours reports addresses, without their prefix, that no file answers.
func ours(p string) bool {
	return strings.HasPrefix(p, "/f/") || p == "/case" || strings.HasPrefix(p, "/case/") ||
		p == continuePath || strings.HasPrefix(p, continuePath+"/")
}

// slashMissing reports the addresses of a form, and of all cases, without
// their last slash.
func slashMissing(p string) bool {
	form, ok := strings.CutPrefix(p, "/f/")
	return p == "/case" || ok && p != resumePath && p != forgetPath && form != "" && !strings.Contains(form, "/")
}

// clean reports paths without empty segments and dots.
func clean(p string) bool { return p == path.Clean(p) || p == path.Clean(p)+"/" }

// split takes the prefix of edition and language off a path.
func (s *Server) split(full string) (place, string) {
	site := s.kit.Load().Site()
	p := place{lang: site.DefaultLanguage(), edition: forms.Standard}
	rest := full
	if after, ok := cutSegment(rest, forms.Care); ok && slices.Contains(site.Editions, forms.Care) {
		p.edition, rest = forms.Care, after
	}
	for _, l := range site.Languages {
		if after, ok := cutSegment(rest, l.Tag); ok && !l.Default {
			p.lang, rest = l.Tag, after
			break
		}
	}
	p.prefix = site.Prefix(p.lang, p.edition)
	return p, rest
}

// cutSegment takes the first segment off a path if it is the one named, in
// any case: addresses are lower case, language tags are not.
func cutSegment(p, segment string) (string, bool) {
	n := 1 + len(segment)
	if len(p) <= n || p[n] != '/' || !strings.EqualFold(p[1:n], segment) {
		return p, false
	}
	return p[n:], true
}

// guard keeps requests that another site has a browser make from changing
// anything. Old browsers that say nothing of where a request comes from are
// held by the token of each form and by the cookie, which is SameSite.
func (s *Server) guard(h http.Handler) http.Handler {
	c := http.NewCrossOriginProtection()
	c.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.notice(w, r, http.StatusForbidden, "refused", "")
	}))
	return c.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
			w.Header().Set("Allow", "GET, HEAD, POST")
			s.notice(w, r, http.StatusMethodNotAllowed, "refused", "")
			return
		}
		if foreign(r) {
			s.notice(w, r, http.StatusForbidden, "refused", "")
			return
		}
		if !s.slowDown(w, r, s.byAddr, s.opt.Trusted.client(r)) {
			return
		}
		h.ServeHTTP(w, r)
	}))
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.notice(w, r, http.StatusNotFound, "not-found", "")
}
