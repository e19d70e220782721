package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"handrail/internal/seal"
	"handrail/internal/server/servertest"
)

// TestUnknownAndWrongTakeAsLong: how long a refusal takes does not tell
// whether there is such a case. Both are asked in turns, each from an address
// of its own, and the medians compared by their ratio.
func TestUnknownAndWrongTakeAsLong(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	var references []string
	x := newRig(t)
	for range 40 { // one guess for each: a second one is slowed down
		p := servertest.NewPerson(t, x.handler).Fill("")
		p.Submit()
		references = append(references, p.Text("reference"))
	}
	ask := func(n int, reference string) time.Duration {
		p := servertest.NewPerson(t, x.handler)
		p.Remote = fmt.Sprintf("198.51.%d.%d:4000", n>>8, n&255)
		to, own := p.Get("/case/").Form()
		began := time.Now()
		p.Post(to, append(own, "reference", reference, "secret", seal.NewCode().Digits())...)
		took := time.Since(began)
		p.Want(http.StatusUnprocessableEntity, p.Title()).Has("unknown")
		return took
	}
	var wrong, unknown []time.Duration
	for i, r := range references {
		wrong = append(wrong, ask(2*i, r))
		unknown = append(unknown, ask(2*i+1, fmt.Sprint(10000000+i)))
	}
	middle := func(d []time.Duration) time.Duration { slices.Sort(d); return d[len(d)/2] }
	ratio := float64(middle(unknown)) / float64(middle(wrong))
	t.Logf("unknown takes %.2f times as long as wrong", ratio)
	if ratio < 0.6 || ratio > 1.67 {
		t.Errorf("unknown takes %v, wrong %v", middle(unknown), middle(wrong))
	}
}
