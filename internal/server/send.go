package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// getCheck shows all answers before they are sent.
func (s *Server) getCheck(w http.ResponseWriter, r *http.Request) {
	d, ok := s.unsent(w, r)
	if !ok {
		return
	}
	if s.isOver(d) {
		s.closed(w, r, d.form, d.Answers)
		return
	}
	if len(d.Ask) > 0 {
		s.redirect(w, r, d.path()+s.unfinished(r, d))
		return
	}
	s.check(w, r, http.StatusOK, d, s.chosen(nil))
}

func (s *Server) check(w http.ResponseWriter, r *http.Request, code int, d *openDraft, tell *formpage.Tell) {
	p := placeOf(r)
	base := p.prefix + d.path()
	v := &formpage.Check{
		Form: d.form, Answers: d.Answers, Problems: append(d.form.Validate(d.Answers, s.now()), s.lost(d)...),
		Action: base + "send", Hidden: d.hidden(),
		CanSave: true, FileURL: s.fileURL(r, d), Tell: tell,
		Change: func(page string) string { return base + page + "?" + changing },
	}
	if pages := d.form.Pages(p.edition, d.Answers); len(pages) > 0 {
		v.Back = base + pages[len(pages)-1].ID
	}
	s.show(w, r, code, d.path()+"check", v)
}

// getSend answers a reload of the address that sending was posted to.
func (s *Server) getSend(w http.ResponseWriter, r *http.Request) {
	d, ok := s.unsent(w, r)
	if !ok {
		return
	}
	s.redirect(w, r, d.path()+"check")
}

// postSend makes a case of the draft. It takes the draft's token and no
// answers, so that a repeat can only lead to the first receipt.
func (s *Server) postSend(w http.ResponseWriter, r *http.Request) {
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !s.slowDown(w, r, s.byDraft, r.PathValue("draft")) {
		return
	}
	for range 5 {
		d, err := s.open(r)
		if errors.Is(err, errExpired) {
			s.sentBefore(w, r, in.Get(inputToken))
			return
		} else if err != nil {
			s.fail(w, r, err)
			return
		}
		if in.Get("do") == "save" && !d.sent() && d.owns(in.Get(inputToken)) {
			err = s.saveFromCheck(w, r, d)
		} else {
			err = s.send(w, r, d, in)
		}
		if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrSent) || errors.Is(err, store.ErrReferenceTaken) {
			continue
		}
		if err != nil {
			s.failKeeping(w, r, err, d)
		}
		return
	}
	s.fail(w, r, store.ErrBusy)
}

// send answers, or returns an error before it has.
func (s *Server) send(w http.ResponseWriter, r *http.Request, d *openDraft, in url.Values) error {
	token, tell := in.Get(inputToken), s.chosen(in)
	switch {
	case !d.owns(token):
		s.notice(w, r, http.StatusForbidden, "refused", "")
		return nil
	case token != d.token():
		return s.already(w, r, d, token, nil) // of an opening that was undone
	case d.sent():
		s.redirect(w, r, d.path()+"sent")
		return nil
	case s.isOver(d):
		s.closed(w, r, d.form, d.Answers)
		return nil
	case len(d.Ask) > 0:
		s.redirect(w, r, d.path()+s.unfinished(r, d))
		return nil
	case len(d.form.Validate(d.Answers, s.now()))+len(s.lost(d)) > 0, tell.Problem != "":
		s.check(w, r, http.StatusUnprocessableEntity, d, tell)
		return nil
	}
	g, err := s.sending(d)
	if err == nil {
		err = s.tellOf(g, placeOf(r), tell)
	}
	if err != nil {
		return err
	}
	if _, err := s.opt.Store.Send(r.Context(), g); err != nil {
		return err
	}
	if kept := files(d.Answers); s.opt.Uploads != nil && len(kept) > 0 { // the others broke off before they were stored
		if err := s.opt.Uploads.RemoveAll(d.ID, kept...); err != nil {
			s.opt.Log.Error("tidy up files", "err", err.Error())
		}
	}
	s.redirect(w, r, d.path()+"sent")
	return nil
}

// A Bundle is what is sealed for the department and for the secret.
type Bundle struct {
	Format    int             `json:"format"` // 1
	Reference string          `json:"reference"`
	Form      string          `json:"form"`
	Version   string          `json:"version"`
	Lang      string          `json:"lang"`
	Edition   string          `json:"edition"`
	Received  time.Time       `json:"received"`
	Answers   json.RawMessage `json:"answers"` // forms.ParseAnswers reads them
	// Keys open the files, by id: age identities.
	Keys map[string]string `json:"keys,omitempty"`
}

// ParseBundle reads what was sealed of a case, and of no other.
func ParseBundle(plain []byte, reference string) (*Bundle, error) {
	var b Bundle
	if err := json.Unmarshal(plain, &b); err != nil || b.Format != 1 || b.Reference != reference {
		return nil, fmt.Errorf("case %s: its contents cannot be read", reference)
	}
	return &b, nil
}

// sending seals the answers; nothing of it needs the store.
func (s *Server) sending(d *openDraft) (*store.Sending, error) {
	now := s.opt.Now().UTC().Truncate(time.Millisecond)
	answers, err := d.Answers.Encode()
	if err != nil {
		return nil, errors.New("encode answers")
	}
	b := Bundle{1, seal.NewReference(), d.Form, d.Version, d.Lang, d.Edition, now, answers, d.Keys}
	plain, err := json.Marshal(b)
	if err != nil {
		return nil, errors.New("encode a case")
	}
	recipients, err := s.recipients(d)
	if err != nil {
		return nil, err
	}
	envelope := d.Envelope
	if !envelope.IsFor(recipients...) { // none yet, or the department has other keys since
		if envelope, err = seal.NewEnvelope(recipients...); err != nil {
			return nil, err
		}
	}
	sealed, err := envelope.Seal(plain)
	if err != nil {
		return nil, err
	}
	until := now.Add(d.form.Undo())
	c := store.Case{
		Reference: b.Reference, Token: seal.TokenHash(d.token()), Draft: d.ID, Form: d.Form, Version: d.Version,
		Department: d.form.Department, Lang: d.Lang, Edition: d.Edition, State: store.Held, Review: review(d, now),
		Received: now, HeldUntil: until, Changed: now, Salt: d.CaseSalt, Check: d.CaseCheck, Recipient: d.CaseRecipient,
		Sealed: sealed, Due: s.reckon(d.form),
	}
	if !until.After(now) {
		c.State = store.Received
	}
	return &store.Sending{Draft: d.ID, Rev: d.Rev, Expires: later(until, now.Add(receiptLife)), Case: c,
		Jobs: []store.Job{{ID: seal.NewID(), Reference: c.Reference, Department: c.Department, Kind: "deliver", NotBefore: until}}}, nil
}

// address readies the envelope of a draft in which nothing is missing. Where
// that fails, sending tries again and says why.
func (s *Server) address(d *openDraft) {
	recipients, err := s.recipients(d)
	if err != nil || d.Envelope.IsFor(recipients...) {
		return
	}
	if d.Envelope, err = seal.NewEnvelope(recipients...); err != nil {
		s.opt.Log.Error("address an envelope", "err", err.Error())
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func noKey(form *forms.Definition) error {
	return fmt.Errorf("form %s: no key for department %s: see server.yaml", form.ID, form.Department)
}

func (s *Server) recipients(d *openDraft) ([]age.Recipient, error) {
	own, err := seal.ParseRecipient(d.CaseRecipient)
	if err != nil {
		return nil, err
	}
	department := s.opt.Recipients[d.form.Department]
	if len(department) == 0 {
		return nil, noKey(d.form)
	}
	return append([]age.Recipient{own}, department...), nil
}

// review says why somebody should look at a case before it goes on. Nothing
// is refused: a person who is taken for a robot gets the same receipt.
func review(d *openDraft, now time.Time) string {
	switch {
	case d.Trap:
		return "trap"
	case now.Sub(d.Created) < tooFast:
		return "fast"
	}
	return ""
}

// sentBefore answers a token whose draft this browser cannot open: it may
// have been sent, and then it says when.
func (s *Server) sentBefore(w http.ResponseWriter, r *http.Request, token string) {
	c, err := s.opt.Store.CaseByToken(r.Context(), seal.TokenHash(token))
	if errors.Is(err, store.ErrNotFound) || err == nil && c.Form != r.PathValue("form") {
		err = errExpired
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	form, err := s.formOf(r, c)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := &formpage.Already{Form: form, Sent: c.Received, Start: s.startURL(r, form)}
	if c.State == store.Withdrawn {
		v.Withdrawn, v.Sent = true, c.Changed
	}
	s.show(w, r, http.StatusOK, "/f/"+c.Form+"/", v)
}

// already says that a draft was sent, or sent and withdrawn, and gives back
// what was typed since: nothing of it is stored.
func (s *Server) already(w http.ResponseWriter, r *http.Request, d *openDraft, token string, typed url.Values) error {
	c, err := s.opt.Store.CaseByToken(r.Context(), seal.TokenHash(token))
	if err != nil {
		return err
	}
	p := placeOf(r)
	v := &formpage.Already{Form: d.form, Sent: c.Received, Start: s.startURL(r, d.form), Hidden: d.hidden()}
	if c.State == store.Withdrawn {
		v.Withdrawn, v.Sent = true, c.Changed
	} else {
		v.Receipt = p.prefix + d.path() + "sent"
		if s.canUndo(c) {
			v.UndoUntil, v.Undo = c.HeldUntil, p.prefix+d.path()+"undo"
		}
	}
	if typed != nil {
		if page, ok := d.form.Same(p.edition, r.PathValue("page"), d.Answers); ok {
			v.Page, v.Typed = &page, d.form.Apply(&forms.Answers{}, page, typed)
		}
	}
	s.show(w, r, http.StatusConflict, d.path()+"sent", v)
	return nil
}

func (s *Server) canUndo(c *store.Case) bool {
	return c.State == store.Held && s.opt.Now().Before(c.HeldUntil)
}

// formOf returns the form of a case in the version that was sent.
func (s *Server) formOf(r *http.Request, c *store.Case) (*forms.Definition, error) {
	if d := s.kit.Load().Form(c.Form); d != nil && d.Version() == c.Version {
		return d, nil
	}
	return s.old.get(r, s.opt.Store, c.Version)
}
