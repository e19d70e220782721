package server

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"handrail/internal/store"
)

// Reading progress across devices: an address for each slot of a reading
// card. The server sees hashes and ciphertext, and no page. Nothing here is
// logged but what outermost logs of every request.
const (
	progressBase  = "/api/progress/v1"
	progressLife  = 180 * 24 * time.Hour // of a card and a slot, after the last write
	maxSlots      = 200                  // of one card
	maxCards      = 200_000
	maxAllSlots   = 2_000_000 // of all cards: 4 GB
	maxSealed     = 2 << 10
	progressSlot  = 16 // bytes of a slot's name
	progressToken = 16 // bytes of id and auth
)

//go:embed progress_openapi.json
var progressOpenAPI []byte

// progressSizes are what a slot may weigh: a size says little of what is in it.
var progressSizes = map[int]bool{512: true, 1024: true, maxSealed: true}

func (s *Server) progressRoutes() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, h func(*Server, http.ResponseWriter, *http.Request)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { h(s, w, r) })
	}
	mux.HandleFunc("GET "+progressBase+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(progressOpenAPI)
	})
	handle("GET "+progressBase+"/slots", (*Server).getSlots)
	handle("PUT "+progressBase+"/slots/{slot}", (*Server).putSlot)
	handle("DELETE "+progressBase+"/slots/{slot}", (*Server).deleteSlot)
	handle("DELETE "+progressBase, (*Server).deleteCard)
	handle("POST "+progressBase+"/links", (*Server).postLink)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { progressRefuse(w, http.StatusNotFound, "not-found") })

	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		progressRefuse(w, http.StatusForbidden, "refused")
	}))
	return guard.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if wait := s.byAddr.delay(s.opt.Trusted.client(r)); !s.holdProgram(w, r, wait) {
			return
		}
		mux.ServeHTTP(w, r)
	}))
}

// holdProgram keeps a program waiting that comes too often.
func (s *Server) holdProgram(w http.ResponseWriter, r *http.Request, wait time.Duration) bool {
	return s.hold(w, r, wait, func() {
		w.Header().Set("Retry-After", strconv.Itoa(int(maxDelay/time.Second)))
		progressRefuse(w, http.StatusServiceUnavailable, "busy")
	})
}

func progressRefuse(w http.ResponseWriter, code int, word string) {
	progressAnswer(w, code, map[string]string{"error": word})
}

func progressAnswer(w http.ResponseWriter, code int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // nobody is there any more
}

// progressFail answers what a store says.
func (s *Server) progressFail(w http.ResponseWriter, r *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		progressRefuse(w, http.StatusRequestEntityTooLarge, "too-large")
	case errors.Is(err, errBody):
		progressRefuse(w, http.StatusBadRequest, "body")
	case errors.Is(err, store.ErrFew):
		progressRefuse(w, http.StatusConflict, "too-many-slots")
	case errors.Is(err, store.ErrMany), errors.Is(err, store.ErrFull):
		progressRefuse(w, http.StatusInsufficientStorage, "full")
	case errors.Is(err, store.ErrNotFound): // a card whose auth is another
		progressRefuse(w, http.StatusForbidden, "refused")
	case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrBroken), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrConflict):
		w.Header().Set("Retry-After", "5")
		progressRefuse(w, http.StatusServiceUnavailable, "busy")
	case r.Context().Err() != nil:
		s.goneAway(w)
	default:
		s.opt.Log.Error("reading progress", "route", r.Pattern, "err", err.Error())
		progressRefuse(w, http.StatusInternalServerError, "failed")
	}
}

var b64 = base64.RawURLEncoding.Strict()

// bearer reads "Authorization: Progress id.auth" and returns their hashes: the
// values themselves go no further.
func bearer(w http.ResponseWriter, r *http.Request) (store.Card, bool) {
	rest, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Progress ")
	id, auth, two := strings.Cut(rest, ".")
	a, err1 := b64.DecodeString(id)
	b, err2 := b64.DecodeString(auth)
	if !ok || !two || err1 != nil || err2 != nil || len(a) != progressToken || len(b) != progressToken {
		w.Header().Set("WWW-Authenticate", "Progress")
		progressRefuse(w, http.StatusUnauthorized, "authorization")
		return store.Card{}, false
	}
	ha, hb := sha256.Sum256(a), sha256.Sum256(b)
	return store.Card{ID: ha[:], Auth: hb[:]}, true
}

func slotName(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	slot, err := b64.DecodeString(r.PathValue("slot"))
	if err != nil || len(slot) != progressSlot {
		progressRefuse(w, http.StatusBadRequest, "slot")
		return nil, false
	}
	return slot, true
}

// etag names a ciphertext; its nonce is random, so no two writes are alike.
func etag(sealed []byte) string {
	h := sha256.Sum256(sealed)
	return `"` + b64.EncodeToString(h[:12]) + `"`
}

type slotJSON struct {
	Slot   string `json:"slot"`
	Seq    int64  `json:"seq"`
	ETag   string `json:"etag"`
	Sealed string `json:"sealed"`
}

// getSlots lists what has changed. A card that is not known has nothing, like
// one that nothing was written to.
func (s *Server) getSlots(w http.ResponseWriter, r *http.Request) {
	card, ok := bearer(w, r)
	if !ok {
		return
	}
	var since int64
	if v := r.URL.Query().Get("since"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			progressRefuse(w, http.StatusBadRequest, "since")
			return
		}
		since = n
	}
	all, err := s.opt.Store.Slots(r.Context(), card, since)
	if err != nil {
		s.progressFail(w, r, err)
		return
	}
	out := []slotJSON{}
	for _, x := range all {
		out = append(out, slotJSON{b64.EncodeToString(x.Slot), x.Seq, etag(x.Sealed), b64.EncodeToString(x.Sealed)})
	}
	progressAnswer(w, http.StatusOK, map[string]any{"slots": out})
}

// condition reads If-Match and If-None-Match; one of them has to be there, or
// a device could overwrite what it has never seen.
func condition(r *http.Request) func(current []byte) bool {
	match, none := r.Header.Get("If-Match"), r.Header.Get("If-None-Match")
	switch {
	case match == "" && none == "*":
		return func(current []byte) bool { return current == nil }
	case strings.HasPrefix(match, `"`) && none == "":
		return func(current []byte) bool { return current != nil && etag(current) == match }
	}
	return nil
}

// putSlot writes one slot, or answers 412 with what is there.
func (s *Server) putSlot(w http.ResponseWriter, r *http.Request) {
	card, ok := bearer(w, r)
	if !ok {
		return
	}
	slot, ok := slotName(w, r)
	if !ok {
		return
	}
	match := condition(r)
	if match == nil {
		progressRefuse(w, http.StatusPreconditionRequired, "condition")
		return
	}
	sealed, err := io.ReadAll(steady(w, r, maxSealed))
	if err != nil {
		s.progressFail(w, r, bodyError(err))
		return
	}
	if !progressSizes[len(sealed)] {
		progressRefuse(w, http.StatusBadRequest, "size")
		return
	}
	in := &store.SlotWrite{Card: card, Slot: slot, Sealed: sealed, Match: match, Slots: maxSlots, All: maxAllSlots, Cards: maxCards, At: s.opt.Now()}
	x, err := s.opt.Store.PutSlot(r.Context(), in)
	if errors.Is(err, store.ErrNotFound) {
		if !s.mayBegin(w, r, card.ID) {
			return
		}
		in.New = true
		x, err = s.opt.Store.PutSlot(r.Context(), in)
	}
	switch {
	case errors.Is(err, store.ErrConflict):
		stale(w, x)
	case err != nil:
		s.progressFail(w, r, err)
	default:
		w.Header().Set("ETag", etag(x.Sealed))
		w.Header().Set("Progress-Seq", strconv.FormatInt(x.Seq, 10))
		w.WriteHeader(http.StatusNoContent)
	}
}

// stale gives the device what it has to merge with.
func stale(w http.ResponseWriter, x *store.Slot) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	if x == nil {
		h.Set("Content-Length", "0")
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	h.Set("ETag", etag(x.Sealed))
	h.Set("Progress-Seq", strconv.FormatInt(x.Seq, 10))
	h.Set("Content-Length", strconv.Itoa(len(x.Sealed)))
	w.WriteHeader(http.StatusPreconditionFailed)
	w.Write(x.Sealed)
}

func (s *Server) deleteSlot(w http.ResponseWriter, r *http.Request) {
	card, ok := bearer(w, r)
	if !ok {
		return
	}
	slot, ok := slotName(w, r)
	if !ok {
		return
	}
	s.deleted(w, r, s.opt.Store.DeleteSlot(r.Context(), card, slot))
}

func (s *Server) deleteCard(w http.ResponseWriter, r *http.Request) {
	if card, ok := bearer(w, r); ok {
		s.deleted(w, r, s.opt.Store.DeleteCard(r.Context(), card))
	}
}

func (s *Server) deleted(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		s.progressFail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// Who makes a card costs the server a row for half a year. Some are free,
// for each network and for all together; then a new card costs work.
const (
	freeCards    = 10  // an hour, for a network
	freeCardsAll = 200 // an hour
	workBits     = 18
)

// mayBegin reports whether a new card may be made, or asks for work.
func (s *Server) mayBegin(w http.ResponseWriter, r *http.Request, id []byte) bool {
	now := s.opt.Now()
	if proof := r.Header.Get("Progress-Work"); proof != "" {
		for _, at := range []time.Time{now, now.Add(-time.Hour)} {
			if worked(work(id, at), proof, workBits) {
				return true
			}
		}
	}
	if s.newCards.free(s.opt.Trusted.client(r)) {
		return true
	}
	s.opt.Metrics.count("worked")
	progressAnswer(w, http.StatusTooManyRequests, map[string]any{"error": "work", "work": work(id, now), "bits": workBits})
	return false
}

// work is what has to be found a number for: for this card and this hour, so
// nothing has to be kept and every instance asks for the same.
func work(id []byte, at time.Time) string {
	return fmt.Sprintf("handrail-progress:%s:%d:", b64.EncodeToString(id), at.Unix()/3600)
}

// worked reports whether the SHA-256 of work and proof begins with bits zeros.
func worked(work, proof string, bits int) bool {
	if len(proof) > 32 {
		return false
	}
	h := sha256.Sum256([]byte(work + proof))
	for i := range bits {
		if h[i/8]>>(7-i%8)&1 != 0 {
			return false
		}
	}
	return true
}
