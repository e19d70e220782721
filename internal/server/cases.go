package server

import (
	"errors"
	"net/http"
	"strings"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// secretCookie holds reference and secret while somebody looks at a case, so
// that neither stands in an address, and something random: see [tokenOf].
const secretCookie = "__Host-case"

// getFind asks for reference and secret.
func (s *Server) getFind(w http.ResponseWriter, r *http.Request) {
	s.find(w, r, http.StatusOK, &formpage.Find{})
}

func (s *Server) find(w http.ResponseWriter, r *http.Request, code int, v *formpage.Find) {
	v.Action, v.Hidden = placeOf(r).prefix+"/case/", pageToken(w, r)
	s.show(w, r, code, "/case/", v)
}

// postFind takes reference and secret. A number that does not exist gets the
// same answer, after the same time, as a wrong secret.
func (s *Server) postFind(w http.ResponseWriter, r *http.Request) {
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := &formpage.Find{Reference: cut(in.Get("reference")), Secret: cut(in.Get("secret"))}
	if !s.fromHere(r, in) { // asked again, with the token of this page
		s.find(w, r, http.StatusOK, v)
		return
	}
	reference, err := seal.ParseReference(v.Reference)
	if err != nil {
		v.Problem, v.Group = findProblem(err)
		if v.Problem != "missing" {
			v.Problem = "reference"
		}
		s.find(w, r, http.StatusUnprocessableEntity, v)
		return
	}
	secret, err := seal.ParseCode(v.Secret)
	if err != nil {
		v.Problem, v.Group = findProblem(err)
		s.find(w, r, http.StatusUnprocessableEntity, v)
		return
	}
	if !s.slowDown(w, r, s.byCase, reference+" "+s.opt.Trusted.client(r)) {
		return
	}
	c, err := s.caseOf(r, reference)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	switch id, err := s.unlock(r.Context(), seal.Public{Salt: c.Salt, Check: c.Check}, secret); {
	case err != nil:
		s.fail(w, r, err)
		return
	case id == nil:
		v.Problem = "unknown"
		s.find(w, r, http.StatusUnprocessableEntity, v)
		return
	}
	setCookie(w, secretCookie, reference+"."+secret.Digits()+"."+seal.NewID(), caseCookie)
	s.redirect(w, r, "/case/"+reference)
}

func findProblem(err error) (problem string, group int) {
	e, ok := seal.IsCodeError(err)
	switch {
	case !ok:
		return "unknown", 0
	case e.Problem == "empty":
		return "missing", 0
	case e.Group > 0:
		return "wrong-group", e.Group
	case e.Problem == "check":
		return "unknown", 0
	}
	return "wrong-length", 0
}

// caseOf returns a case, or nobody's: an empty one that no secret opens.
func (s *Server) caseOf(r *http.Request, reference string) (*store.Case, error) {
	c, err := s.opt.Store.Case(r.Context(), reference)
	if errors.Is(err, store.ErrNotFound) {
		return &store.Case{}, nil
	}
	return c, err
}

// getCase is the status of a case, for who has shown its secret; for others
// it asks.
func (s *Server) getCase(w http.ResponseWriter, r *http.Request) {
	c, id, ok := s.shown(w, r)
	if !ok {
		return
	}
	form, err := s.formOf(r, c)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := s.caseView(r, form, c, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "/case/"+c.Reference, v)
}

// caseView is everything that the page of a case shows.
func (s *Server) caseView(r *http.Request, form *forms.Definition, c *store.Case, id age.Identity) (*formpage.Case, error) {
	p := placeOf(r)
	base := p.prefix + "/case/" + c.Reference
	v := &formpage.Case{Form: form, Reference: c.Reference, State: string(s.state(c)), Steps: s.steps(c),
		Forget: forgetURL(p, secretCookieOf(r)), FileURL: func(id string) string { return base + "/file/" + id }}
	v.Due, v.Working = s.due(c)
	if s.canUndo(c) {
		secret, _ := shownSecret(r, c.Reference)
		v.Undo, v.UndoUntil = base+"/undo", c.HeldUntil
		v.Hidden = []formpage.Hidden{{Name: inputToken, Value: caseToken(secret, c.Reference)}}
	}
	if err := s.follow(r, v, c, id); err != nil {
		return nil, err
	}
	var err error
	v.Answers, _, err = openAnswers(c, id)
	return v, err
}

// getAct answers a reload of an address that something was posted to.
func (s *Server) getAct(w http.ResponseWriter, r *http.Request) {
	reference, err := seal.ParseReference(r.PathValue("reference"))
	if act := r.PathValue("act"); err != nil || act != "" && act != "message" && act != "tell" && act != "undo" && act != "delete" {
		s.notFound(w, r)
		return
	}
	s.redirect(w, r, "/case/"+reference)
}

// shownSecret is the secret of a case that this browser has shown.
func shownSecret(r *http.Request, reference string) (seal.Code, bool) {
	cookie, err := r.Cookie(secretCookie)
	if err != nil {
		return seal.Code{}, false
	}
	of, rest, _ := strings.Cut(cookie.Value, ".")
	digits, _, _ := strings.Cut(rest, ".")
	secret, err := seal.ParseCode(digits)
	return secret, of == reference && err == nil
}

// state is where a case stands now; the sweep that writes it down may be some
// seconds late.
func (s *Server) state(c *store.Case) store.State {
	if c.State == store.Held && !s.opt.Now().Before(c.HeldUntil) {
		return store.Received
	}
	return c.State
}

func (s *Server) steps(c *store.Case) []formpage.CaseStep {
	switch s.state(c) {
	case store.Held:
		return []formpage.CaseStep{{State: string(store.Held), When: c.Received, Done: true, Now: true},
			{State: string(store.Received), When: c.HeldUntil}}
	case store.Withdrawn:
		return []formpage.CaseStep{{State: string(store.Withdrawn), When: c.Changed, Done: true, Now: true}}
	}
	return []formpage.CaseStep{{State: string(store.Received), When: c.Received, Done: true, Now: true}}
}

// cut keeps what is shown again short.
func cut(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60])
	}
	return s
}
