package storetest

import (
	"testing"
	"time"

	"handrail/internal/store"
)

// testReturn finds a draft by its code, until it is opened under another key,
// and knows whose files are still wanted.
func testReturn(t *testing.T, st store.Store) {
	ctx := t.Context()
	d, other := create(t, st, "draft"), create(t, st, "other")
	_, err := st.DraftByResume(ctx, "")
	wantErr(t, err, store.ErrNotFound)
	d.Resume, d.Wrapped = "place", "wrapped key"
	if err := st.SaveDraft(ctx, d); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, must(st.DraftByResume(ctx, "place"))(t), must(st.Draft(ctx, "draft"))(t))
	_, err = st.DraftByResume(ctx, "elsewhere")
	wantErr(t, err, store.ErrNotFound)

	g := NewSending(d, "12345678", start)
	g.Case.Due = `{"date":"2026-12-22"}`
	if _, err := st.Send(ctx, g); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, must(st.Case(ctx, "12345678"))(t).Due, g.Case.Due)
	_, err = st.Undo(ctx, &store.Undoing{Token: d.Token, At: start.Add(time.Minute), Expires: start.Add(time.Hour),
		NewToken: hash("new"), Sealed: []byte("sealed anew"), Rekeyed: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = st.DraftByResume(ctx, "place")
	wantErr(t, err, store.ErrNotFound)

	// A withdrawn case wants no files; its draft does, and a case that stands.
	if _, err := st.Send(ctx, NewSending(other, "87654321", start)); err != nil {
		t.Fatal(err)
	}
	if err := st.DeleteDraft(ctx, "other"); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]bool{"draft": true, "other": true, "never": false} {
		wantEqual(t, must(st.HasDraft(ctx, id))(t), want)
	}
	if err := st.DeleteDraft(ctx, "draft"); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, must(st.HasDraft(ctx, "draft"))(t), false)
}
