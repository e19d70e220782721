package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"handrail/internal/formpage"
	"handrail/internal/outbox"
	"handrail/internal/store"
)

// Names of the inputs that say how a person wants to be told.
const (
	inputBy = "by"
	inputTo = "to"
	byNone  = "none"
)

// chosen reads how somebody who is about to send wants to be told. Nobody has
// to want it.
func (s *Server) chosen(in url.Values) *formpage.Tell {
	t := &formpage.Tell{Ways: append(slices.Clone(s.opt.Tells), outbox.ByCallback, byNone),
		By: in.Get(inputBy), To: strings.TrimSpace(in.Get(inputTo))}
	switch {
	case t.By == "" && t.To == "", t.By == byNone:
	case t.By == "", !slices.Contains(t.Ways, t.By), t.By != outbox.ByCallback && s.opt.NoticeKey == nil:
		t.Problem = "way"
	case !reachable(t.By, t.To):
		t.Problem = "address"
	}
	return t
}

// told is what was chosen, for a page that offers to send again.
func told(r *http.Request) []formpage.Hidden {
	var out []formpage.Hidden
	for _, name := range []string{inputBy, inputTo} {
		if v := r.PostForm.Get(name); v != "" {
			out = append(out, formpage.Hidden{Name: name, Value: v})
		}
	}
	return out
}

// tellOf adds to a sending how its person wants to be told: stored with the
// case or not at all. A confirmation goes at once; the department learns of a
// call that is wanted when it has the case.
func (s *Server) tellOf(g *store.Sending, p place, t *formpage.Tell) error {
	c := &g.Case
	switch t.By {
	case "", byNone:
	case outbox.ByCallback:
		e, err := s.event(c, store.EventCallback, "when it was sent", []byte(t.To))
		if err != nil {
			return err
		}
		g.Events = append(g.Events, e)
		g.Jobs = append(g.Jobs, outbox.NewJob(outbox.Update, c, outbox.Payload{Event: e.ID}, c.HeldUntil))
	default:
		a := outbox.Address{By: t.By, To: t.To, Lang: p.lang, Edition: p.edition}
		g.Notice = a.Seal(*s.opt.NoticeKey, c.Reference)
		g.Jobs = append(g.Jobs, s.confirmation(c, t.To, c.Received)...)
	}
	return nil
}
