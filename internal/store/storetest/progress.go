package storetest

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"handrail/internal/store"
)

func card(name string) store.Card {
	return store.Card{ID: hash("id " + name), Auth: hash("auth " + name)}
}

// is matches a slot that holds just this; "" one that is not there.
func is(sealed string) func([]byte) bool {
	return func(have []byte) bool { return string(have) == sealed && (have == nil) == (sealed == "") }
}

func slotWrite(c store.Card, slot, sealed, over string) *store.SlotWrite {
	return &store.SlotWrite{Card: c, Slot: []byte(slot), Sealed: []byte(sealed), Match: is(over), New: true, Slots: 3, All: 5, Cards: 3, At: start}
}

// testSlots writes, reads and deletes the slots of cards.
func testSlots(t *testing.T, st store.Store) {
	ctx := t.Context()
	a, b := card("a"), card("b")
	w := slotWrite(a, "one", "1", "")
	w.New = false
	_, err := st.PutSlot(ctx, w)
	wantErr(t, err, store.ErrNotFound)
	w.New = true
	got := must(st.PutSlot(ctx, w))(t)
	first := got.Seq
	wantEqual(t, *got, store.Slot{Slot: []byte("one"), Sealed: []byte("1"), Seq: first, Written: start})

	// A condition that does not hold changes nothing and says what is there.
	got, err = st.PutSlot(ctx, slotWrite(a, "one", "2", ""))
	wantErr(t, err, store.ErrConflict)
	wantEqual(t, string(got.Sealed), "1")
	got, err = st.PutSlot(ctx, slotWrite(a, "two", "2", "1"))
	wantErr(t, err, store.ErrConflict)
	if got != nil {
		t.Errorf("a slot that is not there: %v", got)
	}
	wantEqual(t, must(st.PutSlot(ctx, slotWrite(a, "one", "2", "1")))(t).Seq, first+1)
	wantEqual(t, must(st.PutSlot(ctx, slotWrite(a, "two", "x", "")))(t).Seq, first+2)
	must(st.PutSlot(ctx, slotWrite(b, "one", "of b", "")))(t)

	wantEqual(t, slots(t, st, a, 0), []string{"2", "x"})
	wantEqual(t, slots(t, st, a, first+1), []string{"x"})
	wantEqual(t, slots(t, st, b, 0), []string{"of b"})

	// Another auth sees, changes and deletes nothing.
	thief := store.Card{ID: a.ID, Auth: b.Auth}
	wantEqual(t, slots(t, st, thief, 0), []string(nil))
	_, err = st.PutSlot(ctx, slotWrite(thief, "one", "stolen", "2"))
	wantErr(t, err, store.ErrNotFound)
	wantErr(t, st.DeleteSlot(ctx, thief, []byte("one")), nil)
	wantErr(t, st.DeleteCard(ctx, thief), nil)
	wantEqual(t, slots(t, st, a, 0), []string{"2", "x"})

	must(st.PutSlot(ctx, slotWrite(a, "three", "y", "")))(t)
	_, err = st.PutSlot(ctx, slotWrite(a, "four", "z", ""))
	wantErr(t, err, store.ErrFew)
	wantErr(t, st.DeleteSlot(ctx, a, []byte("two")), nil)
	wantErr(t, st.DeleteSlot(ctx, a, []byte("two")), nil)
	wantEqual(t, slots(t, st, a, 0), []string{"2", "y"})

	// A full table takes no new card, and the old ones as before.
	must(st.PutSlot(ctx, slotWrite(card("c"), "one", "of c", "")))(t)
	_, err = st.PutSlot(ctx, slotWrite(card("d"), "one", "of d", ""))
	wantErr(t, err, store.ErrMany)
	must(st.PutSlot(ctx, slotWrite(a, "four", "z", "")))(t)

	// As many slots as all may have: those that are there can be replaced, and
	// each that goes makes room for another.
	_, err = st.PutSlot(ctx, slotWrite(b, "two", "more of b", ""))
	wantErr(t, err, store.ErrMany)
	must(st.PutSlot(ctx, slotWrite(b, "one", "new of b", "of b")))(t)
	wantErr(t, st.DeleteSlot(ctx, a, []byte("four")), nil)
	must(st.PutSlot(ctx, slotWrite(b, "two", "more of b", "")))(t)
	_, err = st.PutSlot(ctx, slotWrite(b, "three", "x", ""))
	wantErr(t, err, store.ErrMany)
	wantErr(t, st.DeleteCard(ctx, a), nil)
	wantEqual(t, slots(t, st, a, 0), []string(nil))
	wantEqual(t, slots(t, st, b, 0), []string{"new of b", "more of b"})
	must(st.PutSlot(ctx, slotWrite(card("d"), "one", "of d", "")))(t)

	// Who knew a card before it was deleted is told what is written to it later.
	last := must(st.Slots(ctx, b, 0))(t)[1].Seq
	wantErr(t, st.DeleteCard(ctx, b), nil)
	again := slotWrite(b, "one", "b again", "")
	again.At = start.Add(time.Second)
	must(st.PutSlot(ctx, again))(t)
	wantEqual(t, slots(t, st, b, last), []string{"b again"})
}

func slots(t *testing.T, st store.Store, c store.Card, since int64) (sealed []string) {
	t.Helper()
	for _, x := range must(st.Slots(t.Context(), c, since))(t) {
		sealed = append(sealed, string(x.Sealed))
	}
	return sealed
}

// testSlotsTogether: of writes at the same time over the same slot, one holds.
func testSlotsTogether(t *testing.T, st store.Store) {
	first := must(st.PutSlot(t.Context(), slotWrite(card("a"), "one", "0", "")))(t).Seq
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = st.PutSlot(t.Context(), slotWrite(card("a"), "one", string(rune('a'+i)), "0"))
		})
	}
	wg.Wait()
	held := 0
	for _, err := range errs {
		if err == nil {
			held++
		} else {
			wantErr(t, err, store.ErrConflict)
		}
	}
	wantEqual(t, held, 1)
	wantEqual(t, must(st.Slots(t.Context(), card("a"), 0))(t)[0].Seq, first+1)
}

// testLinks keeps and expires links, and expires slots and cards.
func testLinks(t *testing.T, st store.Store) {
	ctx := t.Context()
	_, err := st.Link(ctx, hash("one"))
	wantErr(t, err, store.ErrNotFound)
	l := store.Link{Place: hash("one"), Sealed: []byte("sealed"), Expires: start.Add(time.Hour)}
	wantErr(t, st.PutLink(ctx, l, 2), nil)
	wantEqual(t, *must(st.Link(ctx, l.Place))(t), l)
	wantErr(t, st.PutLink(ctx, store.Link{Place: hash("two"), Sealed: []byte("x"), Expires: start.Add(2 * time.Hour)}, 2), nil)
	wantErr(t, st.PutLink(ctx, store.Link{Place: hash("three"), Sealed: []byte("x"), Expires: start}, 2), store.ErrMany)

	old := slotWrite(card("a"), "old", "old", "")
	old.At = start.Add(-time.Hour)
	must(st.PutSlot(ctx, old))(t)
	must(st.PutSlot(ctx, slotWrite(card("a"), "new", "new", "")))(t)
	old = slotWrite(card("b"), "old", "old", "")
	old.At = start.Add(-time.Hour)
	must(st.PutSlot(ctx, old))(t)
	// Two slots, the card b, and the first link.
	wantEqual(t, must(st.SweepProgress(ctx, start.Add(time.Hour), start.Add(-time.Hour), 10))(t), 4)
	wantEqual(t, slots(t, st, card("a"), 0), []string{"new"})
	_, err = st.Link(ctx, l.Place)
	wantErr(t, err, store.ErrNotFound)
	must(st.Link(ctx, hash("two")))(t)
	// What has expired makes room: of one slot of two, and one link of two.
	w := slotWrite(card("a"), "third", "x", "")
	w.All = 2
	must(st.PutSlot(ctx, w))(t)
	w = slotWrite(card("a"), "fourth", "x", "")
	w.All = 2
	_, err = st.PutSlot(ctx, w)
	wantErr(t, err, store.ErrMany)
	wantErr(t, st.DeleteSlot(ctx, card("a"), []byte("third")), nil)
	wantErr(t, st.PutLink(ctx, store.Link{Place: hash("four"), Sealed: []byte("x"), Expires: start}, 2), nil)
	wantErr(t, st.PutLink(ctx, store.Link{Place: hash("five"), Sealed: []byte("x"), Expires: start}, 2), store.ErrMany)
	w = slotWrite(card("b"), "x", "x", "")
	w.New = false
	_, err = st.PutSlot(ctx, w)
	wantErr(t, err, store.ErrNotFound)

	// Bytes of any value come back as they were.
	every := bytes.Repeat([]byte{0, 255, '\'', '\\'}, 512)
	w = slotWrite(card("a"), "bytes", string(every), "")
	before := must(st.PutSlot(ctx, w))(t).Seq - 1
	wantEqual(t, must(st.Slots(ctx, card("a"), before))(t)[0].Sealed, every)
}
