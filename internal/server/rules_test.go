package server_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"handrail/internal/forms"
	"handrail/internal/seal"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
)

// TestForeignRequests: what another site has a browser post changes nothing.
func TestForeignRequests(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	to, own := p.Form()
	for _, c := range []struct {
		site, origin string
		token        string
		code         int
	}{
		{"cross-site", "", own[1], 403},
		{"same-site", "", own[1], 403},
		{"", "https://evil.example", own[1], 403},
		{"same-origin", "", "guessed", 403},
		{"", "", "guessed", 403}, // an old browser that says nothing
		{"", "https://anhe.example", own[1], 200},
	} {
		q := *p
		q.Header = http.Header{"Sec-Fetch-Site": nil}
		if c.site != "" {
			q.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.origin != "" {
			q.Header.Set("Origin", c.origin)
		}
		q.Post(to, "token", c.token)
		if q.Code != c.code {
			t.Errorf("%+v: %d %s", c, q.Code, q.Title())
		}
	}
}

// TestSomebodyElse has another browser, that knows the address of a draft.
func TestSomebodyElse(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	to, own := p.Form()
	other := servertest.NewPerson(t, x.handler)
	other.Get(p.Path).Want(410, "expired").Lacks("王秀英")
	other.Post(to, own...).Want(410, "expired")
	// A key of one's own choice opens nothing.
	id := strings.Split(p.Path, "/")[3]
	other.Cookies["__Host-draft-"+id] = &http.Cookie{Name: "__Host-draft-" + id, Value: seal.NewKey().Encode()}
	other.Get(p.Path).Want(410, "expired")
	// A key that a browser brings along is never used for a new draft.
	fresh := servertest.NewPerson(t, x.handler)
	planted := seal.NewKey().Encode()
	fresh.Cookies["__Host-draft-x"] = &http.Cookie{Name: "__Host-draft-x", Value: planted}
	fresh.Post("/f/heating/", "form", "heating")
	for name, c := range fresh.Cookies {
		if name != "__Host-draft-x" && c.Value == planted {
			t.Error("a planted key was adopted")
		}
	}
}

// TestUnknownAndWrong: nobody learns from the answer which references exist.
func TestUnknownAndWrong(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	x.clock.Add(time.Minute)
	p.Submit().Want(200, "sent")
	reference := p.Text("reference")
	q := servertest.NewPerson(t, x.handler).Get("/case/")
	ask := func(reference string) string {
		q.Post("/case/", "reference", reference, "secret", "1234 5678 9012 3456 7895")
		q.Want(422, "find").Has("unknown 0")
		return strings.ReplaceAll(q.Body, reference, "")
	}
	if wrong, unknown := ask(reference), ask("87654321"); wrong != unknown {
		t.Errorf("the pages differ:\n%s\n%s", wrong, unknown)
	}
	q = servertest.NewPerson(t, x.handler)
	q.Post("/case/", "reference", reference, "secret", "1234 5678 901 3456 7895").Want(422, "find").Has("wrong-group 3")
	q.Post("/case/", "reference", "1234", "secret", "").Want(422, "find").Has("reference 0")
	q.Post("/case/", "reference", "", "secret", "").Want(422, "find").Has("missing 0")
	q.Get("/case").Want(200, "find")
	q.Get("/case/"+reference).Want(200, "find")
}

// TestClosing lets drafts begun before finish for an hour.
func TestClosing(t *testing.T) {
	form := servertest.Form()
	x := newRig(t, form)
	closes := x.clock.Now().Add(time.Hour)
	opens := x.clock.Now().Add(-time.Hour)
	form.Opens, form.Closes = &opens, &closes
	x.restart(t, form)
	p := servertest.NewPerson(t, x.handler).Fill("")
	late := servertest.NewPerson(t, x.handler).Fill("")
	x.clock.Add(time.Hour)
	servertest.NewPerson(t, x.handler).Post("/f/heating/").Want(410, "closed")
	x.clock.Add(59 * time.Minute)
	p.Submit().Want(200, "sent")
	x.clock.Add(time.Minute)
	late.Submit().Want(410, "closed").Has("王秀英")
	late.Get(strings.TrimSuffix(late.Path, "send")+"check").Want(410, "closed").Has("王秀英")
	soon := x.clock.Now().Add(time.Hour)
	form.Opens, form.Closes = &soon, nil
	x.restart(t, form)
	servertest.NewPerson(t, x.handler).Post("/f/heating/").Want(403, "closed")
}

// TestVersions: a draft is held against the form that it began with, also
// after the site was built again and the server restarted.
func TestVersions(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	changed := servertest.Form()
	changed.Sections[0].Fields = append(changed.Sections[0].Fields, &forms.Field{ID: "rooms", Kind: forms.Text, Label: forms.Texts{"zh-Hans": "几间", "en": "Rooms"}})
	x.restart(t, changed)
	p.Handler = x.handler
	before := *p
	x.clock.Add(time.Minute)
	p.Get(p.Path).Want(200, "check").Lacks("problem")
	before.Submit().Want(200, "sent")

	// After 30 days answers go over to the form that is in force.
	x.restart(t, servertest.Form())
	old := servertest.NewPerson(t, x.handler).Fill("")
	x.restart(t, changed)
	old.Handler = x.handler
	for range 5 {
		x.clock.Add(6*24*time.Hour + time.Hour)
		step := strings.TrimSuffix(old.Path, "check") + "you"
		old.Get(step).Want(200, "step you").Submit("name", "王秀英", "rooms", "")
		old.Path = strings.TrimSuffix(step, "you") + "check"
	}
	old.Get(old.Path).Want(200, "check").Has(`href="#rooms"`).Has("王秀英")
	old.Submit().Want(422, "check")
}

// TestRobots: what looks like one is kept for somebody to look at, and gets
// the same receipt.
func TestRobots(t *testing.T) {
	x := newRig(t)
	trapped := servertest.NewPerson(t, x.handler)
	trapped.Post("/f/heating/", "website", "https://spam.example").Submit("name", "王秀英")
	for trapped.Title() != "check" {
		trapped.Submit("heated", "yes", "stove", "煤炉")
	}
	fast := servertest.NewPerson(t, x.handler).Fill("")
	fast.Submit().Want(200, "sent")
	x.clock.Add(time.Hour)
	trapped.Submit().Want(200, "sent")
	for why, p := range map[string]*servertest.Person{"trap": trapped, "fast": fast} {
		c, err := x.store.Case(t.Context(), p.Text("reference"))
		if err != nil || c.Review != why {
			t.Errorf("%s: %v, %v", why, c, err)
		}
	}
	jobs, err := x.store.ClaimJobs(t.Context(), x.clock.Now().Add(time.Hour), time.Minute, 10)
	if err != nil || len(jobs) != 0 {
		t.Errorf("%d jobs, %v", len(jobs), err)
	}
}

// TestOddRequests: nothing crashes, and every answer carries the headers.
func TestOddRequests(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	step := strings.TrimSuffix(p.Path, "check") + "you"
	long := strings.Repeat("x", 600<<10)
	for _, c := range []struct {
		method, path, typ, body string
		code                    int
	}{
		{"POST", step, "application/x-www-form-urlencoded", "name=" + long, 413},
		{"POST", step, "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n" + long + "\r\n--b--\r\n", 413},
		{"POST", step, "multipart/form-data; boundary=b", "--b\r\nno end", 400},
		{"POST", step, "multipart/form-data", "", 400},
		{"POST", step, "application/json", "{}", 400},
		{"POST", step, "", "", 400},
		{"POST", step, "application/x-www-form-urlencoded", "name=%zz", 400},
		{"POST", "/f/none/", "application/x-www-form-urlencoded", "", 404},
		{"GET", "/f/none/", "", "", 404},
		{"GET", "/f/heating/x/../../../etc/passwd", "", "", 404},
		{"GET", "/f/heating/nobody/you", "", "", 410},
		{"GET", strings.TrimSuffix(step, "you") + "%00", "", "", 404},
		{"GET", strings.TrimSuffix(step, "you") + "NoPage", "", "", 404},
		{"PUT", step, "", "", 405},
		{"DELETE", "/case/12345678", "", "", 405},
		{"GET", "/case/12", "", "", 404},
		{"GET", "/care/en/f/none/", "", "", 404},
	} {
		r := httptest.NewRequest(c.method, "https://anhe.example/", strings.NewReader(c.body))
		r.URL.Path = strings.ReplaceAll(c.path, "%00", "\x00")
		r.Header.Set("Content-Type", c.typ)
		for _, k := range p.Cookies {
			r.AddCookie(k)
		}
		w := httptest.NewRecorder()
		x.handler.ServeHTTP(w, r)
		if w.Code != c.code {
			t.Errorf("%s %.60q as %s: %d; want %d", c.method, c.path, c.typ, w.Code, c.code)
		}
		h := w.Header()
		if h.Get("Content-Security-Policy") == "" || h.Get("X-Content-Type-Options") != "nosniff" || c.code >= 400 && h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %.60q: headers %v", c.method, c.path, h)
		}
	}
}

// TestBusyAndFull: what was typed is shown, and sending is offered again.
func TestBusyAndFull(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	real := x.store
	for _, c := range []struct {
		err   error
		code  int
		title string
	}{{store.ErrBusy, 503, "busy"}, {store.ErrFull, 507, "busy full"}, {store.ErrBroken, 503, "busy"}, {errors.New("王秀英 broke it"), 500, "notice error"}} {
		x.store = failing{real, c.err}
		x.restart(t, servertest.Form())
		q := *p
		q.Handler = x.handler
		q.Submit().Want(c.code, c.title)
		if c.code != 500 {
			q.Has("王秀英")
			if q.Answer.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			q.Form()
		}
	}
	x.store = real
	x.restart(t, servertest.Form())
	p.Handler = x.handler
	p.Submit().Want(200, "sent")
}

// failing is a store that cannot send.
type failing struct {
	store.Store
	err error
}

func (f failing) Send(_ context.Context, _ *store.Sending) (*store.Case, error) { return nil, f.err }

// TestPanic: the person gets a number, the log gets the number and no answer.
func TestPanic(t *testing.T) {
	x := newRig(t)
	p := servertest.NewPerson(t, x.handler).Fill("")
	x.store = panicking{x.store}
	x.restart(t, servertest.Form())
	p.Handler = x.handler
	p.Submit().Want(500, "notice error")
	code := strings.TrimSpace(strings.NewReplacer("<main>", "", "</main>", "").Replace(p.Body[strings.Index(p.Body, "<main>"):strings.Index(p.Body, "</main>")]))
	if len(code) != 9 || !strings.Contains(x.log.String(), strings.ReplaceAll(code, " ", "")) {
		t.Errorf("the page says %q, the log\n%s", code, x.log)
	}
	if strings.Contains(x.log.String(), "CANARY") {
		t.Error("the log has the value of the panic")
	}
}

type panicking struct{ store.Store }

func (panicking) Send(context.Context, *store.Sending) (*store.Case, error) { panic("CANARY") }
