package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/store"
)

// draftCookie is followed by the id of a draft; the value is its key. Each
// draft has its own, drawn here: a key that a browser brings along is never
// taken for a new one. It ends with the browser's session.
const draftCookie = "__Host-draft-"

// An open draft is one whose key the browser has.
type openDraft struct {
	*store.Draft
	key  seal.Key
	form *forms.Definition
	box
}

// A box is what is sealed in a draft.
type box struct {
	Answers *forms.Answers
	Keys    map[string]string // of the files, by id
	Ask     []string          // keys of questions that a new version of the form has to show
	Carried bool              // went over to a later version: only what is new or wrong is shown
	Trap    bool              // the field that people leave empty was filled
	Opening int64             // how often the draft was opened; its token and secret follow from it
	Undone  string            // the reference of the case that was taken back last
	// Envelope is what the answers will be sent in, made with the last step: it
	// takes longer than everything else that sending does.
	Envelope *seal.Envelope
}

type plainBox struct {
	Answers json.RawMessage   `json:"answers"`
	Keys    map[string]string `json:"keys,omitempty"`
	Ask     []string          `json:"ask,omitempty"`
	Carried bool              `json:"carried,omitempty"`
	Trap    bool              `json:"trap,omitempty"`
	Opening int64             `json:"opening"`
	Undone  string            `json:"undone,omitempty"`

	Envelope *seal.Envelope `json:"envelope,omitempty"`
}

func (b *box) seal(key seal.Key, id string) ([]byte, error) {
	answers, err := b.Answers.Encode()
	if err != nil {
		return nil, errors.New("encode answers") // the cause may quote them
	}
	plain, err := json.Marshal(plainBox{answers, b.Keys, b.Ask, b.Carried, b.Trap, b.Opening, b.Undone, b.Envelope})
	if err != nil {
		return nil, errors.New("encode a draft")
	}
	return key.Seal(plain, "draft "+id), nil
}

func openBox(key seal.Key, d *store.Draft) (box, error) {
	if len(d.Sealed) == 0 { // erased: the case holds the answers
		return box{Answers: &forms.Answers{}, Opening: opening(key, d.Token)}, nil
	}
	plain, err := key.Open(d.Sealed, "draft "+d.ID)
	if err != nil {
		return box{}, err
	}
	var p plainBox
	if err := json.Unmarshal(plain, &p); err != nil {
		return box{}, seal.ErrSealed
	}
	a, err := forms.ParseAnswers(p.Answers)
	if err != nil {
		return box{}, err
	}
	return box{a, p.Keys, p.Ask, p.Carried, p.Trap, p.Opening, p.Undone, p.Envelope}, nil
}

// opening finds which opening a token is of.
func opening(key seal.Key, token []byte) int64 {
	for n := int64(1); n <= 1000; n++ {
		if string(seal.TokenHash(key.Token(n))) == string(token) {
			return n
		}
	}
	return 0
}

func (d *openDraft) token() string     { return d.key.Token(d.Opening) }
func (d *openDraft) secret() seal.Code { return d.key.Secret(d.Opening) }
func (d *openDraft) path() string      { return "/f/" + d.Form + "/" + d.ID + "/" }
func (d *openDraft) sent() bool        { return d.State == store.DraftSent }
func (d *openDraft) public() seal.Public {
	return seal.Public{Salt: d.CaseSalt, Check: d.CaseCheck, Recipient: d.CaseRecipient}
}

var (
	errExpired   = errors.New("the draft is gone")
	errOtherForm = errors.New("a draft of another form")
)

// open reads the draft that a request is about.
func (s *Server) open(r *http.Request) (*openDraft, error) {
	id := r.PathValue("draft")
	key, ok := draftKey(r, id)
	if !ok {
		return nil, errExpired
	}
	d, err := s.opt.Store.Draft(r.Context(), id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, errExpired
	case err != nil:
		return nil, err
	case !s.opt.Now().Before(d.Expires):
		return nil, errExpired
	case d.Form != r.PathValue("form"):
		return nil, errOtherForm
	}
	return s.unseal(r, d, key)
}

// unseal opens a draft with its key.
func (s *Server) unseal(r *http.Request, d *store.Draft, key seal.Key) (*openDraft, error) {
	b, err := openBox(key, d)
	if errors.Is(err, seal.ErrSealed) {
		return nil, errExpired
	} else if err != nil {
		return nil, err
	}
	o := &openDraft{Draft: d, key: key, box: b}
	return o, s.version(r, o)
}

// version finds the definition of a draft: the one it began with, for 30
// days; then the answers go over to the one that is in force.
func (s *Server) version(r *http.Request, d *openDraft) error {
	current := s.kit.Load().Form(d.Form)
	if current != nil && current.Version() == d.Version {
		d.form = current
		return nil
	}
	old, err := s.old.get(r, s.opt.Store, d.Version)
	if err != nil {
		return fmt.Errorf("form %s: %w", d.Form, err)
	}
	d.form = old
	if current != nil && !d.sent() && s.opt.Now().Sub(d.Created) > versionLife {
		carried := current.Carry(old, d.Answers, s.now())
		d.Answers, d.Ask = carried.Answers, nil
		d.Carried = true
		for _, it := range carried.Ask {
			d.Ask = append(d.Ask, it.Key)
		}
		d.form, d.Version = current, current.Version() // stored with the next step
	}
	return nil
}

// versions are the archived definitions in use.
type versions struct {
	sync.Mutex
	m map[string]*forms.Definition
}

func (v *versions) get(r *http.Request, st store.Store, version string) (*forms.Definition, error) {
	v.Lock()
	known := v.m[version]
	v.Unlock()
	if known != nil {
		return known, nil
	}
	archived, err := st.Definition(r.Context(), version)
	if err != nil {
		return nil, err
	}
	d, err := forms.Parse(archived.Body)
	if err != nil {
		return nil, err
	}
	v.Lock() // not while the database answers: that would hold everybody up
	defer v.Unlock()
	if v.m == nil || len(v.m) > 100 {
		v.m = map[string]*forms.Definition{}
	}
	v.m[version] = d
	return d, nil
}

// draftKey takes the key of a draft from its cookie.
func draftKey(r *http.Request, id string) (seal.Key, bool) {
	c, err := r.Cookie(draftCookie + id)
	if err != nil {
		return seal.Key{}, false
	}
	return seal.ParseKey(c.Value)
}

func setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, MaxAge: int(age.Seconds())})
}

// Each cookie adds to every request, and proxies refuse requests whose headers
// are long: from manyCookies on those of drafts that are gone are taken back,
// beyond maxCookies also those of the drafts that were left longest ago.
const (
	manyCookies = 12
	maxCookies  = 32
)

// dropCookies forgets drafts when a browser has many.
func (s *Server) dropCookies(w http.ResponseWriter, r *http.Request) {
	var ids []string
	for _, c := range r.Cookies() {
		if id, ok := strings.CutPrefix(c.Name, draftCookie); ok {
			ids = append(ids, id)
		}
	}
	if len(ids) < manyCookies {
		return
	}
	drop := func(id string) {
		http.SetCookie(w, &http.Cookie{Name: draftCookie + id, Path: "/", Secure: true, HttpOnly: true, MaxAge: -1})
	}
	var open []*store.Draft
	for _, id := range ids[:min(len(ids), 2*maxCookies)] {
		d, err := s.opt.Store.Draft(r.Context(), id)
		switch {
		case errors.Is(err, store.ErrNotFound) || err == nil && (d.State == store.DraftSent || !s.opt.Now().Before(d.Expires)):
			drop(id)
		case err == nil:
			open = append(open, d)
		}
	}
	slices.SortFunc(open, func(a, b *store.Draft) int { return b.Changed.Compare(a.Changed) })
	for _, d := range open[min(len(open), maxCookies-1):] { // one is about to be added
		drop(d.ID)
	}
}
