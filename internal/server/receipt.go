package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// getSent is the receipt. It can be asked for again as long as the browser
// has the draft's key: reference and secret stay the same.
func (s *Server) getSent(w http.ResponseWriter, r *http.Request) {
	d, c, ok := s.sentCase(w, r)
	if !ok {
		return
	}
	p := placeOf(r)
	v := &formpage.Sent{
		Form: d.form, Reference: c.Reference, Secret: d.secret().Digits(), Received: c.Received, Hidden: d.hidden(),
		CaseURL: p.prefix + "/case/" + c.Reference, SaveURL: p.prefix + d.path() + "file", Forget: forgetURL(p, d.key.Encode()),
		FileURL: s.fileURL(r, d), Answers: s.sentAnswers(r.Context(), d, c),
	}
	if c.Recipient != d.CaseRecipient { // the office has given out another one
		v.Secret = ""
	}
	v.Due, _ = s.due(c)
	if s.canUndo(c) {
		v.UndoUntil, v.Undo = c.HeldUntil, p.prefix+d.path()+"undo"
	}
	s.show(w, r, http.StatusOK, d.path()+"sent", v)
}

// sentCase returns the case of a draft that was sent; otherwise it answers.
func (s *Server) sentCase(w http.ResponseWriter, r *http.Request) (*openDraft, *store.Case, bool) {
	d, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return nil, nil, false
	}
	if !d.sent() {
		s.redirect(w, r, d.path()+"check")
		return nil, nil, false
	}
	c, err := s.opt.Store.Case(r.Context(), d.Reference)
	if err != nil {
		s.fail(w, r, err)
		return nil, nil, false
	}
	return d, c, true
}

// sentAnswers returns what was sent: from the draft while it holds it, then
// from the case.
func (s *Server) sentAnswers(ctx context.Context, d *openDraft, c *store.Case) *forms.Answers {
	if len(d.Sealed) > 0 {
		return d.Answers
	}
	id, err := s.unlock(ctx, d.public(), d.secret())
	if id == nil || err != nil {
		return nil
	}
	a, _, err := openAnswers(c, id)
	if err != nil {
		return nil
	}
	return a
}

// openAnswers opens what was sent: answers, and the keys of files. Of a case
// that was withdrawn there is nothing.
func openAnswers(c *store.Case, id age.Identity) (*forms.Answers, map[string]string, error) {
	if len(c.Sealed) == 0 {
		return nil, nil, nil
	}
	b, err := openBundle(c, id)
	if err != nil {
		return nil, nil, err
	}
	if b.Keys == nil {
		b.Keys = map[string]string{}
	}
	a, err := forms.ParseAnswers(b.Answers)
	return a, b.Keys, err
}

func openBundle(c *store.Case, id age.Identity) (*Bundle, error) {
	plain, err := seal.Open(c.Sealed, id)
	if err != nil {
		return nil, err
	}
	return ParseBundle(plain, c.Reference)
}

// getReceiptFile is the receipt as a small text to keep.
func (s *Server) getReceiptFile(w http.ResponseWriter, r *http.Request) {
	kit, lang := s.kit.Load(), placeOf(r).lang
	text := func(key string, args ...any) string { return kit.Text(lang, "server.file."+key, args...) }
	d, err := s.open(r)
	if err == nil && !d.sent() && d.Resume != "" {
		giveText(w, d.Form, s.savedLines(r, d, text))
		return
	}
	d, c, ok := s.sentCase(w, r)
	if !ok {
		return
	}
	lines := []string{
		d.form.Title.In(lang),
		text("reference", "reference", seal.Groups(c.Reference)),
		text("secret", "secret", d.secret().Groups()),
		text("received", "time", c.Received.In(s.now().Location()).Format("2006-01-02 15:04")),
	}
	if base := kit.Site().BaseURL; base != "" {
		lines = append(lines, text("status", "url", base+placeOf(r).prefix+"/case/"+c.Reference))
	}
	if dep := kit.Site().Department(d.form.Department); dep != nil {
		lines = append(lines, text("ask", "department", forms.Texts(dep.Name).In(lang), "phone", dep.Phone))
	}
	giveText(w, c.Reference, lines)
}

// giveText answers with a small text to keep.
func giveText(w http.ResponseWriter, name string, lines []string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.txt"`)
	h.Set("Cache-Control", "no-store")
	// A byte order mark: old editors take a text without one for another
	// encoding.
	fmt.Fprint(w, "\uFEFF"+strings.Join(lines, "\r\n")+"\r\n")
}

// postUndo takes a case back and opens its draft again.
func (s *Server) postUndo(w http.ResponseWriter, r *http.Request) {
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	token := in.Get(inputToken)
	switch {
	case !d.owns(token):
		s.notice(w, r, http.StatusForbidden, "refused", "")
		return
	case !d.sent() || token != d.token(): // a second click
		s.redirect(w, r, d.path()+"undo")
		return
	}
	again := box{Answers: s.sentAnswers(r.Context(), d, &store.Case{}), Keys: d.Keys, Trap: d.Trap, Opening: d.Opening + 1,
		Undone: d.Reference}
	if again.Answers == nil {
		again.Answers = &forms.Answers{}
	}
	sealed, err := again.seal(d.key, d.ID)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	public, err := s.newPublic(r.Context(), d.key.Secret(again.Opening))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	now := s.opt.Now()
	_, err = s.opt.Store.Undo(r.Context(), &store.Undoing{
		Token: seal.TokenHash(token), At: now, Expires: now.Add(draftLife),
		NewToken: seal.TokenHash(d.key.Token(again.Opening)), CaseSalt: public.Salt, CaseCheck: public.Check,
		CaseRecipient: public.Recipient, Sealed: sealed,
	})
	switch {
	case errors.Is(err, store.ErrTooLate):
		if err := s.already(w, r, d, token, nil); err != nil {
			s.fail(w, r, err)
		}
	case err != nil:
		s.fail(w, r, err)
	default:
		s.redirect(w, r, d.path()+"undo")
	}
}

// getUndone says that nothing was sent, and that the answers are still there.
func (s *Server) getUndone(w http.ResponseWriter, r *http.Request) {
	d, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if d.sent() || d.Undone == "" {
		s.redirect(w, r, d.path()+"sent")
		return
	}
	c, err := s.opt.Store.Case(r.Context(), d.Undone)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, d.path()+"undo", &formpage.Undone{Form: d.form, When: c.Changed,
		Resume: placeOf(r).prefix + d.path() + "check", Start: s.startURL(r, d.form)})
}
