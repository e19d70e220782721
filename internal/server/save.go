package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"handrail/internal/formpage"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// giveCode makes a draft one that can be come back to; it takes effect when
// the draft is stored.
func (s *Server) giveCode(ctx context.Context, d *openDraft) error {
	if d.Resume != "" {
		return nil
	}
	back, err := s.returnOf(ctx, d.key.ResumeCode())
	if err != nil {
		return err
	}
	d.Resume, d.Wrapped = back.Place(), back.Wrap(d.key, d.ID)
	return nil
}

func (s *Server) returnOf(ctx context.Context, code seal.Code) (seal.Return, error) {
	done, err := s.stretching(ctx)
	if err != nil {
		return seal.Return{}, err
	}
	defer done()
	return code.Return(), nil
}

// getSaved shows how to come back.
func (s *Server) getSaved(w http.ResponseWriter, r *http.Request) {
	d, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	switch {
	case d.sent():
		s.redirect(w, r, d.path()+"sent")
		return
	case d.Resume == "":
		s.redirect(w, r, d.path()+s.unfinished(r, d))
		return
	}
	p := placeOf(r)
	s.show(w, r, http.StatusOK, d.path()+"save", &formpage.Saved{
		Form: d.form, Code: d.key.ResumeCode().Digits(), Link: s.returnLink(p, d), Until: d.Expires,
		File: p.prefix + d.path() + "file", Resume: p.prefix + d.path() + s.unfinished(r, d), Forget: forgetURL(p, d.key.Encode()),
	})
}

// returnLink leads back to a draft. The code stands behind the #, which
// browsers do not send: it comes with the form of that page.
func (s *Server) returnLink(p place, d *openDraft) string {
	base := s.kit.Load().Site().BaseURL
	if base == "" {
		return ""
	}
	return base + p.prefix + resumePath + "#" + d.key.ResumeCode().Digits()
}

// saveFromCheck stores a draft that is not sent yet.
func (s *Server) saveFromCheck(w http.ResponseWriter, r *http.Request, d *openDraft) error {
	if err := s.giveCode(r.Context(), d); err != nil {
		return err
	}
	if err := s.save(r, d); err != nil {
		return err
	}
	s.redirect(w, r, d.path()+"save")
	return nil
}

// savedLines are the file to keep of a draft that was saved.
func (s *Server) savedLines(r *http.Request, d *openDraft, text func(string, ...any) string) []string {
	lines := []string{
		d.form.Title.In(placeOf(r).lang),
		text("code", "code", d.key.ResumeCode().Groups()),
		text("until", "time", d.Expires.In(s.now().Location()).Format("2006-01-02 15:04")),
	}
	if link := s.returnLink(placeOf(r), d); link != "" {
		lines = append(lines, text("go-on", "url", link))
	}
	return append(lines, text("keep"))
}

// Addresses that belong to no draft.
const (
	resumePath = "/f/resume"
	forgetPath = "/f/forget"
)

// getResume asks for the code of a draft.
func (s *Server) getResume(w http.ResponseWriter, r *http.Request) {
	s.resume(w, r, http.StatusOK, &formpage.Resume{})
}

func (s *Server) resume(w http.ResponseWriter, r *http.Request, code int, v *formpage.Resume) {
	v.Action, v.Hidden = placeOf(r).prefix+resumePath, pageToken(w, r)
	s.show(w, r, code, resumePath, v)
}

// postResume gives this browser the key of the draft that a code is of. Only
// wrong codes are slowed down: who has the right one is never kept waiting
// for what others guess at the same address.
func (s *Server) postResume(w http.ResponseWriter, r *http.Request) {
	in, err := parseBody(w, r, maxKept)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := &formpage.Resume{Typed: cut(in.Get("code"))}
	if v.Typed == "" {
		v.Typed, v.Problem = codeIn(r)
	}
	if !s.fromHere(r, in) { // asked again, with the token of this page
		s.resume(w, r, http.StatusOK, v)
		return
	}
	code, err := seal.ParseCode(v.Typed)
	if err != nil && v.Problem == "" {
		v.Problem, v.Group = findProblem(err)
	}
	if v.Problem != "" {
		s.resume(w, r, http.StatusUnprocessableEntity, v)
		return
	}
	d, err := s.comeBack(r, code)
	switch {
	case errors.Is(err, errExpired): // never there, or no longer: the same answer
		s.guessed(r)
		v.Problem = "unknown"
		s.resume(w, r, http.StatusUnprocessableEntity, v)
	case err != nil:
		s.fail(w, r, err)
	default:
		s.dropCookies(w, r)
		setCookie(w, draftCookie+d.ID, d.key.Encode(), 0)
		to := "sent"
		if !d.sent() {
			to = s.unfinished(r, d)
		}
		s.redirect(w, r, d.path()+to)
	}
}

// comeBack opens the draft of a code.
func (s *Server) comeBack(r *http.Request, code seal.Code) (*openDraft, error) {
	back, err := s.returnOf(r.Context(), code)
	if err != nil {
		return nil, err
	}
	d, err := s.opt.Store.DraftByResume(r.Context(), back.Place())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, errExpired
	case err != nil:
		return nil, err
	case !s.opt.Now().Before(d.Expires):
		return nil, errExpired
	}
	key, ok := back.Unwrap(d.Wrapped, d.ID)
	if !ok {
		return nil, fmt.Errorf("draft of form %s: its key cannot be unwrapped", d.Form)
	}
	return s.unseal(r, d, key)
}

// guessed waits the longer the more wrong codes come from one address.
func (s *Server) guessed(r *http.Request) {
	wait := min(s.byCode.delay(s.opt.Trusted.client(r)), maxDelay)
	if wait <= 0 {
		return
	}
	s.opt.Metrics.count("slowed")
	_ = s.pause(r.Context(), wait) // who has gone away hears nothing
}

// postForget has this browser forget everything of ours that is about a
// person. How pages look stays as it was chosen.
func (s *Server) postForget(w http.ResponseWriter, r *http.Request) {
	if silent(r) && !knowsPage(r, r.URL.Query().Get(inputPage)) {
		s.notice(w, r, http.StatusForbidden, "refused", "")
		return
	}
	for _, c := range r.Cookies() {
		if strings.HasPrefix(c.Name, draftCookie) || c.Name == secretCookie {
			http.SetCookie(w, &http.Cookie{Name: c.Name, Path: "/", Secure: true, HttpOnly: true, MaxAge: -1})
		}
	}
	w.Header().Set("Clear-Site-Data", `"cache"`)
	s.notice(w, r, http.StatusOK, "forgotten", "")
}
