package storetest

import (
	"testing"
	"time"

	"handrail/internal/store"
)

func newAct(id, reference, kind string, state store.State, at time.Time) *store.Act {
	return &store.Act{Department: "housing", Event: store.Event{ID: id, Reference: reference, Kind: kind, State: state, At: at, By: "wang"}}
}

// testAct leads a case from its sending to its end.
func testAct(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	_, err := st.Act(ctx, newAct("early", ref(1), store.EventAck, "", start.Add(time.Minute)))
	wantErr(t, err, store.ErrState) // it can still be undone
	at := start.Add(hold)
	c := must(st.Act(ctx, newAct("e1", ref(1), store.EventState, store.Working, at)))(t)
	if c.State != store.Working || !c.Changed.Equal(at) {
		t.Errorf("%s at %v", c.State, c.Changed)
	}
	ask := newAct("e2", ref(1), store.EventAsk, store.Asked, at.Add(time.Minute))
	ask.Event.Due, ask.Event.Sealed = at.Add(240*time.Hour), []byte("sealed")
	ask.Jobs = []store.Job{{ID: "n2", Department: "housing", Kind: "notice", NotBefore: at, Payload: []byte("{}")}}
	must(st.Act(ctx, ask))(t)

	again, err := st.Act(ctx, ask)
	wantErr(t, err, store.ErrSeen)
	if again == nil || again.State != store.Asked {
		t.Errorf("a repeat shows %v", again)
	}
	other := newAct("e3", ref(1), store.EventState, store.Closed, at)
	other.Department = "taxes"
	_, err = st.Act(ctx, other)
	wantErr(t, err, store.ErrNotFound)
	must(st.Act(ctx, newAct("e4", ref(1), store.EventState, store.Closed, at.Add(time.Hour))))(t)
	_, err = st.Act(ctx, newAct("e5", ref(1), store.EventState, store.Working, at.Add(time.Hour)))
	wantErr(t, err, store.ErrState)
	_, err = st.Act(ctx, newAct("e6", ref(1), store.EventMessage, "", at.Add(time.Hour)))
	wantErr(t, err, store.ErrState)

	events := must(st.Events(ctx, ref(1)))(t)
	if len(events) != 3 {
		t.Fatalf("%d events", len(events))
	}
	wantEqual(t, events[1], ask.Event)
	if jobs := must(st.Jobs(ctx, ref(1)))(t); len(jobs) != 3 || jobs[2].ID != "n2" {
		t.Errorf("jobs %v", kinds(jobs))
	}
}

func testListing(t *testing.T, st store.Store) {
	ctx := t.Context()
	for i := range 3 {
		sent(t, st, string(rune('a'+i)), ref(i))
	}
	list := func(l store.Listing) (refs []string) {
		l.Limit = 2
		for _, c := range must(st.CasesOf(ctx, l))(t) {
			refs = append(refs, c.Reference)
		}
		return refs
	}
	if got := list(store.Listing{Department: "housing"}); len(got) != 0 {
		t.Errorf("cases that can be undone are listed: %v", got)
	}
	must(st.Sweep(ctx, start.Add(hold), 10))(t)
	wantEqual(t, list(store.Listing{Department: "housing"}), []string{ref(0), ref(1)})
	wantEqual(t, list(store.Listing{Department: "housing", After: ref(1)}), []string{ref(2)})
	wantEqual(t, list(store.Listing{Department: "taxes"}), []string(nil))
	must(st.Act(ctx, newAct("e", ref(2), store.EventState, store.Working, start.Add(hold))))(t)
	wantEqual(t, list(store.Listing{Department: "housing", State: store.Working}), []string{ref(2)})
}

func testNotice(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	_, err := st.Notice(ctx, ref(1))
	wantErr(t, err, store.ErrNotFound)
	job := store.Job{ID: "now", Department: "housing", Kind: "notice", AtOnce: true, NotBefore: start}
	for _, sealed := range []string{"one", "two"} {
		if err := st.SaveNotice(ctx, ref(1), []byte(sealed), []store.Job{job}); err != nil {
			t.Fatal(err)
		}
		job.ID += "+"
	}
	if got := must(st.Notice(ctx, ref(1)))(t); string(got) != "two" {
		t.Errorf("notice %q", got)
	}
	end := start.Add(hold)
	must(st.Act(ctx, newAct("e", ref(1), store.EventState, store.Closed, end)))(t)
	wantErr(t, st.SaveNotice(ctx, ref(1), []byte("late"), nil), store.ErrState)
	if n := must(st.EraseNotices(ctx, end.Add(-time.Second)))(t); n != 0 {
		t.Error("erased too early")
	}
	if n := must(st.EraseNotices(ctx, end))(t); n != 1 {
		t.Errorf("erased %d", n)
	}
	_, err = st.Notice(ctx, ref(1))
	wantErr(t, err, store.ErrNotFound)
}

func testReplay(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	jobs := must(st.ClaimJobs(ctx, start, time.Minute, 1))(t)
	if err := st.RetryJob(ctx, jobs[0].ID, "refused", time.Time{}); err != nil {
		t.Fatal(err)
	}
	dead := must(st.DeadJobs(ctx, 10))(t)
	if len(dead) != 1 || dead[0].ID != jobs[0].ID || dead[0].Error != "refused" {
		t.Fatalf("dead: %v", dead)
	}
	if err := st.ReplayJob(ctx, dead[0].ID, start.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	wantErr(t, st.ReplayJob(ctx, dead[0].ID, start), store.ErrNotFound)
	again := must(st.ClaimJobs(ctx, start.Add(time.Minute), time.Minute, 1))(t)
	if len(again) != 1 || again[0].ID != dead[0].ID || again[0].Attempts != 1 {
		t.Errorf("replayed: %v", again)
	}
}

func testProof(t *testing.T, st store.Store) {
	ctx := t.Context()
	_, err := st.ProofOf(ctx, "age1x")
	wantErr(t, err, store.ErrNotFound)
	p := store.Proof{Recipient: "age1x", Challenge: []byte("c"), Asked: start, Proved: start.Add(time.Minute)}
	if err := st.SaveProof(ctx, p); err != nil {
		t.Fatal(err)
	}
	next := store.Proof{Recipient: "age1x", Challenge: []byte("d"), Asked: start.Add(time.Hour)}
	if err := st.SaveProof(ctx, next); err != nil {
		t.Fatal(err)
	}
	next.Proved = p.Proved // a new question does not undo what was shown
	wantEqual(t, must(st.ProofOf(ctx, "age1x"))(t), &next)
}
