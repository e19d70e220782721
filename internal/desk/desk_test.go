package desk_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"handrail/internal/desk"
	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
	"handrail/internal/upload"
)

// A rig is the interface of three departments, each with one case.
type rig struct {
	store   store.Store
	clock   *servertest.Clock
	log     bytes.Buffer
	server  *httptest.Server
	clients map[string]*desk.Client
	updates map[string]outbox.Secret
	cases   map[string]string
	secrets map[string]seal.Code
	files   *upload.Dir

	departments map[string]desk.Department
}

// recipients changes what server.yaml says.
func (x *rig) recipients(dep string, to ...age.Recipient) {
	d := x.departments[dep]
	d.Recipients = to
	x.departments[dep] = d
}

func newRig(t *testing.T) *rig {
	t.Helper()
	st, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	x := &rig{store: st, clock: servertest.NewClock(), clients: map[string]*desk.Client{}, updates: map[string]outbox.Secret{},
		cases: map[string]string{}, secrets: map[string]seal.Code{}}
	if x.files, err = upload.Open(t.TempDir(), upload.Limits{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.files.Close() })
	departments := map[string]desk.Department{}
	for i, dep := range []string{"housing", "taxes", "parks"} {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		id := servertest.Identities(t, 1)[0]
		if x.updates[dep], err = outbox.ParseSecret("whsec_" + strings.Repeat(string(rune('A'+i)), 32)); err != nil {
			t.Fatal(err)
		}
		departments[dep] = desk.Department{Clerks: []desk.Clerk{{Name: "wang", Key: public}}, Recipients: []age.Recipient{id.Recipient()}, Updates: x.updates[dep]}
		x.clients[dep] = &desk.Client{Department: dep, Key: private, Identities: []age.Identity{id}, HTTP: http.DefaultClient, Now: x.clock.Now}
		x.send(t, dep, fmt.Sprint(10000001+i), id.Recipient())
	}
	x.departments = departments
	x.server = httptest.NewServer(desk.Handler(desk.Options{Store: st, Files: x.files, Departments: departments, Now: x.clock.Now,
		Log: slog.New(slog.NewJSONHandler(&x.log, nil))}))
	t.Cleanup(x.server.Close)
	for _, c := range x.clients {
		c.Server = x.server.URL
	}
	return x
}

func (x *rig) send(t *testing.T, dep, reference string, to age.Recipient) {
	t.Helper()
	now := x.clock.Now()
	secret := seal.NewCode()
	p := seal.NewPublic(secret)
	own, err := seal.ParseRecipient(p.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := seal.To([]byte("canary answer"), own, to)
	if err != nil {
		t.Fatal(err)
	}
	d := &store.Draft{ID: "d-" + dep, Form: "heating", Token: []byte(dep), Created: now, Changed: now, Expires: now.Add(time.Hour)}
	if err := x.store.CreateDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	_, err = x.store.Send(t.Context(), &store.Sending{Draft: d.ID, Rev: 1, Expires: now, Case: store.Case{Reference: reference, Token: d.Token,
		Draft: d.ID, Form: "heating", Department: dep, State: store.Received, Review: "fast", Received: now, HeldUntil: now, Changed: now,
		Salt: p.Salt, Check: p.Check, Recipient: p.Recipient, Sealed: sealed}})
	if err != nil {
		t.Fatal(err)
	}
	x.cases[dep], x.secrets[dep] = reference, secret
}

func refused(t *testing.T, err error, code int, what string) {
	t.Helper()
	if e, ok := err.(*desk.RefusedError); !ok || e.Code != code {
		t.Errorf("%s: %v; want %d", what, err, code)
	}
}

// TestMatrix tries every department's credentials against every department's
// cases: each reaches its own and no other.
func TestMatrix(t *testing.T) {
	x := newRig(t)
	for dep, c := range x.clients {
		for other, reference := range x.cases {
			own := dep == other
			what := dep + " at " + other
			// Its own door, somebody else's case.
			got, err := c.Case(t.Context(), reference)
			_, acted := c.Act(t.Context(), reference, desk.Act{Kind: store.EventAck}, "")
			if own {
				if err != nil || acted != nil {
					t.Errorf("%s: %v, %v", what, err, acted)
				} else if b, err := c.Open(got.Sealed); err != nil || string(b) != "canary answer" {
					t.Errorf("%s cannot open its case: %v", what, err)
				}
			} else {
				refused(t, err, 404, what)
				refused(t, acted, 404, what)
			}
			// Somebody else's door.
			at := *c
			at.Department = other
			_, err = at.Case(t.Context(), reference)
			_, listed := at.List(t.Context(), "")
			if !own {
				refused(t, err, 401, what)
				refused(t, listed, 401, what)
				for _, id := range x.clients[other].Identities {
					refused(t, at.Prove(t.Context(), id.(*age.X25519Identity)), 401, what)
				}
				if _, err := c.Open(must(x.store.Case(t.Context(), reference))(t).Sealed); err == nil {
					t.Errorf("%s opens the case", what)
				}
			}
			// The secret for updates, at both doors.
			for door := range x.clients {
				code := x.update(t, x.updates[dep], door, seal.NewID(), x.clock.Now(), reference, store.Working)
				want := 401
				if door == dep {
					want = 404
				}
				if door == dep && own {
					want = 200
				}
				if code != want {
					t.Errorf("update of %s by %s at %s: %d; want %d", other, dep, door, code, want)
				}
			}
		}
		cases, err := c.List(t.Context(), "")
		if err != nil || len(cases) != 1 || cases[0].Reference != x.cases[dep] {
			t.Errorf("%s lists %v, %v", dep, cases, err)
		}
	}
	if s := x.log.String(); strings.Contains(s, "canary") || !strings.Contains(s, `"clerk":"wang"`) {
		t.Errorf("audit: %s", s)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (x *rig) update(t *testing.T, s outbox.Secret, dep, id string, at time.Time, reference string, state store.State) int {
	t.Helper()
	body, _ := json.Marshal(desk.Status{Reference: reference, State: state})
	r, err := http.NewRequest(http.MethodPost, x.server.URL+"/api/v1/departments/"+dep+"/status", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = s.Sign(id, at, body)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// TestUpdates: signed, of now, once, and only where a case may go.
func TestUpdates(t *testing.T) {
	x := newRig(t)
	reference, s, now := x.cases["housing"], x.updates["housing"], x.clock.Now()
	for _, c := range []struct {
		name  string
		id    string
		at    time.Time
		state store.State
		code  int
	}{
		{"old", "1", now.Add(-301 * time.Second), store.Working, 401},
		{"early", "2", now.Add(301 * time.Second), store.Working, 401},
		{"no state", "3", now, "elsewhere", 422},
		{"back", "4", now, store.Received, 422},
		{"withdrawn", "4", now, store.Withdrawn, 422},
		{"right", "5", now.Add(-299 * time.Second), store.Working, 200},
		{"decided", "6", now, store.Decided, 200},
		{"repeat", "5", now, store.Working, 200},
		{"not from there", "7", now, store.Asked, 409},
		{"closed", "8", now, store.Closed, 200},
		{"final", "9", now, store.Working, 409},
	} {
		if got := x.update(t, s, "housing", c.id, c.at, reference, c.state); got != c.code {
			t.Errorf("%s: %d; want %d", c.name, got, c.code)
		}
	}
	c := must(x.store.Case(t.Context(), reference))(t)
	if events := must(x.store.Events(t.Context(), reference))(t); c.State != store.Closed || len(events) != 3 {
		t.Errorf("%s after %d events; the repeat was done", c.State, len(events))
	}
	jobs := must(x.store.Jobs(t.Context(), reference))(t)
	if len(jobs) != 3 || jobs[0].Kind != outbox.Notice {
		t.Errorf("jobs %v", jobs)
	}
}

// TestClerk leads a case: what is written opens with the secret and with the
// department's key, and not on the server.
func TestClerk(t *testing.T) {
	x := newRig(t)
	c, reference := x.clients["housing"], x.cases["housing"]
	if _, err := c.Act(t.Context(), reference, desk.Act{Kind: store.EventAck}, ""); err != nil {
		t.Fatal(err)
	}
	if must(x.store.Case(t.Context(), reference))(t).Review != "" {
		t.Error("still held for somebody to look at")
	}
	due := x.clock.Now().Add(240 * time.Hour)
	done, err := c.Act(t.Context(), reference, desk.Act{Kind: store.EventAsk, Due: due}, "请补交煤炉照片")
	if err != nil || done.State != store.Asked {
		t.Fatal(done, err)
	}
	got := must(c.Case(t.Context(), reference))(t)
	ask := got.Events[1]
	if len(got.Events) != 2 || !ask.Due.Equal(due) || bytes.Contains(ask.Sealed, []byte("煤炉")) {
		t.Fatalf("%+v", got.Events)
	}
	stored := must(x.store.Case(t.Context(), reference))(t)
	id, ok := seal.Public{Salt: stored.Salt, Check: stored.Check}.Unlock(x.secrets["housing"])
	if !ok {
		t.Fatal("the secret does not open")
	}
	for who, open := range map[string]func([]byte) ([]byte, error){"department": c.Open, "person": func(b []byte) ([]byte, error) { return seal.Open(b, id) }} {
		if b, err := open(ask.Sealed); err != nil || string(b) != "请补交煤炉照片" {
			t.Errorf("%s: %q, %v", who, b, err)
		}
	}
	for _, bad := range []desk.Act{{}, {Kind: "message"}, {Kind: "state"}, {Kind: "state", State: store.Held}, {Kind: "reply", Sealed: []byte("x")},
		{Kind: "ack", State: store.Closed}, {Kind: "state", State: store.Working, Due: due}} {
		_, err := c.Act(t.Context(), reference, bad, "")
		refused(t, err, 422, fmt.Sprintf("%+v", bad))
	}
}

func TestProof(t *testing.T) {
	x := newRig(t)
	c := x.clients["housing"]
	id := c.Identities[0].(*age.X25519Identity)
	if err := c.Prove(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if p := must(x.store.ProofOf(t.Context(), id.Recipient().String()))(t); p.Proved.IsZero() {
		t.Error("nothing was noted")
	}
	refused(t, c.Prove(t.Context(), servertest.Identities(t, 1)[0]), 404, "a key that is not in server.yaml")
}

// TestSigned: a signature fits one request, for five minutes.
func TestSigned(t *testing.T) {
	x := newRig(t)
	c := x.clients["housing"]
	path := "/api/v1/departments/housing/cases/" + x.cases["housing"]
	send := func(sign, to string, body string, late time.Duration, id string) int {
		r := must(http.NewRequest("POST", x.server.URL+sign, nil))(t)
		desk.Sign(r, c.Key, id, x.clock.Now().Add(late), []byte(`{"kind":"ack"}`))
		r2 := must(http.NewRequest("POST", x.server.URL+to, strings.NewReader(body)))(t)
		r2.Header = r.Header
		res := must(http.DefaultClient.Do(r2))(t)
		res.Body.Close()
		return res.StatusCode
	}
	id := seal.NewID()
	for _, s := range []struct {
		name, sign, to, body string
		late                 time.Duration
		id                   string
		code                 int
	}{
		{"right", path + "/acts", path + "/acts", `{"kind":"ack"}`, 0, id, 200},
		{"again", path + "/acts", path + "/acts", `{"kind":"ack"}`, time.Second, id, 200},
		{"other path", path, path + "/acts", `{"kind":"ack"}`, 0, id, 401},
		{"other body", path + "/acts", path + "/acts", `{"kind":"ack" }`, 0, id, 401},
		{"query", path + "/acts", path + "/acts?x", `{"kind":"ack"}`, 0, id, 401},
		{"late", path + "/acts", path + "/acts", `{"kind":"ack"}`, -301 * time.Second, id, 401},
		{"early", path + "/acts", path + "/acts", `{"kind":"ack"}`, 301 * time.Second, id, 401},
		{"short id", path + "/acts", path + "/acts", `{"kind":"ack"}`, 0, "1", 401},
	} {
		if got := send(s.sign, s.to, s.body, s.late, s.id); got != s.code {
			t.Errorf("%s: %d; want %d", s.name, got, s.code)
		}
	}
	if n := len(must(x.store.Events(t.Context(), x.cases["housing"]))(t)); n != 1 {
		t.Errorf("%d events; the repeat was done", n)
	}
}

// TestUnread: who is no clerk of the department cannot have a body read, which
// would take memory.
func TestUnread(t *testing.T) {
	x := newRig(t)
	for name, key := range map[string]ed25519.PrivateKey{"nobody": nil, "another department": x.clients["taxes"].Key, "a clerk": x.clients["housing"].Key} {
		body := strings.NewReader(strings.Repeat("x", 1<<20))
		r := httptest.NewRequest("POST", "http://localhost/api/v1/departments/housing/cases/"+x.cases["housing"]+"/seals", body)
		if key != nil {
			desk.Sign(r, key, seal.NewID(), x.clock.Now(), nil)
		}
		w := httptest.NewRecorder()
		x.server.Config.Handler.ServeHTTP(w, r)
		if read := body.Len() < 1<<20; w.Code != 401 || read != (name == "a clerk") {
			t.Errorf("%s: %d, read: %v", name, w.Code, read)
		}
	}
}

func TestKeyFiles(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	again, err := desk.ParseSecret("# wang\n" + desk.FormatSecret(private) + "\n")
	if err != nil || !again.Equal(private) {
		t.Error(err)
	}
	public := private.Public().(ed25519.PublicKey)
	if k, err := desk.ParsePublic(desk.FormatPublic(public)); err != nil || !k.Equal(public) {
		t.Error(err)
	}
	for _, bad := range []string{"", "clerk1-", "clerk1-AAAA", desk.FormatSecret(private)} {
		if _, err := desk.ParsePublic(bad); err == nil {
			t.Errorf("%q is a key", bad)
		}
	}
}

// TestOpenAPI holds the description against what is served.
func TestOpenAPI(t *testing.T) {
	x := newRig(t)
	res := must(http.Get(x.server.URL + "/api/openapi.json"))(t)
	defer res.Body.Close()
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil || doc.OpenAPI != "3.1.0" || len(doc.Paths) != 9 {
		t.Fatalf("%v, %d paths", err, len(doc.Paths))
	}
	fill := strings.NewReplacer("{department}", "housing", "{reference}", x.cases["housing"])
	for path, item := range doc.Paths {
		for _, method := range []string{"get", "post"} {
			r := must(http.NewRequest(strings.ToUpper(method), x.server.URL+fill.Replace(path), strings.NewReader("{}")))(t)
			res := must(http.DefaultClient.Do(r))(t)
			res.Body.Close()
			if _, described := item[method]; described != (res.StatusCode == 200 || res.StatusCode == 401) {
				t.Errorf("%s %s: described %v, answered %d", method, path, described, res.StatusCode)
			}
		}
	}
	var all any
	if err := json.Unmarshal(desk.OpenAPI(), &all); err != nil {
		t.Fatal(err)
	}
	refs(t, all, all)
	schemas := all.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
	for name, v := range map[string]any{
		"Case":      desk.Case{Review: "x", Recipient: "x", Recipients: []string{"x"}, Sealed: []byte("x"), Events: []desk.Event{{}}},
		"Event":     desk.Event{State: "x", By: "x", Due: x.clock.Now(), Of: "x", Sealed: []byte("x")},
		"List":      desk.List{After: "x"},
		"Act":       desk.Act{State: "x", Due: x.clock.Now(), Sealed: []byte("x")},
		"Done":      desk.Done{Seen: true},
		"Status":    desk.Status{},
		"Challenge": desk.Challenge{Sealed: []byte("x"), Answer: []byte("x")},
		"Delivery":  outbox.Delivery{},
		"Resealing": desk.Resealing{Events: map[string][]byte{"x": nil}, Secret: &desk.Secret{}},
	} {
		b, _ := json.Marshal(v)
		var got map[string]any
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		props := schemas[name].(map[string]any)["properties"].(map[string]any)
		for key := range got {
			if props[key] == nil {
				t.Errorf("%s.%s is not described", name, key)
			}
		}
		if len(got) != len(props) {
			t.Errorf("%s: %d of %d properties", name, len(got), len(props))
		}
	}
}

// refs follows every $ref.
func refs(t *testing.T, root, v any) {
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			at := root
			for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
				m, _ := at.(map[string]any)
				at = m[part]
			}
			if at == nil {
				t.Errorf("%s leads nowhere", ref)
			}
		}
		for _, x := range v {
			refs(t, root, x)
		}
	case []any:
		for _, x := range v {
			refs(t, root, x)
		}
	}
}

// TestFiles: a department gets the files of its own cases, and no others.
func TestFiles(t *testing.T) {
	x := newRig(t)
	key := servertest.Identities(t, 1)[0]
	for _, dep := range []string{"housing", "taxes"} {
		if _, err := x.files.Keep("d-"+dep, "bill", strings.NewReader("%PDF-1.7 canary bill"), []string{"pdf"}, 1<<20, key.Recipient()); err != nil {
			t.Fatal(err)
		}
	}
	c := x.clients["housing"]
	var b bytes.Buffer
	if err := c.File(t.Context(), x.cases["housing"], "bill", key.String(), &b); err != nil || b.String() != "%PDF-1.7 canary bill" {
		t.Errorf("%q, %v", b.String(), err)
	}
	for what, path := range map[string][2]string{"no file": {"housing", "none"}, "way out": {"housing", "../d-taxes/bill"}, "other case": {"taxes", "bill"}} {
		b.Reset()
		refused(t, c.File(t.Context(), x.cases[path[0]], path[1], key.String(), &b), 404, what)
	}
	at := *c
	at.Department = "taxes"
	refused(t, at.File(t.Context(), x.cases["taxes"], "bill", key.String(), &b), 401, "other department")
	if s := x.log.String(); !strings.Contains(s, `"what":"file"`) || b.Len() > 0 {
		t.Errorf("audit: %s", s)
	}
}
