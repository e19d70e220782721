package server

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"filippo.io/age"

	"handrail/internal/formpage"
	"handrail/internal/forms"
	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// A Supply is what a person hands in for an ask: files, words or both. It is
// sealed like a case.
type Supply struct {
	Format int               `json:"format"` // 1
	Text   string            `json:"text,omitempty"`
	Files  []forms.File      `json:"files,omitempty"`
	Keys   map[string]string `json:"keys,omitempty"` // of the files, by id: age identities
}

// ParseSupply reads what was sealed.
func ParseSupply(plain []byte) (*Supply, error) {
	var x Supply
	if err := json.Unmarshal(plain, &x); err != nil || x.Format != 1 {
		return nil, errors.New("what was handed in cannot be read")
	}
	return &x, nil
}

func (x *Supply) encode() []byte {
	b, err := json.Marshal(x)
	if err != nil {
		panic("server: encode a supply") // strings and numbers only
	}
	return b
}

// Names of inputs in the form of an ask.
const (
	inputKept = "kept" // what was taken before and still belongs to nothing, sealed
	inputText = "text"
)

// supplyField is the field for what is asked for.
func (s *Server) supplyField(lang, ask string) forms.Item {
	label := forms.Texts{lang: s.kit.Load().Text(lang, "form.supply.files")}
	return forms.Item{Key: "ask-" + ask, Field: &forms.Field{ID: "supply", Kind: forms.Upload, Label: label, Optional: true,
		Accept: []string{"pdf", "jpg", "png", "docx"}, MaxMB: 10, MaxFiles: 5, Camera: true}}
}

// openAsks lists the asks that nobody has answered, and that the department
// has not passed over by deciding or closing.
func openAsks(state store.State, events []store.Event) []string {
	var ids []string
	for _, e := range events {
		switch {
		case e.Kind == store.EventAsk:
			ids = append(ids, e.ID)
		case e.Kind == store.EventSupply:
			ids = slices.DeleteFunc(ids, func(id string) bool { return id == e.Of })
		case e.State == store.Decided, e.State == store.Closed:
			ids = nil
		}
	}
	if state != store.Asked && state != store.Working {
		return nil
	}
	return ids
}

// askView shows what the department asks for, with the form to hand it in.
func (s *Server) askView(r *http.Request, c *store.Case, e *store.Event, text string) formpage.Ask {
	p := placeOf(r)
	secret, _ := shownSecret(r, c.Reference)
	return formpage.Ask{ID: e.ID, Text: text, By: e.Due, Field: s.supplyField(p.lang, e.ID).Field,
		Action: p.prefix + "/case/" + c.Reference + "/supply/" + e.ID,
		Hidden: []formpage.Hidden{{Name: inputToken, Value: caseToken(secret, c.Reference)}}}
}

// keptKey seals what a page carries that has to be mended. Only who has the
// secret has the page.
func keptKey(secret seal.Code, reference, ask string) seal.Key {
	h := sha256.Sum256([]byte("handrail v1 kept " + reference + " " + ask + " " + secret.Digits()))
	k, _ := seal.ParseKey(base64.RawURLEncoding.EncodeToString(h[:]))
	return k
}

func sealKept(x *Supply, key seal.Key) string {
	return base64.RawURLEncoding.EncodeToString(key.Seal(x.encode(), inputKept))
}

// openKept returns nothing for what no page of ours carried.
func openKept(text string, key seal.Key) *Supply {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		b, err = key.Open(b, inputKept)
	}
	if err == nil {
		if x, err := ParseSupply(b); err == nil {
			return x
		}
	}
	return &Supply{Format: 1}
}

// postSupply takes what a department has asked for. Each ask is answered
// once: a second click changes nothing.
func (s *Server) postSupply(w http.ResponseWriter, r *http.Request) {
	c, id, ok := s.shown(w, r)
	if !ok {
		return
	}
	events, err := s.opt.Store.Events(r.Context(), c.Reference)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	ask, asks := r.PathValue("ask"), openAsks(s.state(c), events)
	if !slices.Contains(asks, ask) { // handed in before, or the office goes on without
		s.redirect(w, r, "/case/"+c.Reference)
		return
	}
	secret, _ := shownSecret(r, c.Reference)
	right := func(in url.Values) bool { return in.Get(inputToken) == caseToken(secret, c.Reference) }
	item := s.supplyField(placeOf(r).lang, ask)
	in, err := s.readSupply(w, r, &intake{folder: c.Draft, items: []forms.Item{item}, may: right, full: "case-full"})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !right(in.Values) {
		s.notice(w, r, http.StatusForbidden, "refused", "")
		return
	}
	key := keptKey(secret, c.Reference, ask)
	x := openKept(in.Get(inputKept), key)
	problem := s.gather(c, x, in, item)
	again := in.Get(inputFile) != ""
	if again || problem != nil {
		code := http.StatusUnprocessableEntity
		if again {
			code, problem = http.StatusOK, nil
		}
		s.supplyAgain(w, r, code, openCase{c, id}, ask, x, sealKept(x, key), problem)
		return
	}
	s.supply(w, r, openCase{c, id}, in, ask, len(asks) == 1, x)
}

// readSupply reads the form of an ask, with or without files.
func (s *Server) readSupply(w http.ResponseWriter, r *http.Request, to *intake) (*posted, error) {
	typ, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || typ != "multipart/form-data" {
		in, err := parseBody(w, r, maxStep)
		return &posted{Values: in}, err
	}
	return s.readParts(w, r, to, params["boundary"])
}

// gather puts what was kept and what has come now together, and says what is
// wrong.
func (s *Server) gather(c *store.Case, x *Supply, in *posted, item forms.Item) *forms.Problem {
	fault := func(message string, args ...any) *forms.Problem {
		return &forms.Problem{Key: item.Key, Message: "form.error." + message, Args: args}
	}
	var problem *forms.Problem
	if len(in.problems) > 0 {
		problem = &in.problems[0]
	}
	x.Text = strings.TrimSpace(strings.ReplaceAll(in.Get(inputText), "\r\n", "\n"))
	if gone := in.Get(inputFile); gone != "" && x.Keys[gone] != "" {
		s.opt.Uploads.Remove(c.Draft, gone)
		x.drop(gone)
	}
	for _, f := range slices.Clone(x.Files) {
		if s.opt.Uploads == nil || !s.opt.Uploads.Has(c.Draft, f.ID) {
			x.drop(f.ID)
			problem = fault("file-lost", "file", f.Name)
		}
	}
	for _, t := range in.files {
		if len(x.Files) >= item.Field.Files() {
			s.opt.Uploads.Remove(c.Draft, t.file.ID)
			problem = fault("file-many", "n", item.Field.Files())
			continue
		}
		if x.Keys == nil {
			x.Keys = map[string]string{}
		}
		x.Files, x.Keys[t.file.ID] = append(x.Files, t.file), t.open
	}
	switch {
	case problem != nil:
		return problem
	case in.full != nil:
		return fault("supply-full")
	case utf8.RuneCountInString(x.Text) > maxMessage:
		return fault("supply-long")
	case x.Text == "" && len(x.Files) == 0:
		return fault("supply-missing")
	}
	return nil
}

func (x *Supply) drop(id string) {
	x.Files = slices.DeleteFunc(x.Files, func(f forms.File) bool { return f.ID == id })
	delete(x.Keys, id)
}

// supplyAgain shows the page of the case again, with all that has come so far
// in the form of its ask.
func (s *Server) supplyAgain(w http.ResponseWriter, r *http.Request, code int, c openCase, ask string, x *Supply, kept string, problem *forms.Problem) {
	s.mendWith(w, r, code, c, func(v *formpage.Case) {
		for i := range v.Asked {
			if a := &v.Asked[i]; a.ID == ask {
				a.Hidden = append(a.Hidden, formpage.Hidden{Name: inputKept, Value: kept})
				a.Typed, a.Files, a.Problem = x.Text, x.Files, problem
			}
		}
	})
}

// supply stores what was handed in.
func (s *Server) supply(w http.ResponseWriter, r *http.Request, c openCase, in *posted, ask string, only bool, x *Supply) {
	e, err := s.event(c.Case, store.EventSupply, "supply "+ask, x.encode())
	if err != nil {
		s.dropFiles(c.Draft, in)
		s.fail(w, r, err)
		return
	}
	e.Of = ask
	if only && c.State == store.Asked {
		e.State = store.Working // the department has what it waited for
	}
	job := outbox.NewJob(outbox.Update, c.Case, outbox.Payload{Event: e.ID, Files: slices.Sorted(maps.Keys(x.Keys))}, e.At)
	_, err = s.opt.Store.Act(r.Context(), &store.Act{Event: e, Jobs: []store.Job{job}})
	switch {
	case errors.Is(err, store.ErrSeen), errors.Is(err, store.ErrState): // somebody was faster
		s.dropFiles(c.Draft, in)
	case err != nil:
		if !errors.Is(err, store.ErrUnavailable) && r.Context().Err() == nil { // then it is known not to be stored
			s.dropFiles(c.Draft, in)
		}
		s.fail(w, r, err)
		return
	case only:
		s.tidyCase(r.Context(), c)
	}
	s.redirect(w, r, "/case/"+c.Reference)
}

// addSupplied adds what was handed in later to what was sent: all that opens,
// and an error if that is not all.
func (s *Server) addSupplied(ctx context.Context, c *store.Case, id age.Identity, a *forms.Answers, keys map[string]string) error {
	events, err := s.opt.Store.Events(ctx, c.Reference)
	if err != nil || a == nil {
		return err
	}
	var bad error
	for _, e := range events {
		if e.Kind != store.EventSupply {
			continue
		}
		var x *Supply
		plain, err := seal.Open(e.Sealed, id)
		if err == nil {
			x, err = ParseSupply(plain)
		}
		if err != nil {
			bad = fmt.Errorf("what was handed in: %w", errors.Join(seal.ErrSealed, err))
			continue
		}
		for _, f := range x.Files {
			a.AddFile("ask-"+e.Of, f)
			keys[f.ID] = x.Keys[f.ID]
		}
	}
	return bad
}

// tidyCase deletes files that were taken on the way and belong to nothing,
// once nothing more is asked for.
func (s *Server) tidyCase(ctx context.Context, c openCase) {
	a, keys, err := openAnswers(c.Case, c.id)
	if err == nil {
		err = s.addSupplied(ctx, c.Case, c.id, a, keys)
	}
	if kept := files(a); err == nil && s.opt.Uploads != nil && len(kept) > 0 {
		err = s.opt.Uploads.RemoveAll(c.Draft, kept...)
	}
	if err != nil {
		s.opt.Log.Error("tidy up the files of a case", "err", err.Error())
	}
}
