package server

import (
	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/store"
	"handrail/internal/workday"
)

// reckon says by when a case that is received now has to be answered, and how
// that was reckoned: it stays what it was when the calendar changes.
func (s *Server) reckon(form *forms.Definition) string {
	if form.Limit == nil {
		return ""
	}
	return workday.Reckon(s.kit.Load().Site().Calendar, s.now(), form.Limit.Days, form.Limit.Unit).Encode()
}

// due reads when an answer is due, for a page; nil when that is not known.
func (s *Server) due(c *store.Case) (view *formpage.Due, left int) {
	if c.Due == "" || c.State == store.Withdrawn {
		return nil, 0
	}
	d, err := workday.Decode(c.Due)
	if err != nil {
		return nil, 0
	}
	t, err := d.In(s.now().Location())
	if err != nil {
		return nil, 0
	}
	return &formpage.Due{Date: t, About: d.About}, d.Left(s.kit.Load().Site().Calendar, s.now())
}
