//go:build linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"handrail/internal/server/servertest"
)

// A process is the real program, running.
type process struct {
	cmd    *exec.Cmd
	url    string
	stderr *tail
	exited chan error
}

// A tail is what a program has written so far; it may be read while the program
// runs.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (x *tail) Write(b []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.buf.Write(b)
}

func (x *tail) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.buf.String()
}

// await waits until the text has been written.
func (x *tail) await(text string) bool {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if strings.Contains(x.String(), text) {
			return true
		}
	}
	return false
}

// start starts the program, under the command before, if there is one. ok
// is false when it ended before it was ready.
func start(t *testing.T, site, data string, before ...string) (p *process, ok bool) {
	t.Helper()
	exe, err := exec.LookPath("handraild")
	if err != nil {
		t.Fatal(err)
	}
	return launch(t, append(before, exe, "serve", "--site", site, "--data", data, "--demo", "--listen", "127.0.0.1:0"))
}

// launch starts a command line that runs the program.
func launch(t *testing.T, args []string) (p *process, ok bool) {
	t.Helper()
	p = &process{cmd: exec.Command(args[0], args[1:]...), stderr: &tail{}, exited: make(chan error, 1)}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.stderr
	p.cmd.WaitDelay = 5 * time.Second
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to kill it with the command before it
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	go func() { io.Copy(io.Discard, out); p.exited <- p.cmd.Wait() }()
	if err != nil {
		<-p.exited
		return p, false
	}
	p.url = regexp.MustCompile(`http://\S+`).FindString(line)
	t.Cleanup(func() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) })
	return p, true
}

// stop ends the program with a signal and waits for it.
func (p *process) stop(t *testing.T, sig syscall.Signal) int {
	t.Helper()
	if err := syscall.Kill(-p.cmd.Process.Pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		t.Fatal(err)
	}
	return p.wait(t)
}

// wait waits for the program to end and returns its exit code.
func (p *process) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(30 * time.Second):
		syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		t.Fatalf("the program does not end\n%s", p.stderr)
	}
	return p.cmd.ProcessState.ExitCode()
}

// lost is what a person sees when the connection breaks.
const lost = 599

// need finds a program. Without it the test is skipped, in CI it fails.
func need(t *testing.T, program string) string {
	t.Helper()
	exe, err := exec.LookPath(program)
	if err == nil {
		return exe
	}
	const missing = "%s is not installed; .ci/test install does it"
	if os.Getenv("CI") == "true" {
		t.Fatalf(missing, program)
	}
	t.Skipf("skipped: "+missing, program)
	return ""
}

// remote lets a servertest.Person talk to a process.
type remote struct {
	base   string
	client *http.Client
}

func (p *process) remote() *remote {
	return &remote{p.url, &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 4},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       60 * time.Second,
	}}
}

func (c *remote) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(lost)
		return
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, strings.TrimSuffix(c.base, "/")+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		w.WriteHeader(lost)
		return
	}
	req.Header = r.Header.Clone()
	// As if from many houses, where the server believes it.
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", rand.IntN(256), rand.IntN(256), rand.IntN(256)))
	res, err := c.client.Do(req)
	if err != nil {
		w.WriteHeader(lost)
		return
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		w.WriteHeader(lost)
		return
	}
	for k, v := range res.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(res.StatusCode)
	w.Write(answer)
}

// A sender fills in forms and sends them until something breaks.
type sender struct {
	person   *servertest.Person
	to       string   // where the open send goes
	own      []string // its hidden inputs
	receipts map[string]string
}

// run sends until the server is gone or stop is closed. Each receipt is noted
// only after it was read: it was acknowledged.
func (s *sender) run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		if s.to == "" && !s.prepare() {
			if s.busy() {
				continue
			}
			return
		}
		if !s.send() {
			return
		}
	}
}

// prepare fills in a form up to its answers to check.
func (s *sender) prepare() bool {
	p := s.person
	p.Cookies = map[string]*http.Cookie{}
	p.Post("/f/heating/", "form", "heating")
	for i := 0; i < 6 && p.Code == http.StatusOK; i++ {
		if p.Title() == "check" {
			s.to, s.own = p.Form()
			return true
		}
		p.Submit("name", "王秀英", "phone", "13800138000", "heated", "no", "stove", "煤炉")
	}
	return false
}

// send sends what is prepared. A server that has no room for it keeps it: it
// is sent again.
func (s *sender) send() bool {
	p := s.person
	p.Post(s.to, s.own...)
	switch {
	case p.Code == http.StatusOK && p.Title() == "sent":
		s.receipts[s.to] = p.Text("reference")
		s.to = ""
		return true
	}
	return s.busy()
}

// busy reports that the server cannot store now, and says so.
func (s *sender) busy() bool {
	return s.person.Code == http.StatusServiceUnavailable || s.person.Code == http.StatusInsufficientStorage
}

// load has clients send to a process and returns what was acknowledged, by
// draft, when all have ended.
func load(t *testing.T, p *process, clients int, stop <-chan struct{}) map[string]string {
	t.Helper()
	var mu sync.Mutex
	all := map[string]string{}
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			s := &sender{person: servertest.NewPerson(t, p.remote()), receipts: map[string]string{}}
			s.run(stop)
			mu.Lock()
			defer mu.Unlock()
			for d, r := range s.receipts {
				all[d] = r
			}
		})
	}
	wg.Wait()
	return all
}

// rounds is how often a test repeats: few times usually, more where
// HANDRAIL_ROUNDS says so.
func rounds(few int) int {
	if n, err := strconv.Atoi(os.Getenv("HANDRAIL_ROUNDS")); err == nil {
		return n
	}
	return few
}
