package desk_test

import (
	"bytes"
	"errors"
	"testing"

	"filippo.io/age"

	"handrail/internal/desk"
	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// opens reports which keys open everything that is sealed of a case.
func opens(t *testing.T, x *rig, dep string, id age.Identity) bool {
	t.Helper()
	c := must(x.store.Case(t.Context(), x.cases[dep]))(t)
	_, err := seal.Open(c.Sealed, id)
	for _, e := range must(x.store.Events(t.Context(), c.Reference))(t) {
		if len(e.Sealed) > 0 {
			_, failed := seal.Open(e.Sealed, id)
			err = errors.Join(err, failed)
		}
	}
	return err == nil
}

// TestRewrap goes over to a new key: answers are for all keys of the
// department, the new key opens what was sent before, and the old one, once
// server.yaml does not name it any more, opens nothing.
func TestRewrap(t *testing.T) {
	x := newRig(t)
	c, reference := x.clients["housing"], x.cases["housing"]
	old := c.Identities[0].(*age.X25519Identity)
	keys := servertest.Identities(t, 2)
	fresh, spare := keys[0], keys[1]
	x.recipients("housing", old.Recipient(), spare.Recipient())
	if _, err := c.Act(t.Context(), reference, desk.Act{Kind: store.EventMessage}, "canary words"); err != nil {
		t.Fatal(err)
	}
	events := must(x.store.Events(t.Context(), reference))(t)
	if b, err := seal.Open(events[0].Sealed, spare); err != nil || string(b) != "canary words" {
		t.Errorf("the other key of the department: %q, %v", b, err)
	}

	x.recipients("housing", fresh.Recipient(), spare.Recipient())
	if _, err := c.Act(t.Context(), reference, desk.Act{Kind: store.EventMessage}, "for nobody"); !errors.Is(err, desk.ErrNotOurs) {
		t.Errorf("sealed for keys that this clerk has not: %v", err)
	}
	c.Identities = []age.Identity{fresh, old}
	if err := c.Reseal(t.Context(), reference, nil); err != nil {
		t.Fatal(err)
	}
	person, ok := public(t, x, "housing").Unlock(x.secrets["housing"])
	if !ok || !opens(t, x, "housing", fresh) || !opens(t, x, "housing", spare) || !opens(t, x, "housing", person) {
		t.Error("somebody who should cannot open it")
	}
	if opens(t, x, "housing", old) {
		t.Error("the old key still opens it")
	}
	refused(t, x.clients["taxes"].Reseal(t.Context(), reference, nil), 404, "another department")
}

func public(t *testing.T, x *rig, dep string) seal.Public {
	t.Helper()
	c := must(x.store.Case(t.Context(), x.cases[dep]))(t)
	return seal.Public{Salt: c.Salt, Check: c.Check, Recipient: c.Recipient}
}

// TestNewSecret replaces a secret that was lost: the new one opens everything,
// the old one nothing, and it stands in what happened with the case.
func TestNewSecret(t *testing.T) {
	x := newRig(t)
	c, reference := x.clients["housing"], x.cases["housing"]
	if _, err := c.Act(t.Context(), reference, desk.Act{Kind: store.EventAsk}, "canary ask"); err != nil {
		t.Fatal(err)
	}
	before, _ := public(t, x, "housing").Unlock(x.secrets["housing"])
	secret := seal.NewCode()
	p := seal.NewPublic(secret)
	for range 2 { // the second time as after a lost answer
		if err := c.Reseal(t.Context(), reference, &p); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := public(t, x, "housing").Unlock(x.secrets["housing"]); ok {
		t.Error("the old secret is taken")
	}
	after, ok := public(t, x, "housing").Unlock(secret)
	if !ok || !opens(t, x, "housing", after) || opens(t, x, "housing", before) {
		t.Error("the wrong secret opens it")
	}
	events := must(x.store.Events(t.Context(), reference))(t)
	if last := events[len(events)-1]; len(events) != 2 || last.Kind != store.EventSecret || last.By != "wang" {
		t.Errorf("events %v", events)
	}
	jobs := must(x.store.Jobs(t.Context(), reference))(t)
	if last := jobs[len(jobs)-1]; last.Kind != outbox.Notice {
		t.Errorf("jobs %v", jobs)
	}
	if bytes.Contains(x.log.Bytes(), []byte(secret.Digits())) {
		t.Error("the secret stands in the log")
	}
	bad := p
	bad.Recipient = "age1x"
	if err := c.Reseal(t.Context(), reference, &bad); err == nil {
		t.Error("a recipient that is none was taken")
	}
}
