//go:build linux

package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
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
	for range 2000 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, "POST /f/heating/ HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		conns = append(conns, c)
	}
	person := servertest.NewPerson(t, p.remote())
	for end := time.Now().Add(7 * time.Second); time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		for _, c := range conns {
			c.Write([]byte("x"))
		}
		began := time.Now()
		if person.Get("/"); person.Code != http.StatusOK {
			t.Fatalf("a page among slow connections: %d", person.Code)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("a page among slow connections took %v", took)
		}
	}
	open := 0
	for _, c := range conns {
		c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1024)); os.IsTimeout(err) {
			open++
		}
	}
	if open > len(conns)/20 {
		t.Errorf("%d slow connections are still open after their time", open)
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
