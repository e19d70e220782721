package dev

import (
	"fmt"
	"net/http"
	"sync"
)

// A hub tells every open page of the preview what happened, over server-sent
// events (HTML Standard §9.2).
type hub struct {
	mu   sync.Mutex
	subs map[chan event]bool
}

type event struct{ name, data string }

// send queues an event for every listener. A page that does not keep up
// misses events; it reloads itself when it connects again.
func (h *hub) send(name, data string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.subs {
		select {
		case c <- event{name, data}:
		default:
		}
	}
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := make(chan event, 16)
	h.mu.Lock()
	if h.subs == nil {
		h.subs = map[chan event]bool{}
	}
	h.subs[c] = true
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		delete(h.subs, c)
		h.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w)
	fmt.Fprint(w, "retry: 500\n\n")
	for {
		if err := flush.Flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case e := <-c:
			fmt.Fprintf(w, "event: %s\ndata: %s\n\n", e.name, e.data)
		}
	}
}
