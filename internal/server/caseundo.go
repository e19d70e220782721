package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// shown returns the case whose secret this browser has shown, and what opens
// it. Otherwise it asks for the secret, or says what failed.
func (s *Server) shown(w http.ResponseWriter, r *http.Request) (*store.Case, age.Identity, bool) {
	reference, err := seal.ParseReference(r.PathValue("reference"))
	if err != nil {
		s.notFound(w, r)
		return nil, nil, false
	}
	ask := func() { s.find(w, r, http.StatusOK, &formpage.Find{Reference: seal.Groups(reference)}) }
	secret, ok := shownSecret(r, reference)
	if !ok {
		ask()
		return nil, nil, false
	}
	if !s.slowDown(w, r, s.byCase, reference+" "+s.opt.Trusted.client(r)) {
		return nil, nil, false
	}
	c, err := s.caseOf(r, reference)
	if err != nil {
		s.fail(w, r, err)
		return nil, nil, false
	}
	id, err := s.unlock(r.Context(), seal.Public{Salt: c.Salt, Check: c.Check}, secret)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case id == nil:
		ask()
	default:
		return c, id, true
	}
	return nil, nil, false
}

// caseToken proves that a form came from the page of a case.
func caseToken(secret seal.Code, reference string) string {
	h := sha256.Sum256([]byte("handrail v1 page of case " + reference + " " + secret.Digits()))
	return base64.RawURLEncoding.EncodeToString(h[:16])
}

// postCaseUndo takes a case back with its secret, from any browser, and opens
// the draft again: under a new key, since this browser may not have the old
// one. The code to come back with, which follows from the key, is void then.
func (s *Server) postCaseUndo(w http.ResponseWriter, r *http.Request) {
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, id, ok := s.shown(w, r)
	if !ok {
		return
	}
	secret, _ := shownSecret(r, c.Reference)
	if in.Get(inputToken) != caseToken(secret, c.Reference) {
		s.notice(w, r, http.StatusForbidden, "refused", "")
		return
	}
	back := "/case/" + c.Reference
	a, keys, err := openAnswers(c, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if a == nil || !s.canUndo(c) { // taken back before, or too late
		s.redirect(w, r, back)
		return
	}
	key := seal.NewKey()
	again := box{Answers: a, Keys: keys, Opening: 1, Undone: c.Reference}
	sealed, err := again.seal(key, c.Draft)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	public, err := s.newPublic(r.Context(), key.Secret(again.Opening))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	now, token := s.opt.Now(), seal.TokenHash(key.Token(again.Opening))
	_, err = s.opt.Store.Undo(r.Context(), &store.Undoing{
		Token: c.Token, At: now, Expires: now.Add(draftLife), NewToken: token, CaseSalt: public.Salt, CaseCheck: public.Check,
		CaseRecipient: public.Recipient, Sealed: sealed, Rekeyed: true,
	})
	if errors.Is(err, store.ErrTooLate) {
		s.redirect(w, r, back)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d, err := s.opt.Store.Draft(r.Context(), c.Draft)
	if err != nil || !bytes.Equal(d.Token, token) { // somebody was faster
		s.redirect(w, r, back)
		return
	}
	s.dropCookies(w, r)
	setCookie(w, draftCookie+d.ID, key.Encode(), 0)
	s.redirect(w, r, "/f/"+c.Form+"/"+d.ID+"/undo")
}
