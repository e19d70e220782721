package outbox_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"handrail/internal/outbox"
	"handrail/internal/store"
)

// tell notes an address and a job to write to it.
func (x *rig) tell(t *testing.T, a outbox.Address, p outbox.Payload, id string) {
	t.Helper()
	j := outbox.NewJob(outbox.Notice, &store.Case{Reference: reference, Department: "housing"}, p, x.clock.Now())
	j.ID, j.AtOnce = id, true
	if err := x.store.SaveNotice(t.Context(), reference, a.Seal(x.key, reference), []store.Job{j}); err != nil {
		t.Fatal(err)
	}
}

// TestSMS sends through a gateway that fails first.
func TestSMS(t *testing.T) {
	x := newRig(t)
	var got []string
	var auth string
	codes := []int{500, 200}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Mobile, Content, Key string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			t.Error(err)
		}
		got = append(got, in.Mobile+"|"+in.Content+"|"+r.Header.Get("Idempotency-Key"))
		auth = r.Header.Get("Authorization")
		w.WriteHeader(codes[0])
		codes = codes[1:]
	}))
	defer srv.Close()
	w := x.worker(outbox.Options{SMS: &outbox.Gateway{URL: srv.URL + "/send?n={to}", Body: `{"mobile":"{to}","content":"{text}"}`,
		Authorization: "Bearer {secret}", Secret: "gateway-secret", Client: http.DefaultClient}})
	a := outbox.Address{By: outbox.BySMS, To: "+8613800138000", Lang: "en", Edition: "care"}
	x.tell(t, a, outbox.Payload{State: store.Received}, "n-1")
	once(t, w)
	if j := x.job(t, "n-1"); j.State != store.JobWaiting || strings.Contains(j.Error, "138") {
		t.Errorf("%+v", j)
	}
	x.clock.Add(time.Minute)
	once(t, w)
	if len(got) != 2 || got[0] != got[1] {
		t.Fatalf("%q", got)
	}
	for _, want := range []string{"+8613800138000", "server.notice.received", "server.notice.look", "n-1"} {
		if !strings.Contains(strings.ReplaceAll(got[1], " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("no %q in %q", want, got[1])
		}
	}
	if auth != "Bearer gateway-secret" {
		t.Errorf("authorization %q", auth)
	}
	if s := x.log.String(); strings.Contains(s, "138001") || strings.Contains(s, "gateway-secret") {
		t.Errorf("the log says %s", s)
	}
}

// A sink is an SMTP server that takes everything.
type sink struct {
	addr *net.TCPAddr
	mu   sync.Mutex
	mail []string
	say  string // instead of 250 to RCPT
}

func newSink(t *testing.T) *sink {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &sink{addr: l.Addr().(*net.TCPAddr)}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	return s
}

func (s *sink) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewScanner(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 sink")
	for in.Scan() {
		switch word, _, _ := strings.Cut(strings.ToUpper(in.Text()), " "); {
		case word == "DATA":
			say("354 go on")
			var b strings.Builder
			for in.Scan() && in.Text() != "." {
				b.WriteString(in.Text() + "\n")
			}
			s.mu.Lock()
			s.mail = append(s.mail, b.String())
			s.mu.Unlock()
			say("250 taken")
		case word == "QUIT":
			say("221 bye")
			return
		case word == "RCPT" && s.say != "":
			say(s.say)
		default:
			say("250 ok")
		}
	}
}

// TestMail sends through SMTP: later, no, and yes.
func TestMail(t *testing.T) {
	x := newRig(t)
	s := newSink(t)
	w := x.worker(outbox.Options{Mail: &outbox.Mailer{Host: "127.0.0.1", Port: s.addr.Port, From: "安和市 <no-reply@anhe.example>", Plain: true}})
	a := outbox.Address{By: outbox.ByMail, To: "wang@example.net", Lang: "zh-Hans"}
	x.tell(t, a, outbox.Payload{State: store.Decided}, "m-1")
	s.say = "451 later"
	once(t, w)
	if j := x.job(t, "m-1"); j.State != store.JobWaiting || strings.Contains(j.Error, "wang") {
		t.Errorf("%+v", j)
	}
	s.say = ""
	x.clock.Add(time.Minute)
	once(t, w)
	if j := x.job(t, "m-1"); j.State != store.JobDone {
		t.Fatalf("%+v", j)
	}
	if len(s.mail) != 1 {
		t.Fatalf("%d mails", len(s.mail))
	}
	for _, want := range []string{"Message-ID: <m-1@anhe.example>", "To: <wang@example.net>", "Auto-Submitted: auto-generated", "server.notice.decided"} {
		if !strings.Contains(strings.ReplaceAll(s.mail[0], "=\n", ""), want) {
			t.Errorf("no %q in\n%s", want, s.mail[0])
		}
	}
	s.say = "550 no such user"
	x.tell(t, a, outbox.Payload{State: store.Closed}, "m-2")
	once(t, w)
	if j := x.job(t, "m-2"); j.State != store.JobDead || strings.Contains(j.Error, "wang") {
		t.Errorf("%+v", j)
	}
}

// TestNobodyAsked: without an address nothing is sent; with a wrong key
// somebody has to look.
func TestNobodyAsked(t *testing.T) {
	x := newRig(t)
	a := outbox.Address{By: outbox.BySMS, To: "13800138000", Lang: "en"}
	if strings.Contains(string(a.Seal(x.key, reference)), "138") || strings.Contains(fmt.Sprint(a), "138") {
		t.Error("the address can be read")
	}
	if _, err := outbox.OpenAddress(x.key, "87654321", a.Seal(x.key, reference)); err == nil {
		t.Error("the address of one case opens for another")
	}
	x.tell(t, a, outbox.Payload{}, "n-1")
	if err := x.store.SaveNotice(t.Context(), reference, nil, nil); err != nil {
		t.Fatal(err)
	}
	once(t, x.worker(outbox.Options{}))
	if j := x.job(t, "n-1"); j.State != store.JobDone {
		t.Errorf("%+v", j)
	}
	x.tell(t, a, outbox.Payload{}, "n-2")
	once(t, x.worker(outbox.Options{}))
	if j := x.job(t, "n-2"); j.State != store.JobWaiting || j.Error == "" {
		t.Errorf("without a gateway: %+v", j)
	}
}

// TestErase: thirty days after a case was closed its address is gone.
func TestErase(t *testing.T) {
	x := newRig(t)
	x.tell(t, outbox.Address{By: outbox.BySMS, To: "1"}, outbox.Payload{}, "n-1")
	_, err := x.store.Act(t.Context(), &store.Act{Event: store.Event{ID: "e", Reference: reference, Kind: store.EventState,
		State: store.Closed, At: x.clock.Now()}})
	if err != nil {
		t.Fatal(err)
	}
	w := x.worker(outbox.Options{})
	x.clock.Add(outbox.EraseAfter - time.Second)
	if err := w.Erase(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.Notice(t.Context(), reference); err != nil {
		t.Errorf("erased too early: %v", err)
	}
	x.clock.Add(time.Second)
	if err := w.Erase(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := x.store.Notice(t.Context(), reference); err == nil {
		t.Error("the address is still there")
	}
}
