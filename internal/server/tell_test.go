package server_test

import (
	"net/http"
	"testing"
	"time"

	"filippo.io/age"

	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// TestTellAtTheEnd: who sends may say how to be told, and need not. It is
// stored with the case, once, and goes with it.
func TestTellAtTheEnd(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	key := seal.NewKey()
	srv, err := server.New(t.Context(), server.Options{Store: x.store, Kit: servertest.Kit(t, servertest.Form()), Now: x.clock.Now,
		Recipients: map[string][]age.Recipient{"housing": {x.keys[0].Recipient(), x.keys[1].Recipient()}}, Log: testLog(x),
		NoticeKey: &key, Tells: []string{outbox.BySMS}})
	if err != nil {
		t.Fatal(err)
	}
	filled := func() *servertest.Person {
		p := servertest.NewPerson(t, srv.Handler()).Fill("/care")
		x.clock.Add(time.Minute)
		return p
	}
	p := filled().Has("way sms").Has("way callback").Lacks("way email")
	check := *p
	for to, by := range map[string]string{"13800138000": "", "nobody": "sms", "wang@example.net": "email"} {
		p.Submit("do", "send", "by", by, "to", to).Want(422, "check").Has("told " + by + " " + to).Has("problem")
	}
	p.Submit("do", "send", "by", "sms", "to", "138 0013 8000").Want(200, "sent")
	again := check
	again.Submit("do", "send", "by", "sms", "to", "138 0013 8000").Want(200, "sent")
	reference := p.Text("reference")
	sealed, err := x.store.Notice(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := outbox.OpenAddress(key, reference, sealed); err != nil || a.To != "138 0013 8000" || a.Edition != "care" {
		t.Errorf("%v, %v", a, err)
	}
	jobs, err := x.store.Jobs(t.Context(), reference)
	if err != nil || len(jobs) != 2 || jobs[1].Kind != outbox.Notice || !jobs[1].AtOnce {
		t.Errorf("jobs %v, %v", jobs, err)
	}

	// A call: the department learns of it when it has the case.
	caller := filled().Submit("do", "send", "by", "callback", "to", "13900139000").Want(200, "sent")
	events, err := x.store.Events(t.Context(), caller.Text("reference"))
	if err != nil || len(events) != 1 || events[0].Kind != store.EventCallback {
		t.Fatalf("%v, %v", events, err)
	}
	if b, err := seal.Open(events[0].Sealed, x.keys[1]); err != nil || string(b) != "13900139000" {
		t.Errorf("the department reads %q, %v", b, err)
	}
	reference = caller.Text("reference")
	caller.Submit().Want(200, "undone")
	if events, err := x.store.Events(t.Context(), reference); err != nil || len(events) > 0 {
		t.Errorf("taken back, but %v, %v", events, err)
	}
	filled().Submit("do", "send", "by", "none").Want(http.StatusOK, "sent")
	assertNothingReadable(t, x, "13800138000", "138 0013 8000", "13900139000")
}
