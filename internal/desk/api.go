package desk

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"filippo.io/age"

	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/store"
)

//go:embed openapi.json
var openAPI []byte

// OpenAPI returns the description of the interface, as it is served.
func OpenAPI() []byte { return openAPI }

// Limits of a body, in bytes.
const (
	maxBody   = 1 << 20
	maxReseal = 16 << 20 // a case with all that was said
)

// A Department is who may do what with its cases.
type Department struct {
	Clerks     []Clerk
	Recipients []age.Recipient
	Updates    outbox.Secret // signs updates of states; zero: none are taken
}

// Options say what the interface works with.
type Options struct {
	Store       store.Store
	Departments map[string]Department
	Files       outbox.Files    // may be nil: then there are none
	Hosts       func() []string // names of this server, with ports that are not 443; nil: any
	Now         func() time.Time
	Log         *slog.Logger
}

type api struct{ Options }

// Handler returns the routes under /api/.
func Handler(o Options) http.Handler {
	a := &api{o}
	mux := http.NewServeMux()
	const base = "/api/v1/departments/{department}/"
	mux.HandleFunc("GET /api/openapi.json", a.describe)
	mux.HandleFunc("GET "+base+"cases", a.signed("list", a.list))
	mux.HandleFunc("GET "+base+"cases/{reference}", a.signed("open", a.open))
	mux.HandleFunc("GET "+base+"cases/{reference}/files/{id}", a.signed("file", a.file))
	mux.HandleFunc("POST "+base+"cases/{reference}/acts", a.signed("act", a.act))
	mux.HandleFunc("POST "+base+"cases/{reference}/seals", a.signed("reseal", a.reseal))
	mux.HandleFunc("POST "+base+"challenges", a.signed("challenge", a.challenge))
	mux.HandleFunc("POST "+base+"proofs", a.signed("prove", a.prove))
	mux.HandleFunc("POST "+base+"status", a.status)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "not-found") })
	return mux
}

func (a *api) describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(openAPI)
}

// A call is a request that was signed by a clerk of the department.
type call struct {
	*http.Request
	department string
	clerk      Clerk
	id         string
	body       []byte
}

// errCode is an answer that is no success.
type errCode struct {
	code int
	word string
}

func (e errCode) Error() string { return e.word }

// signed lets only clerks of the department through, and writes one line of
// audit: who did what to which case, and nothing of what it says.
func (a *api) signed(what string, do func(*call) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		dep := r.PathValue("department")
		var own []string
		if a.Hosts != nil {
			own = a.Hosts()
		}
		notSigned := func() { // the same for a department that does not exist
			w.Header().Set("WWW-Authenticate", scheme)
			refuse(w, http.StatusUnauthorized, "not-signed")
		}
		by, ok := claimed(r, own, a.Departments[dep].Clerks, a.Now())
		if !ok {
			notSigned()
			return
		}
		limit := int64(maxBody)
		if what == "reseal" {
			limit = maxReseal
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		if err != nil {
			refuse(w, http.StatusRequestEntityTooLarge, "too-large")
			return
		}
		if !by.holds(r, body) {
			notSigned()
			return
		}
		out, err := do(&call{r, dep, by.clerk, by.id, body})
		code := a.answer(w, out, err)
		reference, _ := seal.ParseReference(r.PathValue("reference"))
		a.Log.Info("audit", "what", what, "department", dep, "clerk", by.clerk.Name, "reference", reference, "status", code)
	}
}

func (a *api) answer(w http.ResponseWriter, out any, err error) int {
	code, word := http.StatusInternalServerError, "failed"
	e, known := errors.AsType[errCode](err)
	if f, ok := out.(sealedFile); ok && err == nil {
		return f.send(w)
	}
	switch {
	case err == nil:
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(out) // nobody is there any more
		return http.StatusOK
	case known:
		code, word = e.code, e.word
	case errors.Is(err, store.ErrNotFound):
		code, word = http.StatusNotFound, "not-found"
	case errors.Is(err, store.ErrState):
		code, word = http.StatusConflict, "state"
	case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrBroken):
		code, word = http.StatusServiceUnavailable, "busy"
		w.Header().Set("Retry-After", "5")
	case errors.Is(err, store.ErrFull):
		code, word = http.StatusInsufficientStorage, "full"
	default:
		a.Log.Error("desk", "err", err)
	}
	refuse(w, code, word)
	return code
}

func refuse(w http.ResponseWriter, code int, word string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": word})
}

// A Case is a case as its department sees it.
type Case struct {
	Reference string      `json:"reference"`
	Form      string      `json:"form"`
	Version   string      `json:"version"`
	Lang      string      `json:"lang"`
	State     store.State `json:"state"`
	Review    string      `json:"review,omitempty"` // why to look before it goes on
	Received  time.Time   `json:"received"`
	Changed   time.Time   `json:"changed"`
	Recipient string      `json:"recipient,omitempty"` // that the case's secret opens
	Sealed    []byte      `json:"sealed,omitempty"`
	Events    []Event     `json:"events,omitempty"`
	// Recipients are the department's keys, for which answers are sealed.
	Recipients []string `json:"recipients,omitempty"`
}

// An Event is one thing that happened with a case.
type Event struct {
	ID     string      `json:"id"`
	Kind   string      `json:"kind"`
	State  store.State `json:"state,omitempty"`
	At     time.Time   `json:"at"`
	By     string      `json:"by,omitempty"`
	Due    time.Time   `json:"due,omitzero"`
	Of     string      `json:"of,omitempty"`
	Sealed []byte      `json:"sealed,omitempty"`
}

// A List is a part of a department's cases; After leads on.
type List struct {
	Cases []Case `json:"cases"`
	After string `json:"after,omitempty"`
}

func head(c *store.Case) Case {
	return Case{Reference: c.Reference, Form: c.Form, Version: c.Version, Lang: c.Lang, State: c.State, Review: c.Review,
		Received: c.Received, Changed: c.Changed}
}

func (a *api) list(c *call) (any, error) {
	const limit = 100
	q := c.URL.Query()
	cases, err := a.Store.CasesOf(c.Context(), store.Listing{Department: c.department, State: store.State(q.Get("state")),
		After: q.Get("after"), Limit: limit})
	if err != nil {
		return nil, err
	}
	out := List{Cases: []Case{}}
	for i := range cases {
		out.Cases = append(out.Cases, head(&cases[i]))
	}
	if len(cases) == limit {
		out.After = cases[limit-1].Reference
	}
	return out, nil
}

// find returns a case that the department has. One of another department, or
// one that can still be undone, is not there.
func (a *api) find(c *call) (*store.Case, error) {
	found, err := a.Store.Case(c.Context(), c.PathValue("reference"))
	switch {
	case err != nil:
		return nil, err
	case found.Department != c.department || !found.State.Stands():
		return nil, store.ErrNotFound
	}
	return found, nil
}

func (a *api) open(c *call) (any, error) {
	found, err := a.find(c)
	if err != nil {
		return nil, err
	}
	events, err := a.Store.Events(c.Context(), found.Reference)
	if err != nil {
		return nil, err
	}
	out := head(found)
	out.Recipient, out.Sealed = found.Recipient, found.Sealed
	for _, r := range a.Departments[c.department].Recipients {
		if x, ok := r.(*age.X25519Recipient); ok {
			out.Recipients = append(out.Recipients, x.String())
		}
	}
	for _, e := range events {
		out.Events = append(out.Events, Event{e.ID, e.Kind, e.State, e.At, e.By, e.Due, e.Of, e.Sealed})
	}
	return out, nil
}

// A sealedFile is the answer of a file that was handed in, as it lies on the
// disk: what opens it stands in the case or in what came with it.
type sealedFile struct{ io.ReadSeekCloser }

func (a *api) file(c *call) (any, error) {
	found, err := a.find(c)
	if err != nil {
		return nil, err
	}
	if a.Files == nil {
		return nil, store.ErrNotFound
	}
	f, err := a.Files.Sealed(found.Draft, c.PathValue("id"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	return sealedFile{f}, err
}

func (f sealedFile) send(w http.ResponseWriter) int {
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	if size, err := f.Seek(0, io.SeekEnd); err == nil {
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		panic(http.ErrAbortHandler)
	}
	if _, err := io.Copy(w, f); err != nil {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return http.StatusOK
}

// An Act is what a clerk does. Text is sealed on the clerk's machine.
type Act struct {
	Kind   string      `json:"kind"` // ack, state, message, ask or result
	State  store.State `json:"state,omitempty"`
	Due    time.Time   `json:"due,omitzero"`
	Sealed []byte      `json:"sealed,omitempty"`
}

// Done says where the case is after an act.
type Done struct {
	State store.State `json:"state"`
	Seen  bool        `json:"seen,omitempty"` // it was done before
}

var errAct = errCode{http.StatusUnprocessableEntity, "act"}

// check says whether an act is whole.
func (in *Act) check() error {
	sealed := len(in.Sealed) > 0
	ok := false
	switch in.Kind {
	case store.EventAck:
		ok = !sealed && in.State == ""
	case store.EventState:
		ok = !sealed && (in.State == store.Working || in.State == store.Asked || in.State == store.Decided || in.State == store.Closed)
	case store.EventMessage:
		ok = sealed && in.State == ""
	case store.EventAsk:
		in.State, ok = store.Asked, sealed
	case store.EventResult:
		in.State, ok = store.Decided, sealed
	}
	if !ok || !in.Due.IsZero() && in.Kind != store.EventAsk {
		return errAct
	}
	return nil
}

func (a *api) act(c *call) (any, error) {
	var in Act
	if err := json.Unmarshal(c.body, &in); err != nil {
		return nil, errAct
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	found, err := a.find(c)
	if err != nil {
		return nil, err
	}
	now := a.Now().UTC().Truncate(time.Millisecond)
	e := store.Event{ID: eventID(c.department, c.id), Reference: found.Reference, Kind: in.Kind, State: in.State, At: now,
		By: c.clerk.Name, Due: in.Due.UTC().Truncate(time.Millisecond), Sealed: in.Sealed}
	return a.do(c.Request, found, e)
}

func (a *api) do(r *http.Request, c *store.Case, e store.Event) (Done, error) {
	act := &store.Act{Event: e, Department: c.Department, Release: e.Kind == store.EventAck}
	if e.Kind != store.EventAck {
		act.Jobs = []store.Job{outbox.NewJob(outbox.Notice, c, outbox.Payload{State: e.State}, e.At)}
	}
	after, err := a.Store.Act(r.Context(), act)
	if errors.Is(err, store.ErrSeen) {
		return Done{after.State, true}, nil
	} else if err != nil {
		return Done{}, err
	}
	return Done{State: after.State}, nil
}

// eventID keeps the ids of one department apart from those of others.
func eventID(department, id string) string {
	sum := sha256.Sum256([]byte(department + "/" + id))
	return hex.EncodeToString(sum[:16])
}

// A Status is a signed update from a department's own program: no words, only
// where the case is.
type Status struct {
	Reference string      `json:"reference"`
	State     store.State `json:"state"`
}

// status takes an update: signed, of now, with an id that was not seen, and
// to a state that the case may go to.
func (a *api) status(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<10))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "too-large")
		return
	}
	dep := r.PathValue("department")
	id, ok := a.Departments[dep].Updates.Verify(r.Header, a.Now(), body)
	if !ok {
		refuse(w, http.StatusUnauthorized, "not-signed")
		return
	}
	var in Status
	if json.Unmarshal(body, &in) != nil || (&Act{Kind: store.EventState, State: in.State}).check() != nil {
		a.answer(w, nil, errAct)
		return
	}
	e := store.Event{ID: eventID(dep, "update "+id), Reference: in.Reference, Kind: store.EventState, State: in.State,
		At: a.Now().UTC().Truncate(time.Millisecond), By: "update"}
	out, err := a.do(r, &store.Case{Reference: in.Reference, Department: dep}, e)
	code := a.answer(w, out, err)
	if reference, err := seal.ParseReference(in.Reference); err == nil {
		a.Log.Info("audit", "what", "update", "department", dep, "reference", reference, "state", string(in.State), "status", code)
	}
}

// A Challenge is sealed for one recipient; who opens it has its key.
type Challenge struct {
	Recipient string `json:"recipient"`
	Sealed    []byte `json:"sealed,omitempty"`
	Answer    []byte `json:"answer,omitempty"`
}

func (a *api) challenge(c *call) (any, error) {
	_, recipient, err := a.recipient(c)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 32)
	rand.Read(b)
	sealed, err := seal.To(b, recipient)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	name := recipient.String()
	return Challenge{Recipient: name, Sealed: sealed}, a.Store.SaveProof(c.Context(), store.Proof{Recipient: name, Challenge: sum[:], Asked: a.Now()})
}

func (a *api) prove(c *call) (any, error) {
	in, recipient, err := a.recipient(c)
	if err != nil {
		return nil, err
	}
	p, err := a.Store.ProofOf(c.Context(), recipient.String())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(in.Answer)
	if subtle.ConstantTimeCompare(sum[:], p.Challenge) != 1 || a.Now().Sub(p.Asked) > time.Hour {
		return nil, errCode{http.StatusForbidden, "wrong"}
	}
	p.Proved = a.Now()
	return Challenge{Recipient: p.Recipient}, a.Store.SaveProof(c.Context(), *p)
}

// recipient returns the department's key that a challenge is about.
func (a *api) recipient(c *call) (Challenge, *age.X25519Recipient, error) {
	var in Challenge
	if err := json.Unmarshal(c.body, &in); err != nil {
		return in, nil, errAct
	}
	for _, r := range a.Departments[c.department].Recipients {
		if x, ok := r.(*age.X25519Recipient); ok && x.String() == in.Recipient {
			return in, x, nil
		}
	}
	return in, nil, errCode{http.StatusNotFound, "recipient"}
}
