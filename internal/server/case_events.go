package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/store"
)

const (
	maxMessage = 5000 // characters
	inputOnce  = "once"
)

// follow puts what happened with a case on its page: steps, messages both
// ways and the result, opened with the person's secret.
func (s *Server) follow(r *http.Request, v *formpage.Case, c *store.Case, id age.Identity) error {
	events, err := s.opt.Store.Events(r.Context(), c.Reference)
	if err != nil {
		return err
	}
	asks := openAsks(s.state(c), events)
	for _, e := range events {
		if e.State != "" && e.State != last(v.Steps) {
			v.Steps = append(v.Steps, formpage.CaseStep{State: string(e.State), When: e.At, Done: true})
		}
		v.Supplied = time.Time{}
		if e.Kind == store.EventSecret {
			text := s.kit.Load().Text(placeOf(r).lang, "server.case.new-secret")
			v.Messages = append(v.Messages, formpage.Message{FromOffice: true, When: e.At, Text: text})
		}
		if len(e.Sealed) == 0 || e.Kind == store.EventCallback {
			continue
		}
		text, err := seal.Open(e.Sealed, id)
		var x *Supply
		if err == nil && e.Kind == store.EventSupply {
			x, err = ParseSupply(text)
		}
		if err != nil { // badly sealed by a department's program, or for a secret that was replaced meanwhile
			s.opt.Log.Error("an event of a case cannot be opened", "kind", e.Kind, "err", err.Error())
			v.Messages = append(v.Messages, formpage.Message{FromOffice: e.By != "", When: e.At,
				Text: s.kit.Load().Text(placeOf(r).lang, "server.case.sealed")})
			continue
		}
		switch {
		case e.Kind == store.EventResult:
			v.Result = string(text)
		case e.Kind == store.EventSupply:
			v.Supplied = e.At
			v.Messages = append(v.Messages, formpage.Message{Supply: true, When: e.At, Text: x.Text, Files: x.Files})
		case slices.Contains(asks, e.ID):
			v.Asked = append(v.Asked, s.askView(r, c, &e, string(text)))
		default:
			v.Messages = append(v.Messages, formpage.Message{FromOffice: e.Kind != store.EventReply, When: e.At, Text: string(text)})
		}
	}
	for i := range v.Steps {
		v.Steps[i].Now = i == len(v.Steps)-1 && v.Steps[i].Done
	}
	state := s.state(c)
	secret, _ := shownSecret(r, c.Reference)
	base := placeOf(r).prefix + "/case/" + c.Reference
	if state != store.Held {
		v.Delete = base + "/delete"
		v.Hidden = []formpage.Hidden{{Name: inputToken, Value: caseToken(secret, c.Reference)}}
	}
	if state == store.Withdrawn || state == store.Closed {
		return nil
	}
	v.Hidden = []formpage.Hidden{{Name: inputToken, Value: caseToken(secret, c.Reference)}, {Name: inputOnce, Value: seal.NewID()}}
	v.Tell = s.tell(c, base)
	if state.Stands() {
		v.Action = base + "/message"
	}
	return nil
}

// tell offers the ways that server.yaml has, and a call once the department
// has the case.
func (s *Server) tell(c *store.Case, base string) *formpage.Tell {
	ways := slices.Clone(s.opt.Tells)
	if s.state(c).Stands() {
		ways = append(ways, outbox.ByCallback)
	}
	if len(ways) == 0 {
		return nil
	}
	ways = append(ways, byNone)
	return &formpage.Tell{Action: base + "/tell", Ways: ways}
}

func last(steps []formpage.CaseStep) store.State {
	if len(steps) == 0 {
		return ""
	}
	return store.State(steps[len(steps)-1].State)
}

// atCase reads what was posted on the page of a case, with the token of that
// page. What is refused has been answered when ok is false.
func (s *Server) atCase(w http.ResponseWriter, r *http.Request, limit int64) (in url.Values, x openCase, ok bool) {
	in, err := parseBody(w, r, limit)
	if err != nil {
		s.fail(w, r, err)
		return nil, x, false
	}
	if x.Case, x.id, ok = s.shown(w, r); !ok {
		return nil, x, false
	}
	if secret, _ := shownSecret(r, x.Reference); in.Get(inputToken) != caseToken(secret, x.Reference) {
		s.notice(w, r, http.StatusForbidden, "refused", "")
		return nil, x, false
	}
	return in, x, true
}

// An openCase is one whose secret was shown.
type openCase struct {
	*store.Case
	id age.Identity
}

// postMessage takes what the person writes to the department. A second click
// changes nothing.
func (s *Server) postMessage(w http.ResponseWriter, r *http.Request) {
	in, c, ok := s.atCase(w, r, 64<<10)
	if !ok {
		return
	}
	text := strings.TrimSpace(strings.ReplaceAll(in.Get("message"), "\r\n", "\n"))
	switch {
	case text == "":
		s.caseAgain(w, r, c, in.Get("message"), "missing")
		return
	case utf8.RuneCountInString(text) > maxMessage:
		s.caseAgain(w, r, c, in.Get("message"), "long")
		return
	}
	e, err := s.event(c.Case, store.EventReply, in.Get(inputOnce), []byte(text))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if c.State == store.Asked {
		e.State = store.Working // the department has what it waited for
	}
	s.do(w, r, c.Case, e)
}

// event seals what the person says for the department and for the secret.
func (s *Server) event(c *store.Case, kind, once string, what []byte) (store.Event, error) {
	own, err := seal.ParseRecipient(c.Recipient)
	if err != nil {
		return store.Event{}, err
	}
	sealed, err := seal.To(what, append([]age.Recipient{own}, s.opt.Recipients[c.Department]...)...)
	sum := sha256.Sum256([]byte(c.Reference + " " + once))
	return store.Event{ID: hex.EncodeToString(sum[:16]), Reference: c.Reference, Kind: kind,
		At: s.opt.Now().UTC().Truncate(time.Millisecond), Sealed: sealed}, err
}

func (s *Server) do(w http.ResponseWriter, r *http.Request, c *store.Case, e store.Event) {
	_, err := s.opt.Store.Act(r.Context(), &store.Act{Event: e,
		Jobs: []store.Job{outbox.NewJob(outbox.Update, c, outbox.Payload{Event: e.ID}, e.At)}})
	if err != nil && !errors.Is(err, store.ErrSeen) && !errors.Is(err, store.ErrState) {
		s.fail(w, r, err)
		return
	}
	s.redirect(w, r, "/case/"+c.Reference)
}

// caseAgain shows the page with what was typed and what is wrong with it.
func (s *Server) caseAgain(w http.ResponseWriter, r *http.Request, c openCase, typed, problem string) {
	s.mend(w, r, c, func(v *formpage.Case) { v.Typed, v.Problem = typed, problem })
}

func (s *Server) tellAgain(w http.ResponseWriter, r *http.Request, c openCase, by, to, problem string) {
	s.mend(w, r, c, func(v *formpage.Case) {
		if v.Tell == nil {
			return
		}
		v.Tell.By, v.Tell.To, v.Tell.Problem = by, to, problem
	})
}

// mend shows the page of a case again, with what has to be mended.
func (s *Server) mend(w http.ResponseWriter, r *http.Request, c openCase, mark func(*formpage.Case)) {
	s.mendWith(w, r, http.StatusUnprocessableEntity, c, mark)
}

func (s *Server) mendWith(w http.ResponseWriter, r *http.Request, code int, c openCase, mark func(*formpage.Case)) {
	form, err := s.formOf(r, c.Case)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := s.caseView(r, form, c.Case, c.id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	mark(v)
	s.show(w, r, code, "/case/"+c.Reference, v)
}

// postTell takes how the person wants to be told: a text message, an e-mail,
// a call from the department, or not at all.
func (s *Server) postTell(w http.ResponseWriter, r *http.Request) {
	in, c, ok := s.atCase(w, r, maxSend)
	if !ok {
		return
	}
	p, by, to := placeOf(r), in.Get("by"), strings.TrimSpace(in.Get("to"))
	var err error
	switch {
	case by == "none":
		err = s.opt.Store.SaveNotice(r.Context(), c.Reference, nil, nil)
	case by == outbox.ByCallback && !s.state(c.Case).Stands(), by != outbox.ByCallback && (!slices.Contains(s.opt.Tells, by) || s.opt.NoticeKey == nil):
		s.tellAgain(w, r, c, by, to, "way")
		return
	case !reachable(by, to):
		s.tellAgain(w, r, c, by, to, "address")
		return
	case by == outbox.ByCallback:
		var e store.Event
		if e, err = s.event(c.Case, store.EventCallback, in.Get(inputOnce), []byte(to)); err == nil {
			s.do(w, r, c.Case, e)
			return
		}
	default:
		a := outbox.Address{By: by, To: to, Lang: p.lang, Edition: p.edition}
		err = s.opt.Store.SaveNotice(r.Context(), c.Reference, a.Seal(*s.opt.NoticeKey, c.Reference), s.confirmation(c.Case, to, s.opt.Now()))
	}
	if err != nil && !errors.Is(err, store.ErrState) {
		s.fail(w, r, err)
		return
	}
	s.redirect(w, r, "/case/"+c.Reference)
}

// confirmation goes at once; it says nothing but that something came. There
// are some a day for a case and for an address, so that nobody can have us
// flood a stranger's telephone; the address is kept all the same.
func (s *Server) confirmation(c *store.Case, to string, at time.Time) []store.Job {
	to = strings.NewReplacer(" ", "", "-", "").Replace(strings.ToLower(to))
	if s.byTold.delay("case "+c.Reference) > 0 || s.byTold.delay("to "+to) > 0 {
		s.opt.Metrics.count("untold")
		return nil
	}
	job := outbox.NewJob(outbox.Notice, c, outbox.Payload{State: store.Received}, at)
	job.AtOnce = true
	return []store.Job{job}
}

// reachable reports whether an address can be one for a way: nothing that
// could steer a gateway or a mail server.
func reachable(by, to string) bool {
	switch by {
	case outbox.BySMS, outbox.ByCallback:
		digits := strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimPrefix(to, "+"))
		return len(digits) >= 3 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
	case outbox.ByMail:
		a, err := mail.ParseAddress(to)
		return err == nil && a.Address == to && len(to) <= 254 && !strings.ContainsAny(to, "\r\n\t ,;<>\"")
	}
	return false
}
