//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
)

func newSite(t *testing.T) (site, data string) {
	t.Helper()
	dir := t.TempDir()
	site, data = filepath.Join(dir, "public"), filepath.Join(dir, "data")
	servertest.WriteSite(t, site, servertest.Form())
	return site, data
}

// verify opens the database of a server that is gone and looks for everything
// that was acknowledged.
func verify(t *testing.T, data string, receipts map[string]string) {
	t.Helper()
	st, err := sqlite.Open(t.Context(), data, sqlite.Options{})
	for i := 0; errors.Is(err, sqlite.ErrInUse) && i < 50; i++ { // killed, and not quite gone
		time.Sleep(100 * time.Millisecond)
		st, err = sqlite.Open(t.Context(), data, sqlite.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	drafts := map[string]bool{}
	held := true // a run of more than ten minutes outlives the hold of its first cases
	for draft, reference := range receipts {
		c, err := st.Case(t.Context(), reference)
		if err != nil {
			t.Errorf("acknowledged %s: %v", reference, err)
			continue
		}
		held = held && c.State == store.Held
		if c.State != store.Held && c.State != store.Received || !strings.Contains(draft, c.Draft) || drafts[c.Draft] {
			t.Errorf("case %s is %s, of draft %s", reference, c.State, c.Draft)
		}
		drafts[c.Draft] = true
		if jobs, err := st.Jobs(t.Context(), reference); err != nil || len(jobs) != 1 {
			t.Errorf("%s has %d jobs, %v", reference, len(jobs), err)
		}
	}
	r, err := sqlite.Look(t.Context(), data)
	if err != nil {
		t.Error(err)
	}
	if held && r.Waits != r.Cases {
		t.Errorf("%d cases and %d jobs", r.Cases, r.Waits)
	}
}

// TestKill kills the server under load, again and again: nothing that was
// acknowledged is lost, nothing is stored twice or by halves.
func TestKill(t *testing.T) {
	site, data := newSite(t)
	receipts := map[string]string{}
	n := rounds(3)
	for i := range n {
		began := time.Now()
		p, ok := start(t, site, data)
		if !ok {
			t.Fatalf("round %d: the server does not start\n%s", i, p.stderr)
		}
		if took := time.Since(began); took > time.Second {
			t.Logf("round %d: ready after %v", i, took)
		}
		done := make(chan map[string]string)
		go func() { done <- load(t, p, 12, nil) }()
		time.Sleep(time.Duration(300+rand.IntN(700)) * time.Millisecond)
		p.stop(t, syscall.SIGKILL)
		for d, r := range <-done {
			receipts[d] = r
		}
	}
	verify(t, data, receipts)
	t.Logf("%d acknowledged in %d rounds, all there", len(receipts), n)
}

// TestStop ends the server as systemd does, under load: it ends in order, and
// what was begun is finished.
func TestStop(t *testing.T) {
	site, data := newSite(t)
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	done := make(chan map[string]string)
	go func() { done <- load(t, p, 8, nil) }()
	time.Sleep(700 * time.Millisecond)
	if code := p.stop(t, syscall.SIGTERM); code != exitClean {
		t.Errorf("exit code %d\n%s", code, p.stderr)
	}
	receipts := <-done
	verify(t, data, receipts)
	if strings.Contains(p.stderr.String(), "127.0.0.1:") {
		t.Errorf("the log names an address:\n%s", p.stderr)
	}
}

// TestDiskFailure has one system call of the real program fail, each in turn:
// no person is told that something was stored which is not.
func TestDiskFailure(t *testing.T) {
	strace := need(t, "strace")
	for _, c := range []struct {
		name, calls, fault string
		ends               bool // the server has to end itself
	}{
		{"fsync", "fsync,fdatasync", "EIO", true},
		{"write", "pwrite64", "EIO", true},
		{"full", "pwrite64", "ENOSPC", false},
	} {
		for i := range rounds(2) {
			n := 1 + i*(i+3)/2 // 1, 3, 6, 10, …; strace counts for each thread
			t.Run(fmt.Sprintf("%s %d", c.name, n), func(t *testing.T) {
				diskFailure(t, strace, c.calls, fmt.Sprintf("%s:error=%s:when=%d", c.calls, c.fault, n), c.ends)
			})
		}
	}
}

func diskFailure(t *testing.T, strace, calls, inject string, ends bool) {
	site, data := newSite(t)
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	trace := filepath.Join(t.TempDir(), "trace")
	tamper := exec.Command(strace, "-f", "-p", fmt.Sprint(p.cmd.Process.Pid), "-o", trace, "-e", "trace="+calls, "-e", "inject="+inject)
	said, err := tamper.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tamper.Start(); err != nil {
		t.Fatal(err)
	}
	attached, _ := bufio.NewReader(said).ReadString('\n')
	if !strings.Contains(attached, "attached") {
		t.Skipf("skipped: strace cannot attach here: %s", attached)
	}
	go io.Copy(io.Discard, said)

	stop := make(chan struct{})
	time.AfterFunc(1500*time.Millisecond, func() { close(stop) })
	receipts := load(t, p, 3, stop)
	if endsItself(t, p, trace, ends) {
		if code := p.cmd.ProcessState.ExitCode(); code != exitFailure || !ends {
			t.Errorf("the server ended with %d\n%s", code, p.stderr)
		}
	} else {
		if ends && injected(t, trace) > 0 {
			t.Errorf("the server goes on after the disk failed\n%s", p.stderr)
		}
		p.stop(t, syscall.SIGKILL)
	}
	tamper.Wait()
	n := injected(t, trace)
	if !ends && len(receipts) == 0 {
		t.Errorf("nothing is stored after a moment without room\n%s", p.stderr)
	}
	t.Logf("%d acknowledged, %d calls failed, exit code %d", len(receipts), n, p.cmd.ProcessState.ExitCode())
	if n == 0 && strings.HasSuffix(inject, ":when=1") {
		t.Error("no call failed: the test shows nothing")
	}
	verify(t, data, receipts)
}

// endsItself waits for the program to end: long, where it has to because a
// call of it failed; that call may have been among the last.
func endsItself(t *testing.T, p *process, trace string, has bool) bool {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); ; {
		select {
		case <-p.exited:
			return true
		case <-time.After(300 * time.Millisecond):
			if !has || injected(t, trace) == 0 || time.Now().After(until) {
				return false
			}
		}
	}
}

// injected counts the calls that strace made fail.
func injected(t *testing.T, trace string) int {
	t.Helper()
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "(INJECTED)")
}
