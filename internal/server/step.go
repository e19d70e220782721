package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// Names of inputs that are the server's own.
const (
	inputToken = "token"
	inputTrap  = "website" // people leave it empty
	changing   = "change"  // in the query: one answer is being changed
)

// getStart leads to the static first page.
func (s *Server) getStart(w http.ResponseWriter, r *http.Request) {
	form := s.kit.Load().Form(r.PathValue("form"))
	if form == nil {
		s.notFound(w, r)
		return
	}
	http.Redirect(w, r, s.startURL(r, form), http.StatusSeeOther)
}

// startURL is the address of a form's static first page.
func (s *Server) startURL(r *http.Request, form *forms.Definition) string {
	if form == nil {
		return placeOf(r).prefix + "/"
	}
	lang := form.Lang(placeOf(r).lang)
	return s.kit.Load().Site().Prefix(lang, placeOf(r).edition) + form.Path.In(lang)
}

// postStart makes a draft: the static page is the same for everybody and
// carries nothing but the form.
func (s *Server) postStart(w http.ResponseWriter, r *http.Request) {
	form := s.kit.Load().Form(r.PathValue("form"))
	if form == nil {
		s.notFound(w, r)
		return
	}
	in, err := parseBody(w, r, maxSend)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	now := s.now()
	if !form.IsOpen(now) {
		s.closed(w, r, form, nil)
		return
	}
	// Each draft costs a row and some milliseconds.
	if !s.slowDown(w, r, s.byStart, s.opt.Trusted.client(r)) {
		return
	}
	if len(s.opt.Recipients[form.Department]) == 0 { // before anybody types for nothing
		s.fail(w, r, noKey(form))
		return
	}
	if !s.proved(w, r, form) {
		return
	}
	d := &openDraft{form: form, key: seal.NewKey(), box: box{Answers: &forms.Answers{}, Opening: 1}}
	d.Trap = in.Get(inputTrap) != ""
	if in.Get("helper") == string(forms.Someone) {
		d.Answers.Helper = forms.Someone
	}
	pages := form.Pages(placeOf(r).edition, d.Answers)
	if len(pages) == 0 {
		s.fail(w, r, fmt.Errorf("form %s asks nothing", form.ID))
		return
	}
	if err := s.create(r.Context(), d, placeOf(r), now, pages[0].ID); err != nil {
		s.fail(w, r, err)
		return
	}
	s.dropCookies(w, r)
	setCookie(w, draftCookie+d.ID, d.key.Encode(), 0)
	s.redirect(w, r, d.path()+pages[0].ID)
}

func (s *Server) create(ctx context.Context, d *openDraft, p place, now time.Time, step string) error {
	public, err := s.newPublic(ctx, d.secret())
	if err != nil {
		return err
	}
	return s.createWith(ctx, d, p, now, step, public)
}

func (s *Server) createWith(ctx context.Context, d *openDraft, p place, now time.Time, step string, public seal.Public) error {
	id := seal.NewID()
	sealed, err := d.seal(d.key, id)
	if err != nil {
		return err
	}
	d.Draft = &store.Draft{
		ID: id, Form: d.form.ID, Version: d.form.Version(), Lang: p.lang, Edition: p.edition, Step: step,
		Token: seal.TokenHash(d.token()), CaseSalt: public.Salt, CaseCheck: public.Check, CaseRecipient: public.Recipient,
		Sealed: sealed, Created: now, Changed: now, Expires: now.Add(emptyLife),
	}
	return s.opt.Store.CreateDraft(ctx, d.Draft)
}

// unsent opens the draft of a request. One that cannot be opened, or was sent
// already, has been answered when ok is false.
func (s *Server) unsent(w http.ResponseWriter, r *http.Request) (d *openDraft, ok bool) {
	d, err := s.open(r)
	if err != nil {
		s.fail(w, r, err)
		return nil, false
	}
	if d.sent() {
		s.redirect(w, r, d.path()+"sent")
		return nil, false
	}
	return d, true
}

func (s *Server) getStep(w http.ResponseWriter, r *http.Request) {
	d, ok := s.unsent(w, r)
	if !ok {
		return
	}
	if s.isOver(d) {
		s.closed(w, r, d.form, d.Answers)
		return
	}
	page, ok := s.page(w, r, d)
	if !ok {
		return
	}
	s.step(w, r, http.StatusOK, d, page, nil)
}

// page finds the page that a request names. A page of the other edition, or
// one that these answers do not lead to, leads to where the person can go on.
func (s *Server) page(w http.ResponseWriter, r *http.Request, d *openDraft) (forms.Page, bool) {
	id, edition := r.PathValue("page"), placeOf(r).edition
	if page, ok := d.form.Page(edition, id, d.Answers); ok {
		return page, true
	}
	if !forms.IsPageID(id) {
		s.notFound(w, r)
		return forms.Page{}, false
	}
	if page, ok := d.form.Same(edition, id, d.Answers); ok {
		s.redirect(w, r, d.path()+page.ID)
		return forms.Page{}, false
	}
	s.redirect(w, r, d.path()+s.unfinished(r, d))
	return forms.Page{}, false
}

// unfinished is the first page that still needs something, or check.
func (s *Server) unfinished(r *http.Request, d *openDraft) string {
	for _, p := range d.form.Pages(placeOf(r).edition, d.Answers) {
		if d.asks(p) || len(d.form.ValidatePage(p, d.Answers, s.now())) > 0 {
			return p.ID
		}
	}
	return "check"
}

// asks reports whether a new version of the form has to show the page.
func (d *openDraft) asks(p forms.Page) bool {
	return slices.ContainsFunc(p.Items, func(it forms.Item) bool { return slices.Contains(d.Ask, it.Key) })
}

// step shows one page of questions.
func (s *Server) step(w http.ResponseWriter, r *http.Request, code int, d *openDraft, page forms.Page, problems forms.Problems) {
	p := placeOf(r)
	number, total := d.form.Position(p.edition, page.ID, d.Answers)
	v := &formpage.Step{
		Form: d.form, Page: page, Answers: d.Answers, Problems: problems, Number: number, Total: total,
		Action: p.prefix + d.path() + page.ID, Hidden: d.hidden(), ToCheck: r.URL.Query().Has(changing),
		CanSave: true, New: d.asks(page), FileURL: s.fileURL(r, d),
	}
	switch prev, ok := d.form.Prev(p.edition, page.ID, d.Answers); {
	case v.ToCheck:
		v.Action += "?" + changing
		v.Back = p.prefix + d.path() + "check"
	case ok:
		v.Back = p.prefix + d.path() + prev.ID
	default:
		v.Back = s.startURL(r, d.form)
	}
	s.show(w, r, code, d.path()+page.ID, v)
}

func (d *openDraft) hidden() []formpage.Hidden {
	return []formpage.Hidden{{Name: inputToken, Value: d.token()}}
}

// postStep takes the answers of one page.
func (s *Server) postStep(w http.ResponseWriter, r *http.Request) {
	if !s.slowDown(w, r, s.byDraft, r.PathValue("draft")) {
		return
	}
	in, err := s.readStep(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	stored := false
	defer func() {
		// For who has gone the draft may be stored all the same, with its files.
		if !stored && r.Context().Err() == nil {
			s.dropFiles(r.PathValue("draft"), in)
		}
	}()
	for range 5 {
		d, err := s.open(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		stored, err = s.takeStep(w, r, d, in)
		if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrSent) {
			continue // another tab, or a second click: read again
		}
		if err != nil {
			s.failKeeping(w, r, err, d)
		}
		return
	}
	s.fail(w, r, store.ErrBusy)
}

// takeStep stores what was posted and answers, or returns an error before it
// has answered.
func (s *Server) takeStep(w http.ResponseWriter, r *http.Request, d *openDraft, in *posted) (stored bool, err error) {
	if !d.owns(in.Get(inputToken)) {
		s.notice(w, r, http.StatusForbidden, "refused", "")
		return false, nil
	}
	if d.sent() {
		return false, s.already(w, r, d, d.token(), in.Values)
	}
	page, ok := s.page(w, r, d)
	if !ok {
		return false, nil
	}
	before := files(d.Answers)
	d.Answers = d.form.Apply(d.Answers, page, in.Values)
	if s.isOver(d) {
		s.closed(w, r, d.form, d.Answers)
		return false, nil
	}
	d.Answers.RemoveFile(in.Get(inputFile))
	problems := d.addFiles(in)
	d.Trap = d.Trap || in.Get(inputTrap) != ""
	d.Ask = slices.DeleteFunc(d.Ask, func(key string) bool {
		return slices.ContainsFunc(page.Items, func(it forms.Item) bool { return it.Key == key })
	})
	next, wrong := s.after(r, d, page, in)
	for _, p := range wrong {
		if problems.For(p.Key) == nil { // a file that was refused is not a missing one
			problems = append(problems, p)
		}
	}
	d.Step = page.ID
	d.forgetKeys()
	if next == "check" {
		s.address(d)
	}
	if in.Get("do") == "save" {
		if err := s.giveCode(r.Context(), d); err != nil {
			return false, err
		}
	}
	if err := s.save(r, d); err != nil {
		return false, err
	}
	s.tidy(d, before, in)
	switch {
	case in.full != nil:
		return true, in.full
	case in.Get(inputFile) == "" && len(problems) > 0 && (len(in.problems) > 0 || in.Get("do") != "save"):
		s.step(w, r, http.StatusUnprocessableEntity, d, page, problems)
	default:
		s.redirect(w, r, d.path()+next)
	}
	return true, nil
}

// after is where a person goes after a page, or what has to be mended first.
func (s *Server) after(r *http.Request, d *openDraft, page forms.Page, in *posted) (string, forms.Problems) {
	edition, do := placeOf(r).edition, in.Get("do")
	switch {
	case in.Get(inputFile) != "" && r.URL.Query().Has(changing):
		return page.ID + "?" + changing, nil
	case in.Get(inputFile) != "":
		return page.ID, nil
	case do == "save": // what is wrong or missing can wait
		return "save", nil
	}
	if do == "drop" && d.form.Drop(d.Answers, page.Section.ID, page.Instance) {
		if p, ok := d.form.Page(edition, page.ID, d.Answers); ok {
			return p.ID, nil
		}
		return s.unfinished(r, d), nil
	}
	if problems := d.form.ValidatePage(page, d.Answers, s.now()); len(problems) > 0 {
		return "", problems
	}
	if do == "more" {
		if id, ok := d.form.More(edition, d.Answers, page.Section.ID); ok {
			return id, nil
		}
	}
	if r.URL.Query().Has(changing) || d.Carried {
		return s.unfinished(r, d), nil
	}
	if p, ok := d.form.Next(edition, page.ID, d.Answers); ok {
		return p.ID, nil
	}
	return "check", nil
}

// save seals and stores an open draft.
func (s *Server) save(r *http.Request, d *openDraft) error {
	p, now := placeOf(r), s.opt.Now()
	sealed, err := d.seal(d.key, d.ID)
	if err != nil {
		return err
	}
	d.Sealed, d.Lang, d.Edition, d.Changed, d.Expires = sealed, p.lang, p.edition, now, now.Add(d.life())
	return s.opt.Store.SaveDraft(r.Context(), d.Draft)
}

// owns reports whether a token is one of the draft's, of this opening or one
// before.
func (d *openDraft) owns(token string) bool {
	for n := d.Opening; n > 0; n-- {
		if token == d.key.Token(n) {
			return true
		}
	}
	return false
}

// isOver reports that the form has closed, and the time to finish drafts that
// were begun before is over too.
func (s *Server) isOver(d *openDraft) bool {
	closes := d.form.Closes
	if current := s.kit.Load().Form(d.Form); current != nil {
		closes = current.Closes // an office may close a form earlier or later
	}
	return closes != nil && !s.opt.Now().Before(closes.Add(closeGrace))
}

// fileURL is where the files of a draft can be had.
func (s *Server) fileURL(r *http.Request, d *openDraft) func(string) string {
	base := placeOf(r).prefix + d.path() + "file/"
	return func(id string) string { return base + id }
}

// life is how long a draft is kept after its last change.
func (d *openDraft) life() time.Duration {
	if d.Resume != "" {
		return savedLife
	}
	return draftLife
}
