//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestSlowClients has many connections that dribble while a person is served,
// and a slow one that sends all the same.
func TestSlowClients(t *testing.T) {
	site, data := newSite(t)
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	address := strings.TrimSuffix(strings.TrimPrefix(p.url, "http://"), "/")
	n := 200 * rounds(1)
	var gone atomic.Int32
	for i := range n {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i%2 == 0 {
			io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ") // never ends
		} else {
			io.WriteString(c, "POST /f/heating/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nform=")
		}
		go func() { io.Copy(io.Discard, c); gone.Add(1) }()
	}
	slow := make(chan string, 1)
	go func() { slow <- dribble(address) }()
	res, err := http.Get(p.url)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if left := n - int(gone.Load()); res.StatusCode != http.StatusOK || left == 0 {
		t.Errorf("%s when %d of %d slow connections were open", res.Status, left, n)
	}
	if status := <-slow; !strings.HasPrefix(status, "HTTP/1.1 303") {
		t.Errorf("a slow person got %q", status)
	}
}

// dribble posts the start of a form over a bad line: 10 bytes every 50 ms.
func dribble(address string) string {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err.Error()
	}
	defer c.Close()
	body := "form=heating&filler=" + strings.Repeat("x", 180)
	io.WriteString(c, "POST /f/heating/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "+fmt.Sprint(len(body))+"\r\n\r\n")
	for i := 0; i < len(body); i += 10 {
		io.WriteString(c, body[i:min(i+10, len(body))])
		time.Sleep(50 * time.Millisecond)
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return err.Error()
	}
	return line
}

// TestSystemdSocket passes a socket as systemd does: the requests that come
// while the program restarts wait in it.
func TestSystemdSocket(t *testing.T) {
	site, data := newSite(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan error, 2)
	ask := func() {
		res, err := http.Get("http://" + l.Addr().String() + "/healthz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				err = fmt.Errorf("%s", res.Status)
			}
		}
		answer <- err
	}
	for range 2 {
		go ask() // before anything runs
		// The shell gives the program its own number, as systemd does.
		cmd := exec.Command("sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" serve --site "$1" --data "$2" --demo`, exe, site, data)
		cmd.ExtraFiles = []*os.File{f}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
		select {
		case err := <-answer:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("no answer over systemd's socket")
		}
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// TestNewBuild: the server goes over to a new build by itself.
func TestNewBuild(t *testing.T) {
	site, data := newSite(t)
	p, ok := start(t, site, data)
	if !ok {
		t.Fatal(p.stderr)
	}
	name := site + "/.handrail/templates/all.html"
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(b), `{{define "find.title"}}find`, `{{define "find.title"}}find anew`)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		res, err := http.Get(p.url + "case/")
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(page), "find anew") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still the old page\n%s", p.stderr)
		}
	}
}
