package server_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/server"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// asked is a case that waits for a document, and its person at its page.
func asked(t *testing.T, x *rig, prefix, text string) (p *servertest.Person, reference string) {
	t.Helper()
	p = servertest.NewPerson(t, x.handler).Fill(prefix)
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	reference = p.Text("reference")
	p.Post(prefix+"/case/", "reference", reference, "secret", p.Text("secret")).Want(200, "case held")
	x.clock.Add(11 * time.Minute)
	x.office(t, reference, "ask-1", store.EventAsk, store.Asked, text)
	return p.Get(prefix+"/case/"+reference).Want(200, "case asked"), reference
}

// office does something for the department.
func (x *rig) office(t *testing.T, reference, id, kind string, state store.State, text string) {
	t.Helper()
	c, err := x.store.Case(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	person, err := seal.ParseRecipient(c.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	e := store.Event{ID: id, Reference: reference, Kind: kind, State: state, At: x.clock.Now(), By: "wang"}
	if text != "" {
		if e.Sealed, err = seal.To([]byte(text), person, x.keys[0].Recipient()); err != nil {
			t.Fatal(err)
		}
	}
	if kind == store.EventAsk {
		e.Due = time.Date(2026, 12, 31, 0, 0, 0, 0, time.FixedZone("CST", 8*3600))
	}
	if _, err := x.store.Act(t.Context(), &store.Act{Department: "housing", Event: e}); err != nil {
		t.Fatal(err)
	}
}

func supplies(key, name string, data []byte) []servertest.File {
	return []servertest.File{{Key: "ask-" + key, Name: name, Data: data}}
}

// TestSupply hands in what a department asks for: wrong files, taken away,
// too little, and then in order; with nothing lost on the way.
func TestSupply(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/care/en"} {
		t.Run("prefix "+prefix, func(t *testing.T) { supply(t, prefix) })
	}
}

func supply(t *testing.T, prefix string) {
	x := newRig(t, papers())
	p := servertest.NewPerson(t, x.handler)
	p.Post(prefix+"/f/heating/", "form", "heating")
	for p.Title() != "check" {
		if p.Code != http.StatusOK {
			t.Fatal(p.Body)
		}
		p.Upload(bill("bill.pdf", []byte("%PDF-1.7 the bill")), "name", "王秀英", "heated", "yes", "rooms", "2", "do", "next")
	}
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	reference, secret := p.Text("reference"), p.Text("secret")
	page := prefix + "/case/" + reference
	p.Post(prefix+"/case/", "reference", reference, "secret", secret).Want(200, "case held").Lacks("ask:")
	x.clock.Add(11 * time.Minute)
	x.office(t, reference, "ask-1", store.EventAsk, store.Asked, "请补交煤炉照片")
	p.Get(page).Want(200, "case asked").Has("ask: 请补交煤炉照片").Has("2026-12-31")

	p.Upload(nil, "text", " ").Want(422, "case asked").Has("form.error.supply-missing")
	p.Upload(supplies("ask-1", "virus.exe", []byte("MZ\x90 program")), "text", "照片在这里").Want(422, "case asked").
		Has("form.error.file-type").Has("照片在这里")
	two := append(supplies("ask-1", "煤炉.jpg", photo(t, "")), supplies("ask-1", "empty.pdf", nil)...)
	p.Upload(two, "text", "照片在这里").Want(422, "case asked").Has("form.error.file-empty").Has("煤炉.jpg").Has("照片在这里")
	if n := onDisk(t, x); n != 2 {
		t.Errorf("%d files on the disk", n)
	}
	p.Upload(supplies("ask-1", "other.pdf", []byte("%PDF-1.7 other")), "text", strings.Repeat("长", 5001)).Want(422, "case asked").
		Has("form.error.supply-long").Has("other.pdf")
	gone := regexp.MustCompile(`other.pdf</i><button name="unfile" value="([^"]*)"`).FindStringSubmatch(p.Body)
	p.Upload(nil, "text", "照片在这里", "unfile", gone[1]).Want(200, "case asked").Lacks("other.pdf").Has("煤炉.jpg")
	if n := onDisk(t, x); n != 2 {
		t.Errorf("%d files on the disk", n)
	}

	// What a page carries opens on that page only; nobody else gets in.
	stranger := servertest.NewPerson(t, x.handler)
	to, own := p.Form()
	stranger.Post(to, append(own, "text", "from elsewhere")...).Want(200, "find")
	p.Post(to, "text", "from elsewhere").Want(http.StatusForbidden, "notice refused")
	p.Get(page).Lacks("煤炉.jpg") // the page as it was posted is not this one
	p.Upload(supplies("ask-1", "煤炉.jpg", photo(t, "")), "text", "照片在这里", "kept", "bm90aGluZw").Want(200, "case working").
		Has("you: 照片在这里").Has("煤炉.jpg").Has("supplied").Lacks("ask:").Lacks("from elsewhere")
	if n := onDisk(t, x); n != 2 { // what was left on the way is gone
		t.Errorf("%d files on the disk", n)
	}
	second := *p
	second.Post(to, append(own, "text", "a second click")...).Want(200, "case working").Lacks("a second click")
	second.Get(to).Want(200, "case working")

	link := regexp.MustCompile(`<a href="([^"]*)">煤炉.jpg</a>`).FindStringSubmatch(p.Body)
	file := *p
	file.Get(link[1]).Want(200, "").Lacks("39.9042")
	if got := file.Answer.Get("Content-Type"); got != "image/jpeg" {
		t.Errorf("type %q", got)
	}
	stranger.Get(link[1]).Want(200, "find")

	// The department reads it, and is told which files belong to it.
	events, err := x.store.Events(t.Context(), reference)
	if err != nil || len(events) != 2 || events[1].Kind != store.EventSupply || events[1].Of != "ask-1" || events[1].State != store.Working {
		t.Fatalf("%v, %v", events, err)
	}
	plain, err := seal.Open(events[1].Sealed, x.keys[1])
	if err != nil {
		t.Fatal(err)
	}
	var s server.Supply
	if err := json.Unmarshal(plain, &s); err != nil {
		t.Fatal(err)
	}
	if s.Text != "照片在这里" || len(s.Files) != 1 || len(s.Keys) != 1 {
		t.Errorf("the department reads %+v", s)
	}
	jobs, err := x.store.Jobs(t.Context(), reference)
	if last := jobs[len(jobs)-1]; err != nil || last.Kind != outbox.Update || !strings.Contains(string(last.Payload), s.Files[0].ID) {
		t.Errorf("jobs %v, %v", jobs, err)
	}
	assertNothingReadable(t, x, "煤炉照片", "照片在这里", "煤炉.jpg", "from elsewhere")
}

// TestTwoAsks: each is answered by itself; the case goes on when all are.
func TestTwoAsks(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	p, reference := asked(t, x, "", "one")
	x.office(t, reference, "ask-2", store.EventAsk, store.Asked, "two")
	p.Get("/case/" + reference).Has("ask: one").Has("ask: two")
	p.Submit("text", "first answer").Want(200, "case asked").Has("you: first answer").Has("office: one").Has("ask: two")
	p.Submit("text", "second answer").Want(200, "case working").Lacks("ask:")
	x.office(t, reference, "ask-3", store.EventAsk, store.Asked, "three")
	p.Get("/case/" + reference).Has("ask: three")
	to, own := p.Form()
	x.office(t, reference, "no", store.EventResult, store.Decided, "not granted")
	p.Post(to, append(own, "text", "too late")...).Want(200, "case decided").Lacks("ask:").Lacks("too late")
	if names, _ := filepath.Glob(filepath.Join(x.dir, "files", "*", "*")); len(names) > 0 {
		t.Errorf("files %v", names)
	}
}
