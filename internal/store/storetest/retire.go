package storetest

import (
	"crypto/sha256"
	"testing"
	"time"

	"handrail/internal/store"
)

// testRetire: a case may go some time after its department had it, if nothing
// has happened since and nothing is on its way.
func testRetire(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	sent(t, st, "d2", ref(2))
	at := start.Add(hold)
	retired := func(before time.Time) []string { t.Helper(); return must(st.Retired(ctx, "0a1b", before, 10))(t) }
	for _, j := range must(st.ClaimJobs(ctx, at, time.Minute, 10))(t) {
		if j.Reference == ref(1) {
			if err := st.FinishJob(ctx, j.ID, at.Add(time.Minute), j.Kind == "deliver"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if c := must(st.Case(ctx, ref(1)))(t); !c.Delivered.Equal(at.Add(time.Minute)) {
		t.Errorf("delivered at %v", c.Delivered)
	}
	wantEqual(t, must(st.Versions(ctx))(t), []string{"0a1b"})
	wantEqual(t, retired(at.Add(59*time.Second)), []string(nil))
	wantEqual(t, retired(at.Add(time.Minute)), []string{ref(1)}) // the other is not delivered
	wantEqual(t, must(st.Retired(ctx, "other", at.Add(time.Hour), 10))(t), []string(nil))

	reply := newAct("r", ref(1), store.EventReply, "", at.Add(time.Hour))
	reply.Department, reply.Event.By = "", ""
	reply.Jobs = []store.Job{{ID: "u", Department: "housing", Kind: "update", NotBefore: at}}
	must(st.Act(ctx, reply))(t)
	wantEqual(t, retired(at.Add(59*time.Minute)), []string(nil))
	wantEqual(t, retired(at.Add(time.Hour)), []string(nil)) // the department has not got it
	must(st.ClaimJobs(ctx, at.Add(time.Hour), time.Minute, 10))(t)
	if err := st.FinishJob(ctx, "u", at.Add(2*time.Hour), true); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, retired(at.Add(time.Hour)), []string{ref(1)})
	if c := must(st.Case(ctx, ref(1)))(t); !c.Delivered.Equal(at.Add(time.Minute)) {
		t.Errorf("delivered again at %v", c.Delivered)
	}

	// Who acts has the case.
	must(st.Act(ctx, newAct("ack", ref(2), store.EventAck, "", at.Add(3*time.Hour))))(t)
	if c := must(st.Case(ctx, ref(2)))(t); !c.Delivered.Equal(at.Add(3 * time.Hour)) {
		t.Errorf("acknowledged, but delivered at %v", c.Delivered)
	}

	// Spam that a clerk has ended goes too, though it was never passed on.
	spam := NewSending(create(t, st, "spam"), ref(4), start)
	spam.Case.Review = "trap"
	must(st.Send(ctx, spam))(t)
	must(st.Act(ctx, newAct("end", ref(4), store.EventState, store.Closed, at)))(t)
	if got := retired(at); len(got) != 1 || got[0] != ref(4) {
		t.Errorf("retired %v; want the spam", got)
	}

	sent(t, st, "d3", ref(3))
	must(st.Undo(ctx, &store.Undoing{Token: hash("token d3"), At: start.Add(time.Minute), Expires: at, NewToken: hash("n")}))(t)
	wantEqual(t, must(st.Withdrawn(ctx, start, 10))(t), []string(nil))
	wantEqual(t, must(st.Withdrawn(ctx, start.Add(time.Minute), 10))(t), []string{ref(3)})
}

// testReseal puts a case under other keys, whole or not at all.
func testReseal(t *testing.T, st store.Store) {
	ctx := t.Context()
	c := sent(t, st, "d1", ref(1))
	was := sha256.Sum256(c.Sealed)
	r := &store.Resealing{Reference: ref(1), Department: "housing", Was: was[:], Sealed: []byte("anew"), Events: map[string][]byte{}}
	_, err := st.Reseal(ctx, r)
	wantErr(t, err, store.ErrNotFound) // the department does not have it yet
	at := start.Add(hold)
	message := newAct("m", ref(1), store.EventMessage, "", at)
	message.Event.Sealed = []byte("words")
	must(st.Act(ctx, message))(t)
	_, err = st.Reseal(ctx, r)
	wantErr(t, err, store.ErrConflict) // one message is missing
	r.Events = map[string][]byte{"x": []byte("words anew")}
	_, err = st.Reseal(ctx, r)
	wantErr(t, err, store.ErrConflict)
	r.Events = map[string][]byte{"m": []byte("words anew")}
	r.Department = "taxes"
	_, err = st.Reseal(ctx, r)
	wantErr(t, err, store.ErrNotFound)
	if c := must(st.Case(ctx, ref(1)))(t); string(c.Sealed) == "anew" {
		t.Error("half of it was done")
	}
	r.Department, r.Secret = "housing", &store.Secret{Salt: []byte("s2"), Check: []byte("c2"), Recipient: "age1y"}
	r.Event = &store.Event{ID: "told", Kind: store.EventSecret, At: at, By: "wang"}
	must(st.Reseal(ctx, r))(t)
	got := must(st.Case(ctx, ref(1)))(t)
	if string(got.Sealed) != "anew" || string(got.Salt) != "s2" || string(got.Check) != "c2" || got.Recipient != "age1y" {
		t.Errorf("sealed anew: %q %q %q %s", got.Sealed, got.Salt, got.Check, got.Recipient)
	}
	events := must(st.Events(ctx, ref(1)))(t)
	if len(events) != 2 || string(events[0].Sealed) != "words anew" || events[1].Kind != store.EventSecret {
		t.Errorf("events %v", events)
	}
	_, err = st.Reseal(ctx, r)
	wantErr(t, err, store.ErrConflict) // it is not as it was read
}

// testSendWithNotice stores with the case how its person wants to be told.
func testSendWithNotice(t *testing.T, st store.Store) {
	ctx := t.Context()
	s := NewSending(create(t, st, "d1"), ref(1), start)
	s.Notice = []byte("sealed address")
	s.Events = []store.Event{{ID: "call", Kind: store.EventCallback, At: start, Sealed: []byte("number")}}
	must(st.Send(ctx, s))(t)
	must(st.Send(ctx, s))(t) // a second click
	if got := must(st.Notice(ctx, ref(1)))(t); string(got) != "sealed address" {
		t.Errorf("notice %q", got)
	}
	if events := must(st.Events(ctx, ref(1)))(t); len(events) != 1 || events[0].Reference != ref(1) {
		t.Errorf("events %v", events)
	}
	must(st.Undo(ctx, &store.Undoing{Token: s.Case.Token, At: start.Add(time.Minute), Expires: start.Add(time.Hour), NewToken: hash("n")}))(t)
	_, err := st.Notice(ctx, ref(1))
	wantErr(t, err, store.ErrNotFound)
	if events := must(st.Events(ctx, ref(1)))(t); len(events) != 0 {
		t.Errorf("%d events of a case that was taken back", len(events))
	}
}
