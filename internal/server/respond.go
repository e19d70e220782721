package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// show draws a page. Each is about one person, so no cache keeps it.
func (s *Server) show(w http.ResponseWriter, r *http.Request, code int, path string, v formpage.View) {
	p := placeOf(r)
	page, err := s.kit.Load().Render(formpage.At{Lang: p.lang, Edition: p.edition, Path: path}, v)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	w.Write(page)
}

// redirect goes on to an address without its prefix, with GET.
func (s *Server) redirect(w http.ResponseWriter, r *http.Request, path string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", placeOf(r).prefix+path)
	w.WriteHeader(http.StatusSeeOther)
}

func (s *Server) notice(w http.ResponseWriter, r *http.Request, code int, key, errorCode string) {
	s.show(w, r, code, "/case/", &formpage.Notice{Key: key, Code: errorCode})
}

// closed says that the form takes no answers, and gives back those there are.
func (s *Server) closed(w http.ResponseWriter, r *http.Request, form *forms.Definition, a *forms.Answers) {
	now := s.opt.Now()
	v := &formpage.Closed{Form: form, Answers: a, Closed: now}
	code := http.StatusGone
	opens, closes := form.Opens, form.Closes
	if current := s.kit.Load().Form(form.ID); current != nil { // a draft may be of an older version
		opens, closes = current.Opens, current.Closes
	}
	if opens != nil && now.Before(*opens) {
		v.Opens, code = *opens, http.StatusForbidden
	} else if closes != nil {
		v.Closed = *closes
	}
	s.show(w, r, code, "/f/"+form.ID+"/", v)
}

// fail answers an error.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.failKeeping(w, r, err, nil)
}

// failKeeping answers an error and gives back what was typed.
func (s *Server) failKeeping(w http.ResponseWriter, r *http.Request, err error, d *openDraft) {
	form := s.kit.Load().Form(r.PathValue("form"))
	path := "/f/" + r.PathValue("form") + "/"
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, errExpired):
		s.show(w, r, http.StatusGone, path, &formpage.Expired{Form: form, Start: s.startURL(r, form)})
	case errors.Is(err, errOtherForm), errors.Is(err, store.ErrNotFound):
		s.notFound(w, r)
	case errors.As(err, &tooLarge):
		s.notice(w, r, http.StatusRequestEntityTooLarge, "too-large", "")
	case errors.Is(err, errBody):
		s.notice(w, r, http.StatusBadRequest, "refused", "")
	case errors.Is(err, context.Canceled):
		s.goneAway(w)
	case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrSent):
		s.busy(w, r, http.StatusServiceUnavailable, &formpage.Busy{Form: form, Seconds: 5}, d)
	case errors.Is(err, store.ErrFull):
		s.opt.Log.Error("the disk is full")
		s.busy(w, r, http.StatusInsufficientStorage, &formpage.Busy{Form: form, Seconds: 600, Full: true}, d)
	case errors.Is(err, store.ErrBroken), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrUnavailable):
		s.busy(w, r, http.StatusServiceUnavailable, &formpage.Busy{Form: form, Seconds: 30}, d)
	default:
		s.broken(w, r, err)
	}
}

// goneAway answers somebody who has stopped waiting, most likely to nobody.
// Half a connection may still listen, and must not take silence for success.
func (s *Server) goneAway(w http.ResponseWriter) {
	s.opt.Metrics.count("cancelled")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
}

// busy says when to try again. A stored draft needs no typing again; a send
// is offered again.
func (s *Server) busy(w http.ResponseWriter, r *http.Request, code int, v *formpage.Busy, d *openDraft) {
	w.Header().Set("Retry-After", strconv.Itoa(v.Seconds))
	path := "/case/"
	if d != nil {
		v.Answers, path = d.Answers, d.path()+"check"
		if strings.HasSuffix(r.URL.Path, "/send") {
			v.Action, v.Hidden = placeOf(r).prefix+d.path()+"send", append(d.hidden(), told(r)...)
		}
	}
	s.show(w, r, code, path, v)
}

// broken answers what should not happen: the person gets a number to quote,
// the log has the number and the cause.
func (s *Server) broken(w http.ResponseWriter, r *http.Request, err error) {
	code := seal.NewReference()
	s.opt.Log.Error("request failed", "code", code, "route", r.Pattern, "err", err.Error())
	s.apologise(w, r, code)
}

func (s *Server) apologise(w http.ResponseWriter, r *http.Request, code string) {
	p := placeOf(r)
	if p.lang == "" {
		p, _ = s.split(r.URL.Path)
	}
	page, err := s.kit.Load().Render(formpage.At{Lang: p.lang, Edition: p.edition, Path: "/case/"},
		&formpage.Notice{Key: "error", Code: seal.Groups(code)})
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Length")
	if err != nil { // the theme itself is broken
		http.Error(w, "500 "+seal.Groups(code), http.StatusInternalServerError)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusInternalServerError)
	w.Write(page)
}

// A recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	control *http.ResponseController
	code    int
	bytes   int64
}

func (w *recorder) WriteHeader(code int) {
	if w.code == 0 {
		w.code = code
	}
	w.ResponseWriter.WriteHeader(code)
}

// Write gives a slow reader time for what it sends, and no more: a connection
// that takes nothing ends.
func (w *recorder) Write(b []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}
	_ = w.control.SetWriteDeadline(time.Now().Add(bodyGrace + time.Duration(len(b))*time.Second/minRate)) // tests have none
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// outermost sets the headers of every response, survives panics, and writes
// one line of log: the route, never an address, a name or an answer.
func (s *Server) outermost(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now() // how long it took, not what time it is
		rec := &recorder{ResponseWriter: w, control: http.NewResponseController(w)}
		s.secure(rec.Header())
		if r.ContentLength != 0 { // also of a body that no handler reads
			_ = rec.control.SetReadDeadline(start.Add(bodyGrace))
		}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				// The value may quote an answer; its type and the stack do not.
				code := seal.NewReference()
				s.opt.Log.Error("panic", "code", code, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
				if rec.code == 0 {
					s.apologise(rec, r, code)
				}
			}
			s.opt.Metrics.observe(r.Method, rec.code, time.Since(start))
			s.opt.Log.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("method", r.Method),
				slog.Int("status", rec.code), slog.Int64("bytes", rec.bytes), slog.Duration("took", time.Since(start)))
		}()
		h.ServeHTTP(rec, r)
	})
}

// secure sets what a browser is told about every response. The site's own
// policy, which knows the hash of its script, comes from the build.
func (s *Server) secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	site := s.kit.Load().Site()
	if strings.HasPrefix(site.BaseURL, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	for _, x := range site.Headers {
		h.Set(x.Name, x.Value)
	}
}
