package server

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// How long the store's last answer is believed, and how long one may take.
const (
	healthLife = time.Second
	healthWait = 5 * time.Second
)

// A health remembers whether the store could be written to: anybody may ask,
// and asking must not cost a write each time.
type health struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

func (h *health) ask(check func(context.Context) error) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.at.IsZero() && time.Since(h.at) < healthLife {
		return h.err
	}
	// Of its own: others wait for the same answer.
	ctx, cancel := context.WithTimeout(context.Background(), healthWait)
	defer cancel()
	h.err = check(ctx)
	h.at = time.Now()
	return h.err
}

func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if err := s.health.ask(s.opt.Store.Check); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		w.Write([]byte("cannot store\n"))
		return
	}
	w.Write([]byte("ok\n"))
}
