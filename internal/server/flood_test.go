package server_test

import (
	"net/http"
	"slices"
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

// TestDraftFlood: one address cannot fill the disk with drafts; it is held,
// then told when to come again, and another address notices nothing.
func TestDraftFlood(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: takes some seconds")
	}
	x := newRig(t)
	var held []time.Duration
	x.OnPause(func(d time.Duration) { held = append(held, d) })
	for n := range 404 {
		servertest.NewPerson(t, x.handler).Post("/f/heating/", "form", "heating").Want(200, "step you")
		if n == 399 && len(held) > 0 {
			t.Errorf("the first 400 were held: %v", held)
		}
	}
	if want := []time.Duration{2 * time.Second, 4 * time.Second, 6 * time.Second, 8 * time.Second}; !slices.Equal(held, want) {
		t.Errorf("the next were held for %v; want %v", held, want)
	}
	p := servertest.NewPerson(t, x.handler).Post("/f/heating/", "form", "heating")
	if p.Code != http.StatusServiceUnavailable || p.Answer.Get("Retry-After") == "" {
		t.Errorf("one too many: %d, Retry-After %q", p.Code, p.Answer.Get("Retry-After"))
	}
	other := servertest.NewPerson(t, x.handler)
	other.Remote = "198.51.100.9:1"
	other.Post("/f/heating/", "form", "heating").Want(200, "step you")
	if len(held) > 4 {
		t.Errorf("another address was held for %v", held[4:])
	}
}
