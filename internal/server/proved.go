package server

import (
	"net/http"

	"handrail/internal/formpage"
	"handrail/internal/forms"
)

// proved reports whether a form may be begun: its department has shown that
// it can open what will be sent. Otherwise it says so, with the other ways to
// hand in. Who has begun before goes on.
func (s *Server) proved(w http.ResponseWriter, r *http.Request, form *forms.Definition) bool {
	if s.opt.Proved == nil {
		return true
	}
	ok, err := s.opt.Proved(r.Context(), form.Department)
	if err != nil {
		s.fail(w, r, err)
		return false
	}
	if !ok {
		w.Header().Set("Retry-After", "3600")
		s.show(w, r, http.StatusServiceUnavailable, "/f/"+form.ID+"/", &formpage.Notice{Key: "not-proved", Form: form})
	}
	return ok
}
