//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"handrail/internal/server/servertest"
)

// TestSlowSockets has 2,000 connections send a byte now and then: people are
// served meanwhile, and the slow ones are let go.
func TestSlowSockets(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	site, data := newSite(t)
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	addr := p.url[len("http://") : len(p.url)-1]
	var conns []net.Conn
	var gone atomic.Int32
	for range 2000 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, "POST /f/heating/ HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		conns = append(conns, c)
		go func() { io.Copy(io.Discard, c); gone.Add(1) }()
	}
	person := servertest.NewPerson(t, p.remote())
	among := 0 // pages that were served while they were open
	for end := time.Now().Add(2 * time.Minute); gone.Load() < 1900; time.Sleep(500 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d of %d slow connections are still open after their time", len(conns)-int(gone.Load()), len(conns))
		}
		for _, c := range conns {
			c.Write([]byte("x"))
		}
		if person.Get("/"); person.Code != http.StatusOK {
			t.Fatalf("a page among slow connections: %d", person.Code)
		}
		if gone.Load() < 1900 {
			among++
		}
	}
	if among == 0 {
		t.Error("no page was served while the slow connections were open")
	}
	if code := p.stop(t, syscall.SIGTERM); code != exitClean {
		t.Errorf("exit code %d", code)
	}
}

// TestMemory: what the server takes, idle and with 256 people at once.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	site, data := newSite(t)
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	servertest.NewPerson(t, p.remote()).Get("/")
	if mb := inMemory(t, p); mb > 40 {
		t.Errorf("idle: %.0f MB; want 40", mb)
	} else {
		t.Logf("idle: %.0f MB", mb)
	}
	var wg sync.WaitGroup
	for range 256 {
		wg.Go(func() {
			s := &sender{person: servertest.NewPerson(t, p.remote()), receipts: map[string]string{}}
			for n := 0; n < 20 && !s.prepare() && s.busy(); n++ {
			}
			for n := 0; n < 20 && s.to != "" && s.send(); n++ {
			}
			if len(s.receipts) == 0 {
				t.Errorf("not served: %d %s", s.person.Code, s.person.Title())
			}
		})
	}
	wg.Wait()
	if mb := inMemory(t, p); mb > 120 {
		t.Errorf("with 256 clients: %.0f MB; want 120", mb)
	} else {
		t.Logf("with 256 clients: %.0f MB", mb)
	}
}

// inMemory is what a process has in memory, in MB.
func inMemory(t *testing.T, p *process) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	var size, resident int
	fmt.Sscan(string(b), &size, &resident)
	return float64(resident*os.Getpagesize()) / (1 << 20)
}
