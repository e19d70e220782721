package server_test

import (
	"net/http"
	"testing"
	"time"

	"handrail/internal/server/servertest"
)

// TestEmptyDraftsGo: what nobody typed into is kept for a day, what somebody
// did for a week.
func TestEmptyDraftsGo(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	empty, used := servertest.NewPerson(t, x.handler), servertest.NewPerson(t, x.handler)
	empty.Post("/f/heating/", "form", "heating").Want(200, "step you")
	used.Post("/f/heating/", "form", "heating").Want(200, "step you")
	used.Submit("name", "王秀英").Want(200, "step home")
	x.clock.Add(25 * time.Hour)
	if err := x.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, err := x.store.Stats(t.Context()); err != nil || s.Drafts != 1 {
		t.Errorf("%d drafts, %v; want 1", s.Drafts, err)
	}
	used.Get(used.Path).Want(200, "step home")
	empty.Get(empty.Path).Want(410, "expired")
}

// TestDraftFlood: one address cannot fill the disk with drafts; it is told
// when to come again, and another address notices nothing.
func TestDraftFlood(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes some seconds")
	}
	x := newRig(t)
	refused := 0
	for range 500 {
		p := servertest.NewPerson(t, x.handler)
		done := make(chan struct{})
		go func() { p.Post("/f/heating/", "form", "heating"); close(done) }()
		select {
		case <-done:
			if p.Code == http.StatusServiceUnavailable {
				refused++
			}
		case <-time.After(3 * time.Second): // it is held
			refused++
		}
		if refused > 3 {
			break
		}
	}
	if refused == 0 {
		t.Error("500 drafts from one address at once")
	}
	other := servertest.NewPerson(t, x.handler)
	other.Remote = "198.51.100.9:1"
	other.Post("/f/heating/", "form", "heating").Want(200, "step you")
}
