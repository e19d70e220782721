package storetest

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"handrail/internal/store"
)

func testSend(t *testing.T, st store.Store) {
	ctx := t.Context()
	_, err := st.Case(ctx, ref(1))
	wantErr(t, err, store.ErrNotFound)
	_, err = st.CaseByToken(ctx, hash("token d1"))
	wantErr(t, err, store.ErrNotFound)

	d := create(t, st, "d1")
	s := NewSending(d, ref(1), start)
	wantEqual(t, must(st.Send(ctx, s))(t), &s.Case)
	wantEqual(t, must(st.Case(ctx, ref(1)))(t), &s.Case)
	wantEqual(t, must(st.CaseByToken(ctx, d.Token))(t), &s.Case)

	now := must(st.Draft(ctx, "d1"))(t)
	if now.State != store.DraftSent || now.Reference != ref(1) || !now.Expires.Equal(s.Expires) {
		t.Errorf("the draft is %s, %s, until %v", now.State, now.Reference, now.Expires)
	}
	jobs := must(st.Jobs(ctx, ref(1)))(t)
	want := s.Jobs
	for i := range want {
		want[i].State = store.JobWaiting
	}
	wantEqual(t, jobs, want)

	// A repeat returns the first case, whatever else it says.
	again := NewSending(d, ref(2), start.Add(time.Hour))
	again.Case.Sealed = []byte("other answers")
	wantEqual(t, must(st.Send(ctx, again))(t), &s.Case)
	_, err = st.Case(ctx, ref(2))
	wantErr(t, err, store.ErrNotFound)
	if n := len(must(st.Jobs(ctx, ref(2)))(t)); n != 0 {
		t.Errorf("a repeat made %d jobs", n)
	}
	// So does one that comes after the draft is gone.
	if err := st.DeleteDraft(ctx, "d1"); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, must(st.Send(ctx, again))(t), &s.Case)
}

func testSendRefused(t *testing.T, st store.Store) {
	ctx := t.Context()
	_, err := st.Send(ctx, NewSending(NewDraft("none"), ref(1), start))
	wantErr(t, err, store.ErrNotFound)

	d := create(t, st, "d1")
	changed := *d
	if err := st.SaveDraft(ctx, &changed); err != nil {
		t.Fatal(err)
	}
	_, err = st.Send(ctx, NewSending(d, ref(1), start))
	wantErr(t, err, store.ErrConflict)

	foreign := NewSending(&changed, ref(1), start)
	foreign.Case.Token = hash("somebody else's")
	_, err = st.Send(ctx, foreign)
	wantErr(t, err, store.ErrConflict)

	sent(t, st, "d2", ref(2))
	_, err = st.Send(ctx, NewSending(&changed, ref(2), start))
	wantErr(t, err, store.ErrReferenceTaken)
	if got := must(st.Draft(ctx, "d1"))(t); got.State != store.DraftOpen || got.Rev != changed.Rev {
		t.Errorf("a send that failed left the draft %s at %d", got.State, got.Rev)
	}
	// A token that was replaced sends nothing.
	sentDraft := must(st.Draft(ctx, "d2"))(t)
	wantErr(t, st.SaveDraft(ctx, sentDraft), store.ErrSent)
	sentDraft.Token = hash("another")
	_, err = st.Send(ctx, NewSending(sentDraft, ref(3), start))
	wantErr(t, err, store.ErrSent)
}

// testSendTogether sends one draft a hundred times at once: a double click, a
// retry and an impatient person all get the same receipt.
func testSendTogether(t *testing.T, st store.Store) {
	ctx := t.Context()
	d := create(t, st, "d1")
	got := make([]string, 100)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			c, err := st.Send(ctx, NewSending(d, ref(i), start))
			if err != nil {
				t.Errorf("send %d: %v", i, err)
				return
			}
			got[i] = c.Reference
		})
	}
	wg.Wait()
	for _, r := range got {
		if r != got[0] {
			t.Fatalf("references %s and %s for one draft", got[0], r)
		}
	}
	if s := must(st.Stats(ctx))(t); s.Cases != 1 || s.Waiting != 2 {
		t.Errorf("%d cases and %d jobs; want 1 and 2", s.Cases, s.Waiting)
	}
}

// testSendIsWhole has a job that cannot be stored: then nothing is.
func testSendIsWhole(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	d := create(t, st, "d2")
	s := NewSending(d, ref(2), start)
	s.Jobs[1].ID = "deliver-" + ref(1) // taken
	if _, err := st.Send(ctx, s); err == nil {
		t.Fatal("two jobs share an id")
	}
	_, err := st.Case(ctx, ref(2))
	wantErr(t, err, store.ErrNotFound)
	if n := len(must(st.Jobs(ctx, ref(2)))(t)); n != 0 {
		t.Errorf("%d jobs of a case that was not stored", n)
	}
	wantEqual(t, must(st.Draft(ctx, "d2"))(t), d)
}

// NewUndoing undoes the case that the token of d made.
func NewUndoing(d *store.Draft, at time.Time) *store.Undoing {
	return &store.Undoing{Token: d.Token, At: at, Expires: at.Add(24 * time.Hour), NewToken: hash("second token " + d.ID),
		CaseSalt: []byte("salt 2"), CaseCheck: []byte("check 2"), CaseRecipient: "age1y"}
}

func testUndo(t *testing.T, st store.Store) {
	ctx := t.Context()
	_, err := st.Undo(ctx, NewUndoing(NewDraft("none"), start))
	wantErr(t, err, store.ErrNotFound)

	d := create(t, st, "d1")
	must(st.Send(ctx, NewSending(d, ref(1), start)))(t)
	at := start.Add(hold - time.Millisecond)
	c := must(st.Undo(ctx, NewUndoing(d, at)))(t)
	if c.State != store.Withdrawn || !c.Changed.Equal(at) || len(c.Sealed) > 0 {
		t.Errorf("after undo the case is %s since %v with %d bytes", c.State, c.Changed, len(c.Sealed))
	}
	for _, j := range must(st.Jobs(ctx, ref(1)))(t) {
		if j.State != store.JobCancelled {
			t.Errorf("job %s is %s", j.ID, j.State)
		}
	}
	got := must(st.Draft(ctx, "d1"))(t)
	if got.State != store.DraftOpen || got.Reference != "" || !bytes.Equal(got.Token, hash("second token d1")) ||
		got.CaseRecipient != "age1y" || string(got.CaseSalt) != "salt 2" || string(got.CaseCheck) != "check 2" ||
		!bytes.Equal(got.Sealed, d.Sealed) {
		t.Errorf("the draft was not opened again: %+v", got)
	}
	// Undoing twice is no error, and changes nothing.
	later := NewUndoing(d, at.Add(time.Second))
	later.NewToken = hash("third")
	if c := must(st.Undo(ctx, later))(t); !c.Changed.Equal(at) {
		t.Errorf("a second undo moved the time to %v", c.Changed)
	}
	if now := must(st.Draft(ctx, "d1"))(t); !bytes.Equal(now.Token, got.Token) {
		t.Error("a second undo replaced the token again")
	}
	// The old token says what became of it.
	if c := must(st.Send(ctx, NewSending(d, ref(9), at)))(t); c.State != store.Withdrawn || c.Reference != ref(1) {
		t.Errorf("the old token answers %s, %s", c.Reference, c.State)
	}
}

func testUndoTooLate(t *testing.T, st store.Store) {
	ctx := t.Context()
	d := create(t, st, "d1")
	must(st.Send(ctx, NewSending(d, ref(1), start)))(t)
	_, err := st.Undo(ctx, NewUndoing(d, start.Add(hold)))
	wantErr(t, err, store.ErrTooLate)
	if c := must(st.Case(ctx, ref(1)))(t); c.State != store.Held || len(c.Sealed) == 0 {
		t.Errorf("an undo that came too late left the case %s", c.State)
	}
	if got := must(st.Draft(ctx, "d1"))(t); got.State != store.DraftSent {
		t.Errorf("the draft is %s", got.State)
	}
}

// testUndoAndClaim has the department's job claimed first: by an instance
// whose clock is ahead, so that the time alone would allow the undo.
func testUndoAndClaim(t *testing.T, st store.Store) {
	ctx := t.Context()
	d := create(t, st, "d1")
	must(st.Send(ctx, NewSending(d, ref(1), start)))(t)
	jobs := must(st.ClaimJobs(ctx, start.Add(hold), time.Minute, 10))(t)
	if len(jobs) != 2 {
		t.Fatalf("%d jobs claimed; want 2", len(jobs))
	}
	_, err := st.Undo(ctx, NewUndoing(d, start.Add(hold-time.Second)))
	wantErr(t, err, store.ErrTooLate)
	if c := must(st.Case(ctx, ref(1)))(t); c.State != store.Received {
		t.Errorf("the case is %s", c.State)
	}

	// The other way round there is nothing left to claim.
	d2 := create(t, st, "d2")
	must(st.Send(ctx, NewSending(d2, ref(2), start)))(t)
	must(st.Undo(ctx, NewUndoing(d2, start.Add(hold-time.Second))))(t)
	if jobs := must(st.ClaimJobs(ctx, start.Add(24*time.Hour), time.Minute, 10))(t); len(jobs) != 2 {
		t.Errorf("%d jobs claimed; want the two of the other case, whose lease ended", len(jobs))
	} else if jobs[0].Reference != ref(1) || jobs[1].Reference != ref(1) {
		t.Error("a job of a withdrawn case was claimed")
	}
}

func testUndoAndSendAgain(t *testing.T, st store.Store) {
	ctx := t.Context()
	d := create(t, st, "d1")
	must(st.Send(ctx, NewSending(d, ref(1), start)))(t)
	must(st.Undo(ctx, NewUndoing(d, start.Add(time.Minute))))(t)
	reopened := must(st.Draft(ctx, "d1"))(t)
	at := start.Add(2 * time.Minute)
	c := must(st.Send(ctx, NewSending(reopened, ref(2), at)))(t)
	if c.Reference != ref(2) || !c.Received.Equal(at) || c.State != store.Held {
		t.Errorf("the second sending is %s, %s, received %v", c.Reference, c.State, c.Received)
	}
	if first := must(st.CaseByToken(ctx, d.Token))(t); first.State != store.Withdrawn {
		t.Errorf("the first is %s", first.State)
	}
}
