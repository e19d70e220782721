package server_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// A watched listener remembers until when its last connection may be silent.
type watched struct {
	net.Listener
	until *atomic.Pointer[time.Time]
}

type watchedConn struct {
	net.Conn
	until *atomic.Pointer[time.Time]
}

func (l watched) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return watchedConn{c, l.until}, err
}

func (c watchedConn) SetReadDeadline(t time.Time) error {
	c.until.Store(&t)
	return c.Conn.SetReadDeadline(t)
}

// TestBodyOfNoInterest: a request whose body no handler reads holds its
// connection no longer than one that is read.
func TestBodyOfNoInterest(t *testing.T) {
	x := newRig(t)
	for _, line := range []string{"GET /case/", "GET /healthz", "POST /nothing", "PUT /case/", "POST /f/heating/x/file"} {
		var until atomic.Pointer[time.Time]
		h := httptest.NewUnstartedServer(x.handler)
		h.Listener = watched{h.Listener, &until}
		h.Start()
		c, err := net.Dial("tcp", h.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, line+" HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
		bounded := func() bool { d := until.Load(); return d != nil && !d.IsZero() }
		for end := time.Now().Add(20 * time.Second); !bounded() && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		}
		time.Sleep(50 * time.Millisecond)
		if !bounded() {
			t.Errorf("%s: the connection may wait for ever", line)
		}
		c.Close()
		h.Close()
	}
}

// TestSlowClerk: what a clerk sends may take as long as it likes while some
// bytes come, as what other people send: each read puts the end off.
func TestSlowClerk(t *testing.T) {
	x := newRig(t)
	x.api = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	x.restart(t, servertest.Form())
	var until atomic.Pointer[time.Time]
	h := httptest.NewUnstartedServer(x.handler)
	h.Listener = watched{h.Listener, &until}
	h.Start()
	defer h.Close()
	c, err := net.Dial("tcp", h.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	io.WriteString(c, "POST /api/v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n"+strings.Repeat("x", 512*3600))
	later := func() bool { d := until.Load(); return d != nil && d.Sub(began) > 30*time.Minute }
	for end := time.Now().Add(20 * time.Second); !later(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after an hour's bytes the body has to end %v", until.Load().Sub(began))
		}
	}
}

// TestAddressWithoutSlash: what leads to the address with a slash stays in
// the edition and language.
func TestAddressWithoutSlash(t *testing.T) {
	x := newRig(t)
	for _, prefix := range []string{"", "/en", "/care", "/care/en"} {
		for _, path := range []string{"/f/heating", "/case"} {
			w := httptest.NewRecorder()
			x.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, prefix+path, nil))
			if to := w.Header().Get("Location"); to != prefix+path+"/" {
				t.Errorf("%s leads to %d %q", prefix+path, w.Code, to)
			}
			if w.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("%s: no policy", prefix+path)
			}
		}
	}
}

// TestGoneAway: who stops waiting is never told that all is well.
func TestGoneAway(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	to, own := p.Form()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader("token="+own[1]))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range p.Cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, r)
	if w.Code < 400 && w.Code != http.StatusSeeOther || w.Code == http.StatusSeeOther && w.Header().Get("Location") == "" {
		t.Errorf("answered %d to nobody", w.Code)
	}
}

// A counting store counts checks.
type counting struct {
	store.Store
	checks *atomic.Int64
}

func (c counting) Check(ctx context.Context) error {
	c.checks.Add(1)
	return c.Store.Check(ctx)
}

// TestHealthzFlood: anybody may ask for the health, and each answer does not
// cost a write.
func TestHealthzFlood(t *testing.T) {
	x := newRig(t)
	var checks atomic.Int64
	x.store = counting{x.store, &checks}
	x.restart(t, servertest.Form())
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			w := httptest.NewRecorder()
			x.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
			if w.Code != http.StatusOK {
				t.Errorf("%d", w.Code)
			}
		})
	}
	wg.Wait()
	if n := checks.Load(); n > 5 {
		t.Errorf("%d writes for 100 questions", n)
	}
}

// TestClosedEarly: an office closes a form that drafts have been begun of; the
// page says when.
func TestClosedEarly(t *testing.T) {
	form := servertest.Form()
	x := newRig(t, form)
	p := servertest.NewPerson(t, x.handler).Fill("")
	earlier := x.clock.Now().Add(-2 * time.Hour)
	form = servertest.Form()
	form.Closes = &earlier
	x.restart(t, form)
	p.Handler = x.handler
	p.Submit().Want(410, "closed").Has("<time>2026-11-24T07:00&#43;08:00</time>")
}

// TestNoKey: a form that nobody could open takes no answers.
func TestNoKey(t *testing.T) {
	form := servertest.Form()
	form.Department = "nobody"
	x := newRig(t, form)
	servertest.NewPerson(t, x.handler).Post("/f/heating/", "form", "heating").Want(500, "notice error")
}

// TestManyDrafts: a browser that is never closed does not gather cookies until
// proxies refuse its requests; the drafts of today stay.
func TestManyDrafts(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler)
	last := ""
	for range 36 {
		x.clock.Add(time.Minute)
		last = p.Post("/f/heating/", "form", "heating").Want(200, "step you").Path
	}
	if n := len(p.Cookies); n > 32 {
		t.Errorf("%d cookies", n)
	}
	p.Get(last).Want(200, "step you")
}

// TestForeignPageInOldBrowser: a browser that sends neither Sec-Fetch-Site nor
// Origin still names the page that has it post; nobody is led into a draft or
// a case of somebody else's.
func TestForeignPageInOldBrowser(t *testing.T) {
	x := newRig(t)
	for referer, refused := range map[string]bool{
		"https://evil.example/anhe.example/": true, "https://anhe.example.evil.example/": true, "%zz": true, "about:blank": true,
		"https://anhe.example/forms/heating/": false, "": false,
	} {
		for _, path := range []string{"/f/heating/", "/case/"} {
			p := servertest.NewPerson(t, x.handler)
			p.Header = http.Header{"Sec-Fetch-Site": nil, "Referer": {referer}}
			if p.Post(path, "reference", "12345678", "secret", ""); (p.Code == 403) != refused {
				t.Errorf("%s from %q: %d", path, referer, p.Code)
			}
		}
	}
}
