package storetest

import (
	"testing"
	"time"

	"handrail/internal/store"
)

func kinds(jobs []store.Job) []string {
	out := make([]string, len(jobs))
	for i, j := range jobs {
		out[i] = j.Kind
	}
	return out
}

func testJobs(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	if jobs := must(st.ClaimJobs(ctx, start.Add(-time.Second), time.Minute, 10))(t); len(jobs) != 0 {
		t.Errorf("claimed %v before their time", kinds(jobs))
	}
	jobs := must(st.ClaimJobs(ctx, start, time.Minute, 10))(t)
	wantEqual(t, kinds(jobs), []string{"notice"})
	if j := jobs[0]; j.State != store.JobClaimed || j.Attempts != 1 || !j.Lease.Equal(start.Add(time.Minute)) {
		t.Errorf("claimed: %+v", j)
	}
	if err := st.RetryJob(ctx, jobs[0].ID, "gateway said 503", start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	wantErr(t, st.FinishJob(ctx, jobs[0].ID, start, false), store.ErrNotFound) // no longer claimed
	if jobs := must(st.ClaimJobs(ctx, start.Add(59*time.Minute), time.Minute, 10))(t); len(jobs) != 1 || jobs[0].Kind != "deliver" {
		t.Errorf("claimed %v; want deliver", kinds(jobs))
	}
	jobs = must(st.ClaimJobs(ctx, start.Add(time.Hour), time.Minute, 1))(t)
	if len(jobs) != 1 {
		t.Fatalf("claimed %d; want the limit, 1", len(jobs))
	}
	if err := st.FinishJob(ctx, "notice-"+ref(1), start, false); err != nil {
		jobs = must(st.ClaimJobs(ctx, start.Add(time.Hour), time.Minute, 10))(t)
		if err := st.FinishJob(ctx, "notice-"+ref(1), start, false); err != nil {
			t.Fatalf("finish the notice after %v: %v", kinds(jobs), err)
		}
	}
	for _, j := range must(st.Jobs(ctx, ref(1)))(t) {
		if j.Kind == "notice" && (j.State != store.JobDone || j.Attempts != 2 || !j.Finished.Equal(start)) {
			t.Errorf("notice: %+v", j)
		}
	}
}

// testJobLease has a worker die: somebody else takes the job when its lease
// has ended, under the same id.
func testJobLease(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	first := must(st.ClaimJobs(ctx, start, time.Minute, 10))(t)
	if n := len(must(st.ClaimJobs(ctx, start.Add(59*time.Second), time.Minute, 10))(t)); n != 0 {
		t.Error("a claimed job was handed out again")
	}
	again := must(st.ClaimJobs(ctx, start.Add(time.Minute), time.Minute, 10))(t)
	if len(again) != 1 || again[0].ID != first[0].ID || again[0].Attempts != 2 {
		t.Errorf("after the lease: %+v", again)
	}
	if err := st.RetryJob(ctx, again[0].ID, "given up", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if s := must(st.Stats(ctx))(t); s.Dead != 1 {
		t.Errorf("%d dead jobs; want 1", s.Dead)
	}
}

// testReview has a case that somebody should look at first: it is stored like
// any other, but nothing is sent because of it.
func testReview(t *testing.T, st store.Store) {
	ctx := t.Context()
	s := NewSending(create(t, st, "d1"), ref(1), start)
	s.Case.Review = "honeypot"
	must(st.Send(ctx, s))(t)
	if jobs := must(st.ClaimJobs(ctx, start.Add(48*time.Hour), time.Minute, 10))(t); len(jobs) != 0 {
		t.Errorf("claimed %v", kinds(jobs))
	}
	if c := must(st.Case(ctx, ref(1)))(t); c.State != store.Received || c.Review != "honeypot" {
		t.Errorf("the case is %s, review %q", c.State, c.Review)
	}
}

func testSweep(t *testing.T, st store.Store) {
	ctx := t.Context()
	sent(t, st, "d1", ref(1))
	sent(t, st, "d2", ref(2))
	old := NewDraft("old")
	old.Expires = start.Add(time.Hour)
	if err := st.CreateDraft(ctx, old); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, must(st.Sweep(ctx, start.Add(hold-1), 10))(t), store.Swept{})
	wantEqual(t, must(st.Sweep(ctx, start.Add(hold), 1))(t), store.Swept{Released: 1})
	wantEqual(t, must(st.Sweep(ctx, start.Add(time.Hour), 10))(t), store.Swept{Released: 1, Expired: 1})
	c := must(st.Case(ctx, ref(1)))(t)
	if c.State != store.Received || !c.Changed.Equal(start.Add(hold)) || len(c.Sealed) == 0 {
		t.Errorf("the case is %s since %v", c.State, c.Changed)
	}
	if d := must(st.Draft(ctx, "d1"))(t); len(d.Sealed) > 0 || d.State != store.DraftSent {
		t.Error("the answers stand in the draft too")
	}
	wantEqual(t, must(st.Sweep(ctx, start.Add(24*time.Hour), 10))(t), store.Swept{Expired: 2})
	if c := must(st.Case(ctx, ref(1)))(t); len(c.Sealed) == 0 {
		t.Error("expiry of the draft touched the case")
	}
}

func testDelete(t *testing.T, st store.Store) {
	ctx := t.Context()
	stone := store.Tombstone{Reference: ref(1), Deleted: start.Add(time.Hour), Why: "asked by the person"}
	wantErr(t, st.DeleteCase(ctx, stone), store.ErrNotFound)
	d := create(t, st, "d1")
	must(st.Send(ctx, NewSending(d, ref(1), start)))(t)
	sent(t, st, "d2", ref(2))
	if err := st.DeleteCase(ctx, stone); err != nil {
		t.Fatal(err)
	}
	_, err := st.Case(ctx, ref(1))
	wantErr(t, err, store.ErrNotFound)
	_, err = st.Draft(ctx, "d1")
	wantErr(t, err, store.ErrNotFound)
	if n := len(must(st.Jobs(ctx, ref(1)))(t)); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
	wantEqual(t, must(st.Tombstones(ctx))(t), []store.Tombstone{stone})
	if n := len(must(st.Jobs(ctx, ref(2)))(t)); n != 2 {
		t.Errorf("the other case has %d jobs; want 2", n)
	}
	// The number is not given to anybody else.
	_, err = st.Send(ctx, NewSending(create(t, st, "d3"), ref(1), start))
	wantErr(t, err, store.ErrReferenceTaken)
}
