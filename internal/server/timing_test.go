//go:build unix

package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"testing"
	"time"

	"handrail/internal/seal"
	"handrail/internal/server/servertest"
)

// TestUnknownAndWrongTakeAsLong: how long a refusal takes does not tell
// whether there is such a case. What is measured is processor time and memory.
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
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	ask := func(n int, reference string) (c cost) {
		p := servertest.NewPerson(t, x.handler)
		p.Remote = fmt.Sprintf("198.51.%d.%d:4000", n>>8, n&255)
		to, own := p.Get("/case/").Form()
		runtime.GC() // else every second one would pay for two
		before := spent()
		p.Post(to, append(own, "reference", reference, "secret", seal.NewCode().Digits())...)
		c = spent()
		p.Want(http.StatusUnprocessableEntity, p.Title()).Has("unknown")
		return cost{c.cpu - before.cpu, c.bytes - before.bytes}
	}
	var wrong, unknown []cost
	for i, r := range references {
		both := []func(){
			func() { wrong = append(wrong, ask(2*i, r)) },
			func() { unknown = append(unknown, ask(2*i+1, fmt.Sprint(10000000+i))) },
		}
		first := rand.IntN(2)
		both[first]()
		both[1-first]()
	}
	u, w := middle(unknown), middle(wrong)
	t.Logf("unknown takes %v and %d bytes, wrong %v and %d", u.cpu, u.bytes, w.cpu, w.bytes)
	if ratio := u.cpu.Seconds() / w.cpu.Seconds(); ratio < 0.6 || ratio > 1.67 {
		t.Errorf("unknown takes %v of the processor, wrong %v", u.cpu, w.cpu)
	}
	if ratio := float64(u.bytes) / float64(w.bytes); ratio < 0.95 || ratio > 1.05 {
		t.Errorf("unknown takes %d bytes, wrong %d", u.bytes, w.bytes)
	}
}

// A cost is what this process has spent: how busy others keep the machine
// does not count.
type cost struct {
	cpu   time.Duration
	bytes uint64
}

func spent() (c cost) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return cost{time.Duration(u.Utime.Nano() + u.Stime.Nano()), m.TotalAlloc}
}

// middle is the median of each.
func middle(all []cost) cost {
	var cpu []time.Duration
	var bytes []uint64
	for _, c := range all {
		cpu, bytes = append(cpu, c.cpu), append(bytes, c.bytes)
	}
	slices.Sort(cpu)
	slices.Sort(bytes)
	return cost{cpu[len(cpu)/2], bytes[len(bytes)/2]}
}
