//go:build linux

package server_test

import (
	"maps"
	"testing"
	"time"

	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/pgtest"
	"handrail/internal/store/postgres"
)

// TestUndoOnTwoInstances has one person served by two servers on one database:
// sent on one, undone on the other, before and after the time for it is over.
func TestUndoOnTwoInstances(t *testing.T) {
	c := pgtest.Start(t)
	url := c.Database(t)
	one := newRig(t)
	two := &rig{clock: one.clock, log: one.log, keys: one.keys, uploads: one.uploads}
	for _, x := range []*rig{one, two} {
		st, err := postgres.Open(t.Context(), url, postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		x.store = st
		x.restart(t, servertest.Form())
	}
	on := func(p *servertest.Person, x *rig) *servertest.Person {
		q := *p
		q.Cookies = maps.Clone(p.Cookies)
		q.Handler = x.handler
		return &q
	}
	deliveries := func(reference string) (n int) {
		t.Helper()
		jobs, err := one.store.Jobs(t.Context(), reference)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if j.Kind == "deliver" && j.State != store.JobCancelled {
				n++
			}
		}
		return n
	}
	for _, order := range []struct {
		name string
		a, b *rig
	}{{"sent on one", one, two}, {"sent on two", two, one}} {
		t.Run(order.name, func(t *testing.T) {
			a, b := order.a, order.b
			p := servertest.NewPerson(t, a.handler).Fill("")
			to, own := p.Form()
			p.Post(to, own...).Want(200, "sent")
			first := p.Text("reference")

			// A millisecond before the end it can be taken back.
			one.clock.Add(10*time.Minute - time.Millisecond)
			q := on(p, b)
			q.Get(to[:len(to)-len("send")]+"sent").Want(200, "sent")
			undo, with := q.Form()
			q.Post(undo, with...).Want(200, "undone")
			if n := deliveries(first); n != 0 {
				t.Errorf("%d deliveries of what was taken back", n)
			}
			// The old page, still open at the first server, sends nothing.
			stale := on(p, a)
			stale.Post(to, own...).Want(409, "already withdrawn")

			// Sent again at the first, and taken back too late at the other.
			p = on(q, a)
			p.Get(to[:len(to)-len("send")] + "check")
			to, own = p.Form()
			p.Post(to, own...).Want(200, "sent")
			second := p.Text("reference")
			if second == first || deliveries(second) != 1 {
				t.Errorf("sent again as %s with %d deliveries; first %s", second, deliveries(second), first)
			}
			late := on(p, b)
			late.Get(to[:len(to)-len("send")] + "sent")
			undo, with = late.Form()
			one.clock.Add(10 * time.Minute)
			late.Post(undo, with...).Want(409, "already sent")
			jobs, err := b.store.ClaimJobs(t.Context(), one.clock.Now(), 24*time.Hour, 10)
			if err != nil || len(jobs) != 1 || jobs[0].Reference != second {
				t.Errorf("%d jobs, %v", len(jobs), err)
			}
			if c, err := a.store.Case(t.Context(), second); err != nil || c.State != store.Received {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}
