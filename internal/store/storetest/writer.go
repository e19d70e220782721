package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"handrail/internal/store"
)

// testCancelledCallers has 64 clients of which a third hang up at any moment:
// every nil is stored, whole, and nothing is stored in part.
func testCancelledCallers(t *testing.T, st store.Store) {
	const clients, each = 64, 20
	acknowledged := make([][]string, clients)
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(c), 1))
			for i := range each {
				id := fmt.Sprintf("d%d-%d", c, i)
				d := NewDraft(id)
				if err := st.CreateDraft(t.Context(), d); err != nil {
					t.Errorf("create: %v", err)
					return
				}
				ctx, cancel := context.WithCancel(t.Context())
				if c%3 == 0 {
					time.AfterFunc(time.Duration(rng.Int64N(int64(3*time.Millisecond))), cancel)
				}
				got, err := st.Send(ctx, NewSending(d, ref(c*each+i), start))
				cancel()
				switch {
				case err == nil:
					acknowledged[c] = append(acknowledged[c], got.Reference)
				case !errors.Is(err, context.Canceled):
					t.Errorf("send: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if err := st.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, refs := range acknowledged {
		for _, r := range refs {
			if _, err := st.Case(t.Context(), r); err != nil {
				t.Errorf("acknowledged %s: %v", r, err)
			}
		}
	}
	stored := 0
	for i := range clients * each {
		_, err := st.Case(t.Context(), ref(i))
		jobs := must(st.Jobs(t.Context(), ref(i)))(t)
		if err == nil {
			stored++
		}
		if whole := err == nil && len(jobs) == 2 || errors.Is(err, store.ErrNotFound) && len(jobs) == 0; !whole {
			t.Errorf("%s: case %v, %d jobs", ref(i), err, len(jobs))
		}
	}
	t.Logf("%d stored of %d", stored, clients*each)
}

// testPoisonedRow has rows that cannot be stored between others that can: the
// others are.
func testPoisonedRow(t *testing.T, st store.Store) {
	create(t, st, "taken")
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			if i%5 == 0 {
				if err := st.CreateDraft(t.Context(), NewDraft("taken")); err == nil {
					t.Error("a second draft with the id of another was created")
				}
				return
			}
			if err := st.CreateDraft(t.Context(), NewDraft(fmt.Sprint("d", i))); err != nil {
				t.Errorf("draft %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if s := must(st.Stats(t.Context()))(t); s.Drafts != 49 {
		t.Errorf("%d drafts; want 49", s.Drafts)
	}
}
