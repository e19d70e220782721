//go:build linux

package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"handrail/internal/store"
	"handrail/internal/store/pgtest"
	"handrail/internal/store/storetest"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func reference(i int) string { return fmt.Sprintf("%08d", 20000000+i) }

func draft(t *testing.T, st store.Store, id string) *store.Draft {
	t.Helper()
	d := storetest.NewDraft(id)
	if err := st.CreateDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return d
}

// testTwoInstances sends each draft through two instances at once, and undoes
// it through one while the other hands out its jobs.
func testTwoInstances(t *testing.T, c *pgtest.Cluster) {
	url := c.Database(t)
	st := []store.Store{open(t, url), open(t, url)}
	const drafts = 40
	var wg sync.WaitGroup
	claimed := make([]atomic.Int64, drafts)
	for i := range drafts {
		d := draft(t, st[i%2], fmt.Sprint("d", i))
		var got [2]string
		var both sync.WaitGroup
		for k := range st {
			both.Go(func() {
				c, err := st[k].Send(t.Context(), storetest.NewSending(d, reference(2*i+k), noon))
				if err != nil {
					t.Errorf("send %d on %d: %v", i, k, err)
					return
				}
				got[k] = c.Reference
			})
		}
		both.Wait()
		if got[0] != got[1] {
			t.Errorf("one draft became %s and %s", got[0], got[1])
		}
		// Undo a millisecond before the end, claim at the end: whoever comes
		// first in the database has it, never both.
		end := noon.Add(10 * time.Minute)
		wg.Go(func() {
			_, err := st[i%2].Undo(t.Context(), storetest.NewUndoing(d, end.Add(-time.Millisecond)))
			if err != nil && !errors.Is(err, store.ErrTooLate) {
				t.Errorf("undo %d: %v", i, err)
			}
		})
		wg.Go(func() {
			jobs, err := st[(i+1)%2].ClaimJobs(t.Context(), end, time.Hour, 500)
			if err != nil {
				t.Errorf("claim: %v", err)
			}
			for _, j := range jobs {
				if j.Kind == "deliver" {
					var n int
					fmt.Sscan(j.Reference, &n)
					claimed[(n-20000000)/2].Add(1)
				}
			}
		})
	}
	wg.Wait()
	undone := 0
	for i := range drafts {
		d := storetest.NewDraft(fmt.Sprint("d", i))
		c, err := st[0].CaseByToken(t.Context(), d.Token)
		if err != nil {
			t.Fatal(err)
		}
		n := claimed[i].Load()
		if c.State == store.Withdrawn {
			undone++
		}
		if n > 1 || n == 1 && c.State != store.Received || c.State == store.Received && len(c.Sealed) == 0 {
			t.Errorf("case %d is %s with %d deliveries", i, c.State, n)
		}
	}
	if s, err := st[1].Stats(t.Context()); err != nil || s.Cases != drafts {
		t.Errorf("%d cases, %v; want %d", s.Cases, err, drafts)
	}
	t.Logf("%d of %d undone", undone, drafts)
}

// A cutter is a proxy that cuts the connection around a COMMIT.
type cutter struct {
	port    int
	pass    bool // the commit reaches the database, its answer is lost
	armed   atomic.Bool
	cuts    atomic.Int64
	backend string
}

func newCutter(t *testing.T, c *pgtest.Cluster, pass bool) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := &cutter{port: l.Addr().(*net.TCPAddr).Port, pass: pass, backend: fmt.Sprintf("127.0.0.1:%d", c.Port())}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go p.forward(conn)
		}
	}()
	return p
}

func (p *cutter) forward(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.backend)
	if err != nil {
		return
	}
	var mute atomic.Bool
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil || mute.Load() {
				client.Close()
				return
			}
			client.Write(buf[:n])
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			server.Close()
			return
		}
		if p.commits(buf[:n]) {
			p.cuts.Add(1)
			mute.Store(true)
			if p.pass {
				server.Write(buf[:n])
				time.Sleep(100 * time.Millisecond) // the database commits
			}
			server.Close()
			return
		}
		server.Write(buf[:n])
	}
}

// commits reports that a message commits, when the cutter is armed.
func (p *cutter) commits(b []byte) bool {
	for i := 0; i+6 <= len(b); i++ {
		if string(b[i:i+6]) == "COMMIT" || string(b[i:i+6]) == "commit" {
			return p.armed.CompareAndSwap(true, false)
		}
	}
	return false
}

// testCommitAnswerLost cuts the connection after the commit was sent: the
// store finds out that it took place, and does nothing twice.
func testCommitAnswerLost(t *testing.T, c *pgtest.Cluster) { cutCommits(t, c, true) }

// testCommitNotReached cuts it before: the store does it again.
func testCommitNotReached(t *testing.T, c *pgtest.Cluster) { cutCommits(t, c, false) }

func cutCommits(t *testing.T, c *pgtest.Cluster, pass bool) {
	url := c.Database(t)
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	p := newCutter(t, c, pass)
	st := open(t, c.URLAt(p.port, conf.Database))
	for i := range 5 {
		d := storetest.NewDraft(fmt.Sprint("d", i))
		p.armed.Store(true)
		if err := st.CreateDraft(t.Context(), d); err != nil {
			t.Fatalf("create: %v", err)
		}
		p.armed.Store(true)
		if err := st.SaveDraft(t.Context(), d); err != nil || d.Rev != 2 {
			t.Fatalf("save: %v, rev %d", err, d.Rev)
		}
		p.armed.Store(true)
		got, err := st.Send(t.Context(), storetest.NewSending(d, reference(i), noon))
		if err != nil || got.Reference != reference(i) {
			t.Fatalf("send: %v, %v", got, err)
		}
	}
	if n := p.cuts.Load(); n != 15 {
		t.Errorf("%d connections were cut; want 15", n)
	}
	if s, err := st.Stats(t.Context()); err != nil || s.Cases != 5 || s.Waiting != 10 {
		t.Errorf("%d cases, %d jobs, %v; want 5, 10", s.Cases, s.Waiting, err)
	}
}

// testLockTimeout has somebody hold a row for longer than anybody waits: the
// person is told to try again, and others are served.
func testLockTimeout(t *testing.T, c *pgtest.Cluster) {
	defer func(was string) { limits["lock_timeout"] = was }(limits["lock_timeout"])
	limits["lock_timeout"] = "200ms"
	url := c.Database(t)
	st := open(t, url)
	d := draft(t, st, "held")
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "BEGIN; SELECT 1 FROM draft WHERE id = 'held' FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	if err := st.SaveDraft(t.Context(), d); !errors.Is(err, store.ErrBusy) {
		t.Errorf("err = %v; want ErrBusy", err)
	}
	draft(t, st, "other")
	if _, err := conn.Exec(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := st.SaveDraft(t.Context(), d); err != nil {
		t.Error(err)
	}
}

// traffic sends drafts through two instances until stop ends, and returns
// what was acknowledged.
func traffic(t *testing.T, st []store.Store, stop <-chan struct{}) map[string]string {
	var mu sync.Mutex
	acknowledged := map[string]string{}
	var wg sync.WaitGroup
	for k := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				d := storetest.NewDraft(fmt.Sprintf("t%d-%d", k, i))
				if st[k%2].CreateDraft(t.Context(), d) != nil {
					continue
				}
				c, err := st[k%2].Send(t.Context(), storetest.NewSending(d, reference(k*100000+i), noon))
				if err != nil {
					continue
				}
				mu.Lock()
				acknowledged[d.ID] = c.Reference
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return acknowledged
}

func allThere(t *testing.T, st store.Store, acknowledged map[string]string) {
	t.Helper()
	for id, ref := range acknowledged {
		c, err := st.Case(t.Context(), ref)
		if err != nil || c.Draft != id {
			t.Errorf("acknowledged %s: %v", ref, err)
		}
		if jobs, err := st.Jobs(t.Context(), ref); err != nil || len(jobs) != 2 {
			t.Errorf("%s has %d jobs, %v", ref, len(jobs), err)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was acknowledged")
	}
	t.Logf("%d acknowledged, all there", len(acknowledged))
}

// testRestart restarts the database as if it had crashed, under load.
func testRestart(t *testing.T, c *pgtest.Cluster) {
	disturb(t, c, func() { c.Restart(t) })
}

// testHang has the database's machine hang for a while.
func testHang(t *testing.T, c *pgtest.Cluster) {
	disturb(t, c, func() { c.Pause(t, 3*time.Second) })
}

func disturb(t *testing.T, c *pgtest.Cluster, blow func()) {
	url := c.Database(t)
	st := []store.Store{open(t, url), open(t, url)}
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		for range 2 {
			time.Sleep(500 * time.Millisecond)
			blow()
		}
		time.Sleep(500 * time.Millisecond)
	}()
	acknowledged := traffic(t, st, stop)
	// A database that recovers on a slow machine may take longer than the
	// store waits for it.
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); {
		if _, err := st[0].Stats(t.Context()); !errors.Is(err, store.ErrUnavailable) {
			break
		}
	}
	allThere(t, st[0], acknowledged)
}
