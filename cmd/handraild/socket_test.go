//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"handrail/internal/server/servertest"
)

// An activated server gets its socket as from systemd: the test holds it, and
// who comes while nothing runs waits in it.
type activated struct {
	site, data, config string
	listener           *net.TCPListener
	cmd                *exec.Cmd
	stderr             tail
}

// activate opens the socket and starts the program on it.
func activate(t *testing.T, site, data, config string) *activated {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &activated{site: site, data: data, config: config, listener: l.(*net.TCPListener)}
	a.start(t)
	t.Cleanup(func() { l.Close(); a.cmd.Process.Kill() })
	return a
}

func (a *activated) address() string { return a.listener.Addr().String() }

func (a *activated) start(t *testing.T) {
	t.Helper()
	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	f, err := a.listener.File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	// The shell gives the program its own number, as systemd does.
	a.cmd = exec.Command("sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" serve --demo --site "$1" --data "$2" --config "$3"`, exe, a.site, a.data, a.config)
	a.cmd.ExtraFiles = []*os.File{f}
	a.cmd.Stderr = &a.stderr
	a.cmd.WaitDelay = 5 * time.Second
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

// stop ends the program as systemd does.
func (a *activated) stop(t *testing.T) {
	t.Helper()
	a.cmd.Process.Signal(syscall.SIGTERM)
	if err := a.cmd.Wait(); err != nil {
		t.Errorf("stop: %v\n%s", err, &a.stderr)
	}
}

// settingsFile writes a server.yaml.
func settingsFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "server.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A crowd reads pages and begins, fills in and sends forms, without pause.
type crowd struct {
	stop    chan struct{}
	wg      sync.WaitGroup
	answers atomic.Int64
	mu      sync.Mutex
	faults  []string
}

// gather starts n people who reach the server by base and client.
func gather(t *testing.T, n int, base string, client *http.Client) *crowd {
	c := &crowd{stop: make(chan struct{})}
	for i := range n {
		c.wg.Go(func() {
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rec := &counted{ResponseWriter: w}
				(&remote{base, client}).ServeHTTP(rec, r)
				c.note(rec.code, r)
			})
			for {
				select {
				case <-c.stop:
					return
				default:
				}
				p := servertest.NewPerson(t, h)
				if i%2 == 0 {
					p.Get("/")
				} else if p.Post("/f/heating/", "form", "heating"); p.Code == http.StatusOK {
					p.Submit("name", "王秀英", "phone", "13800138000", "heated", "yes")
				}
			}
		})
	}
	return c
}

func (c *crowd) note(code int, r *http.Request) {
	if code == http.StatusOK || code == http.StatusSeeOther || code == http.StatusUnprocessableEntity {
		c.answers.Add(1)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf("%s %s: %d", r.Method, r.URL.Path, code))
}

type counted struct {
	http.ResponseWriter
	code int
}

func (w *counted) WriteHeader(code int) { w.code = code; w.ResponseWriter.WriteHeader(code) }

// calm ends the crowd and fails if anybody was turned away.
func (c *crowd) calm(t *testing.T) {
	t.Helper()
	close(c.stop)
	c.wg.Wait()
	t.Logf("%d answers, %d lost", c.answers.Load(), len(c.faults))
	if len(c.faults) > 0 {
		t.Errorf("lost: %q", c.faults[:min(5, len(c.faults))])
	}
}

// restartUnderLoad restarts the program while people use it.
func restartUnderLoad(t *testing.T, a *activated, base string, client *http.Client) {
	t.Helper()
	c := gather(t, 8, base, client)
	served := func(before int64) {
		t.Helper()
		for end := time.Now().Add(time.Minute); c.answers.Load() == before; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("no answer after the start\n%s", &a.stderr)
			}
		}
	}
	served(0)
	for range rounds(3) {
		time.Sleep(300 * time.Millisecond)
		a.stop(t)
		time.Sleep(100 * time.Millisecond) // nothing runs
		before := c.answers.Load()
		a.start(t)
		served(before)
	}
	c.calm(t)
}

// TestRestartUnderLoad: with systemd's socket a restart loses no request of
// clients that connect anew for each, as the proxies of deploy/ do.
func TestRestartUnderLoad(t *testing.T) {
	site, data := newSite(t)
	a := activate(t, site, data, settingsFile(t, "listen: 127.0.0.1:0\n"))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	restartUnderLoad(t, a, "http://"+a.address(), client)
}

// TestInFlight: a request that is under way when the server is told to stop is
// answered, though its body comes slowly.
func TestInFlight(t *testing.T) {
	site, data := newSite(t)
	a := activate(t, site, data, settingsFile(t, "listen: 127.0.0.1:0\n"))
	res, err := http.Get("http://" + a.address() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	body, w := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, "http://"+a.address()+"/f/heating/", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := make(chan string, 1)
	go func() {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Do(req)
		if err != nil {
			answer <- err.Error()
			return
		}
		res.Body.Close()
		answer <- res.Status
	}()
	io.WriteString(w, "form=hea")
	time.Sleep(200 * time.Millisecond)
	a.cmd.Process.Signal(syscall.SIGTERM)
	time.Sleep(500 * time.Millisecond)
	io.WriteString(w, "ting")
	w.Close()
	if got := <-answer; got != "303 See Other" {
		t.Errorf("the request under way got %q", got)
	}
	if err := a.cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, &a.stderr)
	}
}
