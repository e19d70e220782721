// Package storetest is the contract of [store.Store] as a test that every
// implementation runs.
package storetest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"handrail/internal/store"
)

// start is when the stories of the suite begin.
var start = time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)

const hold = 10 * time.Minute

// Run tests the stores that open returns; each call gives an empty one, which
// the caller closes.
func Run(t *testing.T, open func(*testing.T) store.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Store)
	}{
		{"Drafts", testDrafts},
		{"DraftConflict", testDraftConflict},
		{"Return", testReturn},
		{"Send", testSend},
		{"SendRefused", testSendRefused},
		{"SendTogether", testSendTogether},
		{"SendIsWhole", testSendIsWhole},
		{"Undo", testUndo},
		{"UndoTooLate", testUndoTooLate},
		{"UndoAndClaim", testUndoAndClaim},
		{"UndoAndSendAgain", testUndoAndSendAgain},
		{"Jobs", testJobs},
		{"JobLease", testJobLease},
		{"Review", testReview},
		{"Sweep", testSweep},
		{"Delete", testDelete},
		{"Definitions", testDefinitions},
		{"Stats", testStats},
		{"Act", testAct},
		{"Listing", testListing},
		{"Notice", testNotice},
		{"Replay", testReplay},
		{"Proof", testProof},
		{"Retire", testRetire},
		{"Reseal", testReseal},
		{"SendWithNotice", testSendWithNotice},
		{"Slots", testSlots},
		{"SlotsTogether", testSlotsTogether},
		{"Links", testLinks},
		{"CancelledCallers", testCancelledCallers},
		{"PoisonedRow", testPoisonedRow},
		{"Closed", testClosed},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := open(t)
			t.Cleanup(func() {
				if err := st.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			c.test(t, st)
		})
	}
}

// hash stands for the SHA-256 of a token.
func hash(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

// NewDraft returns a draft with every field filled.
func NewDraft(id string) *store.Draft {
	return &store.Draft{
		ID: id, Form: "heating", Version: "0a1b", Lang: "zh-Hans", Edition: "care", Step: "who",
		Token: hash("token " + id), CaseSalt: []byte("salt"), CaseCheck: []byte("check"),
		CaseRecipient: "age1x", Sealed: []byte("sealed answers of " + id),
		Created: start, Changed: start, Expires: start.Add(24 * time.Hour),
	}
}

// NewSending sends a draft of NewDraft at its current state.
func NewSending(d *store.Draft, reference string, at time.Time) *store.Sending {
	return &store.Sending{
		Draft: d.ID, Rev: d.Rev, Expires: at.Add(24 * time.Hour),
		Case: store.Case{
			Reference: reference, Token: d.Token, Draft: d.ID, Form: d.Form, Version: d.Version, Department: "housing",
			Lang: d.Lang, Edition: d.Edition, State: store.Held, Received: at, HeldUntil: at.Add(hold), Changed: at,
			Salt: d.CaseSalt, Check: d.CaseCheck, Recipient: d.CaseRecipient, Sealed: []byte("sealed for the department"),
		},
		Jobs: []store.Job{
			{ID: "notice-" + reference, Reference: reference, Department: "housing", Kind: "notice", AtOnce: true, NotBefore: at, Payload: []byte(`{}`)},
			{ID: "deliver-" + reference, Reference: reference, Department: "housing", Kind: "deliver", NotBefore: at.Add(hold), Payload: []byte(`{}`)},
		},
	}
}

func create(t *testing.T, st store.Store, id string) *store.Draft {
	t.Helper()
	d := NewDraft(id)
	if err := st.CreateDraft(t.Context(), d); err != nil {
		t.Fatalf("create a draft: %v", err)
	}
	return d
}

// sent makes a case with the reference.
func sent(t *testing.T, st store.Store, id, reference string) *store.Case {
	t.Helper()
	c, err := st.Send(t.Context(), NewSending(create(t, st, id), reference, start))
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	return c
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("err = %v; want %v", got, want)
	}
}

func wantEqual(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ref(i int) string { return fmt.Sprintf("%08d", 10000000+i) }

func testDrafts(t *testing.T, st store.Store) {
	ctx := t.Context()
	_, err := st.Draft(ctx, "none")
	wantErr(t, err, store.ErrNotFound)

	d := create(t, st, "d1")
	wantEqual(t, must(st.Draft(ctx, "d1"))(t), d)
	if d.Rev != 1 || d.State != store.DraftOpen {
		t.Errorf("a new draft is at %d, %s; want 1, open", d.Rev, d.State)
	}
	d.Version, d.Lang, d.Edition, d.Step = "ff", "en", "standard", "check"
	d.Sealed, d.Changed, d.Expires = []byte{0, 1, 255}, start.Add(time.Minute), start.Add(48*time.Hour)
	if err := st.SaveDraft(ctx, d); err != nil {
		t.Fatal(err)
	}
	if d.Rev != 2 {
		t.Errorf("rev = %d; want 2", d.Rev)
	}
	wantEqual(t, must(st.Draft(ctx, "d1"))(t), d)

	if err := st.DeleteDraft(ctx, "d1"); err != nil {
		t.Fatal(err)
	}
	_, err = st.Draft(ctx, "d1")
	wantErr(t, err, store.ErrNotFound)
	wantErr(t, st.SaveDraft(ctx, d), store.ErrNotFound)
	if err := st.DeleteDraft(ctx, "d1"); err != nil {
		t.Errorf("deleting twice: %v", err)
	}
	if err := st.CreateDraft(ctx, create(t, st, "d2")); err == nil {
		t.Error("a second draft with the id of another was created")
	}
}

func testDraftConflict(t *testing.T, st store.Store) {
	ctx := t.Context()
	create(t, st, "d1")
	one, other := must(st.Draft(ctx, "d1"))(t), must(st.Draft(ctx, "d1"))(t)
	one.Step, other.Step = "one", "other"
	if err := st.SaveDraft(ctx, one); err != nil {
		t.Fatal(err)
	}
	wantErr(t, st.SaveDraft(ctx, other), store.ErrConflict)
	if got := must(st.Draft(ctx, "d1"))(t).Step; got != "one" {
		t.Errorf("step = %q; the first save was lost", got)
	}
	if other.Rev != 1 {
		t.Errorf("a save that failed changed rev to %d", other.Rev)
	}
}

func testDefinitions(t *testing.T, st store.Store) {
	ctx := t.Context()
	_, err := st.Definition(ctx, "aa")
	wantErr(t, err, store.ErrNotFound)
	d := store.Definition{Version: "aa", Form: "heating", Body: []byte("{}"), Loaded: start}
	later := d
	later.Loaded = start.Add(time.Hour)
	for _, x := range []store.Definition{d, later} {
		if err := st.SaveDefinition(ctx, x); err != nil {
			t.Fatal(err)
		}
	}
	wantEqual(t, must(st.Definition(ctx, "aa"))(t), &d)
}

func testStats(t *testing.T, st store.Store) {
	ctx := t.Context()
	create(t, st, "open")
	sent(t, st, "d1", ref(1))
	if err := st.Check(ctx); err != nil {
		t.Fatal(err)
	}
	got := must(st.Stats(ctx))(t)
	if got.Drafts != 1 || got.Cases != 1 || got.Held != 1 || got.Waiting != 2 || !got.OldestWaiting.Equal(start) || got.SchemaVersion == 0 {
		t.Errorf("stats = %+v", got)
	}
}

func testClosed(t *testing.T, st store.Store) {
	d := create(t, st, "d1")
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	wantErr(t, st.SaveDraft(t.Context(), d), store.ErrClosed)
	_, err := st.Draft(t.Context(), "d1")
	wantErr(t, err, store.ErrClosed)
}
