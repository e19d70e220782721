package outbox_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"handrail/internal/formpage"
	"handrail/internal/outbox"
	"handrail/internal/seal"
	"handrail/internal/server/servertest"
	"handrail/internal/store"
	"handrail/internal/store/sqlite"
)

const secretText = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"

func secret(t *testing.T) outbox.Secret {
	s, err := outbox.ParseSecret(secretText)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A rig is a worker over a real database, with one case.
type rig struct {
	store store.Store
	clock *servertest.Clock
	key   seal.Key
	kit   *formpage.Kit
	log   strings.Builder
}

const reference = "12345678"

var sealed = []byte("age-encryption.org/v1 sealed")

func newRig(t *testing.T) *rig {
	t.Helper()
	st, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	x := &rig{store: st, clock: servertest.NewClock(), key: seal.NewKey(), kit: servertest.Kit(t, servertest.Form())}
	now := x.clock.Now()
	d := &store.Draft{ID: "d", Form: "heating", Version: "v", Token: []byte("t"), Created: now, Changed: now, Expires: now.Add(time.Hour)}
	if err := st.CreateDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c := store.Case{Reference: reference, Token: d.Token, Draft: "d", Form: "heating", Version: "v", Department: "housing",
		Lang: "zh-Hans", Edition: "care", State: store.Received, Received: now, HeldUntil: now, Changed: now, Sealed: sealed}
	job := outbox.NewJob(outbox.Deliver, &c, outbox.Payload{}, now)
	job.ID = "job-1"
	if _, err := st.Send(t.Context(), &store.Sending{Draft: "d", Rev: 1, Expires: now, Case: c, Jobs: []store.Job{job}}); err != nil {
		t.Fatal(err)
	}
	return x
}

func (x *rig) worker(o outbox.Options) *outbox.Worker {
	o.Store, o.Now, o.Key = x.store, x.clock.Now, &x.key
	o.Kit = func() *formpage.Kit { return x.kit }
	o.Log = slog.New(slog.NewTextHandler(&x.log, nil))
	o.Jitter = func() float64 { return 0.5 }
	return outbox.New(o)
}

func once(t *testing.T, w *outbox.Worker) {
	t.Helper()
	if err := w.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (x *rig) job(t *testing.T, id string) store.Job {
	t.Helper()
	jobs, err := x.store.Jobs(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if j.ID == id {
			return j
		}
	}
	t.Fatalf("no job %s in %v", id, jobs)
	return store.Job{}
}

// TestFolder: a file named for the case, whole, and once.
func TestFolder(t *testing.T) {
	x := newRig(t)
	dir := t.TempDir()
	w := x.worker(outbox.Options{Routes: map[string]outbox.Route{"housing": {Folder: dir}}})
	once(t, w)
	file := filepath.Join(dir, reference+".age")
	b, err := os.ReadFile(file)
	if err != nil || string(b) != string(sealed) {
		t.Fatalf("%q, %v", b, err)
	}
	before, _ := os.Stat(file)
	if j := x.job(t, "job-1"); j.State != store.JobDone {
		t.Errorf("job: %+v", j)
	}
	// A worker that died after it had written: the repeat changes nothing.
	again := outbox.NewJob(outbox.Deliver, &store.Case{Reference: reference, Department: "housing"}, outbox.Payload{}, x.clock.Now())
	if err := x.store.SaveNotice(t.Context(), reference, []byte("x"), []store.Job{again}); err != nil {
		t.Fatal(err)
	}
	once(t, w)
	after, err := os.Stat(file)
	if err != nil || !os.SameFile(before, after) {
		t.Error("the file was written again")
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 1 {
		t.Errorf("in the folder: %v", names)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, ".*")); len(names) != 0 {
		t.Errorf("left in the folder: %v", names)
	}
}

// TestFolderIsGone: the case waits until the folder is back.
func TestFolderIsGone(t *testing.T) {
	x := newRig(t)
	dir := filepath.Join(t.TempDir(), "later")
	w := x.worker(outbox.Options{Routes: map[string]outbox.Route{"housing": {Folder: dir}}})
	once(t, w)
	if j := x.job(t, "job-1"); j.State != store.JobWaiting || j.Error == "" || !j.NotBefore.Equal(x.clock.Now().Add(7500*time.Millisecond)) {
		t.Errorf("job: %+v", j)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	once(t, w)
	if j := x.job(t, "job-1"); j.State != store.JobWaiting {
		t.Error("tried again before its time")
	}
	x.clock.Add(10 * time.Second)
	once(t, w)
	if j := x.job(t, "job-1"); j.State != store.JobDone || j.Attempts != 2 {
		t.Errorf("job: %+v", j)
	}
}

// A receiver of webhooks.
type receiver struct {
	mu     sync.Mutex
	code   int
	ids    []string
	stamps []string
	bodies []string
	bad    int
	secret outbox.Secret
	now    func() time.Time
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	b, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.secret.Verify(req.Header, r.now(), b); !ok {
		r.bad++
	}
	r.ids = append(r.ids, req.Header.Get("webhook-id"))
	r.stamps = append(r.stamps, req.Header.Get("webhook-timestamp"))
	r.bodies = append(r.bodies, string(b))
	w.Header().Set("Location", "/elsewhere")
	w.WriteHeader(r.code)
}

// TestWebhook: one id on every attempt, a fresh time, a right signature, and
// nothing in clear; then given up, seen, and replayed under the same id.
func TestWebhook(t *testing.T) {
	x := newRig(t)
	in := &receiver{code: 302, secret: secret(t), now: x.clock.Now}
	srv := httptest.NewServer(in)
	defer srv.Close()
	w := x.worker(outbox.Options{
		Client: outbox.NewClient(outbox.Egress{Hosts: []string{"127.0.0.1"}, Private: true}),
		Routes: map[string]outbox.Route{"housing": {Webhook: &outbox.Webhook{URL: srv.URL + "/in", Secret: in.secret}}},
	})
	for range 30 {
		once(t, w)
		x.clock.Add(7 * time.Hour)
	}
	j := x.job(t, "job-1")
	if j.State != store.JobDead || len(in.ids) != 26 || j.Error != "127.0.0.1:"+srv.URL[strings.LastIndex(srv.URL, ":")+1:]+" answered 302" {
		t.Fatalf("after %d attempts: %+v", len(in.ids), j)
	}
	dead, err := x.store.DeadJobs(t.Context(), 10)
	if err != nil || len(dead) != 1 {
		t.Fatalf("dead: %v, %v", dead, err)
	}
	in.code = 204
	if err := x.store.ReplayJob(t.Context(), dead[0].ID, x.clock.Now()); err != nil {
		t.Fatal(err)
	}
	once(t, w)
	if j := x.job(t, "job-1"); j.State != store.JobDone {
		t.Errorf("replayed: %+v", j)
	}
	for i, id := range in.ids {
		if id != "job-1" || i > 0 && in.stamps[i] == in.stamps[i-1] {
			t.Errorf("attempt %d: %s at %s", i, id, in.stamps[i])
		}
	}
	if in.bad > 0 {
		t.Errorf("%d wrong signatures", in.bad)
	}
	var d outbox.Delivery
	if err := json.Unmarshal([]byte(in.bodies[0]), &d); err != nil || d.Type != "case.received" || d.Data.Reference != reference ||
		d.Data.Form != "heating" || d.Data.State != store.Received || string(d.Data.Sealed) != string(sealed) {
		t.Errorf("body %s, %v", in.bodies[0], err)
	}
}

// TestGone: 410 is final.
func TestGone(t *testing.T) {
	x := newRig(t)
	in := &receiver{code: 410, now: x.clock.Now}
	srv := httptest.NewServer(in)
	defer srv.Close()
	w := x.worker(outbox.Options{
		Client: outbox.NewClient(outbox.Egress{Hosts: []string{"127.0.0.1"}, Private: true}),
		Routes: map[string]outbox.Route{"housing": {Webhook: &outbox.Webhook{URL: srv.URL, Secret: secret(t)}}},
	})
	once(t, w)
	if j := x.job(t, "job-1"); j.State != store.JobDead || j.Attempts != 1 {
		t.Errorf("%+v", j)
	}
}

// TestSignature holds the vector of the specification, and what is refused.
func TestSignature(t *testing.T) {
	// From the Standard Webhooks specification's reference libraries.
	s, err := outbox.ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1614265330, 0)
	body := []byte(`{"test": 2432232314}`)
	h := s.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
	if got, want := h.Get("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s; want %s", got, want)
	}
	for name, c := range map[string]struct {
		change func(http.Header)
		now    time.Time
		body   string
		ok     bool
	}{
		"right":        {func(http.Header) {}, at, string(body), true},
		"among others": {func(h http.Header) { h.Set("webhook-signature", "v1a,x v1,AAAA "+h.Get("webhook-signature")) }, at, string(body), true},
		"5 minutes":    {func(http.Header) {}, at.Add(5 * time.Minute), string(body), true},
		"old":          {func(http.Header) {}, at.Add(5*time.Minute + time.Second), string(body), false},
		"early":        {func(http.Header) {}, at.Add(-5*time.Minute - time.Second), string(body), false},
		"other body":   {func(http.Header) {}, at, "{}", false},
		"other id":     {func(h http.Header) { h.Set("webhook-id", "msg") }, at, string(body), false},
		"other time":   {func(h http.Header) { h.Set("webhook-timestamp", "1614265331") }, at, string(body), false},
		"no signature": {func(h http.Header) { h.Del("webhook-signature") }, at, string(body), false},
		"a dot":        {func(h http.Header) { h.Set("webhook-id", "a.b") }, at, string(body), false},
	} {
		h := s.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body)
		c.change(h)
		if _, ok := s.Verify(h, c.now, []byte(c.body)); ok != c.ok {
			t.Errorf("%s: %v", name, ok)
		}
	}
	for _, bad := range []string{"", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65))} {
		if _, err := outbox.ParseSecret(bad); err == nil {
			t.Errorf("%q is a secret", bad)
		}
	}
}

// TestEgress: the server calls whom it is told, on the Internet, and nobody
// else.
func TestEgress(t *testing.T) {
	hit := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hit = true }))
	defer inside.Close()
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	hosts := []string{"hook.example", "127.0.0.1", "::1", "mixed.example", "169.254.169.254", "10.0.0.1", "[::ffff:127.0.0.1]", "::ffff:127.0.0.1"}
	resolve := func(_ context.Context, host string) ([]netip.Addr, error) {
		if host == "mixed.example" {
			return []netip.Addr{netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("93.184.216.34")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil // a name that leads inside
	}
	c := outbox.NewClient(outbox.Egress{Hosts: hosts, Resolve: resolve})
	for _, url := range []string{
		inside.URL, "http://hook.example" + port, "https://hook.example" + port, "https://127.0.0.1" + port, "https://[::1]" + port,
		"https://[::ffff:127.0.0.1]" + port, "https://169.254.169.254/latest/", "https://10.0.0.1/", "https://mixed.example/",
		"https://other.example/", "https://hook.example@other.example/", "https://user:pass@hook.example/", "ftp://hook.example/",
		"https://2130706433/", "https://0x7f.1/",
	} {
		if res, err := c.Get(url); err == nil {
			res.Body.Close()
			t.Errorf("%s was called", url)
		}
	}
	if hit {
		t.Error("a server inside was reached")
	}
	for addr, public := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "127.0.0.1": false, "10.0.0.1": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false,
		"255.255.255.255": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false, "ff02::1": false,
		"::ffff:10.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false, "198.18.0.1": false,
	} {
		if got := outbox.Public(netip.MustParseAddr(addr)); got != public {
			t.Errorf("%s: public = %v", addr, got)
		}
	}
}

func TestBackoff(t *testing.T) {
	total := time.Duration(0)
	for n := 1; n < 26; n++ {
		low, high := outbox.Backoff(n, 0), outbox.Backoff(n, 0.999)
		if low <= 0 || high < low || high > 6*time.Hour {
			t.Errorf("after attempt %d: %v to %v", n, low, high)
		}
		total += low
	}
	if total < 24*time.Hour {
		t.Errorf("given up after %v", total)
	}
}

// TestStop: a worker that is told to stop leaves its job to the next one.
func TestStop(t *testing.T) {
	x := newRig(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		stop()
		<-done
	}))
	defer srv.Close()
	defer close(done)
	w := x.worker(outbox.Options{
		Client: outbox.NewClient(outbox.Egress{Hosts: []string{"127.0.0.1"}, Private: true}),
		Routes: map[string]outbox.Route{"housing": {Webhook: &outbox.Webhook{URL: srv.URL, Secret: secret(t)}}},
	})
	if err := w.Once(ctx); err == nil {
		t.Error("no error")
	}
	if j := x.job(t, "job-1"); j.State != store.JobClaimed {
		t.Errorf("%+v", j)
	}
	x.clock.Add(3 * time.Minute)
	once(t, x.worker(outbox.Options{}))
	if j := x.job(t, "job-1"); j.State != store.JobDone {
		t.Errorf("%+v", j)
	}
}
