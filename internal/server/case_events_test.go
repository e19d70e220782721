package server_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// TestCasePage follows a case: messages both ways, once each, the result, and
// how the person is told.
func TestCasePage(t *testing.T) {
	x := newRig(t)
	key := seal.NewKey()
	srv, err := server.New(t.Context(), server.Options{Store: x.store, Kit: servertest.Kit(t, servertest.Form()), Now: x.clock.Now,
		Recipients: map[string][]age.Recipient{"housing": {x.keys[0].Recipient()}}, Log: testLog(x),
		NoticeKey: &key, Tells: []string{outbox.BySMS, outbox.ByMail}})
	if err != nil {
		t.Fatal(err)
	}
	p := servertest.NewPerson(t, srv.Handler()).Fill("/care")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	reference, secret := p.Text("reference"), p.Text("secret")
	page := "/care/case/" + reference
	p.Post("/care/case/", "reference", reference, "secret", secret).Want(200, "case held").Lacks("textarea").Lacks("way callback")

	// Told by text message, at once; the address is sealed.
	_, own := p.Form()
	post := func(path string, values ...string) *servertest.Person {
		return p.Post(page+path, append(own, values...)...)
	}
	post("/tell", "by", "sms", "to", "no number").Want(422, "case held").Has("tell address")
	post("/tell", "by", "pigeon", "to", "13800138000").Want(422, "case held").Has("tell way")
	post("/tell", "by", "callback", "to", "13800138000").Want(422, "case held").Has("tell way")
	post("/tell", "by", "email", "to", "wang@example.net\r\nBcc: all@example.net").Want(422, "case held")
	post("/tell", "by", "sms", "to", "138 0013 8000").Want(200, "case held")
	sealed, err := x.store.Notice(t.Context(), reference)
	if err != nil || strings.Contains(string(sealed), "138") {
		t.Fatalf("%q, %v", sealed, err)
	}
	if a, err := outbox.OpenAddress(key, reference, sealed); err != nil || a.To != "138 0013 8000" || a.Edition != "care" {
		t.Errorf("%+v, %v", a, err)
	}
	jobs, err := x.store.ClaimJobs(t.Context(), x.clock.Now(), time.Minute, 10)
	if err != nil || len(jobs) != 1 || jobs[0].Kind != outbox.Notice {
		t.Errorf("at once: %v, %v", jobs, err)
	}

	// The department asks; the person answers, with two clicks.
	x.clock.Add(10 * time.Minute)
	c, err := x.store.Case(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	person, err := seal.ParseRecipient(c.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	office := func(id, kind string, state store.State, text string) {
		t.Helper()
		b, err := seal.To([]byte(text), person)
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.store.Act(t.Context(), &store.Act{Department: "housing", Event: store.Event{ID: id, Reference: reference, Kind: kind,
			State: state, At: x.clock.Now(), Sealed: b}})
		if err != nil {
			t.Fatal(err)
		}
	}
	office("ask", store.EventAsk, store.Asked, "煤炉多大")
	p.Get(page).Want(200, "case asked").Has("ask: 煤炉多大")
	_, own = p.Form()
	post("/message", "message", " ").Want(422, "case asked").Has("missing")
	post("/message", "message", strings.Repeat("长", 5001)).Want(422, "case asked").Has("long").Has("长长")
	post("/message", "message", "六十厘米").Want(200, "case working").Has("you: 六十厘米")
	post("/message", "message", "六十厘米").Want(200, "case working")
	if n := strings.Count(p.Body, "六十厘米"); n != 1 {
		t.Errorf("two clicks made %d messages", n)
	}
	events, err := x.store.Events(t.Context(), reference)
	if err != nil || len(events) != 2 {
		t.Fatalf("%v, %v", events, err)
	}
	if b, err := seal.Open(events[1].Sealed, x.keys[0]); err != nil || string(b) != "六十厘米" {
		t.Errorf("the department reads %q, %v", b, err)
	}
	p.Get(page)
	_, own = p.Form()
	post("/tell", "by", "callback", "to", "13900139000").Want(200, "case working").Lacks("13900139000")
	// What a department's program seals badly does not take the page away.
	strange := servertest.Identities(t, 1)[0].Recipient()
	b, err := seal.To([]byte("for nobody here"), strange)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = x.store.Act(t.Context(), &store.Act{Department: "housing", Event: store.Event{ID: "odd", Reference: reference,
		Kind: store.EventMessage, By: "wang", At: x.clock.Now(), Sealed: b}}); err != nil {
		t.Fatal(err)
	}
	p.Get(page).Want(200, "case working").Has("you: 六十厘米").Has("office: server.case.sealed")

	// Nobody can have us flood a telephone: some confirmations a day.
	before := len(jobsOf(t, x, reference))
	for range 6 {
		x.clock.Add(10 * time.Second)
		p.Get(page)
		_, own = p.Form()
		post("/tell", "by", "sms", "to", "138-0013 8000").Want(200, "case working")
	}
	if n := len(jobsOf(t, x, reference)) - before; n != 4 { // and the first one above
		t.Errorf("%d confirmations; want 4", n)
	}
	office("result", store.EventResult, store.Decided, "同意补贴")
	p.Get(page).Want(200, "case decided").Has("同意补贴").Has("<li>received</li><li>asked</li><li>working</li><li>decided</li>")

	// Nobody else: without the secret, or from another page.
	stranger := servertest.NewPerson(t, srv.Handler())
	stranger.Post(page+"/message", append(own, "message", "from elsewhere")...).Want(200, "find")
	p.Post(page+"/message", "message", "from elsewhere").Want(http.StatusForbidden, "notice refused")
	p.Post(page+"/tell", "by", "none").Want(http.StatusForbidden, "notice refused")
	assertNothingReadable(t, x, "煤炉多大", "六十厘米", "同意补贴", "13800138000", "138 0013 8000", "13900139000", "from elsewhere")
}

func testLog(x *rig) *slog.Logger {
	return slog.New(slog.NewJSONHandler(x.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func jobsOf(t *testing.T, x *rig, reference string) []store.Job {
	t.Helper()
	jobs, err := x.store.Jobs(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}
