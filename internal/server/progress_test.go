package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"handrail/internal/store"
)

// A device speaks the protocol by hand; internal/progress has the client.
type device struct {
	t      *testing.T
	h      http.Handler
	auth   string
	remote string
}

func newDevice(t *testing.T, x *rig, name string) *device {
	id, auth := sha256.Sum256([]byte("id "+name)), sha256.Sum256([]byte("auth "+name))
	return &device{t, x.handler, "Progress " + b64(id[:16]) + "." + b64(auth[:16]), "192.0.2.1:4000"}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func slotOf(name string) string {
	h := sha256.Sum256([]byte(name))
	return "/slots/" + b64(h[:16])
}

func (d *device) do(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://anhe.example/api/progress/v1"+path, strings.NewReader(body))
	r.RemoteAddr = d.remote
	r.Header.Set("Authorization", d.auth)
	r.Header.Set("User-Agent", "canary-browser/1")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	d.h.ServeHTTP(w, r)
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Access-Control-Allow-Origin") != "" {
		d.t.Errorf("%s %s: headers %v", method, path, w.Header())
	}
	return w
}

func (d *device) want(w *httptest.ResponseRecorder, code int) *httptest.ResponseRecorder {
	d.t.Helper()
	if w.Code != code {
		d.t.Fatalf("%d %s; want %d", w.Code, w.Body, code)
	}
	return w
}

func seqOf(t *testing.T, w *httptest.ResponseRecorder) int64 {
	t.Helper()
	n, err := strconv.ParseInt(w.Header().Get("Progress-Seq"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func sealed(s string) string { return s + strings.Repeat("-", 512-len(s)) }

func TestProgressSlots(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	d := newDevice(t, x, "a")
	none := d.want(d.do("GET", "/slots", ""), 200).Body.String()
	d.want(d.do("PUT", slotOf("page"), sealed("1")), 428)
	d.want(d.do("PUT", slotOf("page"), sealed("1"), "If-Match", `"x"`), 412)
	w := d.want(d.do("PUT", slotOf("page"), sealed("1"), "If-None-Match", "*"), 204)
	one, seq := w.Header().Get("ETag"), seqOf(t, w)

	w = d.want(d.do("PUT", slotOf("page"), sealed("2"), "If-None-Match", "*"), 412)
	if w.Body.String() != sealed("1") || w.Header().Get("ETag") != one {
		t.Errorf("412 gives %.20q with %s", w.Body, w.Header().Get("ETag"))
	}
	w = d.want(d.do("PUT", slotOf("page"), sealed("2"), "If-Match", one), 204)
	if two := w.Header().Get("ETag"); two == one || seqOf(t, w) <= seq {
		t.Errorf("ETag %s, seq %s", two, w.Header().Get("Progress-Seq"))
	}
	d.want(d.do("PUT", slotOf("other"), sealed("x"), "If-None-Match", "*"), 204)

	var list struct {
		Slots []struct {
			Slot, ETag, Sealed string
			Seq                int64
		}
	}
	if err := json.Unmarshal(d.do("GET", "/slots", "").Body.Bytes(), &list); err != nil || len(list.Slots) != 2 {
		t.Fatalf("%v: %d slots", err, len(list.Slots))
	}
	first := list.Slots[0]
	if "/slots/"+first.Slot != slotOf("page") || first.Sealed != b64([]byte(sealed("2"))) {
		t.Errorf("first slot: %s", first.Slot)
	}
	w = d.do("GET", "/slots?since="+strconv.FormatInt(first.Seq, 10), "")
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Slots) != 1 {
		t.Fatalf("since: %v: %d slots", err, len(list.Slots))
	}

	// Somebody with another auth, or another card, sees what nobody has.
	id, _, _ := strings.Cut(d.auth, ".")
	thief := newDevice(t, x, "b")
	_, other, _ := strings.Cut(thief.auth, ".")
	for _, auth := range []string{id + "." + other, thief.auth} {
		thief.auth = auth
		if got := thief.want(thief.do("GET", "/slots", ""), 200).Body.String(); got != none {
			t.Errorf("a stranger sees %s", got)
		}
	}
	thief.auth = id + "." + other
	thief.want(thief.do("PUT", slotOf("page"), sealed("3"), "If-None-Match", "*"), 403)
	thief.want(thief.do("DELETE", "", ""), 204)

	d.want(d.do("DELETE", slotOf("page"), ""), 204)
	if n := strings.Count(d.do("GET", "/slots", "").Body.String(), `"etag"`); n != 1 {
		t.Errorf("%d slots after one was deleted", n)
	}
	d.want(d.do("DELETE", "", ""), 204)
	if got := d.do("GET", "/slots", "").Body.String(); got != none {
		t.Errorf("after everything was deleted: %s", got)
	}
}

func TestProgressRefuses(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	d := newDevice(t, x, "a")
	new := []string{"If-None-Match", "*"}
	for name, c := range map[string]struct {
		got  *httptest.ResponseRecorder
		code int
	}{
		"size":         {d.do("PUT", slotOf("p"), "short", new...), 400},
		"large":        {d.do("PUT", slotOf("p"), strings.Repeat("x", 2049), new...), 413},
		"slot":         {d.do("PUT", "/slots/short", sealed("1"), new...), 400},
		"since":        {d.do("GET", "/slots?since=x", ""), 400},
		"both":         {d.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*", "If-Match", `"x"`), 428},
		"no auth":      {d.do("GET", "/slots", "", "Authorization", "Progress x.y"), 401},
		"other":        {d.do("GET", "/nothing", ""), 404},
		"preflight":    {d.do("OPTIONS", slotOf("p"), "", "Origin", "https://evil.example"), 404},
		"other origin": {d.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*", "Sec-Fetch-Site", "cross-site"), 403},
	} {
		if c.got.Code != c.code {
			t.Errorf("%s: %d; want %d", name, c.got.Code, c.code)
		}
	}
}

// TestProgressBounds: a card has so many slots; new cards are free up to a
// quota, then cost work; old ones never do.
func TestProgressBounds(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	d := newDevice(t, x, "a")
	for i := range 200 {
		d.want(d.do("PUT", slotOf(fmt.Sprint(i)), sealed("1"), "If-None-Match", "*"), 204)
	}
	d.want(d.do("PUT", slotOf("one more"), sealed("1"), "If-None-Match", "*"), 409)

	for i := range 9 {
		n := newDevice(t, x, fmt.Sprint(i))
		n.want(n.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*"), 204)
	}
	late := newDevice(t, x, "late")
	w := late.want(late.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*"), 429)
	var ask struct {
		Error, Work string
		Bits        int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &ask); err != nil || ask.Error != "work" || ask.Bits < 12 {
		t.Fatalf("%v: %s", err, w.Body)
	}
	late.want(late.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*", "Progress-Work", "0"), 429)
	late.want(late.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*", "Progress-Work", solve(ask.Work, ask.Bits)), 204)
	late.want(late.do("PUT", slotOf("q"), sealed("1"), "If-None-Match", "*"), 204)
	away := newDevice(t, x, "elsewhere")
	away.remote = "198.51.100.7:1"
	away.want(away.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*"), 204)
	x.clock.Add(time.Hour)
	again := newDevice(t, x, "an hour later")
	again.want(again.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*"), 204)
	assertNothingReadable(t, x, "canary-browser", "198.51.100.7", strings.TrimPrefix(d.auth, "Progress "))
}

// TestProgressFull: when all cards have as many slots as there may be, no new
// one is made; those that are there can be replaced.
func TestProgressFull(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	x.store = narrowStore{x.store}
	x.restart(t)
	d, other := newDevice(t, x, "a"), newDevice(t, x, "b")
	one := d.want(d.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*"), 204).Header().Get("ETag")
	other.want(other.do("PUT", slotOf("p"), sealed("1"), "If-None-Match", "*"), 204)
	w := d.want(d.do("PUT", slotOf("q"), sealed("1"), "If-None-Match", "*"), 507)
	if !strings.Contains(w.Body.String(), `"full"`) {
		t.Errorf("507 says %s", w.Body)
	}
	d.want(d.do("PUT", slotOf("p"), sealed("2"), "If-Match", one), 204)
	other.want(other.do("DELETE", "", ""), 204)
	d.want(d.do("PUT", slotOf("q"), sealed("1"), "If-None-Match", "*"), 204)
}

// A narrowStore has room for a millionth of the slots.
type narrowStore struct{ store.Store }

func (s narrowStore) PutSlot(ctx context.Context, w *store.SlotWrite) (*store.Slot, error) {
	small := *w
	small.All /= 1_000_000
	return s.Store.PutSlot(ctx, &small)
}

func solve(work string, bits int) string {
	for i := 0; ; i++ {
		h := sha256.Sum256([]byte(work + strconv.Itoa(i)))
		n := 0
		for n < 64 && h[n/8]>>(7-n%8)&1 == 0 {
			n++
		}
		if n >= bits {
			return strconv.Itoa(i)
		}
	}
}

// TestProgressExpires: what nobody has written for 180 days is deleted by the
// job that the server runs.
func TestProgressExpires(t *testing.T) {
	t.Parallel()
	x := newRig(t)
	d := newDevice(t, x, "a")
	d.want(d.do("PUT", slotOf("old"), sealed("old-slot"), "If-None-Match", "*"), 204)
	x.clock.Add(179 * 24 * time.Hour)
	d.want(d.do("PUT", slotOf("new"), sealed("new-slot"), "If-None-Match", "*"), 204)
	if err := x.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(d.do("GET", "/slots", "").Body.Bytes(), []byte("etag")); n != 2 {
		t.Errorf("%d slots after 179 days; want 2", n)
	}
	x.clock.Add(24 * time.Hour)
	if err := x.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(d.do("GET", "/slots", "").Body.Bytes(), []byte("etag")); n != 1 {
		t.Errorf("%d slots after 180 days; want 1", n)
	}
	x.clock.Add(180 * 24 * time.Hour)
	if err := x.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(d.do("GET", "/slots", "").Body.Bytes(), []byte("etag")); n != 0 {
		t.Errorf("%d slots after a year; want none", n)
	}
}

// TestProgressOpenAPI holds the description against what is served: each
// operation exists, and its answers are among those that it names.
func TestProgressOpenAPI(t *testing.T) {
	t.Parallel()
	x, _ := newReading(t)
	d := newDevice(t, x, "a")
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(d.do("GET", "/openapi.json", "").Body.Bytes(), &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatalf("%v: version %q", err, doc.OpenAPI)
	}
	n := 0
	for path, ops := range doc.Paths {
		for method, raw := range ops {
			var op struct{ Responses map[string]any }
			if method == "parameters" || json.Unmarshal(raw, &op) != nil {
				continue
			}
			n++
			to := strings.TrimPrefix(strings.Replace(path, "/slots/{slot}", slotOf("p"), 1), "/api/progress/v1")
			w := d.do(strings.ToUpper(method), to, sealed("1"), "If-None-Match", "*")
			if op.Responses[strconv.Itoa(w.Code)] == nil && path != "/api/progress/v1/links" {
				t.Errorf("%s %s answers %d", method, path, w.Code)
			}
		}
	}
	if n != 6 {
		t.Errorf("%d operations; want 6", n)
	}
}
