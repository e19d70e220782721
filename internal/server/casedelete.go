package server

import (
	"errors"
	"net/http"

	"handrail/internal/formpage"
	"handrail/internal/store"
)

// inputSure is the button that deletes after it was asked whether to.
const inputSure = "sure"

// postDelete deletes a case for who has its secret, with everything that
// belongs to it: rows, files and jobs, at once. It asks first.
// Source: 个人信息保护法 Art. 47.
func (s *Server) postDelete(w http.ResponseWriter, r *http.Request) {
	in, c, ok := s.atCase(w, r, maxSend)
	if !ok {
		return
	}
	if s.state(c.Case) == store.Held { // it can be undone
		s.redirect(w, r, "/case/"+c.Reference)
		return
	}
	if in.Get(inputSure) != "yes" {
		s.mendWith(w, r, http.StatusOK, c, func(v *formpage.Case) { v.Deleting = true })
		return
	}
	err := s.opt.Store.DeleteCase(r.Context(), store.Tombstone{Reference: c.Reference, Deleted: s.opt.Now(), Why: "asked by the person"})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		s.fail(w, r, err)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: secretCookie, Path: "/", Secure: true, HttpOnly: true, MaxAge: -1})
	s.notice(w, r, http.StatusOK, "deleted", "")
}
