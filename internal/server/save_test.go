package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server/servertest"
	"handrail/internal/workday"
)

// TestSaveAndReturn saves in the middle and goes on in another browser, with
// the number, also after a long time; what is wrong can wait until then.
func TestSaveAndReturn(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"", "/care/en"} {
		x := newRig(t)
		p := servertest.NewPerson(t, x.handler)
		p.Post(prefix+"/f/heating/", "form", "heating").Submit("name", "王秀英", "phone", "123", "do", "save").Want(200, "saved").Has("2026-12-24")
		code := p.Text("code")
		if len(code) != 20 || p.Text("link") != "https://anhe.example"+prefix+"/f/resume#"+code {
			t.Fatalf("code %q, link %q", code, p.Text("link"))
		}
		p.Get(p.Path).Want(200, "saved").Has(code) // again
		file := *p
		file.Get(strings.TrimSuffix(p.Path, "save") + "file")
		file.Has(seal.Groups(code)).Has("Until: 2026-12-24")

		x.clock.Add(29 * 24 * time.Hour)
		q := servertest.NewPerson(t, x.handler)
		q.Get(prefix+"/f/resume").Want(200, "resume").Submit("code", strings.ReplaceAll(seal.Groups(code), "1", "１"))
		if q.Code != 200 || !strings.HasPrefix(q.Title(), "step ") {
			t.Fatalf("%d %s", q.Code, q.Body)
		}
		for q.Title() != "check" {
			q.Submit("name", "王秀英", "phone", "13800138000", "heated", "yes")
		}
		q.Has("王秀英")
		q.Submit("do", "save").Want(200, "saved").Has(code)
		q.Get(strings.TrimSuffix(q.Path, "save")+"check").Submit().Want(200, "sent")
		// The number leads to the receipt while that can be seen.
		late := servertest.NewPerson(t, x.handler)
		late.Get("/f/resume").Submit("code", code).Want(200, "sent").Has(q.Text("secret"))
		x.clock.Add(25 * time.Hour)
		late = servertest.NewPerson(t, x.handler)
		late.Get("/f/resume").Submit("code", code).Want(422, "resume").Has("unknown 0")
		assertNothingReadable(t, x, code, seal.Groups(code), "王秀英", p.Cookies[cookieName(p)].Value)
	}
}

func cookieName(p *servertest.Person) string {
	for name := range p.Cookies {
		if strings.HasPrefix(name, "__Host-draft-") {
			return name
		}
	}
	return ""
}

// TestWrongCodes: guesses are slowed down, the right code from the same
// address is not; a code that never was looks like one that is over.
func TestWrongCodes(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler)
	p.Post("/f/heating/", "form", "heating").Submit("name", "王秀英", "do", "save").Want(200, "saved")
	code := p.Text("code")
	for typed, want := range map[string]string{"": "missing 0", "1234": "wrong-length 0", "1234 5678 901 3456 7895": "wrong-group 3", "1234 5678 9012 3456 7890": "unknown 0"} {
		servertest.NewPerson(t, x.handler).Post("/f/resume", "code", typed).Want(422, "resume").Has(want)
	}
	var held []time.Duration
	x.OnPause(func(d time.Duration) { held = append(held, d) })
	q := servertest.NewPerson(t, x.handler)
	guess := func() { q.Post("/f/resume", "code", seal.NewCode().Digits()).Want(422, "resume").Has("unknown 0") }
	for range 10 {
		guess()
	}
	if len(held) > 0 {
		t.Errorf("ten guesses were held: %v", held)
	}
	for range 10 {
		guess()
	}
	if len(held) != 10 || held[0] != time.Second || !slices.IsSorted(held) || held[9] != 8*time.Second {
		t.Errorf("ten more were held for %v", held)
	}
	q.Post("/f/resume", "code", code)
	if q.Code != http.StatusOK || len(held) > 10 {
		t.Errorf("the right code: %d, held for %v", q.Code, held[10:])
	}
}

// TestForget: a shared computer keeps nothing that opens anything.
func TestForget(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("/en")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	sent, reference, secret := p.Path, p.Text("reference"), p.Text("secret")
	p.Post("/en/case/", "reference", reference, "secret", secret).Want(200, "case held")
	p.Cookies["handrail"] = &http.Cookie{Name: "handrail", Value: "large text"}
	p.Post("/en/f/forget").Want(200, "notice forgotten")
	if len(p.Cookies) != 1 || p.Answer.Get("Clear-Site-Data") != `"cache"` {
		t.Errorf("left: %v, %v", p.Cookies, p.Answer)
	}
	p.Get(sent).Want(410, "expired").Get("/en/case/"+reference).Want(200, "find")
	p.Submit("reference", reference, "secret", secret).Want(200, "case held")
}

// TestUndoFromCase takes a case back in another browser than it was sent
// from, with its files, and sends it again.
func TestUndoFromCase(t *testing.T) {
	t.Parallel()
	x := newRig(t, papers())
	p := atPapers(t, x)
	p.Submit("rooms", "2", "do", "save").Want(200, "saved")
	code := p.Text("code")
	p.Get(strings.TrimSuffix(p.Path, "save")+"papers").Upload(bill("a.pdf", []byte("%PDF-1.7")), "rooms", "2").Want(200, "check")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	reference, secret := p.Text("reference"), p.Text("secret")
	q := servertest.NewPerson(t, x.handler)
	q.Post("/case/", "reference", reference, "secret", secret).Want(200, "case held")
	twice := *q
	forged := *q
	forged.Post(q.Path+"/undo", "token", "guessed").Want(403, "notice refused")
	q.Submit().Want(200, "undone").Has("09:01")
	twice.Submit().Want(200, "case withdrawn")
	q.Get(strings.TrimSuffix(q.Path, "undo")+"check").Want(200, "check").Has("王秀英").Has("a.pdf")
	q.Get(fileLink.FindStringSubmatch(q.Body)[1])
	if q.Body != "%PDF-1.7" {
		t.Errorf("the file is %q", q.Body)
	}
	p.Get(p.Path).Want(410, "expired") // the draft is open in the other browser now
	p.Get("/f/resume").Submit("code", code).Want(422, "resume")
	q.Get(q.Path[:strings.Index(q.Path, "/file/")]+"/check").Submit().Want(200, "sent")
	again, secret := q.Text("reference"), q.Text("secret")
	x.clock.Add(10 * time.Minute)
	q.Post("/case/", "reference", again, "secret", secret).Want(200, "case received").Lacks("/undo")
	q.Post(q.Path+"/undo").Want(403, "notice refused")
}

// TestDue: the day is said on receipt and case page, stays what it was when
// the calendar changes, and is "about" where the calendar ends.
func TestDue(t *testing.T) {
	t.Parallel()
	form := servertest.Form()
	form.Limit = &forms.Limit{Days: 20, Unit: "workday"}
	x := newRig(t, form)
	send := func() (reference, secret string) {
		p := servertest.NewPerson(t, x.handler).Fill("")
		x.clock.Add(time.Minute)
		p.Submit().Want(200, "sent").Has(`class="due">2026-12-22 about<`)
		return p.Text("reference"), p.Text("secret")
	}
	reference, secret := send()
	c, err := x.store.Case(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	d, err := workday.Decode(c.Due)
	if err != nil || d != (workday.Due{Date: "2026-12-22", Days: 20, Unit: "workday", About: true}) {
		t.Errorf("%+v, %v", d, err)
	}
	servertest.NewPerson(t, x.handler).Post("/case/", "reference", reference, "secret", secret).Want(200, "case held").Has("2026-12-22 about")
}

// TestCarryOver shows after 30 days only what is new or wrong, one after the
// other, and says why.
func TestCarryOver(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("/care")
	changed := servertest.Form()
	say := func(s string) forms.Texts { return forms.Texts{"zh-Hans": s, "en": s} }
	changed.Sections[0].Fields = append(changed.Sections[0].Fields, &forms.Field{ID: "rooms", Kind: forms.Text, Label: say("rooms"), Optional: true})
	changed.Sections[1].Fields[1].MaxLength = 2
	x.restart(t, changed)
	p.Handler = x.handler
	p.Submit("do", "save").Want(200, "saved")
	x.clock.Add(29 * 24 * time.Hour)
	p.Get(strings.TrimSuffix(p.Path, "save")+"name").Submit("name", "王秀英").Want(200, "step phone").Lacks("<i>new</i>")
	x.clock.Add(2 * 24 * time.Hour)
	p.Get(strings.TrimSuffix(p.Path, "phone")+"check").Want(200, "step rooms").Has("<i>new</i>")
	p.Submit("rooms", "").Want(200, "step stove").Has("<i>new</i>")
	p.Submit("stove", "煤炉").Want(200, "check").Has("王秀英").Has("煤炉")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
}
